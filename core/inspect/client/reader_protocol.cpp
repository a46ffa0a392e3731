#include "core/inspect/client/reader_protocol.h"

#include "core/stream/frame.h"
#include "core/stream/inside_fields.h"

namespace procatlas {

template <typename A>
void fields(A& a, ElfImageRequest& v) {
    a(v.path, v.device_major, v.device_minor, v.inode, v.pid);
}
template <typename A>
void fields(A& a, PlanRequest& v) {
    a(v.pid, v.followed);
}
template <typename A>
void fields(A& a, InsideRequest& v) {
    a(v.pid, v.thread, v.registers, v.heap, v.globals, v.pieces, v.stack);
}
template <typename A>
void fields(A& a, BytesRequest& v) {
    a(v.pid, v.range);
}
template <typename A>
void fields(A& a, FunctionRequest& v) {
    a(v.pid, v.address);
}
template <typename A>
void fields(A& a, SourceRequest& v) {
    a(v.pid, v.path);
}
template <typename A>
void fields(A& a, ReaderRequest& v) {
    variant_fields(a, v);
}
template <typename A>
void fields(A& a, ReaderAnswer& v) {
    variant_fields(a, v);
}
template <typename A>
void fields(A& a, Error& v) {
    a(v.message, v.code);
}

namespace {

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

std::string subject_of(const ReaderRequest& request) {
    return std::visit(
        [](const auto& question) {
            if constexpr (requires { question.path; }) {
                return question.path;
            } else {
                return "process " + std::to_string(question.pid);
            }
        },
        request);
}

std::string encode_request(const ReaderRequest& request) {
    return frame_of(request);
}

std::optional<ReaderRequest> parse_request(std::string_view frame) {
    Decoder in(frame);
    ReaderRequest request;
    in(request);
    return in.finished() ? std::optional(std::move(request)) : std::nullopt;
}

std::string encode_answer(const Result<ReaderAnswer>& answer) {
    return answer ? frame_of(true, *answer) : frame_of(false, answer.error());
}

Result<ReaderAnswer> parse_answer(std::string_view frame) {
    Decoder in(frame);
    bool fine = false;
    ReaderAnswer answer;
    Error error;
    in(fine);
    if (fine) {
        in(answer);
    } else {
        in(error);
    }
    if (!in.finished()) {
        return fail("the reader's answer is damaged");
    }
    if (!fine) {
        return std::unexpected(std::move(error));
    }
    return answer;
}

}  // namespace procatlas
