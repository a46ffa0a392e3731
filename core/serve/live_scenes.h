// What a page of a shared run shows of one moment, laid out here: as JSON, compressed, once for each moment and language,
// whoever asks. Colours have names, so one picture serves all themes. What was not asked for lately is forgotten. One thread
// only.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "core/export/page/html_export.h"
#include "core/export/page/page_scenes.h"
#include "core/export/picture/pango_measure.h"
#include "core/export/request/figure_options.h"
#include "core/model/recording.h"
#include "core/serve/shared_run.h"

namespace procatlas {

class LiveScenes {
public:
    using Body = std::shared_ptr<const std::string>;
    using Clock = std::chrono::steady_clock;

    // `languages` must stay.
    explicit LiveScenes(std::vector<PageLanguage> languages, std::size_t most_bytes = 24'000'000)
        : languages_(std::move(languages)), most_bytes_(most_bytes) {}

    [[nodiscard]] const std::vector<PageLanguage>& all_languages() const { return languages_; }
    [[nodiscard]] const PageLanguage& language(std::size_t index) const { return languages_[index]; }

    // Another recording is shown from now on.
    void forget();

    // Compressed JSON: the pictures of tree and memory, the sentence, and numbers; null: it has to be made first.
    [[nodiscard]] Body known(std::size_t language, std::size_t moment);
    [[nodiscard]] Body make(const Recording& recording, std::size_t language, std::size_t moment,
                            const SharedParts& parts = {});

    // Compressed JSON: the timeline of the first `events` moments. Of a long run, which takes long to draw, as it was a moment
    // ago; `events` says at which.
    [[nodiscard]] Body timeline(const Recording& recording, std::size_t language, std::size_t events,
                                const SharedParts& parts = {});

    // Compressed JSON: the picture that a step of a lesson shows, and its name; null: there is none.
    [[nodiscard]] Body figure(const Recording& recording, std::size_t language, const FigureOptions& options);

    // The bytes that are kept.
    [[nodiscard]] std::size_t bytes() const { return bytes_; }

private:
    // One language's measures and widths, as the recording is now.
    struct Maker {
        PangoMeasure measure;
        std::unique_ptr<PageScenes> scenes;
        std::size_t processes = 0;  // for which the width of the cards was chosen
        std::size_t made = 0;       // pictures, since the measure was new
    };
    struct Kept {
        std::tuple<std::size_t, std::size_t> key;  // language, moment
        Body body;
    };

    Maker& maker(const Recording& recording, std::size_t language);
    void keep(std::size_t language, std::size_t moment, const Body& body);

    std::vector<PageLanguage> languages_;
    std::size_t most_bytes_;
    std::map<std::size_t, Maker> makers_;
    std::list<Kept> kept_;  // asked for last is first
    std::map<std::tuple<std::size_t, std::size_t>, std::list<Kept>::iterator> known_;
    std::size_t bytes_ = 0;
    struct Timeline {
        std::size_t events = 0;
        Body body;
        Clock::time_point due{};  // not made anew before that
    };
    std::map<std::size_t, Timeline> timelines_;
};

// As gzip (RFC 1952).
[[nodiscard]] std::string compressed(std::string_view text);
// Of what `compressed` made.
[[nodiscard]] std::string uncompressed(std::string_view bytes);

}  // namespace procatlas
