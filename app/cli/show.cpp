#include "app/cli/show.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

#include "app/cli/exit_status.h"
#include "app/cli/terminal_text.h"
#include "app/control/asset_folder.h"
#include "app/control/open_recording.h"
#include "core/base/text.h"
#include "core/base/whole_file.h"
#include "core/export/catalogue.h"
#include "core/export/data/where_text.h"
#include "core/export/picture/figure.h"
#include "core/export/picture/figure_series.h"
#include "core/model/telling_moment.h"

namespace procatlas {

namespace {

int complain(std::string_view message, int status) {
    fmt::print(stderr, "procatlas: {}\n", terminal_text(display_text(message, true)));
    return status;
}

template <typename T>
std::optional<T> parse_number(std::string_view text) {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

constexpr std::array themes{std::pair{std::string_view("light"), Theme::light},
                            std::pair{std::string_view("dark"), Theme::dark},
                            std::pair{std::string_view("print"), Theme::print}};

// Light if no theme is given.
Theme theme_of(std::string_view name) {
    const auto found = std::ranges::find(themes, name, &std::pair<std::string_view, Theme>::first);
    return found == themes.end() ? Theme::light : found->second;
}

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

Result<Veils> parse_blanks(std::string_view text, const Messages& words) {
    Veils blank;
    while (!text.empty()) {
        const std::string_view one = text.substr(0, text.find(','));
        if (!put_veil(blank, one)) {
            return fail(words.format("cli.no_blanks", one));
        }
        text.remove_prefix(std::min(one.size() + 1, text.size()));
    }
    return blank;
}

// All options except the view and the language. Errors: the recording lacks the moment or a process.
Result<FigureOptions> figure_options(const ShowArguments& arguments, const OpenedRecording& opened, const ExportFormat& format,
                                     const Messages& words) {
    const Recording& recording = opened.loaded.recording;
    FigureOptions options;
    options.theme = theme_of(arguments.theme);
    options.scale = arguments.scale;
    options.title = opened.loaded.info.title;
    const bool any = arguments.moment.empty() && (opened.moment || format.picture);
    const auto moment = any ? Result<std::size_t>(opened.moment ? *opened.moment : telling_moment(recording))
                            : parse_moment(arguments.moment, recording, words);
    if (!moment) {
        return std::unexpected(moment.error());
    }
    options.moment = *moment;
    auto moments = parse_moments(arguments.moments, recording, words);
    if (!moments) {
        return std::unexpected(moments.error());
    }
    options.moments = std::move(*moments);
    auto pids = parse_pids(arguments.pids, words);
    if (!pids) {
        return std::unexpected(pids.error());
    }
    options.pids = std::move(*pids);
    const auto blank = parse_blanks(arguments.blank, words);
    if (!blank) {
        return std::unexpected(blank.error());
    }
    options.blank = *blank;
    return options;
}

int write_out(const ShowArguments& arguments, std::string_view bytes, const Messages& words) {
    if (!arguments.output.empty()) {
        const auto written = write_whole_file(arguments.output, bytes);
        return written ? 0 : complain(written.error().message, exit_failed);
    }
    return write_all(STDOUT_FILENO, bytes) ? 0 : complain(words.text("cli.cannot_write"), exit_failed);
}

// A figure of each step, or of each of `options.moments`.
int show_steps(const ShowArguments& arguments, FigureFormat format, const Recording& recording, const FigureOptions& options,
               const Messages& words) {
    const std::vector<std::size_t> moments = options.moments.empty() ? steps_of(recording) : options.moments;
    if (moments.empty()) {
        return complain(words.text("figure.no_steps"), exit_failed);
    }
    const auto written = write_series(recording, options, format, moments, arguments.output, words);
    return written ? 0 : complain(written.error().message, exit_failed);
}

int give_out(const ExportFormat& format, const ExportRequest& request, const Messages& words) {
    bool written = true;
    const bool for_people = format.name == "text";
    const auto given = format.give(request, [&](std::string_view piece) {
        written = (for_people ? write_all(STDOUT_FILENO, terminal_text(piece)) : write_all(STDOUT_FILENO, piece)).has_value();
        return written;
    });
    if (!given) {
        return complain(given.error().message, exit_usage);
    }
    return written ? 0 : complain(words.text("cli.cannot_write"), exit_failed);
}

}  // namespace

int show(const ShowArguments& arguments, std::string_view language, const Messages& words) {
    const ExportFormat* format = find_export_format(arguments.format);
    const ExportView* view = find_export_view(arguments.view);
    if (format == nullptr || view == nullptr) {
        return complain(words.format("cli.view_formats", arguments.view, "", arguments.format), exit_usage);
    }
    if (format->binary && arguments.output.empty() && ::isatty(STDOUT_FILENO) == 1) {
        return complain(words.format("cli.bytes_to_terminal", arguments.format), exit_usage);
    }
    if (!format->shows(view->view)) {
        return complain(words.format("cli.view_formats", arguments.view, format_names(view->view), arguments.format),
                        exit_usage);
    }
    if (!arguments.moments.empty() && view->view != FigureView::storyboard && !arguments.steps) {
        return complain(words.format("cli.moments_of_storyboard", "--moments", "--view storyboard"), exit_usage);
    }
    if (!arguments.blank.empty() && !format->picture) {
        return complain(words.text("cli.blank_pictures"), exit_usage);
    }
    if (const auto blank = parse_blanks(arguments.blank, words); blank && !can_leave_out(view->view, *blank)) {
        return complain(words.text("cli.blank_view"), exit_usage);
    }
    if (arguments.steps && (!format->picture || view->view == FigureView::storyboard || arguments.output.empty())) {
        return complain(words.format("cli.steps_of_figures", "--steps", "-o"), exit_usage);
    }
    const auto opened = open_recording(arguments.recording);
    if (!opened) {
        return complain(opened.error().message, exit_failed);
    }
    const Recording& recording = opened->loaded.recording;
    auto options = figure_options(arguments, *opened, *format, words);
    if (!options) {
        return complain(options.error().message, exit_usage);
    }
    options->view = view->view;
    options->language = language;
    const bool has_pages = std::ranges::any_of(recording.events(), [](const Event& event) { return !event.pages.empty(); });
    if (arguments.pages && !has_pages) {
        return complain(words.text("cli.no_pages_recorded"), exit_failed);
    }
    if (arguments.steps) {
        return show_steps(arguments, *format->picture, recording, *options, words);
    }
    std::string file;
    // The recording would tell what the picture asks for.
    if (!arguments.without_recording && format->carries && !options->blank.any()) {
        auto bytes = recording_bytes(opened->file, arguments.with_memory ? MemoryKept::yes : MemoryKept::no);
        if (!bytes) {
            return complain(words.format("cli.cannot_carry", bytes.error().message), exit_failed);
        }
        file = std::move(*bytes);
        options->recording_file = file;
    }
    const std::string other = language == "ko" ? "en" : "ko";
    const auto other_words = read_messages(asset_folder() / "locale" / (other + ".json"));
    if (!other_words) {
        return complain(other_words.error().message, exit_failed);
    }
    const std::array languages{PageLanguage{std::string(language), words}, PageLanguage{other, *other_words}};
    const ExportRequest request{recording, *options, !arguments.theme.empty(), arguments.pages, languages};
    if (format->give != nullptr && arguments.output.empty()) {
        return give_out(*format, request, words);
    }
    const auto result = format->render(request);
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
    return write_all(STDOUT_FILENO, terminal_text(*text)) ? 0 : complain(words.text("cli.cannot_write"), exit_failed);
}

}  // namespace procatlas
