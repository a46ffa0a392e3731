#include "app/control/mode_keys.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

namespace procatlas {

std::optional<MenuMove> menu_key(int key) {
    switch (key) {
        case GLFW_KEY_UP:
            return MenuMove::up;
        case GLFW_KEY_DOWN:
            return MenuMove::down;
        case GLFW_KEY_ENTER:
        case GLFW_KEY_KP_ENTER:
        case GLFW_KEY_SPACE:
            return MenuMove::take;
        case GLFW_KEY_ESCAPE:
            return MenuMove::close;
        default:
            return std::nullopt;
    }
}

std::optional<Action> presenting_key(int key, int mods) {
    if (mods != 0) {
        return std::nullopt;
    }
    switch (key) {
        case GLFW_KEY_SPACE:
        case GLFW_KEY_PAGE_DOWN:
        case GLFW_KEY_RIGHT:
            return action::Step{};
        case GLFW_KEY_PAGE_UP:
            return action::Travel{TravelTo::back};
        case GLFW_KEY_1:
            return action::ShowFace{Middle::textbook};
        case GLFW_KEY_2:
            return action::ShowFace{Middle::memory};
        case GLFW_KEY_3:
            return action::ShowFace{Middle::pages};
        case GLFW_KEY_4:
            return action::ShowFace{Middle::inside};
        case GLFW_KEY_5:
            return action::ShowFace{Middle::story};
        default:
            return std::nullopt;
    }
}

namespace {

std::optional<Action> enter_in_question(const LessonWalk& walk) {
    switch (walk.question()->kind) {
        case QuestionKind::choice:
        case QuestionKind::order:
            return std::nullopt;
        case QuestionKind::number:
        case QuestionKind::text:
        case QuestionKind::place:
        case QuestionKind::tree:
        case QuestionKind::fill:
            return action::TypeAnswer{};
    }
    return std::nullopt;
}

std::optional<Action> digit_in_question(int key, const LessonWalk& walk) {
    const int digit = key >= GLFW_KEY_0 && key <= GLFW_KEY_9         ? key - GLFW_KEY_0
                      : key >= GLFW_KEY_KP_0 && key <= GLFW_KEY_KP_9 ? key - GLFW_KEY_KP_0
                                                                     : -1;
    if (!walk.open()) {  // of an order that was whole before its last digit: it means nothing else then
        return digit > 0 && walk.question()->kind == QuestionKind::order ? std::optional<Action>(action::ChooseItem{0})
                                                                         : std::nullopt;
    }
    if (digit == 0) {
        return action::GiveAnswer{};
    }
    const Question& question = *walk.question();
    if (digit < 0 || static_cast<std::size_t>(digit) > question.items.size()) {
        return std::nullopt;
    }
    const auto item = static_cast<std::size_t>(digit - 1);
    switch (question.kind) {
        case QuestionKind::choice:
            return action::GiveAnswer{{question.items[item].key}};
        case QuestionKind::order:
            return action::ChooseItem{item};
        case QuestionKind::number:
        case QuestionKind::text:
        case QuestionKind::place:
        case QuestionKind::tree:
        case QuestionKind::fill:
            return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace

bool begins_course(int key, int mods, bool typing) {
    return !typing && mods == 0 &&
           (key == GLFW_KEY_PAGE_DOWN || key == GLFW_KEY_SPACE || key == GLFW_KEY_RIGHT || key == GLFW_KEY_ENTER);
}

std::optional<Action> lesson_key(int key, int mods, bool typing, const LessonWalk& walk) {
    if (mods != 0) {
        return std::nullopt;
    }
    switch (key) {
        case GLFW_KEY_PAGE_DOWN:
            return action::NextStep{};
        case GLFW_KEY_PAGE_UP:
            return action::LastStep{};
        case GLFW_KEY_ESCAPE:
            return typing ? std::optional<Action>(action::LeaveField{}) : std::nullopt;
        case GLFW_KEY_F2:  // in a field for a number, 0 is a digit
            return walk.open() ? std::optional<Action>(action::GiveAnswer{}) : std::nullopt;
        default:
            break;
    }
    if (typing) {
        return std::nullopt;
    }
    switch (key) {
        case GLFW_KEY_SPACE:
        case GLFW_KEY_RIGHT:
            return action::NextStep{};
        case GLFW_KEY_LEFT:
            return action::LastStep{};
        case GLFW_KEY_N:
            return action::ToggleNote{};
        case GLFW_KEY_ENTER:
        case GLFW_KEY_KP_ENTER:
            return walk.open() ? enter_in_question(walk) : action::NextStep{};
        default:
            return walk.question() ? digit_in_question(key, walk) : std::nullopt;
    }
}

}  // namespace procatlas
