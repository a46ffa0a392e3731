// Asks the reader once about each program and library that appears in a memory map, and adds its answers to the recording.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "core/inspect/client/reader_client.h"
#include "core/inspect/client/wanted_images.h"
#include "core/model/recording.h"

namespace procatlas {

class ImageCollector {
public:
    [[nodiscard]] int descriptor() const { return reader_.descriptor(); }

    // Asks about what is new in `recording`, and adds the answers. Returns true if it added any.
    bool follow(Recording& recording);
    // Whether answers are missing. Each comes within the reader's deadline.
    [[nodiscard]] bool waits() const { return reader_.waiting() != 0; }
    // Call this when a new recording begins, of a program on `where` (ReaderClient::move_to).
    void clear(std::shared_ptr<Companions> where = nullptr);

private:
    static bool add(std::vector<ReaderReply> answers, Recording& recording);

    ReaderClient reader_;
    WantedImages wanted_;
    std::size_t taken_ = 0;  // rows of the map history that are done
};

}  // namespace procatlas
