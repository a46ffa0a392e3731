#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "core/live/python_hook.h"
#include "core/live/python_message.h"
#include "core/model/inside.h"

namespace procatlas {
namespace {

std::string bytes_of_number(std::uint64_t value, std::size_t size) {
    std::string bytes(size, '\0');
    std::memcpy(bytes.data(), &value, size);
    return bytes;
}
std::string a_text(std::string_view value) {
    return "u" + bytes_of_number(value.size(), 4) + std::string(value);
}
std::string a_number(std::int32_t value) {
    return "i" + bytes_of_number(static_cast<std::uint32_t>(value), 4);
}
std::string an_address(std::uint64_t value) {  // 48 bits
    std::string digits;
    for (unsigned i = 0; i < 4; ++i) {
        digits += bytes_of_number(value >> (15 * i) & 0x7FFF, 2);
    }
    return "l" + bytes_of_number(4, 4) + digits;
}
template <typename... Parts>
std::string a_tuple(const Parts&... parts) {
    return "(" + bytes_of_number(sizeof...(parts), 4) + (std::string() + ... + parts);
}

constexpr std::uint64_t list_at = 0x7f0000001000;
constexpr std::uint64_t number_at = 0x900000;
constexpr std::uint64_t list_type = 0x950000;
constexpr std::uint64_t number_type = 0x960000;

std::string object_text(std::string_view type, std::uint64_t type_at, std::string_view value, const std::string& leads,
                        std::int32_t items) {
    return a_tuple(a_text(type), an_address(type_at), a_text(value), std::string("N"), a_number(72), leads, a_number(items));
}

// f(n) called by the module; words is global and has one item.
ProgramMessage message_of(std::int32_t version, std::uint64_t count) {
    ProgramMessage message;
    message.bytes = "procatlas1l" + bytes_of_number(2, 2) + bytes_of_number(list_at, 8) + bytes_of_number(number_at, 8);
    const std::string f =
        a_tuple(a_text("f"), a_text("/mine.py"), a_number(3), a_number(1),
                a_tuple(a_tuple(a_text("n"), a_number(1), a_number(1)), a_tuple(a_text("x"), a_number(-1), a_number(0))));
    const std::string module = a_tuple(a_text("<module>"), a_text("/mine.py"), a_number(7), a_number(1), a_tuple());
    message.bytes +=
        a_tuple(a_number(version), a_tuple(f, module), a_number(0), a_number(0), a_tuple(a_tuple(a_text("words"), a_number(0))),
                a_tuple(object_text("list", list_type, "[7]", a_tuple(an_address(number_at)), 1),
                        object_text("int", number_type, "7", a_tuple(), 0)),
                std::string("N"));
    message.heads = {bytes_of_number(count, 8) + bytes_of_number(list_type, 8) + bytes_of_number(1, 8) +
                         bytes_of_number(0x7f0000002000, 8) + bytes_of_number(4, 8) + std::string(8, '\0'),
                     bytes_of_number(count, 8) + bytes_of_number(number_type, 8)};
    return message;
}

}  // namespace

TEST_CASE("a message of a Python program becomes frames, names and objects") {
    const auto told = parse_python_message(message_of(0x030B02F0, 2));
    REQUIRE(told);
    CHECK(told->function == "f");
    const Inside& inside = *told->inside;
    REQUIRE(inside.stack->frames.size() == 2);
    const StackFrame& frame = *inside.stack->frames[0];
    CHECK(frame.language == FrameLanguage::python);
    CHECK(frame.file == "/mine.py");
    CHECK(frame.line == 3);
    REQUIRE(frame.variables.size() == 2);
    CHECK(frame.variables[0].name == "n");
    CHECK(frame.variables[0].value == "7");
    CHECK(frame.variables[0].parameter);
    CHECK(frame.variables[0].leads_to == std::vector<Address>{number_at});
    CHECK(frame.variables[1].value.empty());
    CHECK(!frame.variables[1].why_not.empty());
    CHECK(inside.globals->front().leads_to == std::vector<Address>{list_at});
    REQUIRE(inside.objects->size() == 2);
    const PythonObject& list = inside.objects->back();  // ascending by address
    CHECK(list.address == list_at);
    CHECK(list.references == 2);
    CHECK(list.items == AddressRange{0x7f0000002000, 0x7f0000002020});
    CHECK(list.leads_to == std::vector<Address>{number_at});
}

TEST_CASE("a count is told only where memory holds the object that the message names") {
    ProgramMessage message = message_of(0x030B02F0, 2);
    message.heads[0].replace(8, 8, bytes_of_number(0x1234, 8));
    message.heads[1].clear();
    auto told = parse_python_message(message);
    REQUIRE(told);
    for (const PythonObject& object : *told->inside->objects) {
        CHECK(!object.references);
        CHECK(!object.why_no_count.empty());
        CHECK(object.items.empty());
    }
    message = message_of(0x030B02F0, 2);
    message.heads.clear();
    message.why_no_heads = "why";
    told = parse_python_message(message);
    REQUIRE(told);
    CHECK(told->inside->objects->front().why_no_count == "why");
}

TEST_CASE("from Python 3.12 on the count that means never freed is told as that") {
    const auto young = parse_python_message(message_of(0x030C00F0, 0xFFFFFFFF));
    REQUIRE(young);
    CHECK(young->inside->objects->front().immortal);
    const auto old = parse_python_message(message_of(0x030B00F0, 0xFFFFFFFF));
    REQUIRE(old);
    CHECK(!old->inside->objects->front().immortal);
    const auto without_lock = parse_python_message(message_of(-0x030D00F0, 2));
    REQUIRE(without_lock);
    CHECK(!without_lock->inside->objects->front().references);
}

TEST_CASE("a message that is cut, or altered in any byte, is understood whole or not at all") {
    const ProgramMessage whole = message_of(0x030B02F0, 2);
    for (std::size_t size = 0; size < whole.bytes.size(); ++size) {
        ProgramMessage part = whole;
        part.bytes.resize(size);
        CHECK(!parse_python_message(part));
    }
    for (std::size_t at = 0; at < whole.bytes.size(); ++at) {
        for (const char other : {'\0', '\x7f', '\xff', '(', 'u'}) {
            ProgramMessage altered = whole;
            altered.bytes[at] = other;
            if (const auto told = parse_python_message(altered)) {
                CHECK(!told->inside->stack->frames.empty());
            }
        }
    }
    ProgramMessage longer = whole;
    longer.bytes += 'N';
    CHECK(!parse_python_message(longer));
}

TEST_CASE("one address for two objects does not hold together") {
    ProgramMessage message = message_of(0x030B02F0, 2);
    message.bytes.replace(21, 8, bytes_of_number(list_at, 8));
    CHECK(!parse_python_message(message));
}

TEST_CASE("the hook comes first on PYTHONPATH, at the grains that it knows") {
    const std::vector<std::string> before{"A=1", "PYTHONPATH=/mine:/other"};
    CHECK(with_python_hook(before, "/hook", Grain::lines) ==
          std::vector<std::string>{"A=1", "PYTHONPATH=/hook:/mine:/other", "PROCATLAS_PYTHON=lines"});
    CHECK(with_python_hook({"PYTHONPATH="}, "/hook", Grain::calls) ==
          std::vector<std::string>{"PYTHONPATH=/hook", "PROCATLAS_PYTHON=calls"});
    CHECK(with_python_hook(before, "/hook", Grain::none) == before);
    CHECK(with_python_hook(before, "/hook", Grain::instructions) == with_python_hook(before, "/hook", Grain::lines));
    CHECK(with_python_hook(before, "/hook", Grain::instructions, FollowedCode::with_libraries) == before);
    CHECK(with_python_hook(before, "", Grain::lines) == before);
}

TEST_CASE("options of Python that leave the hook out are found where they stand, and nowhere else") {
    const auto option = [](std::vector<std::string> words) { return leaves_hook_out(words); };
    CHECK(option({"python3", "-I", "x.py"}) == "-I");
    CHECK(option({"python3", "-uE", "x.py"}) == "-E");
    CHECK(option({"python3", "-W", "-S", "-S", "x.py"}) == "-S");
    CHECK(option({"python3", "-Werror", "x.py"}).empty());
    CHECK(option({"python3", "x.py", "-I"}).empty());
    CHECK(option({"python3", "-c", "-I"}).empty());
    CHECK(option({"python3", "-mIE"}).empty());
    CHECK(option({"python3"}).empty());
}

}  // namespace procatlas
