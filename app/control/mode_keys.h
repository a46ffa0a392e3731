// Keys that mean something of their own while a menu is open, the window presents, or a lesson is walked.
#pragma once

#include <optional>

#include "app/control/actions.h"
#include "core/lesson/walk.h"

namespace procatlas {

// What a key does while the window presents: a presenter's remote and the digits, which change the face. nullopt: what it
// always does.
[[nodiscard]] std::optional<Action> presenting_key(int key, int mods);

// What a key does while the menu of a thing is open.
enum class MenuMove { up, down, take, close };
[[nodiscard]] std::optional<MenuMove> menu_key(int key);

// What a key does in a lesson: the digits answer, 0 looks, Enter gives the answer or the keyboard to the field for it, Esc
// leaves that field, arrows and Space go from step to step. While somebody types only Page Up and Page Down do. nullopt: what
// it always does.
[[nodiscard]] std::optional<Action> lesson_key(int key, int mods, bool typing, const LessonWalk& walk);
// A key that begins the course on the welcome screen: the one that goes on from step to step later.
[[nodiscard]] bool begins_course(int key, int mods, bool typing);

}  // namespace procatlas
