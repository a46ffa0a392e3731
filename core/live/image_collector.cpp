#include "core/live/image_collector.h"

#include <utility>

namespace procatlas {

bool ImageCollector::follow(Recording& recording) {
    const MapRows& rows = recording.maps().rows();
    for (; taken_ < rows.size(); ++taken_) {
        const MapRow row = rows[taken_];
        const auto& processes = recording.last_world().processes;
        const pid_t pid = row.process < processes.size() ? processes[row.process].key.pid : 0;
        if (auto request = wanted_.take_new(recording.maps().mapping(row), pid)) {
            reader_.ask(std::move(*request));
        }
    }
    return add(reader_.receive(), recording);
}

bool ImageCollector::add(std::vector<ReaderReply> answers, Recording& recording) {
    bool added = false;
    for (ReaderReply& reply : answers) {
        if (auto* image = reply.get<ElfImage>()) {  // without an image the kernel's own marks must do
            recording.add_image(std::move(*image));
            added = true;
        }
    }
    return added;
}

void ImageCollector::clear(std::shared_ptr<Companions> where) {
    reader_.move_to(std::move(where));
    taken_ = 0;
    wanted_ = {};
}

}  // namespace procatlas
