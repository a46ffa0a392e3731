// What the tests of recording files share: a folder that goes away, and recordings compared in every respect.
#pragma once

#include <doctest/doctest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>

#include "core/model/inside.h"
#include "core/model/recording.h"
#include "core/store/read_recording.h"
#include "core/store/recording_writer.h"
#include "core/stream/fields.h"
#include "tests/core/made_up_run.h"
#include "tests/scratch_folder.h"

namespace procatlas {

inline std::string encoded(const Event& event) {
    std::string bytes;
    Encoder encoder(bytes);
    encoder(event, event.mappings, event.child_mappings, event.torn);
    if (const auto* thread = std::get_if<ThreadExitEvent>(&event.detail)) {
        encoder(thread->stack);
    }
    return bytes;
}

inline ElfImage made_up_image(const std::string& path) {
    ElfImage image;
    image.path = path;
    image.inode = 17;
    image.sections = {{".text\n", {4096, 8192}, false, true, false}};
    image.segments = {{{4096, 8192}, 1, 2}};
    return image;
}

// `a` and `b` hold the same events, images, and world at every `every`th moment.
inline void check_same(const Recording& a, const Recording& b, std::size_t every = 1) {
    REQUIRE(a.events().size() == b.events().size());
    for (std::size_t moment = 0; moment < a.events().size(); ++moment) {
        CAPTURE(moment);
        REQUIRE(encoded(a.events()[moment]) == encoded(b.events()[moment]));
        REQUIRE((a.events()[moment].inside == nullptr) == (b.events()[moment].inside == nullptr));
        REQUIRE((!a.events()[moment].inside || *a.events()[moment].inside == *b.events()[moment].inside));
        REQUIRE(a.process_of(moment) == b.process_of(moment));
        if (moment % every == 0) {
            REQUIRE(a.world_at(moment) == b.world_at(moment));
        }
    }
    REQUIRE(a.last_world() == b.last_world());
    REQUIRE(std::ranges::equal(a.images(), b.images()));
    REQUIRE(std::ranges::equal(a.sources(), b.sources()));
    REQUIRE(std::ranges::equal(a.functions(), b.functions()));
    REQUIRE(std::ranges::equal(a.output_moments(), b.output_moments()));
    for (std::size_t process = 0; process < a.last_world().processes.size(); ++process) {
        REQUIRE(std::ranges::equal(a.maps().changes(process), b.maps().changes(process)));
    }
}

inline LoadedRecording read_whole(const std::filesystem::path& path) {
    auto loaded = read_recording(path);
    REQUIRE_MESSAGE(loaded, loaded.error().message);
    return std::move(*loaded);
}

// A file of a run of so many events.
inline Recording write_made_up(const std::filesystem::path& path, unsigned seed, std::size_t events) {
    auto writer = RecordingWriter::create(path, {"made up\n", 1'700'000'000'123, "test"});
    REQUIRE_MESSAGE(writer, writer.error().message);
    Recording recording;
    for (ObservedEvent& event : MadeUpRun(seed).events(events)) {
        recording.append(std::move(event));
    }
    recording.add_image(made_up_image("/bin/\xffx"));
    (*writer)->follow(recording);
    REQUIRE((*writer)->finish(recording));
    return recording;
}

}  // namespace procatlas
