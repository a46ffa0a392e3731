#include "app/cli/show.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "app/asset_folder.h"
#include "app/open_recording.h"
#include "core/base/text.h"
#include "core/base/whole_file.h"
#include "core/export/data/csv_export.h"
#include "core/export/data/dot_export.h"
#include "core/export/data/json_export.h"
#include "core/export/data/listing_export.h"
#include "core/export/data/mermaid_export.h"
#include "core/export/data/text_export.h"
#include "core/export/data/trace_event_export.h"
#include "core/export/data/where_text.h"
#include "core/export/page/html_export.h"
#include "core/export/page/picture_page.h"
#include "core/export/picture/figure.h"
#include "core/export/request/chosen_processes.h"

namespace procatlas {

namespace {

constexpr int exit_failed = 1;
constexpr int exit_usage = 2;

int complain(std::string_view message, int status) {
    fmt::print(stderr, "procatlas: {}\n", display_text(message, true));
    return status;
}

template <typename T>
std::optional<T> parse_number(std::string_view text) {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

// Behind the name in `choices`; the first one where there is none.
template <typename T, std::size_t Count>
T chosen(const std::array<std::pair<std::string_view, T>, Count>& choices, std::string_view name) {
    for (const auto& [word, value] : choices) {
        if (word == name) {
            return value;
        }
    }
    return choices.front().second;
}

constexpr std::array views{std::pair{std::string_view("all"), FigureView::all},
                           std::pair{std::string_view("memory"), FigureView::memory},
                           std::pair{std::string_view("tree"), FigureView::tree},
                           std::pair{std::string_view("timeline"), FigureView::timeline},
                           std::pair{std::string_view("inside"), FigureView::inside},
                           std::pair{std::string_view("stack"), FigureView::stack},
                           std::pair{std::string_view("heap"), FigureView::heap},
                           std::pair{std::string_view("code"), FigureView::code},
                           std::pair{std::string_view("bytes"), FigureView::bytes},
                           std::pair{std::string_view("source"), FigureView::source},
                           std::pair{std::string_view("storyboard"), FigureView::storyboard},
                           std::pair{std::string_view("pages"), FigureView::pages},
                           std::pair{std::string_view("compare"), FigureView::compare}};
constexpr std::array themes{std::pair{std::string_view("light"), Theme::light},
                            std::pair{std::string_view("dark"), Theme::dark},
                            std::pair{std::string_view("print"), Theme::print}};
constexpr std::array formats{std::pair{std::string_view("svg"), FigureFormat::svg},
                             std::pair{std::string_view("pdf"), FigureFormat::pdf},
                             std::pair{std::string_view("png"), FigureFormat::png}};

Result<std::size_t> parse_moment(std::string_view text, const Recording& recording, const Messages& words) {
    if (text == "last" || text.empty()) {
        return recording.last_moment();
    }
    const auto moment = parse_number<std::size_t>(text);
    if (!moment) {
        return fail(words.format("cli.no_moment", "--moment", text));
    }
    if (*moment > recording.last_moment()) {
        return fail(words.format("figure.no_moment", *moment, recording.last_moment()));
    }
    return *moment;
}

Result<std::vector<std::size_t>> parse_moments(std::string_view text, const Recording& recording, const Messages& words) {
    std::vector<std::size_t> moments;
    std::string_view rest = text;
    for (bool more = !text.empty(); more;) {
        const std::size_t comma = rest.find(',');
        const std::string_view one = rest.substr(0, comma);
        const auto number = one == "last" ? std::optional(recording.last_moment()) : parse_number<std::size_t>(one);
        if (!number) {
            return fail(words.format("cli.no_moments", "--moments", text));
        }
        if (*number > recording.last_moment()) {
            return fail(words.format("figure.no_moment", *number, recording.last_moment()));
        }
        moments.push_back(*number);
        more = comma != std::string_view::npos;
        rest.remove_prefix(more ? comma + 1 : rest.size());
    }
    return moments;
}

Result<std::vector<std::int32_t>> parse_pids(std::string_view text, const Messages& words) {
    std::vector<std::int32_t> pids;
    while (!text.empty()) {
        const std::string_view one = text.substr(0, text.find(','));
        const auto pid = parse_number<std::int32_t>(one);
        if (!pid || *pid <= 0) {
            return fail(words.format("cli.no_pids", one));
        }
        pids.push_back(*pid);
        text.remove_prefix(std::min(one.size() + 1, text.size()));
    }
    return pids;
}

// What was recorded until `moment`: the text and the JSON tell a recording's last moment.
Recording recorded_until(const Recording& recording, std::size_t moment) {
    Recording part;
    for (const ElfImage& image : recording.images()) {
        part.add_image(image);
    }
    for (const SourceFile& source : recording.sources()) {
        part.add_source(source);
    }
    for (const FunctionCode& function : recording.functions()) {
        part.add_function(function);
    }
    for (std::size_t i = 0; i <= moment && i < recording.events().size(); ++i) {
        part.append(recording.whole_event(i));
    }
    return part;
}

bool is_figure(std::string_view format) {
    return std::ranges::any_of(formats, [&](const auto& known) { return known.first == format; });
}

// Pictures and pages show every view; the others are made for one or two, and have nothing to tell of the rest.
bool has_view(std::string_view format, FigureView view) {
    if (view == FigureView::all || is_figure(format) || format == "html") {
        return true;
    }
    if (format == "text" || format == "json") {
        return is_listing(view);
    }
    return (format == "csv" && view == FigureView::memory) || (format == "trace-event" && view == FigureView::timeline) ||
           ((format == "dot" || format == "mermaid") && view == FigureView::tree);
}

// "svg, pdf, png, html, dot, mermaid"
std::string formats_of(FigureView view) {
    std::string text;
    for (const char* format : {"svg", "pdf", "png", "html", "text", "json", "csv", "dot", "mermaid", "trace-event"}) {
        if (has_view(format, view)) {
            text += (text.empty() ? "" : ", ") + std::string(format);
        }
    }
    return text;
}

// Of the chosen processes, or of all.
Result<std::string> render_csv(const Recording& recording, const FigureOptions& options, const Messages& words) {
    const World world = recording.world_at(options.moment);
    auto processes = chosen_processes(world, options.pids, options.moment, words);
    if (!processes) {
        return std::unexpected(processes.error());
    }
    if (options.pids.empty()) {
        processes->resize(world.processes.size());
        std::iota(processes->begin(), processes->end(), 0U);
    }
    return memory_csv(world, *processes, recording.images());
}

Result<std::string> render_page(const ShowArguments& arguments, const FigureOptions& options, const Recording& recording,
                                const Messages& words) {
    const std::string other = options.language == "ko" ? "en" : "ko";
    const auto other_words = read_messages(asset_folder() / "locale" / (other + ".json"));
    if (!other_words) {
        return std::unexpected(other_words.error());
    }
    if (options.view != FigureView::all) {  // that picture alone, where the page would step through the moments
        return picture_html(recording, options,
                            std::array{PageLanguage{options.language, words}, PageLanguage{other, *other_words}});
    }
    PageOptions page{.moment = options.moment, .pids = options.pids, .theme = {}, .title = options.title};
    page.language = options.language;
    if (!arguments.theme.empty()) {
        page.theme = options.theme;
    }
    return recording_html(recording, page,
                          std::array{PageLanguage{options.language, words}, PageLanguage{other, *other_words}});
}

Result<std::string> render(const ShowArguments& arguments, const FigureOptions& options, const Recording& recording,
                           const Messages& words) {
    const std::string_view format = arguments.format;
    if (is_figure(format)) {
        return render_figure(recording, options, chosen(formats, format), words);
    }
    if (format == "html") {
        return render_page(arguments, options, recording, words);
    }
    if (is_listing(options.view) && format == "text") {
        return listing_text(recording, options, words);
    }
    if (is_listing(options.view) && format == "json") {
        return listing_json(recording, options, words);
    }
    if (format == "csv") {
        return render_csv(recording, options, words);
    }
    if (format == "dot" || format == "mermaid") {
        const World world = recording.world_at(options.moment);
        return format == "dot" ? tree_dot(world, words) : tree_mermaid(world, words);
    }
    const bool whole = options.moment == recording.last_moment();
    const Recording part = whole ? Recording() : recorded_until(recording, options.moment);
    const Recording& shown = whole ? recording : part;
    if (format == "trace-event") {
        return recording_trace_events(shown, words);
    }
    return format == "json" ? recording_json(shown, arguments.pages) : recording_text(shown, words, arguments.pages);
}

int write_out(const ShowArguments& arguments, std::string_view bytes, const Messages& words) {
    if (!arguments.output.empty()) {
        const auto written = write_whole_file(arguments.output, bytes);
        return written ? 0 : complain(written.error().message, exit_failed);
    }
    return write_all(STDOUT_FILENO, bytes) ? 0 : complain(words.text("cli.cannot_write"), exit_failed);
}

}  // namespace

int show(const ShowArguments& arguments, std::string_view language, const Messages& words) {
    const bool binary = arguments.format == "pdf" || arguments.format == "png";
    if (binary && arguments.output.empty() && ::isatty(STDOUT_FILENO) == 1) {
        return complain(words.format("cli.bytes_to_terminal", arguments.format), exit_usage);
    }
    FigureOptions options;
    options.view = chosen(views, arguments.view);
    if (!has_view(arguments.format, options.view)) {
        return complain(words.format("cli.view_formats", arguments.view, formats_of(options.view), arguments.format),
                        exit_usage);
    }
    if (!arguments.moments.empty() && options.view != FigureView::storyboard) {
        return complain(words.format("cli.moments_of_storyboard", "--moments", "--view storyboard"), exit_usage);
    }
    const auto opened = open_recording(arguments.recording);
    if (!opened) {
        return complain(opened.error().message, exit_failed);
    }
    const Recording& recording = opened->loaded.recording;
    options.theme = chosen(themes, arguments.theme);
    options.scale = arguments.scale;
    options.title = opened->loaded.info.title;
    options.language = language;
    const auto moment = arguments.moment.empty() && opened->moment ? Result<std::size_t>(*opened->moment)
                                                                   : parse_moment(arguments.moment, recording, words);
    if (!moment) {
        return complain(moment.error().message, exit_usage);
    }
    options.moment = *moment;
    auto moments = parse_moments(arguments.moments, recording, words);
    if (!moments) {
        return complain(moments.error().message, exit_usage);
    }
    options.moments = std::move(*moments);
    const bool has_pages = std::ranges::any_of(recording.events(), [](const Event& event) { return !event.pages.empty(); });
    if (arguments.pages && !has_pages) {
        return complain(words.text("cli.no_pages_recorded"), exit_failed);
    }
    auto pids = parse_pids(arguments.pids, words);
    if (!pids) {
        return complain(pids.error().message, exit_usage);
    }
    options.pids = std::move(*pids);
    std::string file;
    if (!arguments.without_recording && is_figure(arguments.format)) {
        auto bytes = recording_bytes(opened->file, arguments.with_memory ? MemoryBytesKept::yes : MemoryBytesKept::no);
        if (!bytes) {
            return complain(words.format("cli.cannot_carry", bytes.error().message), exit_failed);
        }
        file = std::move(*bytes);
        options.recording_file = file;
    }
    const auto result = render(arguments, options, recording, words);
    return result ? write_out(arguments, *result, words) : complain(result.error().message, exit_usage);
}

int where(const WhereArguments& arguments, const Messages& words) {
    const auto address = parse_address(arguments.address);
    if (!address) {
        return complain(words.format("where.no_address", arguments.address), exit_usage);
    }
    const auto opened = open_recording(arguments.recording);
    if (!opened) {
        return complain(opened.error().message, exit_failed);
    }
    const Recording& recording = opened->loaded.recording;
    const auto moment = parse_moment(arguments.moment, recording, words);
    if (!moment) {
        return complain(moment.error().message, exit_usage);
    }
    const auto text = where_text(recording, *moment, arguments.pid, *address, words);
    if (!text) {
        return complain(text.error().message, exit_usage);
    }
    return write_all(STDOUT_FILENO, *text) ? 0 : complain(words.text("cli.cannot_write"), exit_failed);
}

}  // namespace procatlas
