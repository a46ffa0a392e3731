#include "core/inspect/client/wanted_images.h"

namespace procatlas {

std::vector<ElfImageRequest> WantedImages::take_new(const AddressSpace& space) {
    std::vector<ElfImageRequest> requests;
    for (const Mapping& m : space.mappings) {
        const bool module = m.permissions.execute && m.inode != 0 && m.name.starts_with('/');
        if (module && known_.insert({m.device_major, m.device_minor, m.inode}).second) {
            requests.push_back({std::string(m.name), m.device_major, m.device_minor, m.inode});
        }
    }
    return requests;
}

}  // namespace procatlas
