#include "app/image_collector.h"

#include <utility>

namespace procatlas {

void ImageCollector::look_at(const AddressSpace& memory) {
    for (const Mapping& mapping : memory.mappings) {
        if (!mapping.permissions.execute || mapping.inode == 0 || !mapping.name.starts_with('/')) {
            continue;
        }
        if (asked_.emplace(mapping.device_major, mapping.device_minor, mapping.inode).second) {
            reader_.ask(ElfImageRequest{std::string(mapping.name), mapping.device_major, mapping.device_minor, mapping.inode});
        }
    }
}

bool ImageCollector::follow(Recording& recording) {
    const auto events = recording.events();
    for (; taken_ < events.size(); ++taken_) {
        const AddressSpace* memory = events[taken_].memory.get();
        // Only an exec or an mmap brings a new file in, and after both the map is another one.
        if (memory != nullptr && memory != last_) {
            look_at(*memory);
            last_ = memory;
        }
    }
    bool added = false;
    for (ElfImageAnswer& answer : reader_.receive()) {
        if (answer.image) {  // without an image the kernel's own marks serve
            recording.add_image(std::move(*answer.image));
            added = true;
        }
    }
    return added;
}

void ImageCollector::clear() {
    taken_ = 0;
    asked_.clear();
    last_ = nullptr;
}

}  // namespace procatlas
