#include <algorithm>
#include <span>
#include <vector>

#include "app/control/next_lesson.h"
#include "app/paint/ui.h"
#include "app/panels/recent_rows.h"
#include "app/panels/welcome_panel.h"

namespace procatlas {

namespace {

// The C program and the Python program of one subject.
struct Subject {
    const Example* first = nullptr;
    const Example* python = nullptr;  // beside a C program; else null
};

std::string_view stem_of(const Example& example) {
    const std::string_view name = example.name;
    return name.ends_with(".py") ? name.substr(0, name.size() - 3) : name;
}

std::vector<Subject> subjects_of(std::span<const Example> examples, Topic topic) {
    std::vector<Subject> subjects;
    for (const Example& example : examples) {
        if (example.teaching.topic != topic) {
            continue;
        }
        const auto same =
            std::ranges::find_if(subjects, [&](const Subject& s) { return stem_of(*s.first) == stem_of(example); });
        if (same == subjects.end()) {
            subjects.push_back({&example, nullptr});
        } else {
            same->python = &example;
        }
    }
    return subjects;
}

void draw_subject_card(const Frame& frame, Actions& actions, const Subject& subject, float width) {
    const Example& example = *subject.first;
    const bool korean = frame.view.settings.language == "ko" && !example.description_ko.empty();
    const std::string& description = korean ? example.description_ko : example.description;
    const float height = frame.px(64);
    ImGui::PushID(example.name.c_str());
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float python = subject.python ? button_width(frame, "Python") + frame.px(8) : 0;
    if (ImGui::InvisibleButton("card", {width - python, height})) {
        actions.put(example_action(example));
    }
    const bool hovered = ImGui::IsItemHovered();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImVec2 end(at.x + width, at.y + height);
    list.AddRectFilled(at, end, colour_u32(hovered ? frame.palette.control_hovered : frame.palette.control), frame.px(8));
    put_text(frame, {at.x + frame.px(12), at.y + frame.px(8)}, example.name, TextStyle::mono, frame.palette.of(Role::text));
    frame.fonts.need(description);
    ImFont* small = frame.fonts.font(TextStyle::small);
    list.PushClipRect(at, end, true);
    list.AddText(small, small->FontSize, {at.x + frame.px(12), at.y + frame.px(27)}, colour_u32(frame.palette.of(Role::muted)),
                 description.c_str(), nullptr, width - python - frame.px(24));
    list.PopClipRect();
    if (subject.python) {
        ImGui::SetCursorScreenPos({end.x - python, at.y + (height - ImGui::GetFrameHeight()) / 2});
        if (draw_button(frame, "python", "Python", ButtonLook::plain, true, subject.python->description)) {
            actions.put(example_action(*subject.python));
        }
        ImGui::SetCursorScreenPos(at);
        ImGui::Dummy({width, height});
    }
    ImGui::PopID();
}

void draw_topic(const Frame& frame, Actions& actions, Topic topic, float width) {
    const std::vector<Subject> subjects = subjects_of(frame.examples, topic);
    if (subjects.empty()) {
        return;
    }
    ImGui::Dummy({0, frame.px(8)});
    draw_text(frame, frame.words.text("topic." + std::string(topic_name(topic))), TextStyle::strong, Role::text);
    ImGui::Dummy({0, frame.px(2)});
    const float gap = frame.px(10);
    const auto columns = static_cast<std::size_t>(std::max(1.0F, (width + gap) / frame.px(300)));
    const float card = (width - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
    for (std::size_t i = 0; i < subjects.size(); ++i) {
        if (i % columns != 0) {
            ImGui::SameLine(0, gap);
        }
        draw_subject_card(frame, actions, subjects[i], card);
    }
}

std::string title_of(const Frame& frame, const LessonTitle& lesson) {
    const std::string& title = frame.view.settings.language == "ko" ? lesson.korean : lesson.english;
    return lesson.entry.number == 0 ? title : std::to_string(lesson.entry.number) + "  " + title;
}

action::StartLesson start_of(const LessonTitle& lesson) {
    return {lesson.entry.number == 0 ? lesson.entry.folder.string() : std::to_string(lesson.entry.number)};
}

const LessonProgress* progress_of(const Frame& frame, const LessonTitle& lesson) {
    const auto found = frame.view.settings.lessons.find(lesson.entry.name);
    return found == frame.view.settings.lessons.end() ? nullptr : &found->second;
}

// The large button.
void draw_first_lesson(const Frame& frame, Actions& actions, float width) {
    const LessonTitle& lesson = *lesson_to_go_on_with(frame.lessons, frame.view.settings);
    const std::string& title = frame.view.settings.language == "ko" ? lesson.korean : lesson.english;
    const std::string number = std::to_string(lesson.entry.number);
    const std::string begin = frame.view.settings.last_lesson.empty() ? std::string(frame.words.text("welcome.lesson_first"))
                                                                      : frame.words.format("welcome.lesson_go_on", number);
    const std::string label = "▶  " + begin + "  ·  " + title;
    ImGui::PushFont(frame.fonts.font(TextStyle::title));
    const float button = frame.px(frame.fonts.width(label, TextStyle::title) + 56);
    const bool first =
        draw_button(frame, "first", label, ButtonLook::primary, true, {}, {std::min(button, width), frame.px(52)});
    ImGui::PopFont();
    if (ImGui::IsItemHovered()) {
        draw_tip(frame, frame.words.text("welcome.lesson_tip"));
    }
    if (first) {
        actions.put(start_of(lesson));
    }
}

void draw_lessons(const Frame& frame, Actions& actions, float width) {
    if (frame.lessons.empty()) {
        return;
    }
    ImGui::Dummy({0, frame.px(10)});
    draw_text(frame, frame.words.text("welcome.lessons"), TextStyle::strong, Role::text);
    ImGui::Dummy({0, frame.px(2)});
    const float gap = frame.px(8);
    const auto columns = static_cast<std::size_t>(std::max(1.0F, (width + gap) / frame.px(236)));
    const float card = (width - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
    for (std::size_t i = 0; i < frame.lessons.size(); ++i) {
        if (i % columns != 0) {
            ImGui::SameLine(0, gap);
        }
        const LessonProgress* progress = progress_of(frame, frame.lessons[i]);
        const std::string mark = !progress ? "" : progress->done() ? "✓  " : "…  ";
        const std::string whole = mark + title_of(frame, frame.lessons[i]);
        const std::string text = fit_text(whole, TextStyle::body, card / frame.fonts.scale() - 24, frame.fonts);
        ImGui::PushID(static_cast<int>(i));
        if (draw_button(frame, "lesson", text, ButtonLook::plain, true, text == whole ? std::string() : whole,
                        {card, frame.px(34)})) {
            actions.put(start_of(frame.lessons[i]));
        }
        ImGui::PopID();
    }
}

}  // namespace

void draw_welcome_panel(const Frame& frame, Actions& actions, const Box& place) {
    const PanelScope panel(frame, "welcome", place, {}, {});
    ImGui::BeginChild("welcome_scroll", {0, 0}, false);
    const float room = ImGui::GetContentRegionAvail().x;
    const float width = std::min(room, frame.px(980));
    const float left = (room - width) / 2;
    ImGui::Dummy({0, std::min(frame.px(48), place.height * 0.05F)});
    ImGui::Indent(left + 1);
    draw_text(frame, frame.words.text("welcome.title"), TextStyle::headline, Role::text);
    ImGui::PushTextWrapPos(left + width);
    draw_text(frame, frame.words.text("welcome.text"), TextStyle::body, Role::muted, Wrap::inherit);
    ImGui::PopTextWrapPos();
    ImGui::Dummy({0, frame.px(10)});
    if (!frame.lessons.empty()) {
        draw_first_lesson(frame, actions, width);
    } else if (frame.examples.empty()) {
        draw_text(frame, frame.words.text("welcome.none"), TextStyle::body, Role::muted);
    } else {
        const std::string label =
            "▶  " + std::string(frame.words.text("welcome.first")) + "  ·  " + frame.examples.front().name;
        ImGui::PushFont(frame.fonts.font(TextStyle::title));
        const float button = frame.px(frame.fonts.width(label, TextStyle::title) + 56);
        const bool first =
            draw_button(frame, "first", label, ButtonLook::primary, true, {}, {std::min(button, width), frame.px(52)});
        ImGui::PopFont();
        if (first) {
            const Example& example = frame.examples.front();
            actions.put(example_action(example));
        }
    }
    ImGui::Dummy({0, frame.px(4)});
    if (draw_button(frame, "own_program", frame.words.text("toolbar.program"), ButtonLook::plain, true, {})) {
        actions.put(action::OpenDialog{Dialog::program});
    }
    ImGui::SameLine();
    if (draw_button(frame, "own", frame.words.text("toolbar.command"), ButtonLook::plain, true, {})) {
        actions.put(action::OpenDialog{Dialog::command});
    }
    ImGui::SameLine();
    if (draw_button(frame, "welcome_open", frame.words.text("menu.open"), ButtonLook::plain, true, {})) {
        actions.put(action::OpenDialog{Dialog::open});
    }
    ImGui::SameLine();
    if (draw_button(frame, "welcome_language", frame.words.text("toolbar.language"), ButtonLook::plain, true, {})) {
        actions.put(action::ToggleLanguage{});
    }
    ImGui::SameLine();
    if (draw_button(frame, "welcome_theme", frame.words.text(frame.view.settings.dark ? "toolbar.light" : "toolbar.dark"),
                    ButtonLook::plain, true, {})) {
        actions.put(action::ToggleTheme{});
    }
    ImGui::SameLine(0, frame.px(16));
    ImGui::SetCursorPosY(ImGui::GetCursorPosY() + frame.px(3));
    draw_hold_at_start(frame, actions);
    if (!frame.recent.empty()) {
        ImGui::Dummy({0, frame.px(14)});
        draw_text(frame, frame.words.text("welcome.recent"), TextStyle::strong, Role::text);
        constexpr std::size_t shown = 3;
        ImGui::BeginChild("recent", {width, frame.px(27) * static_cast<float>(std::min(shown, frame.recent.size()))}, false);
        if (const auto chosen = draw_recent_rows(frame, shown)) {
            actions.put(action::OpenFile{chosen->string()});
        }
        ImGui::EndChild();
    }
    draw_lessons(frame, actions, width);
    for (std::size_t topic = 0; topic < topic_count; ++topic) {
        draw_topic(frame, actions, static_cast<Topic>(topic), width);
    }
    ImGui::Unindent(left + 1);
    ImGui::EndChild();
}

}  // namespace procatlas
