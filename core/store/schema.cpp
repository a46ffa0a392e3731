#include "core/store/schema.h"

#include <string_view>

namespace procatlas {

// If you change this, raise recording_schema_version. SQLite keeps the text with its comments: `.schema` shows them to a
// student.
const char* const recording_schema = R"sql(
CREATE TABLE about(
    title TEXT NOT NULL,
    started_unix_ms INTEGER NOT NULL,
    version TEXT NOT NULL,
    raw_title BLOB,
    memory_left_out INTEGER NOT NULL -- 1: carried by a figure, without raw memory and values of variables
) STRICT;
CREATE TABLE followed(           -- one row: how finely, from the start on
    grain TEXT NOT NULL,         -- lifecycle, memory, calls, lines, instructions
    libraries INTEGER NOT NULL   -- 1: calls and lines of libraries too
) STRICT;
CREATE TABLE process(
    id INTEGER PRIMARY KEY,      -- in order of birth, from 0
    pid INTEGER NOT NULL,        -- used again by later processes; `id` is not
    start_ticks INTEGER NOT NULL,
    parent INTEGER,              -- id of the process that forked it
    born_by TEXT NOT NULL,       -- start, found, fork, vfork, clone_vm, clone_vfork
    birth INTEGER NOT NULL,      -- moment
    birth_ns INTEGER NOT NULL,
    program TEXT,                -- the last one it ran
    arguments TEXT,
    death INTEGER,               -- moment; NULL: not seen
    death_ns INTEGER,
    code INTEGER,                -- exit code, or
    signal INTEGER,              -- what ended it
    reaped INTEGER               -- moment
) STRICT;
CREATE TABLE event(
    moment INTEGER PRIMARY KEY,  -- 0, 1, 2, ...
    time_ns INTEGER NOT NULL,    -- since the observer started
    process INTEGER,             -- id; NULL: nobody's
    pid INTEGER NOT NULL,
    kind TEXT NOT NULL,          -- start, fork, exec, exit, ...
    thread INTEGER NOT NULL,
    held INTEGER NOT NULL,       -- stopped by procatlas at this event
    pc INTEGER,                  -- program counter
    sp INTEGER,                  -- stack pointer
    child INTEGER,               -- id: fork, vfork, clone_vm, clone_vfork, reap
    code INTEGER,                -- exit code, errno, thread, sender
    signal INTEGER,
    address INTEGER,
    length INTEGER,
    text TEXT,
    mappings INTEGER,            -- how many the map has; NULL: not read
    child_mappings INTEGER,
    torn INTEGER NOT NULL,       -- the map changed while it was read
    body BLOB NOT NULL           -- the whole event, as procatlas reads it
) STRICT;
CREATE TABLE file(
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,          -- path, [heap], ... or empty
    device_major INTEGER NOT NULL,
    device_minor INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    raw_name BLOB                -- where `name` is not exactly it
) STRICT;
CREATE TABLE mapping(
    id INTEGER PRIMARY KEY,
    process INTEGER NOT NULL,
    since INTEGER NOT NULL,      -- it was there at moments m with
    until INTEGER NOT NULL,      --   since <= m AND m < until
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,        -- the first address after it
    permissions TEXT NOT NULL,   -- as rwxp
    offset INTEGER NOT NULL,
    file INTEGER NOT NULL
) STRICT;
CREATE TABLE marks(
    id INTEGER PRIMARY KEY,
    process INTEGER NOT NULL,
    since INTEGER NOT NULL,      -- until the next of the process
    torn INTEGER NOT NULL,
    start_code INTEGER NOT NULL,
    end_code INTEGER NOT NULL,
    start_data INTEGER NOT NULL,
    end_data INTEGER NOT NULL,
    start_brk INTEGER NOT NULL,
    start_stack INTEGER NOT NULL,
    arg_start INTEGER NOT NULL,
    arg_end INTEGER NOT NULL,
    env_start INTEGER NOT NULL,
    env_end INTEGER NOT NULL,
    entry INTEGER NOT NULL
) STRICT;
CREATE TABLE output(
    moment INTEGER PRIMARY KEY,
    process INTEGER,
    stream TEXT NOT NULL,        -- stdout, stderr, terminal
    text TEXT NOT NULL,
    size INTEGER NOT NULL        -- bytes written; `text` may be cut
) STRICT;
CREATE TABLE image(
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL,          -- of an ELF file
    body BLOB NOT NULL
) STRICT;
CREATE TABLE inside(
    moment INTEGER PRIMARY KEY,  -- where somebody looked inside the process
    function TEXT,               -- of the innermost frame
    file TEXT,
    line INTEGER,
    depth INTEGER NOT NULL,      -- frames on the stack
    instruction TEXT,            -- the next one
    bytes_start INTEGER NOT NULL,
    bytes BLOB,                  -- raw memory around the stack pointer; NULL: left out
    body BLOB NOT NULL           -- all the rest, as procatlas reads it
) STRICT;
CREATE TABLE variable(
    moment INTEGER NOT NULL,     -- of the innermost frame then, parameters first
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    address INTEGER,             -- NULL: in a register; of Python that of the object
    value TEXT                   -- NULL: not available
) STRICT;
CREATE TABLE object(
    moment INTEGER NOT NULL,     -- where this object of a Python program was seen first, or had changed
    pid INTEGER NOT NULL,
    address INTEGER NOT NULL,    -- id(x)
    type TEXT NOT NULL,
    value TEXT,                  -- NULL: not available
    size INTEGER NOT NULL,
    count INTEGER,               -- references, as memory had them then; NULL: not available
    items INTEGER                -- where a list or dictionary keeps them; NULL: nowhere, or not known
) STRICT;
CREATE TABLE memory(
    moment INTEGER NOT NULL,     -- where these bytes were seen first, or had changed
    start INTEGER NOT NULL,      -- address: in data, bss or at the start of the heap
    bytes BLOB NOT NULL
) STRICT;
CREATE TABLE source(
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL,          -- as the compiler knew it
    text TEXT NOT NULL,
    cut INTEGER NOT NULL,        -- the file goes on
    why_not TEXT,                -- why there is no text
    raw_path BLOB                -- where `path` is not exactly it
) STRICT;
CREATE TABLE code(
    id INTEGER PRIMARY KEY,
    program TEXT NOT NULL,       -- the file that it is mapped from
    function TEXT,
    start INTEGER NOT NULL,      -- address
    bytes BLOB NOT NULL,         -- its machine code
    text TEXT NOT NULL,          -- the same as instructions, a line each
    body BLOB NOT NULL           -- all of it, as procatlas reads it
) STRICT;
CREATE TABLE page_run(
    id INTEGER PRIMARY KEY,
    process INTEGER NOT NULL,    -- pages that are all alike, at moments m with
    since INTEGER NOT NULL,      --   since <= m AND m < until;
    until INTEGER NOT NULL,      --   what is in no run is not present, or was not read
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    pages INTEGER NOT NULL,
    state TEXT NOT NULL,         -- exclusive, shared (not copied yet), file, swapped, unread
    huge INTEGER NOT NULL        -- part of a huge page
) STRICT;
CREATE TABLE frame_run(
    id INTEGER PRIMARY KEY,      -- as page_run, where the kernel tells: root
    process INTEGER NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    pages INTEGER NOT NULL,
    frame INTEGER NOT NULL       -- number in physical memory of the first page; the others follow it
) STRICT;
CREATE TABLE copied(
    moment INTEGER NOT NULL,     -- pages that were shared before this event
    pid INTEGER NOT NULL,        --   and are the process's own since
    start INTEGER NOT NULL,
    pages INTEGER NOT NULL
) STRICT;
CREATE TABLE answer(             -- what a student predicted in a lesson
    id INTEGER PRIMARY KEY,      -- in the order of the steps, from 0
    who TEXT NOT NULL,           -- empty: gave no name
    lesson TEXT NOT NULL,        -- its name
    title TEXT NOT NULL,
    step INTEGER NOT NULL,       -- from 1
    question TEXT NOT NULL,
    given TEXT,                  -- as the lesson's query calls it; NULL: looked without answering
    given_text TEXT,             -- as a person reads it
    expected TEXT NOT NULL,      -- what the run said
    expected_text TEXT NOT NULL,
    right INTEGER NOT NULL,
    moment INTEGER,              -- where the step stood; NULL: in a run before this one
    unix_ms INTEGER NOT NULL     -- when, since 1970
) STRICT;
CREATE VIEW map AS SELECT m.process, p.pid, m.since, m.until, printf('%x', m.start) AS start_hex, printf('%x', m.end) AS end_hex,
    m.end - m.start AS bytes, m.permissions, f.name
    FROM mapping m JOIN file f ON f.id = m.file JOIN process p ON p.id = m.process;
CREATE VIEW tree AS WITH RECURSIVE t(id, depth, path) AS (
    SELECT id, 0, printf('%08d', id) FROM process WHERE parent IS NULL
    UNION ALL SELECT p.id, t.depth + 1, t.path || printf('/%08d', p.id) FROM process p JOIN t ON p.parent = t.id)
    SELECT printf('%*s', 2 * t.depth, '') || p.pid AS branch, p.id, p.pid, q.pid AS parent_pid, p.program, t.depth
    FROM t JOIN process p ON p.id = t.id LEFT JOIN process q ON q.id = p.parent ORDER BY t.path;
CREATE VIEW output_by_process AS SELECT p.id AS process, p.pid, p.program, o.moment, o.stream, o.text
    FROM output o LEFT JOIN process p ON p.id = o.process ORDER BY p.id, o.moment;
CREATE VIEW lifetime AS SELECT id AS process, pid, program, birth, death, (death_ns - birth_ns) / 1e6 AS milliseconds,
    CASE WHEN death IS NULL THEN 'alive' WHEN signal IS NOT NULL THEN 'signal ' || signal ELSE 'exit ' || code END AS fate
    FROM process;
)sql";

std::string recording_schema_of(int version) {
    std::string text = recording_schema;
    constexpr std::string_view objects_begin = "CREATE TABLE object(";
    constexpr std::string_view next_table = "CREATE TABLE memory(";
    const auto replace = [&](std::string_view now, std::string_view then) { text.replace(text.find(now), now.size(), then); };
    if (version < 11) {  // before format 11, no process was found running
        replace("-- start, found, fork,", "-- start, fork,");
    }
    if (version < 8) {  // before format 8, the recording in a figure had the values of variables
        replace(",\n    memory_left_out INTEGER NOT NULL -- 1: carried by a figure, without raw memory and values of variables",
                "");
    }
    if (version < 10) {  // before format 10, answers were not kept
        const auto begin = text.find("CREATE TABLE answer(");
        text.erase(begin, text.find("CREATE VIEW map") - begin);
    }
    // Format 9 has the tables of format 8. Format 7 has the tables of format 6, and notes that earlier programs do not know.
    // Format 13 has the tables of format 12, and a gap that earlier programs do not know.
    if (version < 6) {  // before format 6, Python programs told nothing of themselves
        const auto begin = text.find(objects_begin);
        text.erase(begin, text.find(next_table) - begin);
        replace("-- NULL: in a register; of Python that of the object", "-- NULL: in a register");
    }
    if (version < 5) {  // before format 5, clone was told as fork or vfork, and nothing else wrote to the terminal
        replace("-- start, fork, vfork, clone_vm, clone_vfork", "-- start, fork, vfork");
        replace("-- id: fork, vfork, clone_vm, clone_vfork, reap", "-- id: fork, vfork, reap");
        replace("-- stdout, stderr, terminal", "-- stdout, stderr");
    }
    if (version < 4) {  // before format 4, exclusive pages were called own
        replace("-- exclusive, shared", "-- own, shared");
    }
    if (version < 8) {  // before format 8, how finely a run was followed was not kept
        const auto begin = text.find("CREATE TABLE followed(");
        text.erase(begin, text.find("CREATE TABLE process(") - begin);
    }
    return text;
}

}  // namespace procatlas
