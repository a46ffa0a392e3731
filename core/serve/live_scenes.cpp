#include "core/serve/live_scenes.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <new>
#include <optional>
#include <utility>

#include "core/export/catalogue.h"
#include "core/export/data/json_writer.h"
#include "core/export/page/page_pictures.h"
#include "core/export/picture/figure.h"
#include "core/narrate/explain.h"
#include "core/narrate/process_state.h"

namespace procatlas {

namespace {

constexpr std::size_t most_measured = 2000;  // pictures, whose texts the measure remembers
constexpr float timeline_width = 1156;       // at least
constexpr int gzip_window = 15 + 16;         // zlib's way to ask for gzip

void write_picture(std::string& out, const Scene& scene, const PangoMeasure& measure) {
    fmt::format_to(std::back_inserter(out), "[{},{},", scene.width, scene.height);
    append_json_string(out, page_svg(scene, named_palette(), measure));
    out += ']';
}

// In place of a picture that is kept back.
Scene nothing() {
    Scene scene;
    scene.width = scene.height = 1;
    return scene;
}

LiveScenes::Body shared(std::string json) {
    return std::make_shared<const std::string>(compressed(json));
}

}  // namespace

void LiveScenes::forget() {
    makers_.clear();
    kept_.clear();
    known_.clear();
    timelines_.clear();
    bytes_ = 0;
}

LiveScenes::Body LiveScenes::known(std::size_t language, std::size_t moment) {
    const auto found = known_.find({language, moment});
    if (found == known_.end()) {
        return nullptr;
    }
    kept_.splice(kept_.begin(), kept_, found->second);
    return found->second->body;
}

LiveScenes::Body LiveScenes::make(const Recording& recording, std::size_t language, std::size_t moment,
                                  const SharedParts& parts) {
    Maker& with = maker(recording, language);
    ++with.made;
    std::optional<World> past;
    if (moment < recording.last_moment()) {
        past = recording.world_at(moment);
    }
    const World& world = past ? *past : recording.last_world();
    const std::vector<std::size_t> columns = page_columns(world, {});
    std::string json;
    {
        JsonObject out(json);
        out.number("moment", moment);
        const Living living = count_living(world);
        out.number("alive", living.alive);
        out.number("zombies", living.zombies);
        out.number("gone", living.gone);
        out.number("columns", columns.size());
        write_picture(out.key("tree"), parts.tree ? with.scenes->tree(world, moment, columns) : nothing(), with.measure);
        write_picture(out.key("memory"), parts.memory ? with.scenes->memory(world, columns) : nothing(), with.measure);
        const PageStage stage = parts.memory ? with.scenes->stage(world, moment, columns) : PageStage{nothing(), 0};
        write_picture(out.key("stage"), stage.scene, with.measure);
        out.key("acts_at") += fmt::format("{}", stage.acts_at / std::max(stage.scene.width, 1.0F));
        out.text("sentence", recording.empty() || !parts.sentence
                                 ? std::string()
                                 : explain({recording, world, moment, languages_[language].words}));
    }
    Body body = shared(std::move(json));
    if (!recording.empty()) {  // else moment 0 is still to come
        keep(language, moment, body);
    }
    return body;
}

LiveScenes::Body LiveScenes::timeline(const Recording& recording, std::size_t language, std::size_t events,
                                      const SharedParts& parts) {
    Timeline& last = timelines_[language];
    const auto begin = Clock::now();
    if (!last.body || (last.events != events && begin >= last.due)) {
        Maker& with = maker(recording, language);
        const PageTimeline made =
            parts.timeline ? with.scenes->timeline(timeline_width, events) : PageTimeline{.scene = nothing()};
        std::string json;
        {
            JsonObject out(json);
            out.number("events", events);
            write_picture(out.key("picture"), made.scene, with.measure);
            out.key("left") += fmt::format("{}", made.left);
            out.key("step") += fmt::format("{}", made.step);
            out.key("below_ruler") += fmt::format("{}", made.below_ruler);
        }
        Body body = shared(std::move(json));
        constexpr int share = 20;  // of the time, at most a part in so many is spent on it
        last = {events, std::move(body), Clock::now() + share * (Clock::now() - begin)};
    }
    return last.body;
}

LiveScenes::Body LiveScenes::figure(const Recording& recording, std::size_t language, const FigureOptions& options) {
    const PangoMeasure measure;
    const auto composed = compose_figure(recording, options, languages_[language].words, measure);
    if (!composed) {
        return nullptr;
    }
    const auto views = export_views();
    const auto view = std::ranges::find(views, options.view, &ExportView::view);
    std::string json;
    {
        JsonObject out(json);
        write_picture(out.key("picture"), composed->scene, measure);
        out.text("name", view == views.end() ? std::string_view() : languages_[language].words.text(view->word));
    }
    return shared(std::move(json));
}

LiveScenes::Maker& LiveScenes::maker(const Recording& recording, std::size_t language) {
    const std::size_t processes = recording.last_world().processes.size();
    auto found = makers_.find(language);
    if (found != makers_.end() && found->second.made > most_measured) {
        makers_.erase(found);
        found = makers_.end();
    }
    if (found == makers_.end()) {
        found = makers_.try_emplace(language).first;
    }
    Maker& with = found->second;
    if (!with.scenes || with.processes != processes) {
        with.scenes = std::make_unique<PageScenes>(recording, languages_[language].words, with.measure);
        with.processes = processes;
    }
    return with;
}

void LiveScenes::keep(std::size_t language, std::size_t moment, const Body& body) {
    const std::tuple key{language, moment};
    if (const auto old = known_.find(key); old != known_.end()) {
        bytes_ -= old->second->body->size();
        kept_.erase(old->second);
    }
    kept_.push_front({key, body});
    known_[key] = kept_.begin();
    bytes_ += body->size();
    while (bytes_ > most_bytes_ && kept_.size() > 1) {
        bytes_ -= kept_.back().body->size();
        known_.erase(kept_.back().key);
        kept_.pop_back();
    }
}

std::string compressed(std::string_view text) {
    z_stream stream{};
    if (::deflateInit2(&stream, 5, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        throw std::bad_alloc();
    }
    std::string out(::deflateBound(&stream, text.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));  // which is only read
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    (void)::deflate(&stream, Z_FINISH);  // there is room for all
    out.resize(stream.total_out);
    (void)::deflateEnd(&stream);
    return out;
}

std::string uncompressed(std::string_view bytes) {
    z_stream stream{};
    if (::inflateInit2(&stream, gzip_window) != Z_OK) {
        throw std::bad_alloc();
    }
    std::string out;
    std::array<char, 16384> piece;
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    int state = Z_OK;
    while (state == Z_OK) {
        stream.next_out = reinterpret_cast<Bytef*>(piece.data());
        stream.avail_out = piece.size();
        state = ::inflate(&stream, Z_NO_FLUSH);
        out.append(piece.data(), piece.size() - stream.avail_out);
    }
    (void)::inflateEnd(&stream);
    return out;
}

}  // namespace procatlas
