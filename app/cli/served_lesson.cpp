#include "app/cli/served_lesson.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>

#include "app/control/window_share.h"
#include "core/store/recordings_folder.h"

namespace procatlas {

namespace {

// An observer and a compiler that are started meanwhile get the signals that we hold back.
class SignalsFree {
public:
    explicit SignalsFree(EndSignals& signals) : signals_(signals) { signals_.unblock(); }
    SignalsFree(const SignalsFree&) = delete;
    SignalsFree& operator=(const SignalsFree&) = delete;
    ~SignalsFree() { signals_.block(); }

private:
    EndSignals& signals_;
};

// How many gave each answer, in the order of the choices, else of the answers.
std::string counts_text(const SharedQuestion& question, const std::map<std::string, std::size_t>& votes) {
    std::string text;
    const auto add = [&](std::size_t count, std::string_view answer) {
        fmt::format_to(std::back_inserter(text), "\n  {:>4}  {}", count, answer);
    };
    for (const SharedQuestion::Choice& choice : question.choices) {
        const auto found = votes.find(choice.key);
        add(found == votes.end() ? 0 : found->second, choice.text);
    }
    if (question.choices.empty()) {
        for (const auto& [key, count] : votes) {
            const auto answer = question.read ? question.read(key) : std::nullopt;
            add(count, answer ? answer->text : key);
        }
    }
    return text;
}

}  // namespace

Result<std::unique_ptr<ServedLesson>> ServedLesson::open(LessonEntry entry, std::filesystem::path answers, bool asks_names,
                                                         std::string language, std::vector<PageLanguage> languages,
                                                         EndSignals& signals) {
    auto session = LessonSession::open(std::move(entry), language);
    if (!session) {
        return std::unexpected(session.error());
    }
    return std::unique_ptr<ServedLesson>(new ServedLesson(std::move(*session), std::move(answers), asks_names,
                                                          std::move(language), std::move(languages), signals));
}

ServedLesson::ServedLesson(std::unique_ptr<LessonSession> session, std::filesystem::path answers, bool asks_names,
                           std::string language, std::vector<PageLanguage> languages, EndSignals& signals)
    : session_(std::move(session)),
      answers_(std::move(answers)),
      language_(std::move(language)),
      step_(std::move(languages), asks_names),
      signals_(signals) {}

void ServedLesson::teach(const RunShare& share, const Messages& words) {
    session_->teach({[&share](const std::string& question) { return class_votes(share, question); },
                     std::string(words.text("share.student"))});
    not_yet_ = words.text("live.not_yet");
}

void ServedLesson::enter(LiveRun& run) {
    {
        const SignalsFree free(signals_);
        session_->enter(run);
    }
    step_.follow(session_.get(), run);
}

Result<void> ServedLesson::next(LiveRun& run) {
    auto kept = close_vote();
    session_->next();
    enter(run);
    return kept;
}

Result<void> ServedLesson::back(LiveRun& run) {
    auto kept = close_vote();
    session_->back();
    enter(run);
    return kept;
}

Result<void> ServedLesson::close_vote() {
    const bool open = session_->walk().open();
    session_->close_vote();
    return open && !session_->walk().open() ? keep() : Result<void>();
}

Result<void> ServedLesson::end() {
    auto kept = close_vote();
    return kept && behind_ ? keep() : kept;
}

Result<void> ServedLesson::reveal(LiveRun& run) {
    if (session_->phase() == LessonPhase::running) {
        return fail(not_yet_);
    }
    session_->look();
    step_.follow(session_.get(), run);
    return keep();
}

Result<void> ServedLesson::go_on(LiveRun& run) {
    if (session_->walk().open() && session_->phase() == LessonPhase::ready) {
        return reveal(run);
    }
    return next(run);
}

Result<void> ServedLesson::follow(LiveRun& run) {
    bool ready = false;
    {
        const SignalsFree free(signals_);
        ready = session_->follow(run);
        if (session_->reload(language_)) {
            session_->enter(run);
        }
    }
    step_.follow(session_.get(), run);
    return ready ? keep() : Result<void>();
}

// After each answer: whoever stops in the middle has those until then.
Result<void> ServedLesson::keep() {
    if (answers_.empty() || session_->walk().answer_count() == 0 || session_->phase() != LessonPhase::ready) {
        return {};
    }
    auto kept = copy_recording(session_->file(), answers_);
    behind_ = !kept;
    kept_ |= !behind_;
    return kept;
}

std::string ServedLesson::news(const std::map<std::string, std::size_t>& votes, const Messages& words) {
    const LessonWalk& walk = session_->walk();
    std::string text;
    const auto& question = step_.question();
    if (told_ != walk.step() && !(walk.open() && session_->phase() == LessonPhase::running)) {
        told_ = walk.step();
        told_answer_ = told_problem_ = false;
        text = fmt::format("[{}/{}] {}", walk.step() + 1, walk.lesson().steps.size(), walk.now().heading);
        if (question && question->open) {
            text += question->ask == walk.now().heading ? std::string() : "\n" + question->ask;
            for (const SharedQuestion::Choice& choice : question->choices) {
                text += "\n        " + choice.text;
            }
            for (std::size_t i = 0; question->choices.empty() && i < walk.question()->items.size(); ++i) {
                text += fmt::format("\n    {:>2}  {}", i + 1, walk.question()->items[i].text);
            }
        }
    }
    if (const GivenAnswer* given = walk.answered(walk.step()); given && question && !std::exchange(told_answer_, true)) {
        text += (text.empty() ? "" : "\n") + words.format("lesson.shown", answer_text(*walk.question(), given->expected)) +
                (votes.empty() ? std::string() : counts_text(*question, votes));
    }
    if (session_->phase() == LessonPhase::failed && !std::exchange(told_problem_, true)) {
        text += (text.empty() ? "" : "\n") + session_->problem();
    }
    return text;
}

}  // namespace procatlas
