#include "core/store/recording_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>

#include "core/base/text.h"
#include "core/store/event_columns.h"
#include "core/store/schema.h"
#include "core/store/untrusted_file.h"
#include "core/stream/fields.h"

namespace procatlas {
namespace {

// A recording is written over, as other tools write over their output; anything else is left alone.
Result<void> make_way(const std::filesystem::path& path) {
    struct stat status{};
    if (::lstat(path.c_str(), &status) != 0) {
        return {};  // free, or the creation tells why not
    }
    if (written_here(status)) {
        return fail(fmt::format("{} is being written", display_text(path.native())));
    }
    const auto file = open_recording_file(path);
    if (!file) {
        return fail(fmt::format("{} is there already, and is not a recording", display_text(path.native())));
    }
    if (::flock(file->get(), LOCK_EX | LOCK_NB) != 0) {
        return fail(fmt::format("{} is being written by another procatlas", display_text(path.native())));
    }
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
        ::unlink((path.native() + suffix).c_str());
    }
    return {};
}

std::string joined(const std::vector<std::string>& arguments) {
    std::string text;
    for (const std::string& argument : arguments) {
        text += (text.empty() ? "" : " ") + display_text(argument);
    }
    return text;
}

// The readable form, and the exact bytes where they are others.
struct Name {
    std::string shown;
    bool exact = false;

    explicit Name(std::string_view raw) : shown(display_text(raw)), exact(shown == raw) {}
};

}  // namespace

Result<RecordingFile> RecordingFile::create(const std::filesystem::path& path, const RecordingInfo& info) {
    if (auto free = make_way(path); !free) {
        return std::unexpected(free.error());
    }
    // Ours for as long as the database is open: a lock that tells others (flock, which SQLite does not use), and never closed
    // before SQLite's own descriptor, for that would end SQLite's locks.
    UniqueFd lock(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!lock) {
        return std::unexpected(system_error(display_text(path.native()), errno));
    }
    ::flock(lock.get(), LOCK_EX | LOCK_NB);
    RecordingFile file(path, std::move(lock), info);
    auto database = Database::open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX);
    if (database) {
        file.database_ = std::move(*database);
    }
    auto prepared = database ? file.prepare(info) : Result<void>(std::unexpected(database.error()));
    if (!prepared) {
        ::unlink(path.c_str());  // the empty file that was made above
        return std::unexpected(prepared.error());
    }
    return file;
}

Result<void> RecordingFile::prepare(const RecordingInfo& info) {
    ::sqlite3_busy_timeout(database_.get(), 200);  // a reader's moment
    // Tables and `about` first, then the log: whoever reads the file alone sees a recording.
    if (auto made = database_.run(fmt::format("PRAGMA application_id={}; PRAGMA user_version={}; PRAGMA synchronous=NORMAL;"
                                              "BEGIN; {} COMMIT;",
                                              recording_application_id, recording_schema_version, recording_schema)
                                      .c_str());
        !made) {
        return made;
    }
    const Name title(info.title);
    auto about = database_.prepare("INSERT INTO about VALUES(?, ?, ?, ?)");
    if (!about) {
        return std::unexpected(about.error());
    }
    about->text(title.shown);
    about->integer(info.started_unix_ms);
    about->text(std::string_view(info.version));
    title.exact ? about->null() : about->blob(info.title);
    if (auto inserted = done(*about); !inserted) {
        return inserted;
    }
    // The first write into a log waits for the disk: better now than when the program runs.
    if (auto log = database_.run(fmt::format("PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; PRAGMA user_version={}",
                                             recording_schema_version)
                                     .c_str());
        !log) {
        return log;
    }
    const std::array<std::pair<Statement*, const char*>, 11> statements{{
        {&event_, "INSERT INTO event VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
        {&output_, "INSERT INTO output VALUES(?, ?, ?, ?, ?)"},
        {&birth_,
         "INSERT INTO process(id, pid, start_ticks, parent, born_by, birth, birth_ns, program, arguments)"
         " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)"},
        {&exec_, "UPDATE process SET program = ?, arguments = ? WHERE id = ?"},
        {&death_, "UPDATE process SET death = ?, death_ns = ?, code = ?, signal = ? WHERE id = ?"},
        {&reap_, "UPDATE process SET reaped = ? WHERE id = ?"},
        {&row_, "INSERT INTO mapping VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)"},
        {&row_end_, "UPDATE mapping SET until = ? WHERE id = ?"},
        {&file_, "INSERT INTO file VALUES(?, ?, ?, ?, ?, ?)"},
        {&marks_, "INSERT INTO marks VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
        {&image_, "INSERT INTO image VALUES(?, ?, ?)"},
    }};
    for (const auto& [place, text] : statements) {
        auto statement = database_.prepare(text);
        if (!statement) {
            return std::unexpected(statement.error());
        }
        *place = std::move(*statement);
    }
    auto other = Database::open(path_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX);
    if (!other) {
        return std::unexpected(other.error());
    }
    checkpointer_ = std::make_unique<Checkpointer>(std::move(*other));
    return {};
}

bool RecordingFile::vanished() const {
    struct stat named{};
    struct stat ours{};
    return ::fstat(lock_.get(), &ours) != 0 || ours.st_nlink == 0 || ::lstat(path_.c_str(), &named) != 0 ||
           named.st_dev != ours.st_dev || named.st_ino != ours.st_ino;
}

Result<void> RecordingFile::commit(const RecordingBatch& batch) {
    if (vanished()) {
        return fail(fmt::format("{} is no longer there", display_text(path_.native())), ENOENT);
    }
    auto written = database_.run("BEGIN");
    if (written) {
        written = insert(batch);
    }
    if (written) {
        written = database_.run("COMMIT");
    }
    if (!written && ::sqlite3_get_autocommit(database_.get()) == 0) {
        (void)database_.run("ROLLBACK");
    }
    if (written) {
        shorten_log();
    }
    return written;
}

// Most of the log goes into the file beside the writing. It can begin anew only where nothing is left in it: that takes a
// moment here, so seldom.
void RecordingFile::shorten_log() {
    constexpr std::uintmax_t part = 8u << 20;
    constexpr std::uintmax_t most = 64u << 20;
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(path_.native() + "-wal", error);
    if (error) {
        return;
    }
    if (size >= most &&
        ::sqlite3_wal_checkpoint_v2(database_.get(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr) == SQLITE_OK) {
        log_checked_ = 0;
    } else if (size >= log_checked_ + part) {
        log_checked_ = size;
        checkpointer_->start();
    }
}

Result<void> RecordingFile::insert(const RecordingBatch& batch) {
    std::size_t moment = batch.from.events;
    for (const RecordingBatch::Told& told : batch.events) {
        if (auto written = insert_event(moment, told); !written) {
            return written;
        }
        if (auto written = tell_process(moment, told); !written) {
            return written;
        }
        ++moment;
    }
    if (auto written = insert_rows(batch); !written) {
        return written;
    }
    if (auto written = insert_marks(batch); !written) {
        return written;
    }
    return insert_images(batch);
}

Result<void> RecordingFile::done(Statement& statement) {
    if (statement.step() != SQLITE_DONE) {
        return std::unexpected(database_.error());
    }
    return {};
}

Result<void> RecordingFile::insert_event(std::size_t moment, const RecordingBatch::Told& told) {
    const Event& event = told.event;
    const EventColumns columns = event_columns(event);
    const auto none_for_zero = [](std::uint64_t value) { return value != 0 ? std::optional(value) : std::nullopt; };
    const auto* fork = std::get_if<ForkEvent>(&event.detail);
    body_.clear();
    Encoder encoder(body_);
    encoder(event);
    event_.integer(moment);
    event_.integer(event.time_ns);
    event_.integer(told.process);
    event_.integer(static_cast<std::uint64_t>(event.process.pid));
    event_.text(event_kind_name(event));
    event_.integer(static_cast<std::uint64_t>(event.thread));
    event_.integer(std::uint64_t{event.held});
    event_.integer(none_for_zero(event.program_counter));
    event_.integer(none_for_zero(event.stack_pointer));
    event_.integer(told.child);
    event_.integer(columns.code);
    event_.integer(columns.signal);
    event_.integer(columns.address);
    event_.integer(columns.length);
    event_.optional_text(columns.text);
    event_.integer(none_for_zero(event.mappings));
    event_.integer(fork ? none_for_zero(fork->child_mappings) : std::nullopt);
    event_.integer(std::uint64_t{event.torn});
    event_.blob(body_);
    return done(event_);
}

// What the tables `process` and `output` say of it.
Result<void> RecordingFile::tell_process(std::size_t moment, const RecordingBatch::Told& told) {
    const Event& event = told.event;
    if (told.birth) {
        const auto* fork = std::get_if<ForkEvent>(&event.detail);
        const ProcessKey key = fork ? fork->child : event.process;
        const std::string program = display_text(told.birth->program);
        const std::string arguments = joined(told.birth->arguments);
        birth_.integer(told.birth->process);
        birth_.integer(static_cast<std::uint64_t>(key.pid));
        birth_.integer(key.start_ticks);
        birth_.integer(told.birth->parent);
        birth_.text(event_kind_name(event));
        birth_.integer(moment);
        birth_.integer(event.time_ns);
        birth_.text(program);
        birth_.text(arguments);
        return done(birth_);
    }
    if (const auto* output = std::get_if<OutputEvent>(&event.detail)) {
        const std::string text = display_text(output->text, true);
        output_.integer(moment);
        output_.integer(told.process);
        output_.text(output->stream == OutputStream::standard_output ? std::string_view("stdout") : std::string_view("stderr"));
        output_.text(text);
        output_.integer(output->size);
        return done(output_);
    }
    if (const auto* exec = std::get_if<ExecEvent>(&event.detail); exec && told.process) {
        const std::string program = display_text(exec->path);
        const std::string arguments = joined(exec->arguments);
        exec_.text(program);
        exec_.text(arguments);
        exec_.integer(*told.process);
        return done(exec_);
    }
    if (std::holds_alternative<ExitEvent>(event.detail) && told.process) {
        const EventColumns columns = event_columns(event);
        death_.integer(moment);
        death_.integer(event.time_ns);
        death_.integer(columns.code);
        death_.integer(columns.signal);
        death_.integer(*told.process);
        return done(death_);
    }
    if (std::holds_alternative<ReapEvent>(event.detail) && told.child) {
        reap_.integer(moment);
        reap_.integer(*told.child);
        return done(reap_);
    }
    return {};
}

Result<void> RecordingFile::insert_rows(const RecordingBatch& batch) {
    for (std::size_t i = 0; i < batch.files.size(); ++i) {
        const RecordingBatch::File& file = batch.files[i];
        const Name name(file.name);
        file_.integer(batch.from.files + i);
        file_.text(name.shown);
        file_.integer(std::uint64_t{file.device_major});
        file_.integer(std::uint64_t{file.device_minor});
        file_.integer(file.inode);
        name.exact ? file_.null() : file_.blob(file.name);
        if (auto written = done(file_); !written) {
            return written;
        }
    }
    constexpr std::uint64_t to_the_end = 0x7fff'ffff'ffff'ffff;
    for (std::size_t i = 0; i < batch.rows.size(); ++i) {
        const MapRow& row = batch.rows[i];
        const std::string permissions = permissions_text(row.permissions);
        row_.integer(batch.from.rows + i);
        row_.integer(std::uint64_t{row.process});
        row_.integer(std::uint64_t{row.since});
        row_.integer(row.until == MapRow::open ? to_the_end : row.until);
        row_.integer(row.range.start);
        row_.integer(row.range.end);
        row_.text(permissions);
        row_.integer(row.offset);
        row_.integer(std::uint64_t{row.file});
        if (auto written = done(row_); !written) {
            return written;
        }
    }
    for (const auto& [id, until] : batch.closed) {
        row_end_.integer(std::uint64_t{until});
        row_end_.integer(std::uint64_t{id});
        if (auto written = done(row_end_); !written) {
            return written;
        }
    }
    return {};
}

Result<void> RecordingFile::insert_marks(const RecordingBatch& batch) {
    for (std::size_t i = 0; i < batch.marks.size(); ++i) {
        const MarksRow& row = batch.marks[i];
        const AddressMarks& m = row.marks;
        marks_.integer(batch.from.marks + i);
        marks_.integer(std::uint64_t{row.process});
        marks_.integer(std::uint64_t{row.since});
        marks_.integer(std::uint64_t{row.torn});
        for (const Address address : {m.start_code, m.end_code, m.start_data, m.end_data, m.start_brk, m.start_stack,
                                      m.arg_start, m.arg_end, m.env_start, m.env_end, m.entry}) {
            marks_.integer(address);
        }
        if (auto written = done(marks_); !written) {
            return written;
        }
    }
    return {};
}

Result<void> RecordingFile::insert_images(const RecordingBatch& batch) {
    for (std::size_t i = 0; i < batch.images.size(); ++i) {
        const std::string path = display_text(batch.images[i].path);
        body_.clear();
        Encoder encoder(body_);
        encoder(batch.images[i]);
        image_.integer(batch.from.images + i);
        image_.text(path);
        image_.blob(body_);
        if (auto written = done(image_); !written) {
            return written;
        }
    }
    return {};
}

Result<void> RecordingFile::close() {
    if (vanished()) {
        return fail(fmt::format("{} is no longer there", display_text(path_.native())), ENOENT);
    }
    for (Statement* statement :
         {&event_, &output_, &birth_, &exec_, &death_, &reap_, &row_, &row_end_, &file_, &marks_, &image_}) {
        *statement = {};  // an unfinished statement would keep the database open
    }
    checkpointer_.reset();
    // Without a log beside it: the file can be read from a folder that is not writable, and sent by itself.
    auto closed = database_.run("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode=DELETE");
    if (closed && std::filesystem::exists(path_.native() + "-wal")) {
        closed = fail(fmt::format("{} is in use, and stays in two parts", display_text(path_.native())));
    }
    database_ = {};
    return closed;
}

}  // namespace procatlas
