// What queries of lessons can ask beyond the tables of a recording. A process is its `id`, a moment NULL the last one; the
// answer is NULL where the recording does not tell.
//
//     region_of(process, moment, address)   the kind of region: 'heap', 'stack', 'data', ...
//     value_of(process, moment, name)       what the variable holds, innermost frame first, then globals; of Python the object
//     address_of(process, moment, name)     where it lies
//     block_of(process, moment, address)    the state of the malloc block there: 'in_use', 'free', 'mapped', ...
//     address_in(text [, n])                the first, or n-th, 0x... in a text
//     number_in(text [, n])                 the first, or n-th, decimal number in a text
//     label(process)                        'P', 'C1', 'C1.2', ...: its family_name
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/model/recording.h"
#include "core/store/database.h"

namespace procatlas {

// The worlds of a recording, of which the last that was asked for is kept.
class RecordedWorlds {
public:
    explicit RecordedWorlds(const Recording& recording) : recording_(recording) {}

    [[nodiscard]] const Recording& recording() const { return recording_; }
    // nullptr: there is no such process then.
    [[nodiscard]] const Process* process_at(std::size_t process, std::optional<std::size_t> moment);

private:
    const Recording& recording_;
    std::optional<std::size_t> moment_;
    World world_;
};

// `worlds` must outlive the connection.
[[nodiscard]] Result<void> add_query_functions(Database& database, RecordedWorlds& worlds);

// The n-th (from 1) number in the text: decimal ones with a sign, or those that begin with 0x.
[[nodiscard]] std::optional<std::int64_t> number_in(std::string_view text, std::size_t n);
[[nodiscard]] std::optional<std::int64_t> address_in(std::string_view text, std::size_t n);

}  // namespace procatlas
