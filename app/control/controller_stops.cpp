#include <algorithm>

#include "app/control/controller.h"
#include "core/base/processor_watch.h"
#include "core/base/text.h"
#include "core/model/inside_moment.h"

namespace procatlas {

namespace {

// True: it is there now.
template <typename Stop>
bool toggle(std::vector<Stop>& stops, const Stop& stop) {
    const auto found = std::ranges::find(stops, stop);
    if (found != stops.end()) {
        stops.erase(found);
        return false;
    }
    stops.push_back(stop);
    return true;
}

bool is_python(const std::string& file) {
    return file.ends_with(".py");
}

// Whether Python can hold at a line: not at one that is empty or a comment.
bool holds_at(const Recording& recording, const LineStop& stop) {
    const SourceFile* source = source_of(recording, stop.file);
    const auto lines = source ? lines_of(source->text) : std::vector<std::string_view>{};
    if (stop.line == 0 || stop.line > lines.size()) {
        return true;  // not known
    }
    const std::string_view text = lines[stop.line - 1];
    const std::size_t first = text.find_first_not_of(" \t\r");
    return first != std::string_view::npos && text[first] != '#';
}

}  // namespace

// A line without code cannot be reached: the stop goes to the next one that has code, as debuggers do, and it is said.
void Controller::toggle_line_stop(LineStop stop) {
    StopPoints points = run_.stop_points();
    const std::uint32_t asked = stop.line;
    const bool known = std::ranges::find(points.lines, stop) != points.lines.end();
    if (!known && is_python(stop.file) && !holds_at(run_.recording(), stop)) {
        return complain(words().format("stop.no_code_python", asked));
    }
    if (!known && !is_python(stop.file) && run_.grain() >= Grain::calls && run_.live()) {
        const auto line = run_.line_with_code(stop.file, stop.line);
        if (!line) {
            return complain(words().format("stop.no_code", asked));
        }
        stop.line = *line;
    }
    const bool added = toggle(points.lines, stop);
    const std::string_view key = !added ? "stop.removed" : stop.line != asked ? "stop.moved" : "stop.set";
    set_stop_points(std::move(points), words().format(key, stop.line, asked));
}

void Controller::toggle_variable_stop(VariableStop stop) {
    stop.watchable = stop.watchable && (where_ ? where_->surroundings().processor_watches : processor_watches_here());
    StopPoints points = run_.stop_points();
    const bool added = toggle(points.variables, stop);
    const auto before = static_cast<std::size_t>(std::ranges::count(points.variables, true, &VariableStop::watchable));
    const bool too_many = stop.watchable && before > most_watched;
    set_stop_points(std::move(points), words().format(!added           ? "stop.unwatched"
                                                      : too_many       ? "stop.watched_too_many"
                                                      : stop.watchable ? "stop.watched_by_processor"
                                                                       : "stop.watched",
                                                      first_characters(display_text(stop.name), 40)));
}

// A program gets the breakpoints that lines need at its start: one that was started without begins again.
void Controller::set_stop_points(StopPoints points, const std::string& said) {
    if (run_.opened() || !run_.started()) {
        return complain(std::string(words().text("stop.opened")));
    }
    told(run_.set_stop_points(std::move(points)));
    view_.message = {said, true};
    if (run_.wanted_grain() > run_.grain()) {
        restart(AtFirstEvent::runs);
        view_.message = {said + " " + std::string(words().text("stop.restarted")), true};
    }
}

}  // namespace procatlas
