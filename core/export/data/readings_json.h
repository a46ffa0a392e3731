// Writes what the observer read besides maps as JSON: open files, pages, and copied pages.
#pragma once

#include <span>
#include <string>

#include "core/model/descriptors.h"
#include "core/model/pages.h"

namespace procatlas {

// [{"number", "target", "reads", "writes", "close_on_exec"}]
void descriptors_json(std::string& text, std::span<const OpenDescriptor> descriptors);

// {"size", "count", "present", ..., "runs": [[address, count, state]...]}, and "frames" if page frames were read.
void pages_json(std::string& text, const RegionPages& pages, std::span<const FrameRun> frames);

// [{"pid", "start", "pages"}]
void copied_json(std::string& text, std::span<const CopiedRun> copied);

}  // namespace procatlas
