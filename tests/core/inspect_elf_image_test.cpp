#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include "core/inspect/elf/elf_image.h"
#include "tests/scratch_folder.h"
#include "tests/support/bytes_of.h"

using namespace procatlas;

namespace {

const std::string sample = PROCATLAS_BUILD_DIR "/bin/programs/regions";

const ElfSection* section(const ElfImage& image, std::string_view name) {
    const auto found = std::ranges::find(image.sections, name, &ElfSection::name);
    return found == image.sections.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("the sections and segments of a sample program are read in ascending order") {
    const auto image = read_elf_image(sample);
    REQUIRE(image);
    CHECK(image->path == sample);
    CHECK(image->inode != 0);
    CHECK_FALSE(image->executable_type);  // position-independent
    CHECK(image->entry != 0);
    CHECK(std::ranges::is_sorted(image->sections, {}, [](const ElfSection& s) { return s.range.start; }));
    CHECK(std::ranges::is_sorted(image->segments, {}, [](const ElfSegment& s) { return s.range.start; }));
    CHECK(image->segments.size() >= 3);

    const ElfSection* text = section(*image, ".text");
    const ElfSection* read_only = section(*image, ".rodata");
    const ElfSection* data = section(*image, ".data");
    const ElfSection* bss = section(*image, ".bss");
    REQUIRE((text && read_only && data && bss));
    CHECK((text->execute && !text->write && !text->no_bits));
    CHECK((!read_only->execute && !read_only->write));
    CHECK((data->write && !data->no_bits));
    CHECK((bss->write && bss->no_bits));
    CHECK(text->range.contains(image->entry));
    CHECK_FALSE(section(*image, ".comment"));  // takes up no addresses
    for (const ElfSection& s : image->sections) {
        CHECK_MESSAGE(std::ranges::any_of(
                          image->segments,
                          [&](const ElfSegment& g) { return g.range.start <= s.range.start && s.range.end <= g.range.end; }),
                      s.name);
    }
}

TEST_CASE("bytes in memory give the same image as the file") {
    const auto from_file = read_elf_image(sample);
    const auto from_bytes = parse_elf_image(bytes_of(sample));
    REQUIRE((from_file && from_bytes));
    CHECK(from_bytes->entry == from_file->entry);
    CHECK(from_bytes->sections.size() == from_file->sections.size());
    CHECK(from_bytes->segments.size() == from_file->segments.size());
}

TEST_CASE("a file that is not a regular ELF file is an error, and a FIFO does not block") {
    const ScratchFolder folder;
    const std::string fifo = folder / "fifo";
    const std::string text = folder / "text";
    const std::string empty = folder / "empty";
    REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
    std::ofstream(text) << "#!/bin/sh\n";
    std::ofstream(empty).close();

    CHECK_FALSE(read_elf_image(fifo));
    CHECK_FALSE(read_elf_image(text));
    CHECK_FALSE(read_elf_image(empty));
    CHECK_FALSE(read_elf_image(folder.path()));
    CHECK_FALSE(read_elf_image("/dev/zero"));
    CHECK_FALSE(read_elf_image(folder / "missing"));
    CHECK_FALSE(read_elf_image(std::string("/bin/sh\0x", 9)));
    CHECK_FALSE(parse_elf_image(""));
}

TEST_CASE("a program truncated at any length gives an error or a smaller image") {
    const std::string bytes = bytes_of(sample);
    REQUIRE(bytes.size() > 4096);
    const ScratchFolder folder;
    const std::string path = folder / "cut";
    for (std::size_t size = 0; size < bytes.size(); size += size < 1024 ? 7 : 997) {
        (void)parse_elf_image(std::string_view(bytes).substr(0, size));
        std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(size));
        (void)read_elf_image(path);
    }
    CHECK_FALSE(parse_elf_image(std::string_view(bytes).substr(0, 40)));
}

TEST_CASE("a mutated program never crashes the parser") {
    const std::string bytes = bytes_of(sample);
    std::mt19937 random(1);
    for (int round = 0; round < 2000; ++round) {
        std::string mutated = bytes;
        for (int change = 0; change < 8; ++change) {
            // Makes half of the changes in the ELF and program headers, the others in the section headers at the end.
            const std::size_t at = random() % 1024;
            mutated[change % 2 ? at : mutated.size() - 1 - at] = static_cast<char>(random());
        }
        const auto image = parse_elf_image(mutated);
        if (image) {
            for (const ElfSection& s : image->sections) {
                CHECK(s.range.start < s.range.end);
            }
        }
    }
}
