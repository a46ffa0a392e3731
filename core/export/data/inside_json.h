// Writes what was found inside a process as JSON: "frames", "instruction", "chunks".
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/export/data/json_writer.h"
#include "core/model/event.h"
#include "core/model/inside.h"
#include "core/model/recording.h"

namespace procatlas {

// For each event at which a process was inspected, the regions of that process. Only moves forward in time.
class RegionsInTime {
public:
    explicit RegionsInTime(const Recording& recording) : recording_(recording) {}
    // Call it for every moment, in order.
    [[nodiscard]] std::span<const Region> after(std::size_t moment);

private:
    struct Known {
        std::shared_ptr<const AddressSpace> space;
        std::string program;
        std::vector<Region> regions;
    };
    const Recording& recording_;
    std::unordered_map<std::size_t, Known> known_;
};

// Which frames of a deep stack an earlier event has already. A recursion would otherwise write all its callers again at each
// call, which grows with the square of its depth.
class StacksInTime {
public:
    // Stacks up to this depth are always written whole.
    static constexpr std::size_t always_whole = 8;

    struct Known {
        std::size_t moment = 0;  // the last event at which this thread was inspected
        std::size_t frames = 0;  // how many of the outermost frames are the same as then; 0: write all
    };

    // Call it for every event that has a stack, in order.
    [[nodiscard]] Known known(std::size_t process, const Event& event, std::size_t moment);

private:
    struct Last {
        std::size_t moment = 0;
        std::shared_ptr<const Stack> stack;
    };
    std::map<std::pair<std::size_t, std::int32_t>, Last> last_;  // by process and thread
};

// Adds members to the JSON of the event at which it was found. Leaves out the frames that are `known`.
void inside_members(JsonObject& out, const Event& event, std::span<const Region> regions, StacksInTime::Known known);

// Whether a chunk begins in `range`.
[[nodiscard]] bool begins_chunk(const Heap& heap, AddressRange range);
// The chunks in `range`: [{"start", "size", "state"}]
void chunks_json(std::string& text, const Heap& heap, AddressRange range);
// [{"name", "type", "address", "value", "region"}]; of Python "object" instead of an address
void variables_json(std::string& text, const std::vector<Variable>& variables, std::span<const Region> regions,
                    FrameLanguage language);
// [{"address", "type", "value", "size", "references", "leads_to", "items", "region"}]
void objects_json(std::string& text, const std::vector<PythonObject>& objects, std::span<const Region> regions);

}  // namespace procatlas
