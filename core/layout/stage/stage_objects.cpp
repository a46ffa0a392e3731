#include "core/layout/stage/stage_objects.h"

#include <algorithm>
#include <cstddef>

#include "core/base/text.h"
#include "core/model/copies.h"
#include "core/model/inside.h"

namespace procatlas {
namespace {

constexpr std::size_t most_interesting = 64;

bool is_a_tool(const PythonObject& object) {
    return object.type == "function" || object.type == "module" || object.type == "type" ||
           object.type == "builtin_function_or_method" || object.type == "method";
}

bool is_copied_now(const StageLook& look, Address address) {
    return has_copied(look.event().copied.all(), look.process.key.pid, address);
}

// Whether one of the names, "a, b", has another value by this event.
bool leads_from_change(std::span<const StageCard> python, const std::string& names) {
    return std::ranges::any_of(python, [&](const StageCard& card) {
        return std::ranges::any_of(card.rows, [&](const StageRow& row) {
            return row.changed && (", " + names + ", ").find(", " + row.name + ", ") != std::string::npos;
        });
    });
}

// Null: nobody else has it by fork, or it was not read.
const char* page_state_of(const StageLook& look, Address address) {
    constexpr ByteCount page = 4096;
    if (is_copied_now(look, address)) {
        return "stage.page_copied";
    }
    if (!look.process.pages || look.context.world.processes.size() < 2) {
        return nullptr;
    }
    const Address start = address & ~(page - 1);
    const RegionPages pages = pages_in(*look.process.pages, {start, start + page}, false);
    return pages.exclusive > 0 ? "stage.page_exclusive" : pages.shared > 0 ? "stage.page_shared" : nullptr;
}

// "list · 7f9e 029b fec0 · own". Who tells of an object counts one more reference to it: where its value is as before, that
// was the write.
std::string object_note(const StageLook& look, const PythonObject& object, const StageRow& row) {
    const std::string type = short_stage_text(object.type);
    if (row.page_copied && !row.changed && object.references && !object.immortal) {
        return type + " · " + std::string(look.context.words.text("stage.page_copied_count"));
    }
    const char* state = page_state_of(look, object.address);
    return type + " · " + address_text(object.address, true) +
           (state ? " · " + std::string(look.context.words.text(state)) : "");
}

}  // namespace

bool is_uninteresting_name(const Process& process, const Variable& variable) {
    if (variable.name.starts_with("__")) {
        return true;
    }
    const PythonObject* object =
        variable.leads_to.empty() || !process.objects ? nullptr : find_object(*process.objects, variable.leads_to.front());
    return object && is_a_tool(*object);
}

NamedObjects named_objects(const StageLook& look) {
    if (!look.process.objects || !look.shown || !is_of_python(*look.shown->stack)) {
        return {};
    }
    NamedObjects objects;
    const auto take = [&](const Variable& variable) {
        if (variable.leads_to.empty() || is_uninteresting_name(look.process, variable)) {
            return;
        }
        const Address to = variable.leads_to.front();
        const auto known = std::ranges::find(objects, to, &std::pair<Address, std::string>::first);
        if (known != objects.end()) {
            known->second += ", " + short_stage_text(variable.name);
        } else if (objects.size() < most_interesting) {
            objects.emplace_back(to, short_stage_text(variable.name));
        }
    };
    for (const auto& frame : look.shown->stack->frames) {
        std::ranges::for_each(frame->variables, take);
    }
    if (look.process.globals) {
        std::ranges::for_each(*look.process.globals, take);
    }
    return objects;
}

std::vector<std::pair<Address, StageRow>> stage_objects(const StageLook& look, const NamedObjects& objects,
                                                        std::span<const StageCard> python) {
    std::vector<std::pair<Address, StageRow>> rows;
    for (const auto& [address, names] : objects) {
        const PythonObject* object = find_object(*look.process.objects, address);
        if (!object) {
            continue;
        }
        StageRow row;
        row.name = names;
        row.value = short_stage_text(object->value);
        row.thing = {.kind = ThingKind::block,
                     .process = look.index,
                     .address = address,
                     .size = object->size,
                     .name = names,
                     .value = object->value,
                     .text = names + " = " + object->value};
        row.page_copied = is_copied_now(look, address);
        row.changed = leads_from_change(python, names);
        row.note = object_note(look, *object, row);
        row.rank = row.page_copied || row.changed ? Rank::changed : Rank::globals;
        rows.emplace_back(address, std::move(row));
    }
    return rows;
}

}  // namespace procatlas
