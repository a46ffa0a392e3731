#include "core/inspect/client/wanted_images.h"

#include <utility>

namespace procatlas {

std::optional<ElfImageRequest> WantedImages::take_new(const Mapping& m) {
    const bool module = m.permissions.execute && m.inode != 0 && m.name.starts_with('/');
    if (!module || !known_.insert({m.device_major, m.device_minor, m.inode}).second) {
        return std::nullopt;
    }
    return ElfImageRequest{std::string(m.name), m.device_major, m.device_minor, m.inode};
}

std::vector<ElfImageRequest> WantedImages::take_new(const AddressSpace& space) {
    std::vector<ElfImageRequest> requests;
    for (const Mapping& m : space.mappings) {
        if (auto request = take_new(m)) {
            requests.push_back(std::move(*request));
        }
    }
    return requests;
}

}  // namespace procatlas
