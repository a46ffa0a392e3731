#include <doctest/doctest.h>

#include <string>

#include "core/inspect/dwarf/rust_derive.h"

using namespace procatlas;

namespace {

// Whether the place of '^' is in a derive; the mark itself is no part of the text.
bool marked_is_derived(std::string text) {
    const std::size_t at = text.find('^');
    text.erase(at, 1);
    SourceColumn place{1, 1};
    for (std::size_t i = 0; i < at; ++i) {
        place = text[i] == '\n' ? SourceColumn{place.line + 1, 1} : SourceColumn{place.line, place.column + 1};
    }
    return is_in_derive(text, place);
}

}  // namespace

TEST_CASE("a place among the names of a derive is the compiler's, one in a function that was written is not") {
    CHECK(marked_is_derived("#[derive(^Debug)]\nstruct A;"));
    CHECK(marked_is_derived("#[derive(Debug^)]\nstruct A;"));
    CHECK(marked_is_derived("fn f() {}\n#[derive(Debug, ^Clone)] struct A;"));
    CHECK(marked_is_derived("#[derive(\n    Debug,\n    serde::Serialize^,\n)]\nstruct A;"));
    CHECK(marked_is_derived("#[cfg_attr(test, derive(^Debug))]\nstruct A;"));
    CHECK_FALSE(marked_is_derived("#[derive(Debug)] struct A { ^x: i32 }"));
    CHECK_FALSE(marked_is_derived("#[derive(Debug)]\nimpl B for A { fn f(&self) -> i32 { ^self.g() } }"));
    CHECK_FALSE(marked_is_derived("impl B for A { fn f(&self) -> i32 { derive(^a, b) } }"));
    CHECK_FALSE(marked_is_derived("#[inline] fn f() { derive(^a, b) }"));
    CHECK_FALSE(marked_is_derived("^"));
    CHECK_FALSE(is_in_derive("#[derive(Debug)]", {1, 900}));
    CHECK_FALSE(is_in_derive("#[derive(Debug)]", {7, 1}));
    CHECK_FALSE(is_in_derive("#[derive(Debug)]", {0, 0}));
}
