// What procatlas and its relay on another machine say to each other, and the programs that a relay starts. The connection is a
// socket pair here; tests/far has ssh.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/base/companion.h"
#include "core/base/unique_fd.h"
#include "core/far/answer.h"
#include "core/far/far_machine.h"
#include "core/far/machine_name.h"
#include "core/far/mux.h"
#include "core/far/relay_message.h"
#include "core/far/relay_server.h"
#include "core/inspect/client/reader_client.h"
#include "core/inspect/client/reader_protocol.h"
#include "core/stream/frame.h"
#include "tests/scratch_folder.h"

namespace procatlas {
namespace {

using namespace std::chrono_literals;

struct SocketPair {
    SocketPair() {
        std::array<int, 2> ends{};
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
        first.reset(ends[0]);
        second.reset(ends[1]);
    }
    UniqueFd first;
    UniqueFd second;
};

std::optional<RelayMessage> there_and_back(const RelayMessage& message) {
    std::string bytes;
    write_message(bytes, message);
    FrameBuffer frames;
    frames.append(bytes);
    const auto frame = frames.next();
    REQUIRE((frame && *frame));
    return read_message(**frame);
}

// Turns both ends until `done`, at most ten seconds. False: it never was.
template <typename Done>
bool turn_until(Mux& here, Mux& there, Done done) {
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (!done()) {
        if (std::chrono::steady_clock::now() > deadline) {
            return false;
        }
        (void)here.turn(1ms);
        (void)there.turn(1ms);
    }
    return true;
}

std::string read_all_there_is(int descriptor) {
    std::string text(1u << 16, '\0');
    const ssize_t got = ::recv(descriptor, text.data(), text.size(), MSG_DONTWAIT);
    text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return text;
}

}  // namespace

TEST_CASE("what two machines say to each other arrives as it was said") {
    const auto opened = there_and_back(OpenChannel{7, CompanionKind::reader, 8});
    REQUIRE((opened && std::holds_alternative<OpenChannel>(*opened)));
    CHECK(std::get<OpenChannel>(*opened).channel == 7);
    CHECK(std::get<OpenChannel>(*opened).program == CompanionKind::reader);
    CHECK(std::get<OpenChannel>(*opened).input == 8);
    const auto surroundings = there_and_back(Surroundings{"not sent", {"A=b\nc", "\xff"}, "/hook", true});
    REQUIRE((surroundings && std::holds_alternative<Surroundings>(*surroundings)));
    CHECK(std::get<Surroundings>(*surroundings).environment == std::vector<std::string>{"A=b\nc", "\xff"});
    CHECK(std::get<Surroundings>(*surroundings).root);
    CHECK(std::get<Surroundings>(*surroundings).machine.empty());
    CHECK_FALSE(read_message(""));
    CHECK_FALSE(read_message("\x7f"));
    CHECK_FALSE(read_message(std::string_view("\x01\x01\x05\x00", 4)));  // a program that there is not
}

TEST_CASE("both sides say their versions, and which of them is old") {
    const RelayVersions own = own_versions();
    const std::string line = relay_greeting(own);
    CHECK(line.ends_with('\n'));
    CHECK(find_greeting(std::string_view(line).substr(0, line.size() - 1)) == own);
    CHECK(version_mismatch(own, "lab").empty());
    RelayVersions old = own;
    --old.stream;
    old.program = "0.0.1";
    CHECK(version_mismatch(old, "lab").find("on lab (0.0.1) speaks stream ") != std::string::npos);
    CHECK(version_mismatch(old, "lab").ends_with("update procatlas on lab"));
    RelayVersions later = own;
    ++later.reader;
    CHECK(version_mismatch(later, "lab").ends_with("update procatlas on this machine"));
    for (const char* bad : {"", "procatlas-relay", "procatlas-relay 1 2", "procatlas-relay 1 2 x 0.1", "Welcome to lab"}) {
        CHECK_FALSE(find_greeting(bad));
    }
}

TEST_CASE("the greeting is found behind what a shell prints before it, also in the same line") {
    const std::string line = relay_greeting(own_versions());
    for (const std::string noise :
         {"", "Welcome to lab\n", "no newline> ", "procatlas-relay 1 x\n", "procatlas-relay procatlas-relay "}) {
        GreetingSearch search;
        const std::string all = noise + line;
        for (const char c : all.substr(0, all.size() - 1)) {
            CHECK_FALSE(search.take(std::string(1, c)));
        }
        CHECK(search.take("\nmore") == own_versions());
        CHECK(search.rest() == "more");
        CHECK_FALSE(search.flooded());
    }
}

TEST_CASE("noise without end is no greeting, in one line or in many") {
    for (const std::string piece : {"y\n", "y"}) {
        GreetingSearch search;
        std::size_t came = 0;
        for (; !search.flooded() && came < 2 * GreetingSearch::noise_limit; came += piece.size()) {
            CHECK_FALSE(search.take(piece));
        }
        CHECK(came <= GreetingSearch::noise_limit + 2);
    }
}

TEST_CASE("a person may take two minutes to answer ssh, and the machine ten seconds") {
    const AnswerLimit::Clock::time_point now{};
    CHECK(AnswerLimit(now, false).end() == now + 10s);
    AnswerLimit asks(now, true);
    CHECK(asks.end() == now + 120s);
    asks.heard(now + 60s);
    CHECK(asks.end() == now + 70s);
    CHECK(asks.limit() == 10s);
    asks.heard(now + 65s);
    CHECK(asks.end() == now + 70s);
    AnswerLimit late(now, true);
    late.heard(now + 115s);
    CHECK(late.end() == now + 120s);
    AnswerLimit alone(now, false);
    alone.heard(now + 9s);
    CHECK(alone.end() == now + 10s);
}

TEST_CASE("the name of a machine is no option and no command") {
    for (const char* fine : {"lab", "me@lab", "10.0.0.1", "user.name@lab-3.example.org", "[::1]", "ssh://me@lab:2222"}) {
        CHECK(why_no_machine(fine).empty());
    }
    for (const char* bad : {"", "-lab", "-oProxyCommand=x", "me@-lab", "@lab", "me@", "a b", "a;b", "$(a)", "`a`", "a\nb",
                            "a'b", "a\"b", "a\\b", "a|b", "a>b", "a&b", "a*"}) {
        CHECK(why_no_machine(bad).find("is no [USER@]MACHINE") != std::string::npos);
    }
}

TEST_CASE("the shell on the machine takes the path of procatlas as one word") {
    CHECK(relay_command({"lab", {}}).back() == "exec procatlas relay");
    CHECK(relay_command({"lab", "~/my tools/pro$(x)'\""}).back() == "exec ~/my\\ tools/pro\\$\\(x\\)\\'\\\" relay");
    CHECK(relay_command({"me@lab", {}}) == std::vector<std::string>{"ssh", "-T", "--", "me@lab", "exec procatlas relay"});
    ::setenv("PROCATLAS_SSH", "/opt/my ssh", 1);
    CHECK(relay_command({"lab", {}}).front() == "/opt/my ssh");
    ::unsetenv("PROCATLAS_SSH");
}

TEST_CASE("bytes of several channels go over one connection, and one who does not read holds back only that one") {
    SocketPair connection;
    Mux here(connection.first.get(), connection.first.get());
    Mux there(connection.second.get(), connection.second.get());
    SocketPair one;
    SocketPair one_there;
    SocketPair two;
    SocketPair two_there;
    here.add(1, std::move(one.second));
    there.add(1, std::move(one_there.second));
    here.add(2, std::move(two.second));
    there.add(2, std::move(two_there.second));

    const std::string piece(65536, 'x');
    std::size_t given = 0;
    for (int round = 0; round < 400; ++round) {  // nobody reads at one.first
        const ssize_t put = ::send(one_there.first.get(), piece.data(), piece.size(), MSG_DONTWAIT);
        given += put > 0 ? static_cast<std::size_t>(put) : 0;
        (void)here.turn(0ms);
        (void)there.turn(0ms);
    }
    CHECK(given >= channel_window);
    CHECK(given < channel_window + (4u << 20));  // and what sockets hold
    REQUIRE(::send(two_there.first.get(), "hello", 5, 0) == 5);
    std::string heard;
    CHECK(turn_until(here, there, [&] { return (heard += read_all_there_is(two.first.get())) == "hello"; }));
    std::size_t taken = 0;
    CHECK(turn_until(here, there, [&] { return (taken += read_all_there_is(one.first.get()).size()) == given; }));
}

TEST_CASE("what has arrived is given away although the connection is cut") {
    SocketPair connection;
    Mux here(connection.first.get(), connection.first.get());
    SocketPair one;
    here.add(1, std::move(one.second));
    std::string bytes;
    const std::string text(2u << 20, 'y');
    for (std::size_t at = 0; at < text.size(); at += 65536) {
        write_message(bytes, ChannelData{1, text.substr(at, 65536)});
    }
    std::thread other([&] {
        std::size_t sent = 0;
        while (sent < bytes.size()) {
            const ssize_t put = ::send(connection.second.get(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
            sent += put > 0 ? static_cast<std::size_t>(put) : bytes.size();
        }
        connection.second.reset();
    });
    bool lost = false;
    for (int round = 0; round < 1000 && !lost; ++round) {
        lost = here.turn(100ms).lost;
    }
    other.join();
    CHECK(lost);
    here.cut();
    std::size_t taken = 0;
    for (int round = 0; round < 1000 && !here.idle(); ++round) {
        taken += read_all_there_is(one.first.get()).size();
        (void)here.turn(1ms);
    }
    CHECK(here.idle());
    for (std::string more = read_all_there_is(one.first.get()); !more.empty(); more = read_all_there_is(one.first.get())) {
        taken += more.size();
    }
    CHECK(taken == text.size());
}

TEST_CASE("a connection that carries something else is lost, and nothing is kept of it") {
    for (const std::string& bad : {std::string("\xff\xff\xff\xff"), std::string("\x01\0\0\0\x7f", 5)}) {
        SocketPair connection;
        Mux here(connection.first.get(), connection.first.get());
        REQUIRE(::send(connection.second.get(), bad.data(), bad.size(), 0) == static_cast<ssize_t>(bad.size()));
        const Mux::News news = here.turn(1000ms);
        CHECK(news.lost);
        CHECK(news.why.find("damaged") != std::string::npos);
    }
    SocketPair connection;  // more than was allowed
    Mux here(connection.first.get(), connection.first.get());
    SocketPair one;
    here.add(1, std::move(one.second));
    std::string bytes;
    write_message(bytes, ChannelData{1, std::string(3u << 20, 'x')});
    std::thread other([&] {
        for (int i = 0; i < 4; ++i) {
            std::size_t sent = 0;
            while (sent < bytes.size()) {
                const ssize_t put = ::send(connection.second.get(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
                if (put <= 0) {
                    return;
                }
                sent += static_cast<std::size_t>(put);
            }
        }
    });
    bool lost = false;
    for (int round = 0; round < 100 && !lost; ++round) {
        lost = here.turn(100ms).lost;
    }
    CHECK(lost);
    connection.first.reset();
    other.join();
}

TEST_CASE("a relay starts a reader, passes its answers on, and ends it with the connection") {
    SocketPair connection;
    UniqueFd ours = std::move(connection.first);
    std::thread relay([theirs = std::move(connection.second)] { RelayServer(theirs.get(), theirs.get()).run(); });
    std::string greeting;
    for (char c = 0; c != '\n' && greeting.size() < 200; greeting += c) {
        REQUIRE(::recv(ours.get(), &c, 1, 0) == 1);
    }
    CHECK(find_greeting(std::string_view(greeting).substr(0, greeting.size() - 1)) == own_versions());
    Mux here(ours.get(), ours.get());
    SocketPair reader;
    here.send(OpenChannel{1, CompanionKind::reader, 0});
    here.add(1, std::move(reader.second));
    const std::string question = encode_request(SourceRequest{::getpid(), "/proc/self/status"});
    REQUIRE(::send(reader.first.get(), question.data(), question.size(), 0) == static_cast<ssize_t>(question.size()));
    FrameBuffer frames;
    std::optional<Result<ReaderAnswer>> answer;
    bool has_environment = false;
    for (int round = 0; round < 200 && !answer; ++round) {
        const Mux::News news = here.turn(50ms);
        has_environment |= news.told && std::holds_alternative<Surroundings>(*news.told);
        frames.append(read_all_there_is(reader.first.get()));
        if (const auto frame = frames.next(); frame && *frame) {
            answer = parse_answer(**frame);
        }
    }
    CHECK(has_environment);
    REQUIRE(answer);
    CHECK((!*answer || std::holds_alternative<SourceText>(**answer)));
    ours.reset();
    relay.join();
}

TEST_CASE("readers on another machine answer, and when the connection is cut no question waits for its deadline") {
    const ScratchFolder folder;
    const std::string ssh = folder.path("ssh");  // in place of it: the machine is this one
    const std::string number = folder.path("number");
    std::ofstream(ssh) << "#!/bin/sh\necho what a shell prints\necho $$ >" << number << "\nexec " PROCATLAS_BUILD_DIR
                       << "/bin/procatlas-relay\n";
    std::filesystem::permissions(ssh, std::filesystem::perms::owner_all);
    ::setenv("PROCATLAS_SSH", ssh.c_str(), 1);
    for (int round = 0; round < 10; ++round) {
        auto machine = FarMachine::connect({"lab", {}});
        REQUIRE_MESSAGE(machine.has_value(), (machine ? "" : machine.error().message));
        CHECK((*machine)->surroundings().machine == "lab");
        CHECK_FALSE((*machine)->surroundings().environment.empty());
        ReaderClient reader(5s);
        reader.move_to(*machine);
        const auto there = ask_and_wait(reader, SourceRequest{::getpid(), ssh});
        REQUIRE_MESSAGE(there.has_value(), (there ? "" : there.error().message));
        CHECK(there->text.find("what a shell prints") != std::string::npos);
        pid_t relay = 0;
        std::ifstream(number) >> relay;
        REQUIRE(relay > 0);
        ::kill(relay, SIGKILL);
        const auto begun = std::chrono::steady_clock::now();
        std::string lost;
        for (int question = 0; question < 1000 && lost.empty(); ++question) {
            const auto answer = ask_and_wait(reader, SourceRequest{::getpid(), ssh});
            lost = answer ? std::string() : (*machine)->lost();
        }
        CHECK(lost == "the connection to lab was lost");
        CHECK_FALSE(ask_and_wait(reader, SourceRequest{::getpid(), ssh}));
        const auto refused = (*machine)->start({.kind = CompanionKind::reader});
        CHECK_FALSE(refused);
        CHECK(std::chrono::steady_clock::now() - begun < 4s);
    }
    ::unsetenv("PROCATLAS_SSH");
}

}  // namespace procatlas
