// What a class answers to the question that is asked, and how those who answer call themselves.
#include <algorithm>
#include <chrono>
#include <utility>

#include "core/serve/http_answers.h"
#include "core/serve/run_share.h"

namespace procatlas {

namespace {

constexpr std::size_t most_answers = 100;    // that differ, to one question; who came first is counted first
constexpr std::size_t most_questions = 200;  // of before, whose counts are kept

}  // namespace

// An answer can be changed while the question is open.
HttpReply RunShare::vote(Access::Number visitor, const HttpRequest& request) {
    const auto vote = parse_vote(request.body);
    if (!vote) {
        return just(400);
    }
    if (!veiled() || vote->question != question_) {
        return just(409);  // too late
    }
    const auto& choices = run_->question->choices;
    if (!choices.empty() && std::ranges::find(choices, vote->answer, &SharedQuestion::Choice::key) == choices.end()) {
        return just(400);
    }
    std::string answer = vote->answer;
    if (choices.empty() && run_->question->read) {
        auto typed = run_->question->read(answer);
        if (!typed) {
            return just(400);  // no answer to this kind of question
        }
        answer = std::move(typed->key);
    }
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    answers_[visitor] = {
        .visitor = visitor,
        .name = {},
        .answer = std::move(answer),
        .unix_ms = static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count())};
    recount_ = true;
    return just(204);
}

HttpReply RunShare::take_name(Access::Number visitor, const HttpRequest& request) {
    auto name = parse_own_name(request.body);
    if (!name) {
        return just(400);
    }
    if (!step_ || !step_->asks_names) {
        return just(403);  // nobody wants to know
    }
    access_.find(visitor)->name = std::move(*name);
    return just(204);
}

std::vector<RunShare::GivenVote> RunShare::given_votes(const std::string& question) const {
    std::vector<GivenVote> votes;
    if (question != question_) {
        return votes;
    }
    for (const auto& [number, answer] : answers_) {
        const Visitor* visitor = access_.find(number);
        if (visitor != nullptr && (visitor->stream != 0 || !visitor->name.empty())) {
            votes.push_back(answer);
            votes.back().name = visitor->name;
        }
    }
    return votes;
}

// Who comes back to a question that was closed sees what was counted then.
void RunShare::notice_question() {
    const std::string key = run_->question ? run_->question->key : std::string();
    if (key == question_) {
        return;
    }
    if (counted_ > 0 && before_.size() < most_questions) {
        before_[question_] = {std::move(counts_), counted_};
    }
    question_ = key;
    answers_.clear();
    counts_.clear();
    counted_ = 0;
    if (const auto known = before_.find(key); known != before_.end() && !veiled()) {
        counts_ = known->second.counts;
        counted_ = known->second.answers;
    }
}

// Of those who follow the run now: whoever enters again and again has one vote for each stream that is held, not for each
// token. When the question is closed, what was counted stays, though phones fall asleep.
void RunShare::count_votes() {
    if ((run_->question && !run_->question->open) || !std::exchange(recount_, false)) {
        return;
    }
    counts_.clear();
    counted_ = 0;
    std::erase_if(answers_, [&](const auto& one) { return access_.find(one.first) == nullptr; });
    for (const auto& [visitor, given] : answers_) {
        if (access_.find(visitor)->stream == 0) {
            continue;
        }
        ++counted_;
        if (const auto same = counts_.find(given.answer); same != counts_.end()) {
            ++same->second;
        } else if (counts_.size() < most_answers) {
            counts_.emplace(given.answer, 1);
        }
    }
}

}  // namespace procatlas
