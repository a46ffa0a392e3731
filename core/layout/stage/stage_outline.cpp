#include "core/layout/stage/stage_outline.h"

#include <string>
#include <string_view>

#include "core/layout/process_role.h"
#include "core/narrate/process_state.h"
#include "core/narrate/program_name.h"
#include "core/scene/wrap_text.h"

namespace procatlas {
namespace {

class OutlineScene {
public:
    OutlineScene(const StageColumn& column, const StagePlace& place, float bottom, StagePen& pen)
        : column_(column), place_(place), bottom_(bottom), pen_(pen) {}

    void add_head() {
        const Process& process = pen_.world.processes[column_.process];
        const float x = place_.x;
        const std::string& name = pen_.names[column_.process];
        const float title = pen_.measure.line_height(TextStyle::title);
        const float badge = pen_.measure.width(name, TextStyle::title) + 18;
        pen_.scene.boxes.push_back({.box = {x, 2, badge, title + 4},
                                    .role = role_of_process(column_.process),
                                    .radius = 5,
                                    .hit = {HitKind::column_header, column_.process, 0}});
        pen_.label({x + 9, 4}, name, TextStyle::title, role_of_process(column_.process), badge, true);
        const float after = x + badge + 9;
        const std::string pid = pen_.view.veils.pids ? "?" : std::to_string(process.key.pid);
        pen_.label({after, 4}, pid, TextStyle::title, Role::text, place_.width - badge - 9);
        const float pid_end = after + pen_.measure.width(pid, TextStyle::title) + 10;
        if (!place_.narrow) {  // there it stands in the column
            pen_.right_label(x + place_.width, 7,
                             pen_.view.veils.states ? "?" : state_at_moment(pen_.context, process, pen_.names),
                             TextStyle::small, Role::muted, x + place_.width - pid_end);
        }
        std::string as_of = column_.as_of ? pen_.words.format("stage.as_of", *column_.as_of) + " · " : std::string();
        as_of += process.changes_not_read != 0 ? pen_.words.format("memory.as_of", process.memory_moment) + " · " : "";
        pen_.label({x, title + 9}, as_of + subtitle_of(process), TextStyle::small, Role::muted, place_.width);
    }

    void add_edge() {
        const Box outer{place_.x, stage_head, place_.width, bottom_ - stage_head};
        if (column_.areas.empty()) {
            pen_.scene.boxes.push_back({.box = outer,
                                        .outline = role_of_process(column_.process),
                                        .radius = 8,
                                        .filled = false,
                                        .outlined = true,
                                        .dashed = true,
                                        .hit = {}});
            add_absence(outer);
            return;
        }
        pen_.scene.boxes.push_back({.box = outer, .role = role_of_process(column_.process), .radius = 8, .hit = {}});
        pen_.scene.boxes.push_back(
            {.box = {outer.x + stage_edge, outer.y + stage_edge, outer.width - 2 * stage_edge, outer.height - 2 * stage_edge},
             .role = Role::card,
             .radius = 6,
             .hit = {}});
    }

private:
    std::string subtitle_of(const Process& process) const {
        std::string text = process.parent ? pen_.words.format("stage.child_of", pen_.names[*process.parent])
                                          : std::string(pen_.words.text("stage.parent_of_all"));
        if (const std::string program = program_name(process); !program.empty()) {
            text += " · " + program;
        }
        for (const std::size_t child : process.children) {
            if (memory_owner(pen_.world, child) == memory_owner(pen_.world, column_.process)) {
                text = pen_.words.format("stage.with_vfork", pen_.names[child]) + " · " + text;
            }
        }
        if (process.threads.size() > 1) {
            text = pen_.words.format("stage.threads", process.threads.size()) + " · " + text;
        }
        return text;
    }

    // Says in the middle of an empty column why there is no memory.
    void add_absence(const Box& box) {
        const Process& process = pen_.world.processes[column_.process];
        const std::string_view key = process.kernel_thread                   ? "memory.kernel"
                                     : column_.alive                         ? "memory.not_read"
                                     : process.state == ProcessState::held   ? "stage.exiting"
                                     : process.state == ProcessState::zombie ? "stage.gone_zombie"
                                                                             : "stage.gone";
        const float margin = place_.narrow ? stage_text_pad : 16;
        float y = box.y + box.height * 0.4F;
        if (!column_.alive && !pen_.view.veils.states) {
            pen_.label({box.x + margin, y}, state_text(process, pen_.words), TextStyle::title, Role::text,
                       box.width - 2 * margin);
            y += pen_.measure.line_height(TextStyle::title) + 6;
        }
        for (const std::string& line : wrap_text(pen_.words.text(key), TextStyle::body, box.width - 2 * margin, pen_.measure)) {
            pen_.label({box.x + margin, y}, line, TextStyle::body, Role::muted, box.width - 2 * margin + 2);
            y += pen_.measure.line_height(TextStyle::body) + 2;
        }
    }

    const StageColumn& column_;
    const StagePlace& place_;
    float bottom_;
    StagePen& pen_;
};

}  // namespace

void add_stage_outline(const StageColumn& column, const StagePlace& place, float bottom, StagePen& pen) {
    OutlineScene scene(column, place, bottom, pen);
    scene.add_head();
    scene.add_edge();
}

}  // namespace procatlas
