// The table of the command line, and what is written from it.
#include "app/cli/command_line.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>
#include <vector>

#include "app/cli/manual.h"
#include "app/cli/parse_arguments.h"
#include "core/export/catalogue.h"

namespace {

using namespace procatlas;

Typed typed(std::initializer_list<const char*> words) {
    std::vector<std::string> owned{"procatlas"};
    owned.insert(owned.end(), words.begin(), words.end());
    std::vector<char*> argv;
    for (std::string& word : owned) {
        argv.push_back(word.data());
    }
    Typed result;
    CHECK_FALSE(parse_command_line(static_cast<int>(argv.size()), argv.data(), result));
    return result;
}

bool has(const std::string& text, std::string_view what) {
    return text.find(what) != std::string::npos;
}

}  // namespace

TEST_CASE("what stands behind the first -- is the program's, whatever it looks like") {
    const Typed run = typed({"trace", "--json", "--", "sh", "--json", "--", "x"});
    CHECK(run.verb == Typed::Verb::trace);
    CHECK(run.json);
    CHECK(run.command == std::vector<std::string>{"sh", "--json", "--", "x"});
    CHECK_FALSE(typed({"doctor"}).command);
    CHECK(typed({"--"}).command == std::vector<std::string>{});
}

TEST_CASE("from the name of a source on, all is the program's, without --") {
    using Words = std::vector<std::string>;
    CHECK(typed({"mine.c", "--hold", "--", "x"}).command == Words{"mine.c", "--hold", "--", "x"});
    const Typed held = typed({"--hold", "a/mine.py"});
    CHECK(held.hold);
    CHECK(held.command == Words{"a/mine.py"});
    const Typed traced = typed({"trace", "--json", "-o", "out.c", "--grain", "lines", "mine.cpp", "--json-lines"});
    CHECK(traced.verb == Typed::Verb::trace);
    CHECK(traced.recording_file == "out.c");
    CHECK(traced.command == Words{"mine.cpp", "--json-lines"});
    CHECK(typed({"open", "mine.c"}).open_file == "mine.c");
    CHECK(typed({"trace", "--", "mine.c"}).command == Words{"mine.c"});
}

TEST_CASE("without a word it is the window, and open opens it with a file or without") {
    CHECK(typed({}).verb == Typed::Verb::window);
    CHECK(typed({"--example", "hello"}).example == "hello");
    CHECK(typed({"open"}).verb == Typed::Verb::open);
    CHECK(typed({"open", "a.procatlas"}).open_file == "a.procatlas");
}

TEST_CASE("the manual page and the completions know every command, format and view") {
    Typed unused;
    const auto app = define_command_line(unused);
    const std::string page = manual_page(*app);
    const std::vector<std::string> all{page, bash_completion(*app), zsh_completion(*app), fish_completion(*app)};
    for (const std::string& text : all) {
        for (const std::string_view verb : {"open", "examples", "doctor", "trace", "show", "where"}) {
            CHECK(has(text, verb));
        }
        for (const ExportView& view : export_views()) {
            CHECK(has(text, view.name));
        }
    }
    for (const ExportFormat& format : export_formats()) {
        CHECK(has(all[1], format.name));
        CHECK(has(all[2], format.name));
        CHECK(has(all[3], format.name));
    }
    CHECK(has(page, "\\-\\-max\\-processes"));
    CHECK_FALSE(has(page, "\n'"));
}

TEST_CASE("the names of sample programs are asked of procatlas, so that a completion is never stale") {
    Typed unused;
    const auto app = define_command_line(unused);
    for (const std::string& text : {bash_completion(*app), zsh_completion(*app), fish_completion(*app)}) {
        CHECK(has(text, "procatlas examples"));
    }
}

TEST_CASE("each error of CLI11 that a person can make has words in Korean") {
    using Words = std::vector<const char*>;
    for (const Words& words : std::initializer_list<Words>{{"nosuch"},
                                                           {"trace", "--grain", "fine"},
                                                           {"trace", "--max-processes", "0"},
                                                           {"trace", "--json", "--json-lines"},
                                                           {"trace", "--a", "--b"},
                                                           {"trace", "--grain", "calls", "--grain", "lines"},
                                                           {"attach"},
                                                           {"attach", "abc"},
                                                           {"show", "a", "--as", "svg", "--scale", "nan"},
                                                           {"show", "a", "--as", "svg", "--scale", "99"},
                                                           {"explore", "--seed", "x"},
                                                           {"lesson", "1", "--worksheet"},
                                                           {"lesson", "1", "-o"},
                                                           {"--host", "a b"}}) {
        Typed unused;
        const auto app = define_command_line(unused);
        std::vector<std::string> reversed(words.rbegin(), words.rend());
        std::string wrong;
        try {
            app->parse(reversed);
        } catch (const CLI::ParseError& error) {
            wrong = error.what();
        }
        CAPTURE(wrong);
        REQUIRE_FALSE(wrong.empty());
        const std::string told = usage_error_text(wrong, "ko");
        CHECK_FALSE(has(told, wrong));
        CHECK(has(told, "--help 옵션"));
        CHECK(has(usage_error_text(wrong, "en"), wrong));
    }
}

TEST_CASE("what is wrong is told in the language that is asked for, although the arguments are wrong") {
    CHECK(asked_language({"show", "--language", "ko", "--nosuch"}, "en") == "ko");
    CHECK(asked_language({"show", "--nosuch", "--language=en"}, "ko") == "en");
    CHECK(asked_language({"show", "--language", "xx"}, "ko") == "ko");
    CHECK(asked_language({"show", "--language"}, "ko") == "ko");
}
