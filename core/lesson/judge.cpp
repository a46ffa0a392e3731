#include "core/lesson/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <span>

#include "core/base/text.h"
#include "core/lesson/tree_shape.h"

namespace procatlas {
namespace {

std::string_view without_blanks_around(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    return begin == std::string_view::npos ? std::string_view()
                                           : text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

// 42, -1, 0x2a, 1,024
std::optional<std::int64_t> number_of(std::string_view text) {
    std::string digits(without_blanks_around(text));
    std::erase(digits, ',');
    const bool negative = digits.starts_with('-');
    std::string_view rest = digits;
    rest.remove_prefix(negative ? 1 : 0);
    const bool hexadecimal = rest.starts_with("0x") || rest.starts_with("0X");
    rest.remove_prefix(hexadecimal ? 2 : 0);
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value, hexadecimal ? 16 : 10);
    if (error != std::errc() || end != rest.data() + rest.size() || rest.empty()) {
        return std::nullopt;
    }
    return static_cast<std::int64_t>(negative ? ~value + 1 : value);
}

// Texts are the same if their words are, whatever the case of their letters.
std::string same_words(std::string_view text) {
    std::string out;
    for (const char c : without_blanks_around(text)) {
        const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (blank && (out.empty() || out.back() == ' ')) {
            continue;
        }
        out += blank ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    return out;
}

bool same_value(std::string_view a, std::string_view b) {
    const auto x = number_of(a);
    const auto y = number_of(b);
    return x && y ? *x == *y : same_words(a) == same_words(b);
}

const QuestionItem* item_with(const Question& question, std::string_view key) {
    const auto found = std::ranges::find(question.items, key, &QuestionItem::key);
    return found == question.items.end() ? nullptr : &*found;
}

std::string keys_of(const Question& question) {
    std::string keys;
    for (const QuestionItem& item : question.items) {
        keys += (keys.empty() ? "" : ", ") + item.key;
    }
    return keys;
}

// The first column of all rows.
Result<std::vector<std::string>> first_column(const QueryRows& rows) {
    std::vector<std::string> values;
    for (const auto& row : rows.rows) {
        if (!row.front()) {
            return fail("it gives NULL");
        }
        values.push_back(*row.front());
    }
    if (values.empty()) {
        return fail("it gives no row");
    }
    return values;
}

Result<RightAnswer> right_choice(const Question& question, const QueryRows& rows) {
    auto values = first_column(rows);
    if (!values) {
        return std::unexpected(values.error());
    }
    RightAnswer right;
    for (std::string& value : *values) {
        if (!item_with(question, value)) {
            return fail(fmt::format("it gives \"{}\", which is none of the choices {}", first_characters(value, 60),
                                    keys_of(question)));
        }
        right.any_of.push_back({std::move(value)});
    }
    return right;
}

Result<RightAnswer> right_values(const Question& question, const QueryRows& rows) {
    const auto values = first_column(rows);
    if (!values) {
        return std::unexpected(values.error());
    }
    RightAnswer right;
    for (std::size_t i = 0; i < values->size(); ++i) {
        if (question.kind == QuestionKind::number && !number_of((*values)[i])) {
            return fail(fmt::format("it gives \"{}\", which is no number", first_characters((*values)[i], 60)));
        }
        AnswerWords words{(*values)[i]};
        if (question.kind == QuestionKind::place && rows.columns.size() > 1 && rows.rows[i][1]) {
            words.push_back(*rows.rows[i][1]);
        }
        right.any_of.push_back(std::move(words));
    }
    return right;
}

Result<RightAnswer> right_order(const Question& question, const QueryRows& rows) {
    auto values = first_column(rows);
    if (!values) {
        return std::unexpected(values.error());
    }
    std::vector<std::string> sorted = *values;
    std::vector<std::string> keys;
    std::ranges::transform(question.items, std::back_inserter(keys), &QuestionItem::key);
    std::ranges::sort(sorted);
    std::ranges::sort(keys);
    if (sorted != keys) {
        return fail(fmt::format("its rows are not the items {}, each once", keys_of(question)));
    }
    return RightAnswer{{std::move(*values)}};
}

Result<RightAnswer> right_tree(const QueryRows& rows) {
    if (rows.columns.size() < 2) {
        return fail("a tree needs two columns: each process, and its parent");
    }
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const auto& row : rows.rows) {
        pairs.emplace_back(row[0].value_or(""), row[1].value_or(""));
    }
    auto text = tree_text(pairs);
    if (!text) {
        return fail("its rows are no one tree: each process once, with its parent, and NULL as the parent of the first");
    }
    return RightAnswer{{{std::move(*text)}}};
}

Result<RightAnswer> right_fill(const Question& question, const QueryRows& rows) {
    if (rows.columns.size() < 2) {
        return fail("filling in needs two columns: the key of each box, and its value");
    }
    AnswerWords words;
    for (const QuestionItem& item : question.items) {
        const auto found = std::ranges::find_if(rows.rows, [&](const auto& row) { return row[0] == item.key; });
        if (found == rows.rows.end() || !(*found)[1]) {
            return fail(fmt::format("it gives no value for the box \"{}\"", item.key));
        }
        words.push_back(*(*found)[1]);
    }
    return RightAnswer{{std::move(words)}};
}

// "1 = these are all | there may be more": what stands behind the value, else what stands alone; nullopt: neither is there.
std::optional<std::string> words_for(std::string_view value, std::string_view cases) {
    std::optional<std::string> otherwise;
    while (!cases.empty()) {
        const std::string_view one = cases.substr(0, cases.find('|'));
        cases.remove_prefix(std::min(one.size() + 1, cases.size()));
        const std::size_t equals = one.find('=');
        if (equals == std::string_view::npos) {
            otherwise = without_blanks_around(one);
        } else if (same_value(without_blanks_around(one.substr(0, equals)), value)) {
            return std::string(without_blanks_around(one.substr(equals + 1)));
        }
    }
    return otherwise;
}

// "{name}" -> the value of that column; "{name: value = words | other words}" -> the words for it.
Result<std::string> filled_in(const std::string& text, const QueryRows& facts, const std::string& answer,
                              const std::string& given) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t open = text.find('{', at);
        const std::size_t close = open == std::string::npos ? open : text.find('}', open);
        if (close == std::string::npos) {
            return out + text.substr(at);
        }
        out += text.substr(at, open - at);
        const std::string whole = text.substr(open + 1, close - open - 1);
        const std::string name = whole.substr(0, whole.find(':'));
        const auto column = std::ranges::find(facts.columns, name);
        std::string value;
        if (name == "answer" || name == "given") {
            value = name == "answer" ? answer : given;
        } else if (column != facts.columns.end() && !facts.rows.empty()) {
            value = facts.rows.front()[static_cast<std::size_t>(column - facts.columns.begin())].value_or("?");
        } else {
            return fail(fmt::format("the feedback names {{{}}}, which \"facts:\" does not give", name));
        }
        if (name.size() < whole.size()) {
            const auto words = words_for(value, std::string_view(whole).substr(name.size() + 1));
            if (!words) {
                return fail(fmt::format("the feedback has no words in {{{}: ...}} for \"{}\"", name, value));
            }
            value = *words;
        }
        out += value;
        at = close + 1;
    }
    return out;
}

std::string named_item(const Question& question, std::string_view typed) {
    const auto number = number_of(typed);
    const bool is_number = number && *number >= 1 && static_cast<std::size_t>(*number) <= question.items.size();
    if (const QuestionItem* item = item_with(question, typed); item && !is_number) {
        return item->key;
    }
    return is_number ? question.items[static_cast<std::size_t>(*number) - 1].key : std::string();
}

std::vector<std::string> typed_words(std::string_view typed, std::string_view between) {
    std::vector<std::string> words;
    while (!typed.empty()) {
        const std::size_t end = std::min(typed.find_first_of(between), typed.size());
        if (const auto word = without_blanks_around(typed.substr(0, end)); !word.empty()) {
            words.emplace_back(word);
        }
        typed.remove_prefix(std::min(end + 1, typed.size()));
    }
    return words;
}

// Where one item alone is left, it is the last.
void complete_order(const Question& question, AnswerWords& keys) {
    const QuestionItem* left = nullptr;
    for (const QuestionItem& item : question.items) {
        if (std::ranges::find(keys, item.key) == keys.end()) {
            if (left != nullptr) {
                return;
            }
            left = &item;
        }
    }
    if (left != nullptr && keys.size() + 1 == question.items.size()) {
        keys.push_back(left->key);
    }
}

std::string at_line(std::string_view file, std::uint32_t line, std::string_view what, std::string_view why) {
    return fmt::format("{}:{}: {}: {}", file, line, what, why);
}

}  // namespace

Result<RightAnswer> right_answer(const Question& question, const QueryRows& rows) {
    switch (question.kind) {
        case QuestionKind::choice:
            return right_choice(question, rows);
        case QuestionKind::number:
        case QuestionKind::text:
        case QuestionKind::place:
            return right_values(question, rows);
        case QuestionKind::order:
            return right_order(question, rows);
        case QuestionKind::tree:
            return right_tree(rows);
        case QuestionKind::fill:
            return right_fill(question, rows);
    }
    return RightAnswer{};
}

bool is_right(const Question& question, const RightAnswer& right, const AnswerWords& given) {
    if (given.empty()) {
        return false;
    }
    return std::ranges::any_of(right.any_of, [&](const AnswerWords& words) {
        switch (question.kind) {
            case QuestionKind::choice:
            case QuestionKind::order:
                return words == given;
            case QuestionKind::tree:
                return tree_shape(words.front()) == tree_shape(given.front());
            case QuestionKind::place:  // of which process matters only where the query says one
                return words.size() <= given.size() &&
                       std::ranges::equal(words, std::span(given).first(words.size()), same_value);
            case QuestionKind::number:
            case QuestionKind::text:
            case QuestionKind::fill:
                return std::ranges::equal(words, given, same_value);
        }
        return false;
    });
}

std::string answer_text(const Question& question, const AnswerWords& words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const QuestionItem* const item = item_with(question, words[i]);
        const bool by_key = question.kind == QuestionKind::choice || question.kind == QuestionKind::order;
        if (i > 0) {
            text += question.kind == QuestionKind::order ? " → " : ", ";
        }
        if (question.kind == QuestionKind::fill && i < question.items.size()) {
            text += question.items[i].text + " = ";
        }
        text += by_key && item ? item->text : words[i];
    }
    return text;
}

std::optional<AnswerWords> parse_typed_answer(const Question& question, std::string_view typed) {
    constexpr std::size_t most = 4000;
    typed = without_blanks_around(typed);
    if (typed.empty() || typed.size() > most) {
        return std::nullopt;
    }
    switch (question.kind) {
        case QuestionKind::choice: {
            std::string key = named_item(question, typed);
            return key.empty() ? std::nullopt : std::optional(AnswerWords{std::move(key)});
        }
        case QuestionKind::number:
            return number_of(typed) ? std::optional(AnswerWords{std::string(typed)}) : std::nullopt;
        case QuestionKind::text:
            return AnswerWords{display_text(typed)};
        case QuestionKind::place:
            return typed_words(typed, " ");
        case QuestionKind::order: {
            AnswerWords keys;
            for (const std::string& word : typed_words(typed, " ,>")) {
                keys.push_back(named_item(question, word));
            }
            complete_order(question, keys);
            const bool whole =
                keys.size() == question.items.size() && std::ranges::all_of(question.items, [&](const QuestionItem& item) {
                    return std::ranges::find(keys, item.key) != keys.end();
                });
            return whole ? std::optional(std::move(keys)) : std::nullopt;
        }
        case QuestionKind::tree:
            return tree_shape(typed) ? std::optional(AnswerWords{std::string(typed)}) : std::nullopt;
        case QuestionKind::fill: {
            AnswerWords values = typed_words(typed, question.items.size() == 1 ? "\n" : " ,");
            return values.size() == question.items.size() ? std::optional(std::move(values)) : std::nullopt;
        }
    }
    return std::nullopt;
}

std::string_view typed_name(const Question& question) {
    return question.kind == QuestionKind::place ? place_name(question.place) : question_kind_name(question.kind);
}

Result<RightAnswer> ask_answer(const Question& question, RecordedRun& run, std::size_t moment, std::string_view file) {
    const auto rows = run.ask(question.answer, moment);
    if (!rows) {
        return fail(at_line(file, question.answer_line, "the query for the answer", rows.error().message));
    }
    auto right = right_answer(question, *rows);
    if (!right) {
        return fail(at_line(file, question.answer_line, "the query for the answer", right.error().message));
    }
    return right;
}

Result<Verdict> judge(const Question& question, const AnswerWords& given, RecordedRun& run, std::size_t moment,
                      std::string_view file) {
    const auto right = ask_answer(question, run, moment, file);
    if (!right) {
        return std::unexpected(right.error());
    }
    Verdict verdict;
    verdict.right = is_right(question, *right, given);
    verdict.expected = right->any_of.front();
    QueryRows facts;
    if (!question.facts.empty()) {
        auto asked = run.ask(question.facts, moment);
        if (!asked || asked->rows.empty()) {
            return fail(at_line(file, question.facts_line, "the query for the facts",
                                asked ? "it gives no row" : asked.error().message));
        }
        facts = std::move(*asked);
    }
    if (!question.moment.empty()) {
        const auto asked = run.ask_moment(question.moment, moment);
        if (!asked || *asked > run.recording().last_moment()) {
            return fail(at_line(file, question.moment_line, "the query for the moment",
                                asked ? "there is no such moment" : asked.error().message));
        }
        verdict.moment = *asked;
    }
    const QuestionItem* const chosen =
        question.kind == QuestionKind::choice && !given.empty() ? item_with(question, given.front()) : nullptr;
    const bool own_words = !verdict.right && chosen && !chosen->why.empty();
    std::string text = verdict.right ? question.right : question.wrong;
    if (own_words) {
        text = chosen->why + (question.wrong.empty() ? "" : " " + question.wrong);
    }
    auto feedback = filled_in(text, facts, answer_text(question, verdict.expected), answer_text(question, given));
    if (!feedback) {
        return fail(at_line(file, question.line, "this question", feedback.error().message));
    }
    verdict.feedback = std::move(*feedback);
    return verdict;
}

}  // namespace procatlas
