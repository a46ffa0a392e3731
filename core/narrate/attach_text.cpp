#include "core/narrate/attach_text.h"

#include <string_view>

#include "core/base/text.h"
#include "core/model/found.h"

namespace procatlas {
namespace {

std::string_view key_of(AttachRefusal why) {
    switch (why) {
        case AttachRefusal::no_process:
            return "attach.no_process";
        case AttachRefusal::thread:
            return "attach.thread";
        case AttachRefusal::kernel:
            return "attach.kernel";
        case AttachRefusal::ended:
            return "attach.ended";
        case AttachRefusal::leader_ended:
            return "attach.leader_ended";
        case AttachRefusal::first_of_all:
            return "attach.first_of_all";
        case AttachRefusal::ourselves:
            return "attach.ourselves";
        case AttachRefusal::traced:
            return "attach.traced";
        case AttachRefusal::other_user:
            return "attach.other_user";
        case AttachRefusal::yama:
            return "attach.yama";
        case AttachRefusal::not_permitted:
            return "attach.not_permitted";
        case AttachRefusal::grain_too_fine:
            return "attach.grain_too_fine";
        case AttachRefusal::none:
        case AttachRefusal::other:
            break;
    }
    return "attach.other";
}

}  // namespace

std::string attach_refusal_text(const NoteEvent& note, std::int32_t pid, const Messages& words) {
    const bool known = note.number <= static_cast<std::uint64_t>(AttachRefusal::other);  // a recording may say anything
    const auto why = known ? static_cast<AttachRefusal>(note.number) : AttachRefusal::other;
    return words.format(key_of(why), pid, display_text(note.text));
}

}  // namespace procatlas
