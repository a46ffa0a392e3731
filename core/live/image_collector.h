// Asks the reader once for each program and library that turns up in a memory map, and adds its answers to the recording.
#pragma once

#include <cstddef>
#include <vector>

#include "core/inspect/client/reader_client.h"
#include "core/inspect/client/wanted_images.h"
#include "core/model/recording.h"

namespace procatlas {

class ImageCollector {
public:
    [[nodiscard]] int descriptor() const { return reader_.descriptor(); }

    // Asks for what is new in `recording`, and adds what was answered; true where anything was added.
    bool follow(Recording& recording);
    // The same, and waits for all answers that are still due, for as long as the reader's deadline allows.
    void finish(Recording& recording);
    // For a new recording.
    void clear();

private:
    static bool add(std::vector<ReaderReply> answers, Recording& recording);

    ReaderClient reader_;
    WantedImages wanted_;
    std::size_t taken_ = 0;  // rows of the history of maps
};

}  // namespace procatlas
