#include "core/live/bytes_asker.h"

#include <utility>

namespace procatlas {

bool BytesAsker::follow(const World& world, const std::optional<BytesWanted>& wanted, bool present) {
    bool news = false;
    for (ReaderReply& reply : reader_.receive()) {
        auto* memory = reply.get<MemoryBytes>();
        bytes_.memory = memory ? std::move(*memory) : MemoryBytes{};
        bytes_.error = reply.answer ? std::string() : reply.answer.error().message;
        bytes_.waiting = reader_.waiting() > 0;
        ++bytes_.count;
        news = true;
    }
    if (!wanted) {
        asked_.reset();
        return news;
    }
    const Process* process = world.find(wanted->process);
    const bool held = present && process && process->alive() && process->state == ProcessState::held;
    const bool anew = asked_ != wanted || (process && process->last_moment != bytes_.last_moment);
    news = news || bytes_.held != held;
    bytes_.held = held;
    if (held && anew && reader_.waiting() == 0) {
        reader_.ask(BytesRequest{wanted->process.pid, wanted->range});
        asked_ = wanted;
        bytes_.last_moment = process->last_moment;
        bytes_.waiting = news = true;
    }
    return news;
}

}  // namespace procatlas
