#include "core/live/program_learner.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/base/text.h"

namespace procatlas {
namespace {

constexpr std::size_t frames_looked_at = 32;  // outer frames were innermost at an earlier event
constexpr std::size_t questions_at_once = 8;
constexpr std::size_t most_of_a_file = 256u << 10;
constexpr ByteCount most_source = 8u << 20;
constexpr ByteCount most_code = 4u << 20;  // machine code; its text takes about ten times as much

}  // namespace

bool ProgramLearner::ask_code(std::int32_t pid, Address counter) {
    Ranges& known = code_[pid];
    const auto after = known.upper_bound(counter);
    const bool inside = after != known.begin() && counter < std::prev(after)->second;
    if (inside || code_kept_ >= most_code) {
        return false;
    }
    known[counter] = counter + 1;  // until the answer; forever, if there is none
    return true;
}

std::vector<ReaderRequest> ProgramLearner::questions(std::int32_t pid, const Stack& stack) {
    std::vector<ReaderRequest> questions;
    const std::size_t count = std::min(stack.frames.size(), frames_looked_at);
    for (std::size_t i = 0; i < count && questions.size() < questions_at_once; ++i) {
        const StackFrame& frame = *stack.frames[i];
        if (i > 0 && !frame.own) {
            continue;
        }
        const bool is_file = !frame.file.empty() && !frame.file.starts_with('<');
        if (frame.own && is_file && files_.insert(frame.file).second) {
            questions.emplace_back(SourceRequest{pid, frame.file});
        }
        if (frame.language == FrameLanguage::python) {
            continue;
        }
        const Address lookup = i == 0 ? frame.program_counter : frame.program_counter - 1;
        if (ask_code(pid, lookup)) {
            questions.emplace_back(FunctionRequest{pid, lookup});
        }
    }
    return questions;
}

void ProgramLearner::answered(ReaderReply reply, Learnt& learnt) {
    if (const auto* asked = std::get_if<SourceRequest>(&reply.request)) {
        auto* found = reply.get<SourceText>();
        return keep_source(asked->path,
                           found ? Result<std::string>(std::move(found->text)) : std::unexpected(reply.answer.error()), learnt);
    }
    const auto* asked = std::get_if<FunctionRequest>(&reply.request);
    auto* code = reply.get<FunctionCode>();
    if (asked && code && !code->bytes.empty()) {
        Ranges& known = code_[asked->pid];
        known.erase(asked->address);
        known[code->start] = code->range().end;
        code_kept_ += code->bytes.size();
        learnt.functions.push_back(std::move(*code));
    }
}

void ProgramLearner::keep_source(const std::string& path, Result<std::string> text, Learnt& learnt) {
    SourceFile source;
    source.path = path;
    if (!text) {
        source.why_not = text.error().message;
    } else if (source_kept_ >= most_source) {
        source.why_not = "the recording keeps " + size_text(most_source) + " of source text, and has them";
    } else {
        source.text = display_text(std::string_view(*text).substr(0, most_of_a_file), true);
        source.cut = text->size() > most_of_a_file;
        if (source.cut) {
            source.text.resize(source.text.rfind('\n') + 1);  // keeps whole lines; npos + 1 is 0
        }
        source_kept_ += source.text.size();
    }
    learnt.sources.push_back(std::move(source));
}

void ProgramLearner::forked(std::int32_t parent, std::int32_t child) {
    const auto known = code_.find(parent);
    code_[child] = known == code_.end() ? Ranges() : Ranges(known->second);
}

}  // namespace procatlas
