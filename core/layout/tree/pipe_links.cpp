#include "core/layout/tree/pipe_links.h"

#include <algorithm>
#include <map>
#include <string>

#include "core/model/descriptors.h"

namespace procatlas {
namespace {

constexpr std::size_t most_pipe_links = 100;

struct PipeEnd {
    std::size_t process = 0;
    bool reads = false;
    bool writes = false;
};

// Whether a child of the process has the same end. Then the process made the pipe for the child, and may have closed its own
// end since: no event reports that.
bool is_handed_on(const World& world, const std::vector<PipeEnd>& ends, const PipeEnd& end) {
    return std::ranges::any_of(ends, [&](const PipeEnd& other) {
        return world.processes[other.process].parent == end.process && other.reads == end.reads && other.writes == end.writes;
    });
}

void add_pipe(const World& world, const std::vector<PipeEnd>& ends, std::vector<PipeLink>& links) {
    const auto only = [](bool PipeEnd::* has, bool PipeEnd::* lacks) {
        return [=](const PipeEnd& end) { return end.*has && !(end.*lacks); };
    };
    const auto writes_only = only(&PipeEnd::writes, &PipeEnd::reads);
    const auto reads_only = only(&PipeEnd::reads, &PipeEnd::writes);
    const bool settled = std::ranges::any_of(ends, writes_only) && std::ranges::any_of(ends, reads_only);
    std::vector<PipeEnd> taking_part = ends;
    std::erase_if(taking_part, [&](const PipeEnd& end) { return settled && is_handed_on(world, ends, end); });
    for (const PipeEnd& writer : taking_part) {
        for (const PipeEnd& reader : taking_part) {
            if (writer.process == reader.process || !writer.writes || !reader.reads || links.size() >= most_pipe_links ||
                (settled && !(writes_only(writer) && reads_only(reader)))) {
                continue;
            }
            const bool both = writer.reads && reader.writes;
            if (!both || writer.process < reader.process) {
                links.push_back({writer.process, reader.process, both});
            }
        }
    }
}

}  // namespace

std::vector<PipeLink> pipe_links(const World& world) {
    std::map<std::string, std::vector<PipeEnd>> pipes;
    for (std::size_t i = 0; i < world.processes.size(); ++i) {
        const Process& process = world.processes[i];
        if (!process.alive() || !process.descriptors) {
            continue;
        }
        for (const OpenDescriptor& descriptor : process.descriptors->open) {
            if (!descriptor.is_pipe()) {
                continue;
            }
            std::vector<PipeEnd>& ends = pipes[descriptor.target];
            if (ends.empty() || ends.back().process != i) {
                ends.push_back({i});
            }
            ends.back().reads |= descriptor.reads;
            ends.back().writes |= descriptor.writes;
        }
    }
    std::vector<PipeLink> links;
    for (const auto& [target, ends] : pipes) {
        add_pipe(world, ends, links);
    }
    return links;
}

}  // namespace procatlas
