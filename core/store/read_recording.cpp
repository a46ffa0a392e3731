#include "core/store/read_recording.h"
#include "core/model/inside.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <deque>
#include <future>
#include <limits>
#include <memory>
#include <string>
#include <system_error>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/base/text.h"
#include "core/store/checked_row.h"
#include "core/store/database_rows.h"
#include "core/store/opener_client.h"
#include "core/store/row_packer.h"
#include "core/store/untrusted_file.h"
#include "core/stream/fields.h"
#include "core/stream/inside_codec.h"
#include "core/stream/inside_fields.h"

namespace procatlas {
namespace {

// PATH_MAX, each byte escaped as maps files do: names are drawn and measured again and again.
constexpr std::size_t most_bytes_of_a_name = 4 * 4096 + 64;
constexpr std::size_t most_bytes_of_a_title = 1 << 20;

constexpr std::size_t most_functions = 20'000;
constexpr std::size_t most_sources = 5'000;
constexpr std::size_t most_pieces = 4096;  // pieces of memory at one moment
constexpr std::uint64_t events_of_a_piece = 64;
constexpr std::uint64_t rows_of_a_piece = 512;
constexpr std::uint64_t let_go_every = 1 << 14;  // moments: what lies before them need not be in memory
constexpr std::uint64_t most_moments = std::numeric_limits<std::uint32_t>::max() - 1;

Result<void> damaged(const char* table) {
    return fail(fmt::format("it is damaged: the table {} does not hold together", table));
}

class Reader {
public:
    // `file_size` limits how many rows can be in the file.
    Reader(RowSource& source, std::uint64_t file_size) : source_(source), most_rows_(file_size / least_bytes_of_a_row) {}

    Result<void> read_beside_events() {
        for (const auto step : {&Reader::read_about, &Reader::read_followed, &Reader::read_files, &Reader::read_rows,
                                &Reader::read_marks, &Reader::read_images, &Reader::read_sources, &Reader::read_functions}) {
            if (auto done = (this->*step)(); !done) {
                return done;
            }
        }
        return {};
    }

    // Reads the events, with the inside and the pages of their processes.
    Result<Recording> read_events() {
        auto done = read_event_rows(events_of_a_piece);
        if (!done && done.error().code == EFBIG) {  // many long ones beside each other: which pages are there, or were copied
            events_ = {};
            done = read_event_rows(1);
        }
        if (!done) {
            return std::unexpected(done.error());
        }
        for (const auto step : {&Reader::read_inside, &Reader::read_page_runs, &Reader::read_frame_runs}) {
            if (auto read = (this->*step)(); !read) {
                return std::unexpected(read.error());
            }
        }
        auto recording = Recording::restored(std::move(events_));
        if (!recording) {
            return fail("it is damaged: " + recording.error().message);
        }
        if (auto restored = recording->restore_pages(std::move(pages_)); !restored) {
            return fail("it is damaged: " + restored.error().message);
        }
        return recording;
    }

    // Adds everything else to the events that another Reader has read.
    Result<LoadedRecording> join(Recording recording) {
        if (auto restored = recording.restore_maps(std::move(maps_)); !restored) {
            return fail("it is damaged: " + restored.error().message);
        }
        for (ElfImage& image : images_) {
            recording.add_image(std::move(image));
        }
        for (SourceFile& source : sources_) {
            recording.add_source(std::move(source));
        }
        for (FunctionCode& function : functions_) {
            recording.add_function(std::move(function));
        }
        if (info_.followed) {
            recording.set_how_followed(*info_.followed);
        }
        return LoadedRecording{std::move(info_), std::move(recording)};
    }

private:
    // Before format 8 nothing else was left out than raw memory.
    bool memory_left_out() {
        constexpr std::uint64_t first_that_tells = 8;
        return source_.number("PRAGMA user_version").value_or(0) >= first_that_tells &&
               source_.number("SELECT max(memory_left_out) FROM about").value_or(0) != 0;
    }

    Result<void> read_event_rows(std::uint64_t rows_at_once) {
        const bool values = !memory_left_out();
        return each_in_pieces("event", "moment", "body, mappings, child_mappings, torn, address, length", rows_at_once,
                              [&](CheckedRow& row) {
                                  Event& event = events_.emplace_back();
                                  Decoder in(row.bytes());
                                  in(event);
                                  if (auto* back = std::get_if<ReturnEvent>(&event.detail); back && !values) {
                                      back->value.reset();
                                  }
                                  return in.finished() && take_counts(row, event);
                              });
    }

    Result<void> read_memory() {
        return each(
            "memory",
            "SELECT row_number() OVER (ORDER BY moment, rowid) - 1, moment, start, bytes FROM memory ORDER BY moment, rowid",
            [&](CheckedRow& row) {
                MemoryBytes piece;
                std::vector<MemoryBytes>& pieces = memory_[row.number(most_moments)];
                piece.start = row.number();
                piece.bytes = row.bytes();
                pieces.push_back(std::move(piece));
                return pieces.size() <= most_pieces && pieces.back().bytes.size() <= MemoryPieces::piece_size;
            });
    }

    Result<void> read_inside() {
        if (auto done = read_memory(); !done) {
            return done;
        }
        InsideReader reader;
        std::uint64_t let_go_at = let_go_every;
        return each(
            "inside",
            "SELECT row_number() OVER (ORDER BY moment) - 1, moment, body, bytes_start, bytes FROM inside ORDER BY moment",
            [&](CheckedRow& row) {
                const std::uint64_t moment = row.number();
                if (moment >= events_.size()) {
                    return false;
                }
                if (moment >= let_go_at) {
                    let_go_at = moment + let_go_every;
                    events_.let_go();
                }
                Event& event = events_[moment];
                const std::string_view body = row.bytes();
                InsideReader::RawMemory raw{row.number(), {}, {}};
                raw.stack_bytes = row.raw_or({});
                if (const auto pieces = memory_.find(moment); pieces != memory_.end()) {
                    raw.new_pieces = pieces->second;
                }
                auto inside = reader.read(body, raw, event.process, event.thread);
                if (inside) {
                    event.inside = std::make_shared<const Inside>(std::move(*inside));
                }
                return inside.has_value();
            });
    }

    // Calls `take` with each row. The first column must count the rows from 0. `take` returns false if a row makes no sense.
    template <typename Take>
    Result<void> each(const char* table, const char* query, Take take) {
        const auto rows = source_.ask(query);
        if (!rows) {
            return std::unexpected(rows.error());
        }
        Result<bool> more = true;
        for (std::uint64_t expected = 0; (more = (*rows)->next()) && *more; ++expected) {
            CheckedRow row(**rows);
            if (row.number() != expected || expected > 4 * most_rows_ || !take(row) || !row.fine()) {
                return damaged(table);
            }
        }
        return more ? Result<void>() : std::unexpected(more.error());
    }

    // The same for a table with many rows, in pieces. `key` is its first column, and its primary key.
    template <typename Take>
    Result<void> each_in_pieces(const char* table, const char* key, const char* columns, std::uint64_t rows_at_once,
                                Take take) {
        const auto pieces = source_.ask(query_for_pieces(table, key, columns, rows_at_once));
        if (!pieces) {
            return std::unexpected(pieces.error());
        }
        Result<bool> more = true;
        std::uint64_t expected = 0;
        for (std::uint64_t piece = 0; (more = (*pieces)->next()) && *more; ++piece) {
            const bool empty = piece == 0 && (*pieces)->is_null(0);
            PieceReader in((*pieces)->bytes(0).value_or(std::string_view()));
            if (expected != piece * rows_at_once || (in.finished() && !empty)) {
                return damaged(table);
            }
            for (; !in.finished(); ++expected) {
                CheckedRow row(in);
                if (row.number() != expected || expected > 4 * most_rows_ || !take(row) || !row.fine()) {
                    return damaged(table);
                }
            }
        }
        return more ? Result<void>() : std::unexpected(more.error());
    }

    Result<void> read_about() {
        info_.memory_left_out = memory_left_out();
        return each("about", "SELECT 0, title, raw_title, started_unix_ms, version FROM about", [&](CheckedRow& row) {
            const std::string_view shown = row.bytes();
            info_.title = row.raw_or(shown, most_bytes_of_a_title);
            info_.started_unix_ms = row.number();
            info_.version = row.bytes(most_bytes_of_a_name);
            return true;
        });
    }

    Result<void> read_followed() {
        constexpr std::uint64_t first_that_tells = 8;
        if (source_.number("PRAGMA user_version").value_or(0) < first_that_tells) {
            return {};
        }
        return each("followed", "SELECT 0, grain, libraries FROM followed", [&](CheckedRow& row) {
            const std::string_view name = row.bytes(most_bytes_of_a_name);
            const FollowedCode code = row.flag() ? FollowedCode::with_libraries : FollowedCode::own;
            for (const Grain grain : {Grain::none, Grain::calls, Grain::lines, Grain::instructions}) {
                for (const bool memory_calls : {true, false}) {
                    const HowFollowed how{grain, memory_calls, code};
                    info_.followed = grain_name(how) == name && !info_.followed ? how : info_.followed;
                }
            }
            return info_.followed.has_value();
        });
    }

    Result<void> read_files() {
        return each("file", "SELECT id, name, raw_name, device_major, device_minor, inode FROM file ORDER BY id",
                    [&](CheckedRow& row) {
                        const std::string_view shown = row.bytes();
                        const std::string_view name = names_.emplace_back(row.raw_or(shown, most_bytes_of_a_name));
                        const std::uint32_t major = row.small();
                        const std::uint32_t minor = row.small();
                        maps_.files.push_back({name, major, minor, row.number()});
                        return true;
                    });
    }

    Result<void> read_rows() {
        return each_in_pieces("mapping", "id", "process, since, until, start, end, permissions, offset, file", rows_of_a_piece,
                              [&](CheckedRow& row) {
                                  MapRow read;
                                  read.process = row.small();
                                  read.since = row.small();
                                  read.until = static_cast<std::uint32_t>(std::min<std::uint64_t>(row.number(), MapRow::open));
                                  read.range.start = row.number();
                                  read.range.end = row.number();
                                  const bool known = read_permissions(row.bytes(), read.permissions);
                                  read.offset = row.number();
                                  read.file = row.small();
                                  maps_.rows.push_back(read);
                                  return known;
                              });
    }

    static bool read_permissions(std::string_view text, Permissions& p) {
        if (text.size() != 4) {
            return false;
        }
        p = {text[0] == 'r', text[1] == 'w', text[2] == 'x', text[3] == 's'};
        return permissions_text(p) == text;
    }

    Result<void> read_marks() {
        return each_in_pieces(
            "marks", "id",
            "process, since, torn, start_code, end_code, start_data, end_data, start_brk, start_stack,"
            " arg_start, arg_end, env_start, env_end, entry",
            rows_of_a_piece, [&](CheckedRow& row) {
                MarksRow read;
                read.process = row.small();
                read.since = row.small();
                read.torn = row.flag();
                AddressMarks& m = read.marks;
                for (Address* address : {&m.start_code, &m.end_code, &m.start_data, &m.end_data, &m.start_brk, &m.start_stack,
                                         &m.arg_start, &m.arg_end, &m.env_start, &m.env_end, &m.entry}) {
                    *address = row.number();
                }
                maps_.marks.push_back(read);
                return true;
            });
    }

    Result<void> read_images() {
        return each("image", "SELECT id, body FROM image ORDER BY id", [&](CheckedRow& row) {
            Decoder in(row.bytes());
            in(images_.emplace_back());
            return in.finished();
        });
    }

    Result<void> read_sources() {
        return each("source", "SELECT id, path, raw_path, text, cut, why_not FROM source ORDER BY id", [&](CheckedRow& row) {
            SourceFile source;
            const std::string_view shown = row.bytes();
            source.path = row.raw_or(shown, most_bytes_of_a_name);
            source.text = display_text(row.bytes(), true);
            source.cut = row.flag();
            source.why_not = row.raw_or({});
            sources_.push_back(std::move(source));
            return sources_.size() <= most_sources;
        });
    }

    Result<void> read_functions() {
        return each("code", "SELECT id, body FROM code ORDER BY id", [&](CheckedRow& row) {
            Decoder in(row.bytes());
            FunctionCode& code = functions_.emplace_back();
            in(code);
            return in.finished() && is_whole(code) && functions_.size() <= most_functions;
        });
    }

    // Whether the instructions cover all bytes, one after the other.
    static bool is_whole(const FunctionCode& code) {
        Address at = code.start;
        for (const Instruction& instruction : code.instructions) {
            if (instruction.address != at || instruction.size == 0 || instruction.size > code.range().end - at) {
                return false;
            }
            at += instruction.size;
        }
        return code.start <= code.range().end && at == code.range().end;
    }

    // All pages of a recording have the same size; the first row determines it.
    bool take_page_row(CheckedRow& row, PageRow& read) {
        read.process = row.small();
        read.since = row.small();
        read.until = static_cast<std::uint32_t>(std::min<std::uint64_t>(row.number(), PageRow::open));
        read.start = row.number();
        const Address end = row.number();
        read.count = row.number();
        if (read.count == 0 || end < read.start) {
            return false;
        }
        const ByteCount page_size = (end - read.start) / read.count;
        pages_.page_size = pages_size_known_ ? pages_.page_size : page_size;
        pages_size_known_ = true;
        return page_size == pages_.page_size && (end - read.start) % read.count == 0;
    }

    static std::optional<PageState> page_state_of(std::string_view name) {
        if (name == "own") {  // its name before format 4
            return PageState::exclusive;
        }
        for (std::size_t i = 0; i < page_state_count; ++i) {
            if (page_state_name(static_cast<PageState>(i)) == name) {
                return static_cast<PageState>(i);
            }
        }
        return std::nullopt;
    }

    Result<void> read_page_runs() {
        return each_in_pieces("page_run", "id", "process, since, until, start, end, pages, state, huge", rows_of_a_piece,
                              [&](CheckedRow& row) {
                                  PageRow& read = pages_.states.emplace_back();
                                  const bool fine = take_page_row(row, read);
                                  const auto state = page_state_of(row.bytes());
                                  read.value = static_cast<std::uint64_t>(state.value_or(PageState::exclusive));
                                  read.value |= row.flag() ? PageRow::huge_value : 0;
                                  return fine && state.has_value();
                              });
    }

    Result<void> read_frame_runs() {
        return each_in_pieces("frame_run", "id", "process, since, until, start, end, pages, frame", rows_of_a_piece,
                              [&](CheckedRow& row) {
                                  PageRow& read = pages_.frames.emplace_back();
                                  const bool fine = take_page_row(row, read);
                                  read.value = row.number();
                                  return fine;
                              });
    }

    // Reads what `Recording::append` computed, which is not part of the encoding.
    static bool take_counts(CheckedRow& row, Event& event) {
        constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
        const std::uint64_t mappings = row.optional_number().value_or(0);
        const std::uint64_t child_mappings = row.optional_number().value_or(0);
        event.mappings = static_cast<std::uint32_t>(mappings);
        event.torn = row.flag();
        const std::uint64_t address = row.optional_number().value_or(0);
        const std::uint64_t length = row.optional_number().value_or(0);
        if (std::holds_alternative<ForkEvent>(event.detail)) {
            event.child_mappings = static_cast<std::uint32_t>(child_mappings);
        } else if (auto* thread = std::get_if<ThreadExitEvent>(&event.detail)) {
            thread->stack = {address, address + length};
            return length <= ~address && mappings <= most;
        }
        return mappings <= most && child_mappings <= most;
    }

    static constexpr std::uint64_t least_bytes_of_a_row = 16;

    RowSource& source_;
    std::uint64_t most_rows_;
    RecordingInfo info_;
    std::deque<std::string> names_;  // `maps_.files` points into it
    KeptMaps maps_;
    KeptPages pages_;
    bool pages_size_known_ = false;
    std::vector<ElfImage> images_;
    std::vector<SourceFile> sources_;
    std::vector<FunctionCode> functions_;
    std::unordered_map<std::uint64_t, std::vector<MemoryBytes>> memory_;  // new pieces by moment
    LargeList<Event> events_;
};

using Open = Result<std::unique_ptr<RowSource>> (*)(const std::filesystem::path& copy);

Result<std::unique_ptr<RowSource>> open_elsewhere(const std::filesystem::path& copy) {
    return OpenedRows::open(copy);
}

Result<std::unique_ptr<RowSource>> open_here(const std::filesystem::path& copy) {
    auto database = open_untrusted(copy);
    if (!database) {
        return std::unexpected(database.error());
    }
    return DatabaseSource::of(std::move(*database));
}

Result<LoadedRecording> read_copy(const std::filesystem::path& path, Open open) {
    auto copy = PrivateCopy::make(path);
    if (!copy) {
        return std::unexpected(copy.error());
    }
    std::error_code error;
    const std::uint64_t size = std::filesystem::file_size(copy->path(), error) + copy->log_size();
    auto source = open(copy->path());
    auto other = open(copy->path());
    if (!source || !other || error) {
        return std::unexpected(!source ? source.error() : !other ? other.error() : Error{error.message(), error.value()});
    }
    // Events are half of the work: reads the rest at the same time.
    Reader events(**source, size);
    Reader rest(**other, size);
    auto reading = std::async(std::launch::async, [&] { return rest.read_beside_events(); });
    auto recording = events.read_events();
    const auto rest_read = reading.get();
    if (!recording || !rest_read) {
        return std::unexpected(!recording ? recording.error() : rest_read.error());
    }
    return rest.join(std::move(*recording));
}

}  // namespace

Result<LoadedRecording> read_recording(const std::filesystem::path& path) {
    auto loaded = read_copy(path, open_elsewhere);
    const std::string shown = display_text(path.native());
    if (loaded || loaded.error().message.starts_with(shown)) {  // a file that is not there has said its name
        return loaded;
    }
    return fail(fmt::format("{} cannot be opened: {}", shown, loaded.error().message), loaded.error().code);
}

Result<LoadedRecording> read_recording_here(const std::filesystem::path& path) {
    return read_copy(path, open_here);
}

}  // namespace procatlas
