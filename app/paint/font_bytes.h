// The bytes of a font file. Mapped, not read: a Korean font has megabytes, of which a window looks at a few glyphs. A font that
// is installed anew gets another inode, so the mapped one stays whole.
#pragma once

#include <cstddef>
#include <string>
#include <utility>

namespace procatlas {

class FontBytes {
public:
    FontBytes() = default;  // none
    // Empty if there is no such file.
    explicit FontBytes(const std::string& path);
    FontBytes(FontBytes&& other) noexcept : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
    FontBytes& operator=(FontBytes&& other) noexcept {
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
        return *this;
    }
    ~FontBytes();

    [[nodiscard]] bool empty() const { return size_ == 0; }
    // Read-only memory, though the type says otherwise: ImGui asks for such a pointer, and does not write to it.
    [[nodiscard]] void* data() const { return data_; }
    [[nodiscard]] std::size_t size() const { return size_; }

private:
    void* data_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace procatlas
