#include <doctest/doctest.h>

#include "app/control/command_split.h"
#include "app/control/examples.h"
#include "app/paint/fonts.h"
#include "app/paint/ui.h"
#include "core/narrate/output_log.h"
#include "tests/support/scripted_run.h"

using namespace procatlas;

namespace {

OutputEvent printed(std::string text) {
    const std::uint64_t size = text.size();
    return {OutputStream::standard_output, std::move(text), size};
}

using Arguments = std::vector<std::string>;

}  // namespace

TEST_CASE("a typed command is split like a shell splits it") {
    CHECK(split_command("ls -l  /tmp").value() == Arguments{"ls", "-l", "/tmp"});
    CHECK(split_command("bash -c 'sleep 1 & wait'").value() == Arguments{"bash", "-c", "sleep 1 & wait"});
    CHECK(split_command(R"(a "b \"c\" $d" e\ f '' ")").has_value() == false);
    CHECK(split_command(R"(a "b \"c\" $d" e\ f '')").value() == Arguments{"a", "b \"c\" $d", "e f", ""});
    CHECK(split_command("x'y'z").value() == Arguments{"xyz"});
    CHECK(split_command("  ").value().empty());
    CHECK(!split_command("echo 'open"));
}

TEST_CASE("arguments become a line that is split into the same arguments") {
    for (const Arguments& arguments : {Arguments{}, {"a", "b c"}, {"", "it's", "\"", "\\", "a\nb", "$x"}}) {
        CHECK(split_command(join_command(arguments)).value() == arguments);
    }
    CHECK(join_command({"a", "b c"}) == "a 'b c'");
}

TEST_CASE("output becomes lines by process: pieces of a line join, and lines of others do not mix in") {
    Recording recording;
    recording.append(event_of(10, StartEvent{9, {"sh"}, "/"}));
    ForkEvent fork;
    fork.child = {11, 11};
    recording.append(event_of(10, fork));
    recording.append(event_of(10, printed("one ")));
    recording.append(event_of(10, printed("line\r\nat 0x10\n")));
    recording.append(event_of(11, printed("\x1b[31mred\x1b[0m\nopen")));
    recording.append(event_of(10, printed("other\n")));
    OutputLog log;
    log.follow(recording);
    REQUIRE(log.lines().size() == 5);
    CHECK(log.lines()[0].text == "one line");
    CHECK(log.lines()[1].addresses.size() == 1);
    CHECK(log.lines()[2].text == "red");
    CHECK(log.lines()[3].text == "open");
    CHECK(log.lines()[3].process == 1);
    CHECK(log.lines()[4].process == 0);
}

TEST_CASE("escape sequences that never end do no harm") {
    CHECK(without_escapes("a\x1b").compare("a") == 0);
    CHECK(without_escapes("a\x1b[12;").compare("a") == 0);
    CHECK(without_escapes("a\x1b]0;title").compare("a") == 0);
    CHECK(without_escapes("a\x1b]0;t\ab").compare("ab") == 0);
}

TEST_CASE("the sample programs are listed, C first, with a description in both languages") {
    const std::vector<Example> examples = list_examples(std::string(PROCATLAS_BUILD_DIR) + "/bin/programs");
    REQUIRE(examples.size() >= 2);
    for (const Example& example : examples) {
        INFO(example.name);
        CHECK(!example.description.empty());
        CHECK(!example.description_ko.empty());
    }
    CHECK(!examples.front().name.ends_with(".py"));
    CHECK(examples.back().name.ends_with(".py"));
    CHECK(list_examples("/none").empty());
}

TEST_CASE("a frame with question marks for characters is not shown, but what brings new ones in each frame is") {
    GlyphGaps gaps;
    CHECK(gaps.lets_show(false));
    CHECK(!gaps.lets_show(true));  // new words: they are drawn again, with all characters
    CHECK(gaps.lets_show(false));
    CHECK(!gaps.lets_show(true));  // output that never ends
    CHECK(gaps.lets_show(true));
    CHECK(!gaps.lets_show(true));
}

TEST_CASE("a panel that scrolls ends after a whole line, not in the middle of one") {
    CHECK(end_of_whole_lines(10, 13, 10 + 3 * 13) == 10 + 3 * 13);
    CHECK(end_of_whole_lines(10, 13, 10 + 3 * 13 + 6) == 10 + 3 * 13);
    CHECK(end_of_whole_lines(10, 13, 16) == 10);  // not even one
    CHECK(end_of_whole_lines(10, 13, 8) == 8);    // it begins below
}
