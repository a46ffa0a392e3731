#include "core/inspect/client/wanted_images.h"

namespace procatlas {

std::optional<ElfImageRequest> WantedImages::take_new(const Mapping& m, pid_t pid) {
    const bool module = m.permissions.execute && m.inode != 0 && m.name.starts_with('/');
    if (!module || !known_.insert({m.device_major, m.device_minor, m.inode}).second) {
        return std::nullopt;
    }
    return ElfImageRequest{std::string(m.name), m.device_major, m.device_minor, m.inode, pid};
}

}  // namespace procatlas
