#include "app/paint/font_bytes.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "core/base/unique_fd.h"

namespace procatlas {

FontBytes::FontBytes(const std::string& path) {
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat status{};
    if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode) || status.st_size == 0) {
        return;
    }
    const auto size = static_cast<std::size_t>(status.st_size);
    void* const mapped = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
    if (mapped != MAP_FAILED) {
        data_ = mapped;
        size_ = size;
    }
}

FontBytes::~FontBytes() {
    if (data_ != nullptr) {
        ::munmap(data_, size_);
    }
}

}  // namespace procatlas
