// Why a person's own program does not run, and what the compiler says of it, in words. Pure.
#pragma once

#include <span>
#include <string>

#include "core/compile/source_program.h"
#include "core/narrate/messages.h"

namespace procatlas {

// One sentence; the compiler's messages are not in it.
[[nodiscard]] std::string why_not_text(const SourceProgram& program, const NotReady& why, const Messages& words);

// "mine.c, line 3: warning: …"; safe to show, without the line itself.
[[nodiscard]] std::string message_text(const CompilerMessage& message, const Messages& words);

// What the compiler warns of a program that runs nevertheless: the first warning, and how many more there are.
[[nodiscard]] std::string warnings_text(std::span<const CompilerMessage> messages, const Messages& words);

}  // namespace procatlas
