// The far end of a connection: starts what it is asked for, passes bytes on, and ends all of it when the connection ends.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>

#include "core/base/companion.h"
#include "core/far/mux.h"

namespace procatlas {

class RelayServer {
public:
    // Greets on `out`.
    RelayServer(int in, int out);

    // Blocks until the connection ends, or nothing has come over it for 20 seconds: then the network is gone, or whoever
    // watches stands still, and nobody else here would notice. `at_beat`: called once a second.
    void run(const std::function<void()>& at_beat = [] {});

private:
    struct Started {
        std::unique_ptr<Companion> program;
        std::uint32_t input = 0;  // the channel of its standard input; 0: none
    };

    void take(const Mux::News& news);
    void open(const OpenChannel& wanted);
    void end(std::uint32_t channel);

    Mux mux_;
    std::map<std::uint32_t, Started> started_;  // by channel
};

}  // namespace procatlas
