#include "app/keys.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <array>

namespace procatlas {

namespace {

constexpr std::array<KeyHelp, 27> help_lines = {{{"Space", "key.run_hold"},
                                                 {"N", "key.step"},
                                                 {"A", "key.step_all"},
                                                 {"S", "key.stop"},
                                                 {"R", "key.restart"},
                                                 {"E", "key.examples"},
                                                 {"C", "key.command"},
                                                 {"Ctrl O  S  E", "key.files"},
                                                 {"←  →", "key.travel"},
                                                 {"Home  End", "key.ends"},
                                                 {"↑  ↓", "key.select"},
                                                 {"Enter", "key.toggle_column"},
                                                 {"M", "key.all_regions"},
                                                 {"D", "key.inside"},
                                                 {"F  O  K  Y", "key.inside_tabs"},
                                                 {"W", "key.where"},
                                                 {"G", "key.pages"},
                                                 {"X", "key.pages_side_by_side"},
                                                 {"V  B  P", "key.compare"},
                                                 {"[  ]", "key.slower"},
                                                 {"1  2  …  6", "key.hold_classes"},
                                                 {"I", "key.input"},
                                                 {"L", "key.language"},
                                                 {"T", "key.theme"},
                                                 {"Ctrl +  −  0", "key.zoom"},
                                                 {"?  ·  F1", "key.help"},
                                                 {"Esc", "key.close"}}};

std::optional<Action> action_with_control(int key) {
    switch (key) {
        case GLFW_KEY_EQUAL:
        case GLFW_KEY_KP_ADD:
            return Action::zoom_in;
        case GLFW_KEY_MINUS:
        case GLFW_KEY_KP_SUBTRACT:
            return Action::zoom_out;
        case GLFW_KEY_0:
        case GLFW_KEY_KP_0:
            return Action::zoom_reset;
        case GLFW_KEY_O:
            return Action::open;
        case GLFW_KEY_S:
            return Action::save;
        case GLFW_KEY_E:
            return Action::figure;
        default:
            return std::nullopt;
    }
}

}  // namespace

std::span<const KeyHelp> key_help() {
    return help_lines;
}

std::optional<Action> action_of_key(int key, int mods, bool typing) {
    if ((mods & GLFW_MOD_CONTROL) != 0) {
        return action_with_control(key);
    }
    if (key == GLFW_KEY_ESCAPE) {
        return Action::close;
    }
    if (key == GLFW_KEY_F1) {
        return Action::help;
    }
    if (typing || (mods & (GLFW_MOD_ALT | GLFW_MOD_SUPER)) != 0) {
        return std::nullopt;
    }
    switch (key) {
        case GLFW_KEY_SPACE:
            return Action::run_hold;
        case GLFW_KEY_N:
            return Action::step;
        case GLFW_KEY_LEFT:
            return Action::travel_back;
        case GLFW_KEY_RIGHT:
            return Action::travel_forward;
        case GLFW_KEY_HOME:
            return Action::travel_first;
        case GLFW_KEY_END:
            return Action::travel_now;
        case GLFW_KEY_A:
            return Action::step_all;
        case GLFW_KEY_S:
            return Action::stop;
        case GLFW_KEY_R:
            return Action::restart;
        case GLFW_KEY_E:
            return Action::examples;
        case GLFW_KEY_C:
            return Action::command;
        case GLFW_KEY_UP:
            return Action::select_previous;
        case GLFW_KEY_DOWN:
            return Action::select_next;
        case GLFW_KEY_ENTER:
        case GLFW_KEY_KP_ENTER:
            return Action::toggle_column;
        case GLFW_KEY_M:
            return Action::all_regions;
        case GLFW_KEY_V:
            return Action::compare_event;
        case GLFW_KEY_B:
            return Action::compare_since;
        case GLFW_KEY_P:
            return Action::compare_processes;
        case GLFW_KEY_LEFT_BRACKET:
            return Action::slower;
        case GLFW_KEY_RIGHT_BRACKET:
            return Action::faster;
        case GLFW_KEY_1:
            return Action::hold_lifecycle;
        case GLFW_KEY_2:
            return Action::hold_memory;
        case GLFW_KEY_3:
            return Action::hold_output;
        case GLFW_KEY_4:
            return Action::hold_calls;
        case GLFW_KEY_5:
            return Action::hold_lines;
        case GLFW_KEY_6:
            return Action::hold_instructions;
        case GLFW_KEY_D:
            return Action::inside;
        case GLFW_KEY_F:
            return Action::inside_stack;
        case GLFW_KEY_O:
            return Action::inside_source;
        case GLFW_KEY_K:
            return Action::inside_code;
        case GLFW_KEY_Y:
            return Action::inside_bytes;
        case GLFW_KEY_W:
            return Action::where;
        case GLFW_KEY_G:
            return Action::pages;
        case GLFW_KEY_X:
            return Action::pages_side_by_side;
        case GLFW_KEY_I:
            return Action::input;
        case GLFW_KEY_L:
            return Action::language;
        case GLFW_KEY_T:
            return Action::theme;
        case GLFW_KEY_SLASH:
            return Action::help;
        default:
            return std::nullopt;
    }
}

}  // namespace procatlas
