#include "core/stream/pages_codec.h"

#include <algorithm>
#include <limits>

namespace procatlas {
namespace {

constexpr std::uint64_t huge_bit = 16;
constexpr std::uint64_t most_runs = 1'000'000;

// Calls `put` with each run and the number of pages between it and the run before.
template <typename Run, typename Put>
void write_runs(Encoder& out, const std::vector<Run>& runs, ByteCount page_size, Put put) {
    out(runs.size());
    Address end = 0;
    for (const Run& run : runs) {
        out((run.start - end) / page_size, run.count);
        put(run);
        end = run.start + run.count * page_size;
    }
}

template <typename Run, typename Get>
void read_runs(Decoder& in, std::vector<Run>& runs, ByteCount page_size, Get get) {
    const std::uint64_t count = in.get_unsigned();
    if (count > most_runs) {
        in.fail();
    }
    std::uint64_t page = 0;
    const std::uint64_t last = std::numeric_limits<Address>::max() / page_size;
    for (std::uint64_t i = 0; i < count && !in.failed(); ++i) {
        const std::uint64_t gap = in.get_unsigned();
        const std::uint64_t pages = in.get_unsigned();
        if (gap > last - page || pages == 0 || pages > std::min(last - page - gap, Run::most_pages)) {
            in.fail();
            return;
        }
        Run& run = runs.emplace_back();
        run.start = (page + gap) * page_size;
        run.set_count(pages);
        get(run);
        page += gap + pages;
    }
}

void write_stretches(Encoder& out, const Pages& pages) {
    out(pages.stretches.size());
    for (const PageStretch& stretch : pages.stretches) {
        out(stretch.start / pages.page_size);
        out.put_bytes({reinterpret_cast<const char*>(stretch.codes.data()), stretch.codes.size()});
    }
}

void read_stretches(Decoder& in, Pages& pages) {
    const std::uint64_t count = in.get_unsigned();
    std::uint64_t least = 0;
    const std::uint64_t last = std::numeric_limits<Address>::max() / pages.page_size;
    for (std::uint64_t i = 0; i < count && !in.failed(); ++i) {
        const std::uint64_t page = in.get_unsigned();
        const std::string_view codes = in.get_bytes();
        const bool known =
            std::ranges::all_of(codes, [](char code) { return static_cast<PageCode>(code) <= page_state_count; });
        if (page < least || page > last || codes.empty() || codes.size() > last - page || !known) {
            in.fail();
            return;
        }
        pages.stretches.push_back({page * pages.page_size, {codes.begin(), codes.end()}});
        least = page + codes.size();
    }
}

}  // namespace

void write_pages(Encoder& out, const Pages& pages) {
    out(pages.page_size);
    write_runs(out, pages.runs, pages.page_size, [&](const PageRun& run) {
        out.put_unsigned(static_cast<std::uint64_t>(run.state) | (run.huge ? huge_bit : 0));
    });
    write_runs(out, pages.frames, pages.page_size, [&](const FrameRun& run) { out.put_unsigned(run.frame); });
    write_stretches(out, pages);
}

Pages read_pages(Decoder& in) {
    Pages pages;
    in(pages.page_size);
    if (pages.page_size < 4096 || pages.page_size > 65536 || (pages.page_size & (pages.page_size - 1)) != 0) {
        in.fail();
        return pages;
    }
    read_runs(in, pages.runs, pages.page_size, [&](PageRun& run) {
        const std::uint64_t value = in.get_unsigned();
        if ((value & ~huge_bit) >= page_state_count) {
            in.fail();
            return;
        }
        run.state = static_cast<PageState>(value & ~huge_bit);
        run.huge = (value & huge_bit) != 0;
    });
    read_runs(in, pages.frames, pages.page_size, [&](FrameRun& run) { run.frame = in.get_unsigned(); });
    read_stretches(in, pages);
    return pages;
}

}  // namespace procatlas
