// Writes what was found inside a process as JSON: "frames", "instruction", "chunks".
#pragma once

#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/export/data/json_writer.h"
#include "core/model/event.h"
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

// Adds members to the JSON of the event at which it was found.
void inside_members(JsonObject& out, const Event& event, std::span<const Region> regions);

// Whether a chunk begins in `range`.
[[nodiscard]] bool begins_chunk(const Heap& heap, AddressRange range);
// The chunks in `range`: [{"start", "size", "state"}]
void chunks_json(std::string& text, const Heap& heap, AddressRange range);
// [{"name", "type", "address", "value", "region"}]
void variables_json(std::string& text, const std::vector<Variable>& variables, std::span<const Region> regions);

}  // namespace procatlas
