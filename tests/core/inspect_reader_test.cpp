#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "core/inspect/client/reader_client.h"
#include "core/inspect/elf/mapped_file.h"
#include "tests/scratch_folder.h"

using namespace procatlas;
using namespace std::chrono_literals;

namespace {

const std::string regions_program = PROCATLAS_BUILD_DIR "/bin/programs/regions";

ElfImageRequest request_for(const std::string& path) {
    const UniqueFd file(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    const auto identity = identity_in_maps(file.get()).value_or(FileIdentity{0, 0, 1});
    return {path, identity.device_major, identity.device_minor, identity.inode, 0};
}

// A shell script in place of the reader. It does what a broken reader might do.
class ReaderScript {
public:
    explicit ReaderScript(const std::string& body) {
        std::ofstream(path()) << "#!/bin/sh\n" << body << "\n";
        std::filesystem::permissions(path(), std::filesystem::perms::owner_all);
    }
    [[nodiscard]] std::string path() const { return folder_ / "reader"; }

private:
    ScratchFolder folder_;
};

bool has_children() {
    return waitpid(-1, nullptr, WNOHANG) == 0;
}

}  // namespace

TEST_CASE("the reader answers with the sections, under the device that the map names") {
    ReaderClient client;
    const auto image = ask_and_wait<ElfImageRequest>(client, request_for(regions_program));
    REQUIRE_MESSAGE(image, image.error().message);
    CHECK(image->path == regions_program);
    CHECK(image->device_major == request_for(regions_program).device_major);
    CHECK(image->device_minor == request_for(regions_program).device_minor);
    CHECK(image->sections.size() > 10);
    CHECK(image->segments.size() >= 3);
}

#ifndef PROCATLAS_SANITIZED  // the sanitizers make system calls of their own
TEST_CASE("the reader runs under a filter of system calls") {
    ReaderClient client;
    REQUIRE(ask_and_wait<ElfImageRequest>(client, request_for(regions_program)));
    std::ifstream status(fmt::format("/proc/{}/status", client.worker_pid()));
    const std::string text{std::istreambuf_iterator<char>(status), {}};
    CHECK(text.find("Seccomp:\t2\n") != std::string::npos);
}
#endif

TEST_CASE(
    "where procatlas is root, the reader is the user whose process it reads, and of root's it has little more than sight") {
    if (::geteuid() != 0) {
        MESSAGE("not checked: only root becomes somebody else");
        return;
    }
    const pid_t child = ::fork();
    if (child == 0) {
        const bool away = ::setgroups(0, nullptr) == 0 && ::setgid(65534) == 0 && ::setuid(65534) == 0;
        ::execl("/bin/sleep", "sleep", away ? "300" : "bad", nullptr);
        ::_exit(1);
    }
    const auto status_of = [](const ReaderClient& client) {
        std::ifstream status(fmt::format("/proc/{}/status", client.worker_pid()));
        return std::string(std::istreambuf_iterator<char>(status), {});
    };
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    std::error_code error;
    while (std::filesystem::read_symlink(fmt::format("/proc/{}/exe", child), error).filename() != "sleep" &&
           std::chrono::steady_clock::now() < deadline) {
        ::sched_yield();
    }
    AddressRange top;  // the uppermost bytes of its stack: the name of the file, and a word of zeros
    std::ifstream maps(fmt::format("/proc/{}/maps", child));
    for (std::string line; std::getline(maps, line);) {
        if (line.ends_with("[stack]")) {
            const Address end = std::stoull(line.substr(line.find('-') + 1), nullptr, 16);
            top = {end - 14, end - 9};
        }
    }
    ReaderClient client;
    const auto bytes = ask_and_wait<BytesRequest>(client, {child, top});
    REQUIRE_MESSAGE(bytes, bytes.error().message);
    CHECK(bytes->bytes == "sleep");
    CHECK(status_of(client).find("Uid:\t65534\t65534\t65534\t65534\n") != std::string::npos);
    CHECK(status_of(client).find("CapPrm:\t0000000000000000\n") != std::string::npos);

    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const pid_t before = client.worker_pid();
    CHECK(!ask_and_wait<BytesRequest>(client, {child, top}));
    CHECK(client.worker_pid() == before);  // nobody else is asked about a process that is gone

    (void)ask_and_wait<BytesRequest>(client, {::getpid(), top});
    const std::string own = status_of(client);
    CHECK(own.find("Uid:\t0\t") != std::string::npos);
    CHECK(own.find("CapPrm:\t0000000000080004\n") != std::string::npos);  // CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH
}

TEST_CASE("one worker answers many questions in order") {
    ReaderClient client;
    for (int i = 0; i < 200; ++i) {
        client.ask(i % 2 ? request_for(regions_program) : ElfImageRequest{"/missing/" + std::to_string(i), 0, 0, 1, 0});
    }
    CHECK(client.waiting() == 200);
    const auto answers = client.finish();
    REQUIRE(answers.size() == 200);
    for (int i = 0; i < 200; ++i) {
        CHECK(answers[i].answer.has_value() == (i % 2 == 1));
    }
    CHECK(client.waiting() == 0);
    CHECK(client.worker_pid() != 0);
}

TEST_CASE("the descriptor becomes readable when there is an answer to receive") {
    ReaderClient client;
    client.ask(request_for(regions_program));
    std::vector<ReaderReply> answers;
    while (answers.empty()) {
        pollfd wait{client.descriptor(), POLLIN, 0};
        REQUIRE(poll(&wait, 1, 10'000) == 1);
        answers = client.receive();
    }
    CHECK(answers.front().answer);
    pollfd wait{client.descriptor(), POLLIN, 0};
    CHECK(poll(&wait, 1, 0) == 0);  // not readable when there is no answer
}

TEST_CASE("a file with another inode or of another device, a FIFO and a device are refused") {
    ReaderClient client;
    ElfImageRequest other = request_for(regions_program);
    other.inode += 1;
    CHECK_FALSE(ask_and_wait<ElfImageRequest>(client, other));
    ElfImageRequest elsewhere = request_for(regions_program);
    elsewhere.device_minor += 1;
    CHECK_FALSE(ask_and_wait<ElfImageRequest>(client, elsewhere));

    const ReaderScript place("");
    const std::string fifo = place.path() + ".fifo";
    REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
    const auto refused = ask_and_wait<ElfImageRequest>(client, request_for(fifo));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message.find("not a regular file") != std::string::npos);
    CHECK_FALSE(ask_and_wait<ElfImageRequest>(client, request_for("/dev/zero")));
    CHECK_FALSE(ask_and_wait<ElfImageRequest>(client, {std::string(100'000, 'x'), 0, 0, 1, 0}));
    CHECK(ask_and_wait<ElfImageRequest>(client, request_for(regions_program)));
}

TEST_CASE("a worker killed between questions or during one is replaced") {
    {
        ReaderClient client;
        CHECK(ask_and_wait<ElfImageRequest>(client, request_for(regions_program)));
        REQUIRE(client.worker_pid() > 0);  // kill(0) would end ourselves
        REQUIRE(kill(client.worker_pid(), SIGKILL) == 0);
        pollfd wait{client.descriptor(), POLLIN, 0};
        REQUIRE(poll(&wait, 1, 10'000) == 1);
        CHECK(client.receive().empty());
        CHECK(client.worker_pid() == 0);
        CHECK(ask_and_wait<ElfImageRequest>(client, request_for(regions_program)));

        // Stops the reader first, so that it certainly has the question when it is killed.
        REQUIRE(client.worker_pid() > 0);  // kill(0) would end ourselves
        REQUIRE(kill(client.worker_pid(), SIGSTOP) == 0);
        client.ask(request_for(regions_program));
        CHECK(client.receive().empty());
        REQUIRE(client.worker_pid() > 0);  // kill(0) would end ourselves
        REQUIRE(kill(client.worker_pid(), SIGKILL) == 0);
        const auto answers = client.finish();
        REQUIRE(answers.size() == 1);
        CHECK_FALSE(answers[0].answer);
        CHECK(ask_and_wait<ElfImageRequest>(client, request_for(regions_program)));
    }
    CHECK_FALSE(has_children());
}

TEST_CASE("a worker that does not answer in time is killed, and the next question is answered in time") {
    const ReaderScript silent("exec sleep 1000");
    {
        ReaderClient client(50ms, silent.path());
        const auto begin = std::chrono::steady_clock::now();
        const auto late = ask_and_wait<ElfImageRequest>(client, {"/x", 0, 0, 1, 0});
        REQUIRE_FALSE(late);
        CHECK(late.error().message.find("in time") != std::string::npos);
        CHECK(client.worker_pid() == 0);
        CHECK_FALSE(ask_and_wait<ElfImageRequest>(client, {"/x", 0, 0, 1, 0}));
        CHECK(std::chrono::steady_clock::now() - begin < 5s);
    }
    CHECK_FALSE(has_children());
}

TEST_CASE("each question fails if the worker crashes, answers nonsense or cannot be started") {
    for (const char* body :
         {"kill -SEGV $$", "exit 0", "echo hello, this is no frame at all", "printf '\\003\\000\\000\\000\\001\\377\\377'"}) {
        const ReaderScript broken(body);
        ReaderClient client(5s, broken.path());
        CHECK_FALSE(ask_and_wait<ElfImageRequest>(client, {"/x", 0, 0, 1, 0}));
        CHECK_FALSE(ask_and_wait<ElfImageRequest>(client, {"/x", 0, 0, 1, 0}));
    }
    ReaderClient missing(5s, "/missing/reader");
    const auto answer = ask_and_wait<ElfImageRequest>(missing, {"/x", 0, 0, 1, 0});
    REQUIRE_FALSE(answer);
    CHECK(answer.error().message.find("cannot start") != std::string::npos);
    CHECK_FALSE(has_children());
}

TEST_CASE("the worker gets descriptors 0, 1 and 2 and no others") {
    const ReaderScript spy("ls /proc/self/fd >\"$(dirname \"$0\")/fds\"");
    int extra[2];
    REQUIRE(pipe(extra) == 0);  // without close-on-exec, as a library might
    ReaderClient client(5s, spy.path());
    CHECK_FALSE(ask_and_wait<ElfImageRequest>(client, {"/x", 0, 0, 1, 0}));
    close(extra[0]);
    close(extra[1]);
    std::ifstream file(std::filesystem::path(spy.path()).parent_path() / "fds");
    std::string all{std::istreambuf_iterator<char>(file), {}};
    CHECK(all == "0\n1\n2\n3\n");  // 3: the folder that ls itself reads
}

TEST_CASE("answers cut short or altered are errors") {
    ElfImage image;
    image.path = "/bin/x";
    image.sections.push_back({".text", {0x1000, 0x2000}, false, true, false});
    image.segments.push_back({{0x1000, 0x2000}, 0, 0x1000});
    const std::string frame = encode_answer(image).substr(4);
    const auto back = parse_answer(frame);
    REQUIRE(back);
    CHECK(std::get<ElfImage>(*back) == image);
    for (std::size_t size = 0; size < frame.size(); ++size) {
        CHECK_FALSE(parse_answer(frame.substr(0, size)));
    }
    CHECK_FALSE(parse_answer(frame + "x"));
    CHECK_FALSE(parse_answer(std::string("\x01\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 10)));
}
