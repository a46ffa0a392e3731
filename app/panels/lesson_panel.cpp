#include "app/panels/lesson_panel.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "app/control/next_lesson.h"
#include "app/paint/ui.h"
#include "app/panels/lesson_prose.h"
#include "core/base/text.h"
#include "core/lesson/lesson_places.h"

namespace procatlas {
namespace {

const LessonWalk& walk_of(const Frame& frame) {
    return frame.lesson->walk();
}

std::string_view heading_of(const Frame& frame) {
    return walk_of(frame).now().heading;
}

void draw_wrapped(const Frame& frame, std::string_view text, TextStyle style, Role role) {
    draw_text(frame, text, style, role, Wrap::yes);
}

// Feedback is one run of text: code in it has no style of its own.
std::string without_backticks(std::string text) {
    std::erase(text, '`');
    return text;
}

// Where an answer is typed, 0 belongs to it.
std::string look_key(const Question& question) {
    const bool typed = question.kind != QuestionKind::choice && question.kind != QuestionKind::order;
    return typed ? "F2  " : "0  ";
}

constexpr float choice_height = 46;
constexpr std::size_t boxes_a_row = 3;

std::size_t sum_of(const std::map<std::string, std::size_t>& votes) {
    std::size_t all = 0;
    for (const auto& [answer, count] : votes) {
        all += count;
    }
    return all;
}

std::size_t votes_for(const Sharing& sharing, const std::string& key) {
    const auto found = sharing.votes.find(key);
    return found == sharing.votes.end() ? 0 : found->second;
}

// At the foot of a choice's button: which share of the class chose it.
void draw_votes(const Frame& frame, const Sharing& sharing, const std::string& key) {
    const std::size_t count = votes_for(sharing, key);
    if (count == 0) {
        return;
    }
    const ImVec2 from = ImGui::GetItemRectMin();
    const ImVec2 to = ImGui::GetItemRectMax();
    const float part = static_cast<float>(count) / static_cast<float>(sum_of(sharing.votes));
    ImGui::GetWindowDrawList()->AddRectFilled({from.x, to.y - frame.px(7)}, {from.x + (to.x - from.x) * part, to.y},
                                              colour_u32(frame.palette.of(Role::warning)), frame.px(3));
}

// What the class typed, the commonest first: "4096 · 12   4095 · 3".
std::string typed_votes(const Sharing& sharing) {
    constexpr std::size_t most = 6;
    std::vector<std::pair<std::size_t, std::string>> by_count;
    for (const auto& [answer, count] : sharing.votes) {
        by_count.emplace_back(count, answer);
    }
    std::ranges::stable_sort(by_count, std::ranges::greater(), &std::pair<std::size_t, std::string>::first);
    std::string text;
    for (std::size_t i = 0; i < std::min(by_count.size(), most); ++i) {
        text += fmt::format("{}{} · {}", i == 0 ? "" : "     ", first_characters(by_count[i].second, 24), by_count[i].first);
    }
    return text + (by_count.size() > most ? "  …" : "");
}

// How many of the class have answered a question that is open.
void draw_answers(const Frame& frame) {
    if (!frame.view.sharing) {
        return;
    }
    const std::string text = frame.words.format("share.answers", sum_of(frame.view.sharing->votes), frame.view.sharing->people);
    frame.fonts.need(text);
    ImGui::SameLine(0, frame.px(16));
    draw_text(frame, text, TextStyle::body, Role::accent);
}

}  // namespace

float LessonPanel::draw_header(const Frame& frame, Actions& actions, const Box& place) {
    const float height = frame.px(66);
    const PanelScope panel(frame, "lesson_header", {place.x, place.y, place.width, height}, {}, {});
    const LessonWalk& walk = walk_of(frame);
    const std::string above =
        frame.lesson->entry().number == 0
            ? fmt::format("{} · {} / {}", walk.lesson().title, walk.step() + 1, walk.lesson().steps.size())
            : fmt::format("{} · {} · {} / {}", frame.words.format("lesson.number", frame.lesson->entry().number),
                          walk.lesson().title, walk.step() + 1, walk.lesson().steps.size());
    const float leave = button_width(frame, frame.words.text("lesson.leave"));
    const float right = ImGui::GetCursorPosX() + ImGui::GetContentRegionAvail().x;
    ImGui::SetCursorPosY(frame.px(8));
    draw_fitted(frame, above, TextStyle::small, Role::accent);
    ImGui::SetCursorPosY(frame.px(29));
    const bool noted = !walk.now().note.empty();
    const std::string_view note = frame.words.text("lesson.note_button");
    const float note_room = noted ? button_width(frame, note) + frame.px(8) : 0;
    const float room = (ImGui::GetContentRegionAvail().x - leave - note_room - frame.px(20)) / frame.fonts.scale();
    procatlas::draw_text(frame, fit_text(heading_of(frame), TextStyle::title, room, frame.fonts), TextStyle::title, Role::text);
    if (noted) {
        ImGui::SetCursorPos({right - leave - note_room, (height - ImGui::GetFrameHeight()) / 2});
        if (draw_button(frame, "lesson_note", note, frame.view.notes ? ButtonLook::toggled : ButtonLook::plain, true,
                        frame.words.text("lesson.note_tip"))) {
            actions.put(action::ToggleNote{});
        }
    }
    ImGui::SetCursorPos({right - leave, (height - ImGui::GetFrameHeight()) / 2});
    if (draw_button(frame, "leave_lesson", frame.words.text("lesson.leave"), ButtonLook::plain, true,
                    frame.words.text("lesson.leave_tip"))) {
        actions.put(action::LeaveLesson{});
    }
    return height;
}

void LessonPanel::draw_text(const Frame& frame, const Box& place) {
    const PanelScope panel(frame, "lesson_text", place, {}, {});
    ImGui::BeginChild("lesson_scroll", {0, 0}, false);
    const LessonWalk& walk = walk_of(frame);
    if (walk.step() == 0) {
        draw_prose(frame, walk.lesson().text);
    }
    draw_prose(frame, walk.now().text);
    if (frame.view.notes && !walk.now().note.empty()) {
        frame.fonts.need(walk.now().note);
        draw_wrapped(frame, frame.words.text("lesson.note"), TextStyle::strong, Role::accent);
        draw_wrapped(frame, walk.now().note, TextStyle::body, Role::accent);
    }
    switch (frame.lesson->phase()) {
        case LessonPhase::running:
            draw_wrapped(frame, frame.words.text("lesson.running"), TextStyle::small, Role::accent);
            break;
        case LessonPhase::failed:
            draw_wrapped(frame, frame.lesson->problem(), TextStyle::body, Role::warning);
            break;
        case LessonPhase::none:
        case LessonPhase::ready:
            break;
    }
    ImGui::EndChild();
}

float LessonPanel::question_height(const Frame& frame) {
    const LessonWalk& walk = walk_of(frame);
    if (!walk.question()) {
        return frame.px(56);
    }
    const float ask = walk.question()->ask.empty() ? 0 : 26;
    const bool votes =
        frame.view.sharing && !frame.view.sharing->votes.empty() && walk.question()->kind != QuestionKind::choice;
    const bool long_answer = walk.question()->kind == QuestionKind::order || walk.question()->kind == QuestionKind::fill;
    const float answered = walk.answered(walk.step()) ? 62.0F + (votes ? 24.0F : 0.0F) + (long_answer ? 22.0F : 0.0F) : 0.0F;
    const std::size_t boxes = walk.question()->kind == QuestionKind::fill ? walk.question()->items.size() : 1;
    const std::size_t rows = std::max<std::size_t>((boxes + boxes_a_row - 1) / boxes_a_row, 1);
    const float asked = walk.question()->kind == QuestionKind::choice  ? choice_height
                        : walk.question()->kind == QuestionKind::order ? 62
                                                                       : 34 * static_cast<float>(rows);
    return frame.px(24 + ask + answered + asked + 44);
}

void LessonPanel::draw_question(const Frame& frame, Actions& actions, const Box& place) {
    const LessonWalk& walk = walk_of(frame);
    if (question_ != walk.question()) {
        question_ = walk.question();
        typed_.fill('\0');
        boxes_.assign(question_ != nullptr && question_->kind == QuestionKind::fill ? question_->items.size() : 0, Field{});
        focus_box_ = 0;
        refused_.clear();
        focus_ = true;
    }
    focus_ = asked_.is_new(frame.view.cues.answer) || focus_;
    const PanelScope panel(frame, "lesson_question", place, {}, {});
    if (const Question* question = walk.question()) {
        if (!question->ask.empty()) {
            draw_fitted(frame, question->ask, TextStyle::strong, Role::text);
        }
        const GivenAnswer* given = walk.answered(walk.step());
        if (question->kind == QuestionKind::choice) {
            draw_choices(frame, actions, *question, given);
        } else if (!given) {
            draw_open(frame, actions, *question);
        }
        if (given) {
            draw_answered(frame, *question, *given);
        }
    }
    ImGui::SetCursorPosY(place.height - ImGui::GetFrameHeight() - frame.px(12));
    draw_walk(frame, actions);
}

void LessonPanel::draw_choices(const Frame& frame, Actions& actions, const Question& question, const GivenAnswer* given) const {
    const float gap = frame.px(10);
    const auto count = static_cast<float>(std::max<std::size_t>(question.items.size(), 1));
    const float width = (ImGui::GetContentRegionAvail().x - (count - 1) * gap) / count;
    const bool open = frame.lesson->phase() == LessonPhase::ready && !given;
    for (std::size_t i = 0; i < question.items.size(); ++i) {
        const QuestionItem& item = question.items[i];
        const bool chosen = given && std::ranges::find(given->given, item.key) != given->given.end();
        const bool right = given && std::ranges::find(given->expected, item.key) != given->expected.end();
        const std::string mark = right    ? "✓  "
                                 : chosen ? "✗  "
                                          : fmt::format("{})  ", i + 1);  // "2)  21": which one is the key
        const std::string votes =
            given && frame.view.sharing ? fmt::format("  ·  {}", votes_for(*frame.view.sharing, item.key)) : std::string();
        const std::string text =
            fit_text(mark + item.text + votes, TextStyle::body, width / frame.fonts.scale() - 20, frame.fonts);
        ImGui::PushID(static_cast<int>(i));
        if (draw_button(frame, "choice", text, right ? ButtonLook::primary : ButtonLook::plain, open || right || chosen,
                        text.ends_with("…") ? item.text : std::string(), {width, frame.px(choice_height - 6)}) &&
            open) {
            actions.put(action::GiveAnswer{{item.key}});
        }
        if (given && frame.view.sharing) {
            draw_votes(frame, *frame.view.sharing, item.key);
        }
        ImGui::PopID();
        ImGui::SameLine(0, gap);
    }
    ImGui::NewLine();
}

void LessonPanel::draw_open(const Frame& frame, Actions& actions, const Question& question) {
    ImGui::BeginDisabled(frame.lesson->phase() != LessonPhase::ready);
    if (question.kind == QuestionKind::order) {
        draw_order(frame, actions, question);
    } else if (question.kind == QuestionKind::fill) {
        draw_boxes(frame, actions, question);
    } else {
        draw_typed(frame, actions, question);
    }
    ImGui::EndDisabled();
}

void LessonPanel::draw_typed(const Frame& frame, Actions& actions, const Question& question) {
    const std::string shown(frame.words.text(
        fmt::format("lesson.{}_{}", question.kind == QuestionKind::place ? "click" : "type", typed_name(question))));
    frame.fonts.need(shown);
    frame.fonts.need(typed_.data());
    ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x - frame.px(160));
    if (focus_ && frame.lesson->phase() == LessonPhase::ready) {
        ImGui::SetKeyboardFocusHere();
        focus_ = false;
    }
    const bool entered =
        ImGui::InputTextWithHint("##answer", shown.c_str(), typed_.data(), typed_.size(), ImGuiInputTextFlags_EnterReturnsTrue);
    ImGui::SameLine(0, frame.px(8));
    const bool pressed = draw_button(frame, "answer", frame.words.text("lesson.answer"), ButtonLook::primary, true, {});
    if (entered || pressed) {
        refused_.clear();
        auto words = parse_typed_answer(question, typed_.data());
        if (words && question.kind == QuestionKind::place) {
            const Recording& recording = frame.run.recording();
            const std::string typed = display_text(words->front());
            words = known_place(recording, frame.world(), question.place, std::move(*words));
            refused_ = words ? "" : no_place_text(recording, frame.world(), question.place, typed, frame.words);
        }
        if (words) {
            actions.put(action::GiveAnswer{std::move(*words)});
        } else if (refused_.empty()) {
            refused_ = frame.words.text("lesson.not_an_answer");
        }
        focus_ = !refused_.empty();  // Enter has left the field: whoever is refused types on
    }
    if (!refused_.empty()) {
        frame.fonts.need(refused_);
        draw_fitted(frame, refused_, TextStyle::small, Role::warning);
    }
}

// A box for each item, as on paper. Enter goes on to the next one, and answers in the last.
void LessonPanel::draw_boxes(const Frame& frame, Actions& actions, const Question& question) {
    const float gap = frame.px(8);
    const std::size_t count = boxes_.size();
    const auto in_row = static_cast<float>(std::min(count, boxes_a_row));
    const float cell = (ImGui::GetContentRegionAvail().x - frame.px(160)) / std::max(in_row, 1.0F);
    bool answers = false;
    for (std::size_t i = 0; i < count; ++i) {
        ImGui::PushID(static_cast<int>(i));
        if (i % boxes_a_row != 0) {
            ImGui::SameLine(0, gap);
        }
        const std::string name =
            fit_text(question.items[i].text, TextStyle::body, cell / frame.fonts.scale() * 0.55F, frame.fonts);
        ImGui::AlignTextToFramePadding();
        procatlas::draw_text(frame, name, TextStyle::body, Role::text);
        ImGui::SameLine(0, gap);
        const float named = frame.px(frame.fonts.width(name, TextStyle::body));
        ImGui::SetNextItemWidth(std::max(cell - named - 2 * gap, frame.px(60)));
        if (focus_ && focus_box_ == i && frame.lesson->phase() == LessonPhase::ready) {
            ImGui::SetKeyboardFocusHere();
            focus_ = false;
        }
        frame.fonts.need(boxes_[i].data());
        if (ImGui::InputText("##box", boxes_[i].data(), boxes_[i].size(), ImGuiInputTextFlags_EnterReturnsTrue)) {
            answers = i + 1 == count;
            focus_ = !answers;
            focus_box_ = answers ? 0 : i + 1;
        }
        ImGui::PopID();
    }
    ImGui::SameLine(0, gap);
    answers = draw_button(frame, "answer", frame.words.text("lesson.answer"), ButtonLook::primary, true, {}) || answers;
    if (answers) {
        AnswerWords words;
        for (const Field& box : boxes_) {
            words.push_back(display_text(box.data()));
        }
        const auto empty = std::ranges::find_if(
            words, [](const std::string& word) { return word.find_first_not_of(' ') == std::string::npos; });
        const bool whole = empty == words.end();
        refused_ = whole ? "" : frame.words.text("lesson.box_empty");
        focus_ = !whole;
        focus_box_ = whole ? 0 : static_cast<std::size_t>(empty - words.begin());
        if (whole) {
            actions.put(action::GiveAnswer{std::move(words)});
        }
    }
    if (!refused_.empty()) {
        frame.fonts.need(refused_);
        draw_fitted(frame, refused_, TextStyle::small, Role::warning);
    }
}

void LessonPanel::draw_order(const Frame& frame, Actions& actions, const Question& question) {
    const std::span<const std::size_t> chosen = walk_of(frame).chosen();
    AnswerWords keys;
    for (const std::size_t item : chosen) {
        keys.push_back(question.items[item].key);
    }
    draw_fitted(frame, keys.empty() ? std::string(frame.words.text("lesson.choose_order")) : answer_text(question, keys),
                TextStyle::body, keys.empty() ? Role::muted : Role::accent);
    for (std::size_t i = 0; i < question.items.size(); ++i) {
        const bool is_chosen = std::ranges::find(chosen, i) != chosen.end();
        ImGui::PushID(static_cast<int>(i));
        if (draw_button(frame, "item", fmt::format("{})  {}", i + 1, question.items[i].text),
                        is_chosen ? ButtonLook::toggled : ButtonLook::plain, true, {})) {
            actions.put(action::ChooseItem{i});
        }
        ImGui::PopID();
        ImGui::SameLine(0, frame.px(8));
    }
    ImGui::NewLine();
}

void LessonPanel::draw_answered(const Frame& frame, const Question& question, const GivenAnswer& given) {
    const std::string expected = answer_text(question, given.expected);
    const std::string verdict = given.given.empty() ? frame.words.format("lesson.shown", expected)
                                : given.right       ? std::string(frame.words.text("lesson.right")) +
                                                    (question.kind == QuestionKind::choice ? "" : "  " + expected)
                                              : frame.words.format("lesson.you_said", answer_text(question, given.given)) +
                                                    " " + frame.words.format("lesson.wrong", expected);
    frame.fonts.need(verdict);
    frame.fonts.need(given.feedback);
    draw_wrapped(frame, verdict, TextStyle::strong, given.right || given.given.empty() ? Role::accent : Role::warning);
    if (frame.view.sharing && !frame.view.sharing->votes.empty() && question.kind != QuestionKind::choice) {
        const std::string votes = typed_votes(*frame.view.sharing);
        frame.fonts.need(votes);
        draw_fitted(frame, votes, TextStyle::strong, Role::text);
    }
    draw_wrapped(frame, without_backticks(given.feedback), TextStyle::body, Role::text);
}

void LessonPanel::draw_walk(const Frame& frame, Actions& actions) {
    const LessonWalk& walk = walk_of(frame);
    if (draw_button(frame, "lesson_back", frame.words.text("lesson.back"), ButtonLook::plain, walk.step() > 0, {})) {
        actions.put(action::LastStep{});
    }
    ImGui::SameLine(0, frame.px(8));
    if (walk.open() &&
        draw_button(frame, "lesson_look", look_key(*walk.question()) + std::string(frame.words.text("lesson.look")),
                    ButtonLook::plain, frame.lesson->phase() == LessonPhase::ready, frame.words.text("lesson.look_tip"))) {
        actions.put(action::GiveAnswer{});
    }
    if (walk.open()) {
        draw_answers(frame);
    }
    if (walk.at_last() && frame.view.answers > 0 && !walk.open() &&
        draw_button(frame, "lesson_hand_in", frame.words.text("lesson.hand_in"), ButtonLook::plain, true,
                    frame.words.text("lesson.hand_in_tip"))) {
        actions.put(action::OpenDialog{Dialog::save});
    }
    const LessonTitle* const after = walk.at_last() ? lesson_after(frame.lessons, frame.lesson->entry().name) : nullptr;
    const std::string next = after ? frame.words.format("lesson.following", after->entry.number)
                                   : std::string(frame.words.text(walk.at_last() ? "lesson.done" : "lesson.next"));
    const float width = button_width(frame, next);
    ImGui::SameLine();
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + ImGui::GetContentRegionAvail().x - width);
    if (draw_button(frame, "lesson_next", next, walk.open() ? ButtonLook::plain : ButtonLook::primary, true, {})) {
        if (walk.at_last() && !after) {
            actions.put(action::LeaveLesson{});
        } else {
            actions.put(action::NextStep{});
        }
    }
}

void draw_veil(const Frame& frame, const char* id, const Box& place, std::string_view title) {
    const PanelScope panel(frame, id, place, title, {});
    const std::string_view mark = "?";
    const float width = frame.px(frame.fonts.width(mark, TextStyle::headline));
    ImGui::SetCursorPos({(place.width - width) / 2, place.height * 0.4F});
    procatlas::draw_text(frame, mark, TextStyle::headline, Role::accent);
    const std::string said =
        fit_text(frame.words.text("lesson.veiled"), TextStyle::small, place.width / frame.fonts.scale() - 20, frame.fonts);
    ImGui::SetCursorPosX((place.width - frame.px(frame.fonts.width(said, TextStyle::small))) / 2);
    procatlas::draw_text(frame, said, TextStyle::small, Role::muted);
}

}  // namespace procatlas
