#include "core/live/python_message.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "core/model/inside.h"

namespace procatlas {
namespace {

constexpr std::size_t message_head = 13;  // mark, kind, count
constexpr std::size_t most_frames_told = 64;
constexpr std::size_t most_names = 4096;
constexpr std::size_t most_leads = 256;

template <typename T>
T number_in(std::string_view bytes, std::size_t at) {
    T value{};
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

// Reads values of the marshal format one after the other. After the first that is not what was asked for, all are empty.
class MarshalReader {
public:
    explicit MarshalReader(std::string_view bytes) : bytes_(bytes) {}

    [[nodiscard]] bool failed() const { return failed_; }
    [[nodiscard]] bool finished() const { return !failed_ && bytes_.empty(); }

    // The number of elements, which follow.
    std::size_t tuple(std::size_t most) {
        const auto count = take('(') ? take_number<std::uint32_t>() : 0;
        if (count > most || count > bytes_.size()) {  // each takes at least one byte
            fail();
        }
        return failed_ ? 0 : count;
    }
    void tuple_of(std::size_t exactly) {
        if (tuple(exactly) != exactly) {
            fail();
        }
    }

    // nullopt: None.
    std::optional<std::string> text_or_none() {
        if (bytes_.starts_with('N')) {
            bytes_.remove_prefix(1);
            return std::nullopt;
        }
        return text();
    }
    std::string text() {
        const std::size_t size = take('u') ? take_number<std::uint32_t>() : 0;
        if (size > bytes_.size()) {
            fail();
        }
        if (failed_) {
            return {};
        }
        std::string taken(bytes_.substr(0, size));
        bytes_.remove_prefix(size);
        return taken;
    }

    std::int64_t number() {
        if (bytes_.starts_with('i')) {
            bytes_.remove_prefix(1);
            return take_number<std::int32_t>();
        }
        const auto count = take('l') ? take_number<std::int32_t>() : 0;
        constexpr std::int32_t most_digits = 5;  // of 15 bits
        if (count < 0 || count > most_digits) {
            fail();
        }
        std::uint64_t value = 0;
        for (std::int32_t i = 0; i < count && !failed_; ++i) {
            const auto digit = static_cast<std::uint64_t>(take_number<std::uint16_t>());
            if (digit > 0x7FFF || (i == most_digits - 1 && digit > 7)) {  // 63 bits
                fail();
            }
            value |= digit << static_cast<unsigned>(15 * i);
        }
        return failed_ ? 0 : static_cast<std::int64_t>(value);
    }
    std::uint64_t size() {
        const std::int64_t value = number();
        if (value < 0) {
            fail();
        }
        return failed_ ? 0 : static_cast<std::uint64_t>(value);
    }

    void fail() {
        failed_ = true;
        bytes_ = {};
    }

private:
    bool take(char what) {
        if (!bytes_.starts_with(what)) {
            fail();
            return false;
        }
        bytes_.remove_prefix(1);
        return true;
    }
    template <typename T>
    T take_number() {
        if (bytes_.size() < sizeof(T)) {
            fail();
            return 0;
        }
        const T value = number_in<T>(bytes_, 0);
        bytes_.remove_prefix(sizeof(T));
        return value;
    }

    std::string_view bytes_;
    bool failed_ = false;
};

// What memory says of an object: where it is not what the program said that lies there, nothing is told of it.
class ObjectMemory {
public:
    ObjectMemory(const ProgramMessage& message, std::int64_t version) : message_(message), version_(version) {}

    void tell(PythonObject& object, std::size_t index, Address type, std::uint64_t items) const {
        object.why_no_count = why_nothing(index, type);
        if (!object.why_no_count.empty()) {
            return;
        }
        const std::string& head = message_.heads[index];
        constexpr std::int64_t python_3_12 = 0x030C0000;
        const auto count = number_in<std::uint64_t>(head, 0);
        const auto low = static_cast<std::uint32_t>(count);
        object.immortal = version_ >= python_3_12 && static_cast<std::int32_t>(low) < 0;
        object.references = version_ >= python_3_12 ? low : count;
        tell_items(object, head, items);
    }

private:
    [[nodiscard]] std::string why_nothing(std::size_t index, Address type) const {
        if (!message_.why_no_heads.empty()) {
            return message_.why_no_heads;
        }
        if (version_ < 0) {
            return "this Python has no global interpreter lock, and counts in another way";
        }
        if (index >= message_.heads.size() || message_.heads[index].size() < 2 * sizeof(Address)) {
            return "its memory could not be read";
        }
        return number_in<Address>(message_.heads[index], sizeof(Address)) == type ? "" : "another object lies there by now";
    }

    // As CPython 3.8 to 3.13 lay out a list and a dictionary.
    void tell_items(PythonObject& object, const std::string& head, std::uint64_t items) const {
        constexpr std::int64_t python_3_14 = 0x030E0000;
        constexpr ByteCount most = 1ull << 40;
        const bool same = head.size() == 48 && number_in<std::uint64_t>(head, 16) == items && version_ < python_3_14;
        if (same && object.type == "list") {
            const auto block = number_in<Address>(head, 24);
            const auto room = number_in<std::uint64_t>(head, 32);
            if (block != 0 && room >= items && room < most) {
                object.items = {block, block + room * sizeof(Address)};
            }
        } else if (same && object.type == "dict" && number_in<Address>(head, 40) == 0) {
            constexpr ByteCount of_object = 64;  // with what the garbage collector puts before it
            const auto block = number_in<Address>(head, 32);
            if (block != 0 && object.size > of_object && object.size < most) {
                object.items = {block, block + (object.size - of_object)};
            }
        }
    }

    const ProgramMessage& message_;
    std::int64_t version_;
};

class MessageParser {
public:
    explicit MessageParser(const ProgramMessage& message) : message_(message), in_({}) {}

    std::optional<PythonTold> run() {
        const std::string_view bytes = message_.bytes;
        const std::size_t count = bytes.size() < message_head ? 0 : number_in<std::uint16_t>(bytes, message_head - 2);
        if (bytes.size() < message_head + count * sizeof(Address)) {
            return std::nullopt;
        }
        for (std::size_t i = 0; i < count; ++i) {
            addresses_.push_back(number_in<Address>(bytes, message_head + i * sizeof(Address)));
        }
        in_ = MarshalReader(bytes.substr(message_head + count * sizeof(Address)));
        in_.tuple_of(7);
        const std::int64_t version = in_.number();
        read_frames();
        const std::uint64_t left_out = in_.size();
        const std::uint64_t after = in_.size();
        read_globals();
        read_objects(ObjectMemory(message_, version));
        const auto result = in_.text_or_none();
        if (!in_.finished() || frames_.empty() || after > frames_.size() || !name_objects()) {
            return std::nullopt;
        }
        return made(left_out, result.value_or(""));
    }

private:
    // A name, and the index of its object in the message.
    struct Named {
        Variable variable;
        std::int64_t object = -1;
    };

    Named read_name() {
        Named named;
        named.variable.name = in_.text();
        named.object = in_.number();
        return named;
    }

    void read_frames() {
        const std::size_t count = in_.tuple(most_frames_told);
        for (std::size_t i = 0; i < count && !in_.failed(); ++i) {
            in_.tuple_of(5);
            StackFrame& frame = frames_.emplace_back();
            frame.language = FrameLanguage::python;
            frame.function = in_.text();
            frame.file = in_.text();
            frame.line = static_cast<std::uint32_t>(std::min<std::uint64_t>(in_.size(), UINT32_MAX));
            const std::uint64_t author = in_.size();
            frame.own = author != 0;
            frame.library = author == 2;
            const std::size_t names = in_.tuple(most_names);
            for (std::size_t n = 0; n < names && !in_.failed(); ++n) {
                in_.tuple_of(3);
                Named named = read_name();
                named.variable.parameter = in_.size() != 0;
                names_.push_back({i, std::move(named)});
            }
        }
    }

    void read_globals() {
        const std::size_t count = in_.tuple(most_names);
        for (std::size_t i = 0; i < count && !in_.failed(); ++i) {
            in_.tuple_of(2);
            names_.push_back({of_no_frame, read_name()});
        }
    }

    void read_objects(const ObjectMemory& memory) {
        const std::size_t count = in_.tuple(addresses_.size());
        for (std::size_t i = 0; i < count && !in_.failed(); ++i) {
            in_.tuple_of(7);
            PythonObject& object = objects_.emplace_back();
            object.address = addresses_[i];
            object.type = in_.text();
            const auto type = static_cast<Address>(in_.size());
            object.value = in_.text_or_none().value_or("");
            object.why_not = in_.text_or_none().value_or("");
            object.size = in_.size();
            const std::size_t leads = in_.tuple(most_leads);
            for (std::size_t n = 0; n < leads && !in_.failed(); ++n) {
                object.leads_to.push_back(in_.size());
            }
            const std::uint64_t items = in_.size();
            memory.tell(object, i, type, items);
        }
    }

    // Gives each name the type and value of its object. False: there is no such object.
    bool name_objects() {
        if (objects_.size() != addresses_.size()) {
            return false;
        }
        for (auto& [frame, named] : names_) {
            if (named.object >= static_cast<std::int64_t>(objects_.size()) || named.object < -1) {
                return false;
            }
            Variable& variable = named.variable;
            if (named.object < 0) {
                variable.why_not = "there are too many objects to tell all of them";
            } else {
                const PythonObject& object = objects_[static_cast<std::size_t>(named.object)];
                variable.type = object.type;
                variable.value = object.value;
                variable.why_not = object.value.empty() ? object.why_not : "";
                variable.leads_to = {object.address};
            }
            (frame == of_no_frame ? globals_ : frames_[frame].variables).push_back(std::move(variable));
        }
        std::ranges::sort(objects_, {}, &PythonObject::address);
        return std::ranges::adjacent_find(objects_, {}, &PythonObject::address) == objects_.end();
    }

    PythonTold made(std::uint64_t left_out, const std::string& result) {
        PythonTold told;
        told.function = frames_.front().function;
        told.result = result;
        Stack stack;
        if (left_out > 0) {
            stack.why_cut = std::to_string(left_out) + " frames in the middle are left out";
        }
        for (StackFrame& frame : frames_) {
            stack.frames.push_back(std::make_shared<const StackFrame>(std::move(frame)));
        }
        Inside inside;
        inside.stack = std::make_shared<const Stack>(std::move(stack));
        inside.globals = std::make_shared<const std::vector<Variable>>(std::move(globals_));
        inside.objects = std::make_shared<const std::vector<PythonObject>>(std::move(objects_));
        inside.value = result;
        told.inside = std::make_shared<const Inside>(std::move(inside));
        return told;
    }

    static constexpr std::size_t of_no_frame = ~std::size_t{0};

    const ProgramMessage& message_;
    MarshalReader in_;
    std::vector<Address> addresses_;
    std::vector<StackFrame> frames_;
    std::vector<std::pair<std::size_t, Named>> names_;  // with the index of their frame
    std::vector<Variable> globals_;
    std::vector<PythonObject> objects_;
};

}  // namespace

bool is_cut_message(const ProgramMessage& message) {
    return message.bytes.size() == message_head;
}

std::optional<PythonTold> parse_python_message(const ProgramMessage& message) {
    return MessageParser(message).run();
}

}  // namespace procatlas
