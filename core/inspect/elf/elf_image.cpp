#include "core/inspect/elf/elf_image.h"

#include <fcntl.h>
#include <gelf.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <memory>

namespace procatlas {
namespace {

constexpr std::size_t header_limit = 20'000;  // sections or segments; the largest programs have a few dozen
constexpr std::size_t name_limit = 256;

struct ElfEnd {
    void operator()(Elf* elf) const { elf_end(elf); }
};
using UniqueElf = std::unique_ptr<Elf, ElfEnd>;

std::unexpected<Error> elf_error(std::string_view what) {
    const char* reason = elf_errmsg(-1);
    return fail(std::string(what) + ": " + (reason ? reason : "unknown reason"));
}

// False: the range wraps around.
bool set_range(AddressRange& range, Address start, ByteCount size) {
    if (size > std::numeric_limits<Address>::max() - start) {
        return false;
    }
    range = {start, start + size};
    return true;
}

Result<void> collect_segments(Elf* elf, ElfImage& image) {
    std::size_t count = 0;
    if (elf_getphdrnum(elf, &count) != 0) {
        return elf_error("cannot read the program headers");
    }
    if (count > header_limit) {
        return fail("the file has more segments than any program has");
    }
    for (std::size_t i = 0; i < count; ++i) {
        GElf_Phdr header;
        if (!gelf_getphdr(elf, static_cast<int>(i), &header)) {
            return elf_error("cannot read a program header");
        }
        ElfSegment segment{{}, header.p_offset, header.p_filesz};
        if (header.p_type == PT_LOAD && set_range(segment.range, header.p_vaddr, header.p_memsz)) {
            image.segments.push_back(segment);
        }
    }
    std::ranges::sort(image.segments, {}, [](const ElfSegment& s) { return s.range.start; });
    return {};
}

// A file whose section headers are missing or damaged still runs: it just has no sections to show.
void collect_sections(Elf* elf, ElfImage& image) {
    std::size_t names = 0;
    std::size_t count = 0;
    if (elf_getshdrstrndx(elf, &names) != 0 || elf_getshdrnum(elf, &count) != 0 || count > header_limit) {
        return;
    }
    for (Elf_Scn* section = elf_nextscn(elf, nullptr); section; section = elf_nextscn(elf, section)) {
        GElf_Shdr header;
        if (!gelf_getshdr(section, &header)) {
            continue;
        }
        const bool no_bits = header.sh_type == SHT_NOBITS;
        const bool template_only = no_bits && (header.sh_flags & SHF_TLS) != 0;  // .tbss: each thread has a copy elsewhere
        ElfSection found;
        if ((header.sh_flags & SHF_ALLOC) == 0 || template_only || !set_range(found.range, header.sh_addr, header.sh_size) ||
            found.range.empty()) {
            continue;
        }
        if (const char* name = elf_strptr(elf, names, header.sh_name)) {
            found.name = std::string_view(name).substr(0, name_limit);
        }
        found.write = (header.sh_flags & SHF_WRITE) != 0;
        found.execute = (header.sh_flags & SHF_EXECINSTR) != 0;
        found.no_bits = no_bits;
        image.sections.push_back(std::move(found));
    }
    std::ranges::sort(image.sections, {}, [](const ElfSection& s) { return s.range.start; });
}

Result<ElfImage> image_of(Elf* elf) {
    GElf_Ehdr header;
    if (!elf || elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &header)) {
        return fail("not an ELF file");
    }
    ElfImage image;
    image.executable_type = header.e_type == ET_EXEC;
    image.entry = header.e_entry;
    if (auto segments = collect_segments(elf, image); !segments) {
        return std::unexpected(segments.error());
    }
    collect_sections(elf, image);
    return image;
}

}  // namespace

Result<UniqueFd> open_regular_file(const std::string& path) {
    if (path.find('\0') != std::string::npos) {
        return fail("a path cannot hold a null character");
    }
    // O_PATH first: opening a FIFO would wait for a writer, and opening a device can have side effects.
    const UniqueFd place(::open(path.c_str(), O_PATH | O_CLOEXEC));
    struct stat status{};
    if (!place || ::fstat(place.get(), &status) != 0) {
        return std::unexpected(system_error("cannot open " + path, errno));
    }
    if (!S_ISREG(status.st_mode)) {
        return fail("not a regular file: " + path);
    }
    const std::string again = "/proc/self/fd/" + std::to_string(place.get());
    UniqueFd file(::open(again.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    if (!file) {
        return std::unexpected(system_error("cannot open " + path, errno));
    }
    return file;
}

Result<ElfImage> read_elf_image(const std::string& path) {
    const auto file = open_regular_file(path);
    return file ? read_elf_image(file->get(), path) : std::unexpected(file.error());
}

Result<ElfImage> read_elf_image(int file, const std::string& path) {
    elf_version(EV_CURRENT);
    struct stat status{};
    if (::fstat(file, &status) != 0) {
        return std::unexpected(system_error("cannot read " + path, errno));
    }
    // ELF_C_READ, not MMAP: a file that is truncated meanwhile must cause an error, not SIGBUS.
    const UniqueElf elf(elf_begin(file, ELF_C_READ, nullptr));
    auto image = image_of(elf.get());
    if (!image) {
        return fail(image.error().message + ": " + path);
    }
    image->path = path;
    image->device_major = major(status.st_dev);
    image->device_minor = minor(status.st_dev);
    image->inode = status.st_ino;
    return image;
}

Result<ElfImage> parse_elf_image(std::string_view bytes) {
    elf_version(EV_CURRENT);
    std::string copy(bytes);  // libelf may convert the bytes in place
    const UniqueElf elf(elf_memory(copy.data(), copy.size()));
    return image_of(elf.get());
}

}  // namespace procatlas
