#include "core/inspect/client/reader_protocol.h"

#include "core/stream/fields.h"
#include "core/stream/frame.h"

namespace procatlas {

template <typename A>
void fields(A& a, ElfImageRequest& v) {
    a(v.path, v.device_major, v.device_minor, v.inode);
}
template <typename A>
void fields(A& a, Error& v) {
    a(v.message, v.code);
}

namespace {

enum class Operation { elf_image };
constexpr Operation last_of(Operation) {
    return Operation::elf_image;
}

template <typename... T>
std::string frame_of(const T&... values) {
    std::string out;
    const std::size_t begin = begin_frame(out);
    Encoder encoder(out);
    encoder(values...);
    end_frame(out, begin);
    return out;
}

}  // namespace

std::string encode_request(const ElfImageRequest& request) {
    return frame_of(Operation::elf_image, request);
}

std::optional<ElfImageRequest> parse_request(std::string_view frame) {
    Decoder in(frame);
    Operation operation{};
    ElfImageRequest request;
    in(operation, request);
    return in.finished() ? std::optional(std::move(request)) : std::nullopt;
}

std::string encode_answer(const Result<ElfImage>& answer) {
    return answer ? frame_of(true, *answer) : frame_of(false, answer.error());
}

Result<ElfImage> parse_answer(std::string_view frame) {
    Decoder in(frame);
    bool fine = false;
    ElfImage image;
    Error error;
    in(fine);
    if (fine) {
        in(image);
    } else {
        in(error);
    }
    if (!in.finished()) {
        return fail("the reader's answer is damaged");
    }
    if (!fine) {
        return std::unexpected(std::move(error));
    }
    return image;
}

}  // namespace procatlas
