// The CPU that laying out one frame's memory takes, by the number of regions.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "core/layout/memory/layout_memory.h"
#include "core/narrate/messages.h"

namespace {

using namespace procatlas;

class FixedWidth : public TextMeasure {
public:
    [[nodiscard]] float width(std::string_view text, TextStyle) const override { return static_cast<float>(text.size()) * 7; }
    [[nodiscard]] float line_height(TextStyle) const override { return 16; }
};

MemoryColumn column_of(std::size_t count) {
    MemoryColumn column;
    column.title = "1";
    Address at = 0x5555'0000'0000;
    for (std::size_t i = 0; i < count; ++i) {
        Region region;
        region.kind = static_cast<RegionKind>(i % 13);
        region.range = {at, at + 4096 * (1 + i % 7)};
        region.permissions.read = true;
        at = region.range.end + (i % 10 == 0 ? (1ull << 30) : 0);
        column.regions.push_back(region);
    }
    return column;
}

void layout(benchmark::State& state) {
    std::ifstream file(PROCATLAS_SOURCE_DIR "/assets/locale/en.json");
    const auto words = parse_messages(std::string(std::istreambuf_iterator<char>(file), {}));
    if (!words) {
        std::abort();
    }
    const std::vector<MemoryColumn> columns{column_of(static_cast<std::size_t>(state.range(0)))};
    const FixedWidth measure;
    MemoryView view;
    view.bottom = static_cast<float>(state.range(1));  // what a window of 800 sees, or everything, as in a figure
    for (auto _ : state) {
        benchmark::DoNotOptimize(layout_memory(columns, view, *words, measure));
    }
}
BENCHMARK(layout)
    ->Args({100, 800})
    ->Args({10'000, 800})
    ->Args({100'000, 800})
    ->Args({100'000, 1'000'000'000})
    ->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
