#include "core/store/recording_without_memory.h"

#include <algorithm>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "core/model/inside.h"
#include "core/store/recording_batch.h"
#include "core/store/recording_file.h"

namespace procatlas {
namespace {

constexpr const char* left_out = "left out of this recording";

void clear_value(std::string& value, std::string& why_not) {
    if (!value.empty()) {
        value.clear();
        why_not = left_out;
    }
}

// Removes values. What several moments share is changed once, so that they still share it.
class ValueRemover {
public:
    void remove_from(Event& event) {
        if (auto* back = std::get_if<ReturnEvent>(&event.detail)) {
            back->value.reset();
        } else if (auto* thrown = std::get_if<ExceptionEvent>(&event.detail)) {
            thrown->exception.resize(std::min(thrown->exception.find(':'), thrown->exception.size()));
        }
        event.inside = changed(event.inside, insides_);
    }

private:
    template <typename T>
    using Changed = std::unordered_map<const T*, std::shared_ptr<const T>>;

    template <typename T>
    std::shared_ptr<const T> changed(const std::shared_ptr<const T>& part, Changed<T>& known) {
        if (!part) {
            return nullptr;
        }
        auto& made = known[part.get()];  // the recording keeps `part`, so that no other can have its address
        if (!made) {
            T copy = *part;
            clear(copy);
            made = std::make_shared<const T>(std::move(copy));
        }
        return made;
    }

    void clear(Inside& inside) {
        inside.stack = changed(inside.stack, stacks_);
        inside.globals = changed(inside.globals, variables_);
        inside.objects = changed(inside.objects, objects_);
        inside.pieces = changed(inside.pieces, pieces_);
        inside.value.clear();
    }
    void clear(Stack& stack) {
        stack.bytes.clear();
        for (auto& frame : stack.frames) {
            frame = changed(frame, frames_);
        }
    }
    void clear(StackFrame& frame) { clear(frame.variables); }
    void clear(MemoryPieces& pieces) {
        for (auto& piece : pieces.pieces) {
            piece = changed(piece, bytes_);
        }
    }
    static void clear(MemoryBytes& piece) { piece.bytes.clear(); }
    static void clear(std::vector<Variable>& variables) {
        for (Variable& variable : variables) {
            clear_value(variable.value, variable.why_not);
        }
    }
    static void clear(std::vector<PythonObject>& objects) {
        for (PythonObject& object : objects) {
            clear_value(object.value, object.why_not);
        }
    }

    Changed<Inside> insides_;
    Changed<Stack> stacks_;
    Changed<StackFrame> frames_;
    Changed<std::vector<Variable>> variables_;
    Changed<std::vector<PythonObject>> objects_;
    Changed<MemoryPieces> pieces_;
    Changed<MemoryBytes> bytes_;
};

}  // namespace

Result<void> write_without_memory(const Recording& recording, RecordingInfo info, const std::filesystem::path& to) {
    constexpr std::size_t events_at_once = 10'000;
    info.memory_left_out = true;
    auto file = RecordingFile::create(to, info);
    if (!file) {
        return std::unexpected(file.error());
    }
    ValueRemover remover;
    RecordingPosition written;
    for (RecordingBatch batch; batch_after(recording, written, events_at_once, batch, RowEnds::final); batch = {}) {
        for (RecordingBatch::Told& told : batch.events) {
            remover.remove_from(told.event);
        }
        if (auto done = file->commit(batch); !done) {
            return done;
        }
        written = batch.to;
    }
    return file->close();
}

}  // namespace procatlas
