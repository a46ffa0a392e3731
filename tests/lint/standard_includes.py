"""Checks that each source includes the standard header of every std:: name that it uses, itself or by a header of ours.

Compilers do not tell: the standard library's headers include one another, and not the same ones in each version.
usage: standard_includes.py FOLDER..., in the top folder of the project
"""

import pathlib
import re
import sys

# Any of the headers is right, where a name has several.
HEADERS = {
    "algorithm": "clamp copy copy_n fill fill_n find find_if for_each lower_bound max min mismatch partial_sum ranges rotate sort stable_sort unique "
                 "upper_bound",
    "array": "array",
    "atomic": "atomic atomic_bool atomic_flag",
    "bit": "bit_cast bit_ceil bit_floor bit_width countr_zero endian popcount",
    "cctype": "isalnum iscntrl isdigit isxdigit tolower",
    "charconv": "from_chars to_chars",
    "chrono": "chrono",
    "cmath": "abs ceil cos floor hypot isfinite isnan ldexp nan pow round signbit sin sqrt",
    "concepts": "same_as convertible_to integral signed_integral unsigned_integral",
    "condition_variable": "condition_variable",
    "cstddef": "byte max_align_t ptrdiff_t size_t",
    "cstdint": "int8_t int16_t int32_t int64_t intmax_t uint8_t uint16_t uint32_t uint64_t uintmax_t uintptr_t",
    "cstdio": "FILE fclose fflush fopen fprintf fputs fread fwrite getchar snprintf",
    "cstdlib": "abs atoi free getenv malloc strtoul strtod",
    "cstring": "memchr memcmp memcpy memmove memset strcmp strlen",
    "ctime": "strftime time time_t tm",
    "deque": "deque",
    "exception": "current_exception exception exception_ptr rethrow_exception",
    "expected": "expected unexpected",
    "filesystem": "filesystem",
    "fstream": "ifstream ofstream",
    "functional": "function greater hash invoke less less_equal",
    "random": "mt19937_64 random_device",
    "future": "async launch",
    "initializer_list": "initializer_list",
    "ios": "ios",
    "iterator": "back_inserter istreambuf_iterator next prev ssize",
    "limits": "numeric_limits",
    "list": "list",
    "map": "map multimap",
    "memory": "construct_at destroy_n enable_shared_from_this make_shared make_unique shared_ptr static_pointer_cast uninitialized_move_n unique_ptr weak_ptr",
    "atomic": "atomic",
    "mutex": "lock_guard mutex scoped_lock unique_lock",
    "new": "bad_alloc nothrow",
    "numbers": "numbers",
    "numeric": "accumulate gcd iota partial_sum",
    "optional": "nullopt optional",
    "ranges": "ranges views",
    "set": "multiset set",
    "span": "span",
    "sstream": "istringstream ostringstream stringstream",
    "stdfloat": "bfloat16_t float128_t float16_t",
    "string": "erase erase_if getline hash stoi stoul string to_string",
    "string_view": "hash string_view string_view_literals",
    "system_error": "errc error_code generic_category system_error",
    "thread": "this_thread thread",
    "tuple": "apply get ignore make_tuple tie tuple tuple_size_v",
    "type_traits": "is_nothrow_move_constructible_v decay_t is_enum_v is_same_v is_trivially_copyable_v remove_cvref_t remove_pointer_t underlying_type_t",
    "unordered_map": "unordered_map unordered_multimap",
    "unordered_set": "unordered_set",
    "utility": "as_const cmp_less_equal exchange forward get move pair swap to_underlying",
    "variant": "get get_if holds_alternative monostate variant variant_size_v visit",
    "vector": "erase erase_if vector",
}
# Headers whose own declarations need a name of another one, in every library.
ALSO_IN = {
    "size_t": "array cstdio cstring deque map memory optional set span string string_view tuple unordered_map variant vector".split(),
    "errc": ["charconv", "filesystem"],
    "error_code": ["filesystem"],
    "ios": ["fstream"],
}
# Names that a container's own header gives too.
ANY_CONTAINER = "erase erase_if swap get hash ssize size data begin end next prev move".split()

COMMENT_OR_TEXT = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"', re.S)
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def headers_of_names():
    found = {}
    for header, names in HEADERS.items():
        for name in names.split():
            found.setdefault(name, set()).add(header)
    for name, more in ALSO_IN.items():
        found[name].update(more)
    return found


class Sources:
    def __init__(self):
        self.closures = {}

    def included(self, path):
        """The standard headers that `path` includes, itself or by headers of ours."""
        if path in self.closures:
            return self.closures[path]
        standard = self.closures[path] = set()
        if pathlib.Path(path).is_file():
            for kind, name in INCLUDE.findall(pathlib.Path(path).read_text()):
                if kind == "<":
                    standard.add(name)
                else:
                    standard |= self.included(name)
        return standard


def main():
    headers = headers_of_names()
    sources = Sources()
    wrong = 0
    for folder in sys.argv[1:]:
        for path in sorted(pathlib.Path(folder).rglob("*")):
            if path.suffix not in (".h", ".cpp"):
                continue
            included = sources.included(str(path))
            code = COMMENT_OR_TEXT.sub(" ", path.read_text())
            for name in sorted(set(re.findall(r"\bstd::(\w+)", code))):
                if name in ANY_CONTAINER:
                    continue
                if name not in headers:
                    print(f"{path}: tests/lint/standard_includes.py does not know the header of std::{name}")
                    wrong += 1
                elif not headers[name] & included:
                    print(f"{path}: std::{name} needs " + " or ".join(f"<{header}>" for header in sorted(headers[name])))
                    wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
