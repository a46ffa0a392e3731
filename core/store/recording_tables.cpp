#include "core/store/recording_tables.h"
#include "core/model/inside.h"

#include <array>
#include <utility>

#include "core/base/text.h"
#include "core/store/event_columns.h"
#include "core/store/schema.h"
#include "core/stream/inside_fields.h"

namespace procatlas {
namespace {

// The readable form, and whether it is exactly the raw bytes.
struct Name {
    std::string shown;
    bool exact = false;

    explicit Name(std::string_view raw) : shown(display_text(raw)), exact(shown == raw) {}
};

std::optional<std::string> shown_or_none(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(display_text(text));
}

// One line for each instruction: address and text.
std::string listing(const FunctionCode& code) {
    std::string text;
    for (const Instruction& i : code.instructions) {
        text += address_text(i.address) + "  " + display_text(i.text);
        text += (i.target_name.empty() ? "" : "  # " + display_text(i.target_name)) + "\n";
    }
    return text;
}

}  // namespace

Result<void> RecordingTables::insert_about(Database& database, const RecordingInfo& info) {
    const Name title(info.title);
    auto about = database.prepare("INSERT INTO about VALUES(?, ?, ?, ?)");
    if (!about) {
        return std::unexpected(about.error());
    }
    about->text(title.shown);
    about->integer(info.started_unix_ms);
    about->text(info.version);
    title.exact ? about->null() : about->blob(info.title);
    if (about->step() != SQLITE_DONE) {
        return std::unexpected(database.error());
    }
    return {};
}

Result<void> RecordingTables::insert_followed(Database& database, const RecordingInfo& info) {
    if (!info.followed) {
        return {};
    }
    auto row = database.prepare("INSERT INTO followed VALUES(?, ?)");
    if (!row) {
        return std::unexpected(row.error());
    }
    row->text(grain_name(*info.followed));
    row->integer(std::uint64_t{info.followed->code == FollowedCode::with_libraries});
    return row->step() == SQLITE_DONE ? Result<void>() : std::unexpected(database.error());
}

Result<void> RecordingTables::prepare(Database& database) {
    const std::array<std::pair<Statement*, const char*>, 22> statements{{
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
        {&inside_, "INSERT INTO inside VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)"},
        {&variable_, "INSERT INTO variable VALUES(?, ?, ?, ?, ?)"},
        {&memory_, "INSERT INTO memory VALUES(?, ?, ?)"},
        {&object_, "INSERT INTO object VALUES(?, ?, ?, ?, ?, ?, ?, ?)"},
        {&source_, "INSERT INTO source VALUES(?, ?, ?, ?, ?, ?)"},
        {&code_, "INSERT INTO code VALUES(?, ?, ?, ?, ?, ?, ?)"},
        {&page_row_, "INSERT INTO page_run VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)"},
        {&page_row_end_, "UPDATE page_run SET until = ? WHERE id = ?"},
        {&frame_row_, "INSERT INTO frame_run VALUES(?, ?, ?, ?, ?, ?, ?, ?)"},
        {&frame_row_end_, "UPDATE frame_run SET until = ? WHERE id = ?"},
        {&copied_, "INSERT INTO copied VALUES(?, ?, ?, ?)"},
    }};
    for (const auto& [place, text] : statements) {
        auto statement = database.prepare(text);
        if (!statement) {
            return std::unexpected(statement.error());
        }
        *place = std::move(*statement);
    }
    return {};
}

Result<void> RecordingTables::insert(Database& database, const RecordingBatch& batch) {
    database_ = &database;
    std::size_t moment = batch.from.events;
    for (const RecordingBatch::Told& told : batch.events) {
        if (auto written = insert_event(moment, told); !written) {
            return written;
        }
        if (auto written = tell_process(moment, told); !written) {
            return written;
        }
        if (auto written = insert_inside(moment, told.event); !written) {
            return written;
        }
        if (auto written = insert_copied(moment, told.event); !written) {
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
    if (auto written = insert_pages(batch); !written) {
        return written;
    }
    if (auto written = insert_images(batch); !written) {
        return written;
    }
    if (auto written = insert_sources(batch); !written) {
        return written;
    }
    return insert_functions(batch);
}

Result<void> RecordingTables::done(Statement& statement) {
    if (statement.step() != SQLITE_DONE) {
        return std::unexpected(database_->error());
    }
    return {};
}

Result<void> RecordingTables::insert_event(std::size_t moment, const RecordingBatch::Told& told) {
    const Event& event = told.event;
    const EventColumns columns = event_columns(event);
    const auto none_for_zero = [](std::uint64_t value) { return value != 0 ? std::optional(value) : std::nullopt; };
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
    event_.integer(none_for_zero(event.child_mappings));
    event_.integer(std::uint64_t{event.torn});
    event_.blob(body_);
    return done(event_);
}

Result<void> RecordingTables::insert_inside(std::size_t moment, const Event& event) {
    if (!event.inside) {
        return {};
    }
    const Inside& inside = *event.inside;
    const StackFrame* innermost = inside.stack && !inside.stack->frames.empty() ? inside.stack->frames.front().get() : nullptr;
    body_.clear();
    new_pieces_.clear();
    inside_writer_.write(body_, event.process, event.thread, inside, new_pieces_);
    // Bound texts must live until the row is inserted.
    const auto function = innermost ? shown_or_none(innermost->function) : std::nullopt;
    const auto file = innermost ? shown_or_none(innermost->file) : std::nullopt;
    const auto instruction = shown_or_none(inside.instruction);
    inside_.integer(moment);
    inside_.optional_text(function);
    inside_.optional_text(file);
    inside_.integer(innermost && innermost->line != 0 ? std::optional<std::uint64_t>(innermost->line) : std::nullopt);
    inside_.integer(std::uint64_t{inside.stack ? inside.stack->frames.size() : 0});
    inside_.optional_text(instruction);
    inside_.integer(inside.stack ? inside.stack->bytes_start : 0);
    inside_.blob(inside.stack ? std::string_view(inside.stack->bytes) : std::string_view());
    inside_.blob(body_);
    if (auto written = done(inside_); !written) {
        return written;
    }
    if (auto written = insert_memory(moment); !written) {
        return written;
    }
    if (auto written = insert_objects(moment, event); !written || !innermost) {
        return written;
    }
    return insert_variables(moment, *innermost);
}

Result<void> RecordingTables::insert_objects(std::size_t moment, const Event& event) {
    const auto& objects = event.inside->objects;
    auto& last = objects_[event.process.pid];
    if (!objects || objects == last) {
        return {};
    }
    for (const PythonObject& object : *objects) {
        const PythonObject* before = last ? find_object(*last, object.address) : nullptr;
        if (before && *before == object) {
            continue;
        }
        const std::string type = display_text(object.type);
        const auto value = shown_or_none(object.value);
        object_.integer(moment);
        object_.integer(static_cast<std::uint64_t>(event.process.pid));
        object_.integer(object.address);
        object_.text(type);
        object_.optional_text(value);
        object_.integer(object.size);
        object_.integer(object.references);
        object_.integer(object.items.empty() ? std::nullopt : std::optional(object.items.start));
        if (auto written = done(object_); !written) {
            return written;
        }
    }
    last = objects;
    return {};
}

Result<void> RecordingTables::insert_memory(std::size_t moment) {
    for (const MemoryBytes* piece : new_pieces_) {
        memory_.integer(moment);
        memory_.integer(piece->start);
        memory_.blob(piece->bytes);
        if (auto written = done(memory_); !written) {
            return written;
        }
    }
    return {};
}

Result<void> RecordingTables::insert_variables(std::size_t moment, const StackFrame& frame) {
    for (const Variable& variable : frame.variables) {
        const std::string name = display_text(variable.name);
        const std::string type = display_text(variable.type);
        const auto value = shown_or_none(variable.value);
        variable_.integer(moment);
        variable_.text(name);
        variable_.text(type);
        const bool of_python = frame.language == FrameLanguage::python && !variable.leads_to.empty();
        const Address address = of_python ? variable.leads_to.front() : variable.address;
        variable_.integer(address != 0 ? std::optional(address) : std::nullopt);
        variable_.optional_text(value);
        if (auto written = done(variable_); !written) {
            return written;
        }
    }
    return {};
}

// Writes the event's rows in the tables `process` and `output`.
Result<void> RecordingTables::tell_process(std::size_t moment, const RecordingBatch::Told& told) {
    const Event& event = told.event;
    if (told.birth) {
        const auto* fork = std::get_if<ForkEvent>(&event.detail);
        const ProcessKey key = fork ? fork->child : event.process;
        const std::string program = display_text(told.birth->program);
        const std::string arguments = arguments_text(told.birth->arguments, told.birth->arguments_cut);
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
        output_.text(output_stream_name(output->stream));
        output_.text(text);
        output_.integer(output->size);
        return done(output_);
    }
    if (const auto* exec = std::get_if<ExecEvent>(&event.detail); exec && told.process) {
        const std::string program = display_text(exec->path);
        const std::string arguments = arguments_text(exec->arguments.all(), exec->arguments_cut);
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

Result<void> RecordingTables::insert_rows(const RecordingBatch& batch) {
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
    return set_ends(row_end_, batch.closed);
}

Result<void> RecordingTables::set_ends(Statement& statement, const std::vector<std::pair<std::uint32_t, std::uint32_t>>& ends) {
    for (const auto& [id, until] : ends) {
        statement.integer(std::uint64_t{until});
        statement.integer(std::uint64_t{id});
        if (auto written = done(statement); !written) {
            return written;
        }
    }
    return {};
}

Result<void> RecordingTables::insert_marks(const RecordingBatch& batch) {
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

Result<void> RecordingTables::insert_images(const RecordingBatch& batch) {
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

Result<void> RecordingTables::insert_sources(const RecordingBatch& batch) {
    for (std::size_t i = 0; i < batch.sources.size(); ++i) {
        const SourceFile& source = batch.sources[i];
        const Name path(source.path);
        const auto why_not = shown_or_none(source.why_not);
        source_.integer(batch.from.sources + i);
        source_.text(path.shown);
        source_.text(source.text);
        source_.integer(std::uint64_t{source.cut});
        source_.optional_text(why_not);
        path.exact ? source_.null() : source_.blob(source.path);
        if (auto written = done(source_); !written) {
            return written;
        }
    }
    return {};
}

Result<void> RecordingTables::insert_functions(const RecordingBatch& batch) {
    for (std::size_t i = 0; i < batch.functions.size(); ++i) {
        const FunctionCode& code = batch.functions[i];
        const std::string program = display_text(code.program);
        const auto function = shown_or_none(code.function);
        const std::string text = listing(code);
        body_.clear();
        Encoder encoder(body_);
        encoder(code);
        code_.integer(batch.from.functions + i);
        code_.text(program);
        code_.optional_text(function);
        code_.integer(code.start);
        code_.blob(code.bytes);
        code_.text(text);
        code_.blob(body_);
        if (auto written = done(code_); !written) {
            return written;
        }
    }
    return {};
}

}  // namespace procatlas
