// The blocks of malloc on the stage: which variable, or which element of one, leads to each.
#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "core/layout/stage/stage_blocks.h"
#include "core/model/inside.h"
#include "layout_support.h"

using namespace procatlas;

namespace {

constexpr Address first_block = 0x555501000010;
constexpr ByteCount step = 0x100;

// The names that the rows of four blocks have, the lowest block first, if this variable alone leads there.
std::vector<std::string> names_by(const Variable& variable) {
    Recording recording;
    recording.append(event_of(10, StartEvent{9, {"sh"}, "/"}));
    World world = recording.last_world();
    Heap heap;
    for (ByteCount i = 0; i < 4; ++i) {
        heap.chunks.push_back({first_block - 16 + i * step, step, ChunkState::in_use, {}});
    }
    world.processes[0].heap = std::make_shared<const Heap>(heap);
    world.processes[0].globals = std::make_shared<const std::vector<Variable>>(std::vector<Variable>{variable});
    const Messages words = words_of("en");
    const FixedMeasure measure;
    const LayoutContext context{recording, world, 0, words, measure};
    std::vector<std::string> names;
    for (const auto& [address, row] : stage_blocks({.context = context, .process = world.processes[0]}).rows) {
        names.push_back(row.name);
    }
    return names;
}

std::string text_of(std::size_t block) {
    return hex_address(first_block + block * step);
}

Variable variable_of(std::string type, std::string value, std::vector<std::size_t> blocks) {
    Variable variable{"blocks", std::move(type), 0x555500003000, 48, std::move(value), "", {}, false};
    for (const std::size_t block : blocks) {
        variable.leads_to.push_back(first_block + block * step);
    }
    return variable;
}

}  // namespace

TEST_CASE("a block to which an element of an array leads says which element it is") {
    const std::string one = "{0x0 <repeats 12 times>, " + text_of(2) + " \"a, {b\\\"\", " + text_of(0) + ", " + text_of(0) +
                            ", " + text_of(1) + "...}";
    CHECK(names_by(variable_of("char *[40]", one, {2, 0, 0, 1, 3})) ==
          std::vector<std::string>{"blocks[13], blocks[14] →", "blocks[15] →", "blocks[12] →", "blocks →"});
}

TEST_CASE("where it is not known which element leads to a block, the variable alone is named") {
    const std::vector<std::string> plain{"blocks →", "block", "block", "block"};
    CHECK(names_by(variable_of("char *", text_of(0), {0})) == plain);
    CHECK(names_by(variable_of("struct pair [2]", "{{" + text_of(0) + ", 1}, {0x0, 2}}", {0})) == plain);
    CHECK(names_by(variable_of("char *[9]", "{0x0 <repeats at least 3 times>, " + text_of(0) + "}", {0})) == plain);
    CHECK(names_by(variable_of("void *[2]", "{0x401136 <f(int, char)>, " + text_of(0) + "}", {0})) == plain);
    CHECK(names_by(variable_of("char *[9]", "", {0})) == plain);
}
