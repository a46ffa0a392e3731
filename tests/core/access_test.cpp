#include "core/serve/access.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <string>

#include "core/serve/qr_code.h"

using namespace procatlas;

namespace {

const Access::Clock::time_point class_begins{std::chrono::hours(10)};

std::string another_code(const Access& access) {
    return access.class_code() == "000000" ? "000001" : "000000";
}

}  // namespace

TEST_CASE("secrets are 128 random bits, codes six digits") {
    std::set<std::string> secrets;
    for (int i = 0; i < 100; ++i) {
        const std::string secret = random_secret();
        CHECK(secret.size() == 32);
        CHECK(secret.find_first_not_of("0123456789abcdef") == std::string::npos);
        secrets.insert(secret);
        const std::string code = random_code();
        CHECK(code.size() == 6);
        CHECK(code.find_first_not_of("0123456789") == std::string::npos);
    }
    CHECK(secrets.size() == 100);
    CHECK(same_secret("ab", "ab"));
    CHECK_FALSE(same_secret("ab", "ac"));
    CHECK_FALSE(same_secret("ab", "abc"));
}

TEST_CASE("each secret leads to its own rights, and nothing else does") {
    Access access;
    const std::string look = access.enter_by_secret(access.look_secret()).value();
    const std::string drive = access.enter_by_secret(access.drive_secret()).value();
    const std::string coded = access.enter_by_code(access.class_code(), "10.0.0.1", class_begins).value();
    CHECK(access.find(access.number_of(look))->rights == Rights::look);
    CHECK(access.find(access.number_of(drive))->rights == Rights::drive);
    CHECK(access.find(access.number_of(coded))->rights == Rights::look);
    CHECK(access.enter_by_secret("").error() == 403);
    CHECK(access.enter_by_secret(access.class_code()).error() == 403);
    for (const std::string& token :
         {std::string(), std::string("1"), std::string("1."), "2." + look.substr(2), look + "0", " " + look, look.substr(2),
          "-" + look, std::string("99.") + look.substr(2), access.look_secret()}) {
        CHECK_MESSAGE(access.number_of(token) == 0, token);
    }
    CHECK(Access().number_of(look) == 0);  // another run's
}

TEST_CASE("whoever guesses codes is held up, and others are not") {
    Access access;
    for (int i = 0; i < Access::most_wrong_of_one; ++i) {
        CHECK(access.enter_by_code(another_code(access), "10.0.0.1", class_begins).error() == 403);
    }
    CHECK(access.enter_by_code(another_code(access), "10.0.0.1", class_begins).error() == 429);
    CHECK(access.enter_by_code(access.class_code(), "10.0.0.1", class_begins).error() == 429);  // not even the right one
    CHECK(access.enter_by_code(access.class_code(), "10.0.0.2", class_begins).has_value());
    CHECK(access.enter_by_code(access.class_code(), "10.0.0.1", class_begins + std::chrono::seconds(61)).has_value());
}

TEST_CASE("many addresses together guess no more than a few codes a minute, and a code dies of it") {
    Access access;
    const std::string first = access.class_code();
    int taken = 0;
    for (int i = 0; i < 1000; ++i) {
        const auto entered = access.enter_by_code(another_code(access), "10.0." + std::to_string(i), class_begins);
        taken += entered || entered.error() == 403 ? 1 : 0;
    }
    CHECK(taken == Access::most_wrong_of_all);
    for (int i = 0; i < 1000; ++i) {
        (void)access.enter_by_code(another_code(access), "10.1." + std::to_string(i), class_begins + std::chrono::minutes(2));
    }
    CHECK(access.class_code() != first);
    CHECK(access.enter_by_secret(access.look_secret()).has_value());  // links stay
}

TEST_CASE("there is room for so many, and who is here is not put out") {
    Access access;
    const std::string teacher = access.enter_by_secret(access.drive_secret()).value();
    const std::string here = access.enter_by_secret(access.look_secret()).value();
    access.find(access.number_of(here))->stream = 7;
    for (std::size_t i = 0; i < 2 * Access::most_visitors; ++i) {
        REQUIRE(access.enter_by_secret(access.look_secret()).has_value());
    }
    CHECK(access.visitors().size() == Access::most_visitors);
    CHECK(access.number_of(here) != 0);
    CHECK(access.number_of(teacher) != 0);
    CHECK(access.present() == 1);
}

TEST_CASE("entering again and again puts out nobody who followed the run") {
    Access access;
    const std::string slept = access.enter_by_secret(access.look_secret()).value();
    access.find(access.number_of(slept))->came = true;
    const std::string teacher = access.enter_by_secret(access.drive_secret()).value();
    for (std::size_t i = 0; i < Access::most_visitors; ++i) {
        REQUIRE(access.enter_by_secret(access.look_secret()).has_value());
    }
    REQUIRE(access.enter_by_secret(access.drive_secret()).has_value());  // another teacher
    CHECK(access.number_of(slept) != 0);
    CHECK(access.number_of(teacher) != 0);
}

TEST_CASE("a link becomes a QR code with its three corners") {
    const QrCode code = qr_code("http://192.168.1.5:8000/#look=0123456789abcdef0123456789abcdef");
    REQUIRE(code.size >= 21);
    for (std::size_t i = 0; i < 7; ++i) {  // the upper edge of each corner's square
        CHECK(code.is_dark(0, i));
        CHECK(code.is_dark(0, code.size - 1 - i));
        CHECK(code.is_dark(code.size - 1, i));
    }
    CHECK_FALSE(code.is_dark(7, 0));
    const std::string text = qr_terminal_text(code);
    CHECK(std::ranges::count(text, '\n') == static_cast<std::ptrdiff_t>((code.size + 5) / 2));
    CHECK(qr_code(std::string(5000, 'a')).size == 0);
    CHECK(qr_terminal_text({}).empty());
}
