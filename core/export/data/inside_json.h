// JSON of what was found inside a process: "frames", "instruction", "chunks".
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

// The regions of the process of each event, where somebody looked inside at that event. Goes forward in time.
class RegionsInTime {
public:
    explicit RegionsInTime(const Recording& recording) : recording_(recording) {}
    // To be asked of every moment, in order.
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

// Members of the event at which it was found.
void inside_members(JsonObject& out, const Event& event, std::span<const Region> regions);

// A chunk begins in `range`.
[[nodiscard]] bool begins_chunk(const Heap& heap, AddressRange range);
// [{"start", "size", "state"}] of those in `range`.
void chunks_json(std::string& text, const Heap& heap, AddressRange range);
// [{"name", "type", "address", "value", "region"}]
void variables_json(std::string& text, const std::vector<Variable>& variables, std::span<const Region> regions);

}  // namespace procatlas
