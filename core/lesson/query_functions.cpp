#include "core/lesson/query_functions.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <exception>

#include "core/model/inside.h"
#include "core/model/region.h"
#include "core/narrate/family_names.h"

namespace procatlas {
namespace {

using Arguments = std::span<sqlite3_value*>;

std::optional<std::int64_t> integer_of(sqlite3_value* value) {
    return ::sqlite3_value_type(value) == SQLITE_NULL ? std::nullopt
                                                      : std::optional(std::int64_t{::sqlite3_value_int64(value)});
}

std::string_view text_of(sqlite3_value* value) {
    const auto* text = reinterpret_cast<const char*>(::sqlite3_value_text(value));
    return text ? std::string_view(text, static_cast<std::size_t>(::sqlite3_value_bytes(value))) : std::string_view();
}

void give(sqlite3_context* context, std::optional<std::int64_t> value) {
    value ? ::sqlite3_result_int64(context, *value) : ::sqlite3_result_null(context);
}

void give(sqlite3_context* context, std::string_view text) {
    ::sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

const Process* process_of(RecordedWorlds& worlds, Arguments arguments) {
    const auto process = integer_of(arguments[0]);
    const auto moment = integer_of(arguments[1]);
    if (!process || *process < 0 || (moment && *moment < 0)) {
        return nullptr;
    }
    return worlds.process_at(static_cast<std::size_t>(*process),
                             moment ? std::optional(static_cast<std::size_t>(*moment)) : std::nullopt);
}

const Variable* named(const std::vector<Variable>& variables, std::string_view name) {
    const auto found = std::ranges::find(variables, name, &Variable::name);
    return found == variables.end() ? nullptr : &*found;
}

// The variable that the source means by the name: innermost frame first, then globals.
const Variable* variable_of(const Process& process, std::string_view name) {
    for (const ThreadState& thread : process.threads) {
        for (std::size_t i = 0; thread.stack && i < thread.stack->frames.size(); ++i) {
            if (const Variable* found = named(thread.stack->frames[i]->variables, name)) {
                return found;
            }
        }
    }
    if (!process.globals) {
        return nullptr;
    }
    if (const Variable* const found = named(*process.globals, name)) {
        return found;
    }
    const std::string of_function = "::" + std::string(name);  // a static variable of a function: "main::buffer"
    const auto found = std::ranges::find_if(*process.globals, [&](const Variable& v) { return v.name.ends_with(of_function); });
    return found == process.globals->end() ? nullptr : &*found;
}

void region_of(sqlite3_context* context, RecordedWorlds& worlds, Arguments arguments) {
    const Process* const process = process_of(worlds, arguments);
    const auto address = integer_of(arguments[2]);
    if (!process || !address) {
        return ::sqlite3_result_null(context);
    }
    const auto regions = regions_of(*process, worlds.recording().images());
    const Region* const region = find_region(regions, static_cast<Address>(*address));
    region ? give(context, region_kind_name(region->kind)) : ::sqlite3_result_null(context);
}

void value_of(sqlite3_context* context, RecordedWorlds& worlds, Arguments arguments) {
    const Process* const process = process_of(worlds, arguments);
    const Variable* const variable = process ? variable_of(*process, text_of(arguments[2])) : nullptr;
    variable && !variable->value.empty() ? give(context, variable->value) : ::sqlite3_result_null(context);
}

void address_of(sqlite3_context* context, RecordedWorlds& worlds, Arguments arguments) {
    const Process* const process = process_of(worlds, arguments);
    const Variable* const variable = process ? variable_of(*process, text_of(arguments[2])) : nullptr;
    give(context,
         variable && variable->address != 0 ? std::optional(static_cast<std::int64_t>(variable->address)) : std::nullopt);
}

void block_of(sqlite3_context* context, RecordedWorlds& worlds, Arguments arguments) {
    const Process* const process = process_of(worlds, arguments);
    const auto address = integer_of(arguments[2]);
    const HeapChunk* const chunk =
        process && process->heap && address ? find_chunk(*process->heap, static_cast<Address>(*address)) : nullptr;
    chunk ? give(context, chunk_state_name(chunk->state)) : ::sqlite3_result_null(context);
}

template <std::optional<std::int64_t> (*find)(std::string_view, std::size_t)>
void found_in(sqlite3_context* context, RecordedWorlds&, Arguments arguments) {
    const std::int64_t n = arguments.size() > 1 ? ::sqlite3_value_int64(arguments[1]) : 1;
    give(context, n < 1 ? std::nullopt : find(text_of(arguments[0]), static_cast<std::size_t>(n)));
}

void label(sqlite3_context* context, RecordedWorlds& worlds, Arguments arguments) {
    const auto process = integer_of(arguments[0]);
    const World& world = worlds.recording().last_world();
    const bool known = process && *process >= 0 && static_cast<std::size_t>(*process) < world.processes.size();
    known ? give(context, family_name(world, static_cast<std::size_t>(*process))) : ::sqlite3_result_null(context);
}

// No exception may pass through SQLite.
template <void (*function)(sqlite3_context*, RecordedWorlds&, Arguments)>
void guarded(sqlite3_context* context, int count, sqlite3_value** values) {
    try {
        auto& worlds = *static_cast<RecordedWorlds*>(::sqlite3_user_data(context));
        function(context, worlds, Arguments(values, static_cast<std::size_t>(count)));
    } catch (const std::exception&) {
        ::sqlite3_result_error_nomem(context);
    }
}

struct QueryFunction {
    const char* name;
    int arguments;
    void (*call)(sqlite3_context*, int, sqlite3_value**);
};

constexpr std::array functions{
    QueryFunction{"region_of", 3, guarded<region_of>},
    QueryFunction{"value_of", 3, guarded<value_of>},
    QueryFunction{"address_of", 3, guarded<address_of>},
    QueryFunction{"block_of", 3, guarded<block_of>},
    QueryFunction{"address_in", 1, guarded<found_in<address_in>>},
    QueryFunction{"address_in", 2, guarded<found_in<address_in>>},
    QueryFunction{"number_in", 1, guarded<found_in<number_in>>},
    QueryFunction{"number_in", 2, guarded<found_in<number_in>>},
    QueryFunction{"label", 1, guarded<label>},
};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// The number that begins at `at`, which is moved behind it.
std::optional<std::int64_t> read_number(std::string_view text, std::size_t& at, int base) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), value, base);
    at = static_cast<std::size_t>(end - text.data());
    return error == std::errc() ? std::optional(static_cast<std::int64_t>(value)) : std::nullopt;
}

}  // namespace

const Process* RecordedWorlds::process_at(std::size_t process, std::optional<std::size_t> moment) {
    if (recording_.empty()) {
        return nullptr;
    }
    const std::size_t at = std::min(moment.value_or(recording_.last_moment()), recording_.last_moment());
    if (at == recording_.last_moment()) {
        const World& last = recording_.last_world();
        return process < last.processes.size() ? &last.processes[process] : nullptr;
    }
    if (moment_ != at) {
        world_ = recording_.world_at(at);
        moment_ = at;
    }
    return process < world_.processes.size() ? &world_.processes[process] : nullptr;
}

Result<void> add_query_functions(Database& database, RecordedWorlds& worlds) {
    for (const QueryFunction& function : functions) {
        constexpr int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
        if (::sqlite3_create_function_v2(database.get(), function.name, function.arguments, flags, &worlds, function.call,
                                         nullptr, nullptr, nullptr) != SQLITE_OK) {
            return std::unexpected(database.error());
        }
    }
    return {};
}

std::optional<std::int64_t> number_in(std::string_view text, std::size_t n) {
    for (std::size_t at = 0; at < text.size();) {
        if (!is_digit(text[at])) {
            ++at;
            continue;
        }
        const std::size_t begin = at;
        if (text.substr(at).starts_with("0x")) {  // an address is one word, and no number
            at += 2;
            (void)read_number(text, at, 16);
            continue;
        }
        auto number = read_number(text, at, 10);
        if (--n == 0) {
            const bool negative = begin > 0 && text[begin - 1] == '-' && (begin == 1 || text[begin - 2] == ' ');
            return number && negative ? std::optional(-*number) : number;
        }
    }
    return std::nullopt;
}

std::optional<std::int64_t> address_in(std::string_view text, std::size_t n) {
    for (std::size_t at = text.find("0x"); at != std::string_view::npos; at = text.find("0x", at)) {
        at += 2;
        const auto number = read_number(text, at, 16);
        if (number && --n == 0) {
            return number;
        }
    }
    return std::nullopt;
}

}  // namespace procatlas
