#include "core/far/relay_message.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "core/base/text.h"
#include "core/inspect/client/reader_protocol.h"
#include "core/stream/fields.h"
#include "core/stream/frame.h"

namespace procatlas {

template <typename A>
void fields(A& a, Surroundings& v) {
    a(v.environment, v.python_hook_folder, v.root, v.processor_watches);
}
template <typename A>
void fields(A& a, OpenChannel& v) {
    a(v.channel, v.program, v.input);
}
template <typename A>
void fields(A& a, ChannelData& v) {
    a(v.channel, v.bytes);
}
template <typename A>
void fields(A& a, ChannelCredit& v) {
    a(v.channel, v.bytes);
}
template <typename A>
void fields(A& a, CloseChannel& v) {
    a(v.channel, v.why);
}
template <typename A>
void fields(A&, Beat&) {}

namespace {

constexpr std::string_view greeting_word = "procatlas-relay ";

// The number before the next space, which goes too.
std::optional<std::uint64_t> take_number(std::string_view& text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end == text.data() + text.size() || *end != ' ') {
        return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
    return number;
}

// From what follows the word.
std::optional<RelayVersions> parse_versions(std::string_view line) {
    const auto relay = take_number(line);
    const auto stream = relay ? take_number(line) : std::nullopt;
    const auto reader = stream ? take_number(line) : std::nullopt;
    return reader ? std::optional(RelayVersions{*relay, *stream, *reader, display_text(first_characters(line, 40))})
                  : std::nullopt;
}

}  // namespace

void write_message(std::string& out, const RelayMessage& message) {
    const std::size_t begin = begin_frame(out);
    Encoder encoder(out);
    RelayMessage copy = message;
    variant_fields(encoder, copy);
    end_frame(out, begin);
}

std::optional<RelayMessage> read_message(std::string_view frame) {
    Decoder decoder(frame);
    RelayMessage message;
    variant_fields(decoder, message);
    return decoder.finished() ? std::optional(std::move(message)) : std::nullopt;
}

RelayVersions own_versions() {
    return {relay_version, stream_version, reader_version, PROCATLAS_VERSION};
}

std::string relay_greeting(const RelayVersions& versions) {
    return fmt::format("{}{} {} {} {}\n", greeting_word, versions.relay, versions.stream, versions.reader, versions.program);
}

std::optional<RelayVersions> find_greeting(std::string_view line) {
    for (auto at = line.find(greeting_word); at != line.npos; at = line.find(greeting_word)) {
        line.remove_prefix(at + greeting_word.size());
        if (auto versions = parse_versions(line)) {
            return versions;
        }
    }
    return std::nullopt;
}

std::string version_mismatch(const RelayVersions& there, const std::string& machine) {
    struct Part {
        const char* name;
        std::uint64_t here;
        std::uint64_t there;
    };
    const RelayVersions here = own_versions();
    for (const Part& part : {Part{"relay", here.relay, there.relay}, Part{"stream", here.stream, there.stream},
                             Part{"reader", here.reader, there.reader}}) {
        if (part.here != part.there) {
            return fmt::format("procatlas on {} ({}) speaks {} {}, and this one ({}) {}: update procatlas {}", machine,
                               there.program, part.name, part.there, here.program, part.here,
                               part.there < part.here ? "on " + machine : "on this machine");
        }
    }
    return {};
}

}  // namespace procatlas
