#include "app/image_collector.h"

#include <utility>

namespace procatlas {

bool ImageCollector::follow(Recording& recording) {
    const auto events = recording.events();
    for (; taken_ < events.size(); ++taken_) {
        const AddressSpace* memory = events[taken_].memory.get();
        // Only an exec or an mmap brings a new file in, and after both the map is another one.
        if (memory != nullptr && memory != last_) {
            for (ElfImageRequest& request : wanted_.take_new(*memory)) {
                reader_.ask(std::move(request));
            }
            last_ = memory;
        }
    }
    return add(reader_.receive(), recording);
}

void ImageCollector::finish(Recording& recording) {
    follow(recording);
    add(reader_.finish(), recording);
}

bool ImageCollector::add(std::vector<ElfImageAnswer> answers, Recording& recording) {
    bool added = false;
    for (ElfImageAnswer& answer : answers) {
        if (answer.image) {  // without an image the kernel's own marks serve
            recording.add_image(std::move(*answer.image));
            added = true;
        }
    }
    return added;
}

void ImageCollector::clear() {
    taken_ = 0;
    wanted_ = {};
    last_ = nullptr;
}

}  // namespace procatlas
