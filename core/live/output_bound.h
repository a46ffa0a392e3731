// Bounds what is kept of the output of programs that print without end. The first bytes of each process are passed on as they
// come. Of what follows only the last bytes are kept; they are passed on when the process or the run has ended, behind a gap
// event that says how many were left out. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "core/model/observed_event.h"

namespace procatlas {

class OutputBound {
public:
    // In bytes; each event counts as some more than its text, because keeping it costs as much.
    struct Limits {
        std::size_t first = 8u << 20;   // of a process
        std::size_t last = 256u << 10;  // of a process
        std::size_t all = 64u << 20;    // the first ones of all processes together; beyond them each has `few`
        std::size_t few = 64u << 10;
    };

    OutputBound() = default;
    explicit OutputBound(Limits limits) : limits_(limits) {}

    // Appends to `out` what is to be recorded now: usually the event itself.
    void take(ObservedEvent event, std::vector<ObservedEvent>& out);
    // Nothing more is recorded: gives back what is withheld of all.
    void finish(std::uint64_t time_ns, std::vector<ObservedEvent>& out);

private:
    struct Piece {
        OutputStream stream = OutputStream::standard_output;
        std::string text;
        std::uint64_t size = 0;
        RareVector<std::string> target;
    };
    struct Printed {
        std::size_t passed = 0;
        bool bounded = false;
        std::deque<Piece> last;
        std::size_t last_bytes = 0;
        std::uint64_t left_out = 0;
    };

    [[nodiscard]] bool passes(Printed& printed, const OutputEvent& output);
    void withhold(Printed& printed, OutputEvent output) const;
    static void give_back(ProcessKey process, Printed& printed, std::uint64_t time_ns, std::vector<ObservedEvent>& out);

    Limits limits_;
    std::size_t passed_ = 0;
    std::map<ProcessKey, Printed> printed_;
};

}  // namespace procatlas
