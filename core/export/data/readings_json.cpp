#include "core/export/data/readings_json.h"

#include <fmt/format.h>

#include "core/export/data/json_writer.h"

namespace procatlas {

void descriptors_json(std::string& text, std::span<const OpenDescriptor> descriptors) {
    JsonArray array(text);
    for (const OpenDescriptor& descriptor : descriptors) {
        JsonObject out(array.element());
        out.number("number", descriptor.number);
        out.text("target", descriptor.target);
        out.flag("reads", descriptor.reads);
        out.flag("writes", descriptor.writes);
        out.flag("close_on_exec", descriptor.close_on_exec);
    }
}

void pages_json(std::string& text, const RegionPages& pages, std::span<const FrameRun> frames) {
    JsonObject out(text);
    out.number("size", pages.page_size);
    out.number("count", pages.count);
    out.number("present", pages.present());
    out.number("exclusive", pages.exclusive);
    out.number("own", pages.exclusive);  // an alias of "exclusive" for readers of format 1; remove it with the next format
    out.number("shared", pages.shared);
    out.number("file", pages.file);
    out.number("swapped", pages.swapped);
    out.number("huge", pages.huge);
    if (pages.unread != 0) {
        out.number("unread", pages.unread);
    }
    {
        JsonArray runs(out.key("runs"));
        for (const PageRun& run : pages.runs) {
            runs.element() += fmt::format(R"(["0x{:x}",{},"{}"{}])", run.start, run.count, page_state_name(run.state),
                                          run.huge ? R"(,"huge")" : "");
        }
    }
    if (!frames.empty()) {
        JsonArray runs(out.key("frames"));
        for (const FrameRun& run : frames) {
            runs.element() += fmt::format(R"(["0x{:x}",{},{}])", run.start, run.count, run.frame);
        }
    }
}

void copied_json(std::string& text, std::span<const CopiedRun> copied) {
    JsonArray array(text);
    for (const CopiedRun& run : copied) {
        JsonObject out(array.element());
        out.number("pid", run.pid);
        out.hex("start", run.start);
        out.number("pages", run.pages);
    }
}

}  // namespace procatlas
