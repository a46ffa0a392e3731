#include "core/inspect/memory/stopped_process.h"

#include <elf.h>
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>

#include "core/stream/proc_maps.h"

namespace procatlas {
namespace {

constexpr std::size_t maps_limit = 64u << 20;
constexpr std::size_t pages_at_once = 16;
constexpr std::size_t pages_kept = 32768;  // 128 MiB; above it the cache is emptied

Result<std::string> read_proc_file(pid_t task, const char* name, std::size_t limit) {
    const std::string path = "/proc/" + std::to_string(task) + "/" + name;
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    std::string text;
    std::array<char, 16384> buffer;
    while (file && text.size() < limit) {
        const ssize_t size = ::read(file.get(), buffer.data(), buffer.size());
        if (size == 0) {
            return text;
        }
        if (size < 0 && errno != EINTR) {
            break;
        }
        text.append(buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    }
    return text.size() >= limit ? fail("too long: " + path) : std::unexpected(system_error("cannot read " + path, errno));
}

Address entry_of(std::string_view auxv) {
    Elf64_auxv_t item{};
    for (; auxv.size() >= sizeof item; auxv.remove_prefix(sizeof item)) {
        std::memcpy(&item, auxv.data(), sizeof item);
        if (item.a_type == AT_ENTRY) {
            return item.a_un.a_val;
        }
    }
    return 0;
}

}  // namespace

Result<void> StoppedProcess::refresh(pid_t task) {
    pages_.clear();
    const std::string memory = "/proc/" + std::to_string(task) + "/mem";
    memory_ = UniqueFd(::open(
        memory.c_str(), O_RDONLY | O_CLOEXEC));  // opened again: after an exec the old descriptor still reads the old memory
    if (!memory_) {
        return std::unexpected(system_error("cannot read " + memory, errno));
    }
    pagemap_ = UniqueFd(::open(("/proc/" + std::to_string(task) + "/pagemap").c_str(), O_RDONLY | O_CLOEXEC));
    has_missing_pages_.reset();
    auto text = read_proc_file(task, "maps", maps_limit);
    if (!text) {
        return std::unexpected(text.error());
    }
    if (text->empty()) {
        return fail("the process has ended");
    }
    if (*text == maps_text_) {
        return {};
    }
    auto space = parse_proc_maps(*text);
    if (!space) {
        return std::unexpected(space.error());
    }
    space_ = std::move(*space);
    maps_text_ = std::move(*text);
    ++map_version_;
    const auto auxv = read_proc_file(task, "auxv", 65536);
    entry_ = auxv ? entry_of(*auxv) : 0;
    return {};
}

const Mapping* StoppedProcess::mapping_at(Address address) const {
    return find_mapping(space_, address);
}

StoppedProcess::Stretch StoppedProcess::stretch_at(Address start, std::size_t most) const {
    constexpr std::uint64_t present_or_swapped = 3ull << 62;
    std::array<std::uint64_t, pages_at_once> entries{};
    const std::size_t wanted = std::min(most, entries.size()) * sizeof entries[0];
    const ssize_t got =
        ::pread(pagemap_.get(), entries.data(), wanted, static_cast<off_t>(start / page_size * sizeof entries[0]));
    if (got < static_cast<ssize_t>(sizeof entries[0])) {
        return {Pages::unknown, most};
    }
    const auto is_touched = [](std::uint64_t entry) { return (entry & present_or_swapped) != 0; };
    const bool touched = is_touched(entries[0]);
    const auto* end = std::as_const(entries).data() + static_cast<std::size_t>(got) / sizeof entries[0];
    const auto* other =
        std::ranges::find_if(std::as_const(entries).data(), end, [&](std::uint64_t e) { return is_touched(e) != touched; });
    return {touched ? Pages::in_memory : Pages::untouched, static_cast<std::size_t>(other - std::as_const(entries).data())};
}

bool StoppedProcess::has_missing_pages() {
    if (!has_missing_pages_) {
        std::error_code error;
        has_missing_pages_ = false;
        for (const auto& entry : std::filesystem::directory_iterator("/proc/" + std::to_string(pid_) + "/fd", error)) {
            std::error_code gone;
            *has_missing_pages_ |= std::filesystem::read_symlink(entry.path(), gone) == "anon_inode:[userfaultfd]";
        }
        *has_missing_pages_ |= static_cast<bool>(error);
    }
    return *has_missing_pages_;
}

// Private anonymous memory begins as zeros.
bool StoppedProcess::read_untouched(const Mapping& mapping, Address start, std::size_t count) {
    const bool plain = mapping.name.empty() || mapping.name == "[heap]" || mapping.name.starts_with("[stack") ||
                       mapping.name.starts_with("[anon:");
    if (mapping.inode != 0 || mapping.permissions.shared || !plain || has_missing_pages()) {
        return false;
    }
    for (std::size_t i = 0; i < count; ++i) {
        pages_[start + i * page_size] = std::make_unique<Page>();
    }
    return true;
}

void StoppedProcess::touch(Address address) {
    char byte = 0;
    (void)!::pread(memory_.get(), &byte, 1, static_cast<off_t>(address));
}

// Reads the page at `start` and those after it in the same mapping with one call, because a stack is read upwards.
void StoppedProcess::fetch(Address start) {
    if (pages_.size() > pages_kept) {
        pages_.clear();
    }
    const Mapping* mapping = mapping_at(start);
    if (!mapping || !mapping->permissions.read) {  // /proc/PID/mem would return bytes that the process itself cannot read
        pages_[start] = nullptr;
        return;
    }
    const auto stretch = stretch_at(start, std::min<std::size_t>(pages_at_once, (mapping->range.end - start) / page_size));
    if (stretch.state == Pages::untouched && read_untouched(*mapping, start, stretch.count)) {
        return;
    }
    const std::size_t count = stretch.count;
    std::array<std::unique_ptr<Page>, pages_at_once> pages;
    std::array<iovec, pages_at_once> ours{};
    for (std::size_t i = 0; i < count; ++i) {
        pages[i] = std::make_unique<Page>();
        ours[i] = {pages[i]->data(), page_size};
    }
    const ssize_t size = ::preadv(memory_.get(), ours.data(), static_cast<int>(count), static_cast<off_t>(start));
    const std::size_t whole = size > 0 ? static_cast<std::size_t>(size) / page_size : 0;
    for (std::size_t i = 0; i < whole; ++i) {
        pages_[start + i * page_size] = std::move(pages[i]);
    }
    if (whole == 0) {
        pages_[start] = nullptr;
    }
}

const StoppedProcess::Page* StoppedProcess::page(Address start) {
    auto found = pages_.find(start);
    if (found == pages_.end()) {
        fetch(start);
        found = pages_.find(start);
    }
    return found == pages_.end() ? nullptr : found->second.get();
}

bool StoppedProcess::read(Address address, void* out, std::size_t size) {
    auto* to = static_cast<char*>(out);
    const Address first = address;
    const std::size_t asked = size;
    const auto note = [&] {
        if (log_) {
            log_->add(first, asked, {static_cast<const char*>(out), static_cast<std::size_t>(to - static_cast<char*>(out))});
        }
    };
    while (size > 0) {
        const Address start = address & ~(page_size - 1);
        const Page* from = page(start);
        if (!from) {
            note();
            return false;
        }
        const std::size_t offset = address - start;
        const std::size_t part = std::min<std::size_t>(size, page_size - offset);
        std::memcpy(to, from->data() + offset, part);
        to += part;
        address += part;
        size -= part;
    }
    note();
    return true;
}

bool StoppedProcess::reads_the_same(const ReadLog& log) {
    return std::ranges::all_of(log.reads(), [&](const ReadLog::Read& read) {
        std::string_view bytes = log.bytes_of(read);
        Address at = read.address;
        while (!bytes.empty()) {
            const Address start = at & ~(page_size - 1);
            const Page* from = page(start);
            const std::size_t offset = at - start;
            const std::size_t part = std::min<std::size_t>(bytes.size(), page_size - offset);
            if (!from || std::memcmp(from->data() + offset, bytes.data(), part) != 0) {
                return false;
            }
            bytes.remove_prefix(part);
            at += part;
        }
        return read.got == read.asked || !page(at & ~(page_size - 1));
    });
}

std::string StoppedProcess::read_some(Address address, std::size_t size) {
    std::string bytes;
    while (bytes.size() < size) {
        const Address at = address + bytes.size();
        const Address start = at & ~(page_size - 1);
        const Page* from = page(start);
        if (!from || at < address) {
            break;
        }
        const std::size_t offset = at - start;
        bytes.append(from->data() + offset, std::min<std::size_t>(size - bytes.size(), page_size - offset));
    }
    if (log_) {
        log_->add(address, size, bytes);
    }
    return bytes;
}

}  // namespace procatlas
