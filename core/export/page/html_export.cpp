#include "core/export/page/html_export.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <list>
#include <unordered_map>

#include "core/base/text.h"
#include "core/export/data/json_writer.h"
#include "core/export/page/page_moments.h"
#include "core/export/page/page_output.h"
#include "core/export/page/page_parts.h"
#include "core/export/page/page_pictures.h"
#include "core/export/page/page_scenes.h"
#include "core/export/page/page_words.h"
#include "core/export/picture/svg_export.h"
#include "core/export/request/chosen_processes.h"
#include "core/export/request/figure_title.h"
#include "core/narrate/explain.h"
#include "core/narrate/process_state.h"

namespace procatlas {

namespace {

constexpr std::size_t bytes_of_moment = 60;  // for its rows, without pictures and sentences
constexpr float beside_pictures = 44;  // between and around the two pictures of a moment; the timeline uses this width too
constexpr float least_page_width = 1200;
constexpr float timeline_seen = 160;  // visible height; the rest scrolls

// The part of the page in one language.
class LanguagePart {
public:
    struct Row {
        std::size_t tree = 0;
        std::size_t memory = 0;
        std::size_t sentence = 0;
    };

    LanguagePart(const Recording& recording, const PageLanguage& language, const Palette& colours)
        : recording_(recording), language_(language), pictures_(colours), scenes_(recording, language.words, measure_) {}

    Row add(const World& world, std::size_t moment, std::span<const std::size_t> columns) {
        const Scene memory = scenes_.memory(world, columns);
        memory_width_ = std::max(memory_width_, memory.width);
        memory_height_ = std::max(memory_height_, memory.height);
        return {add_tree(world, moment, columns), pictures_.add(memory, measure_), add_sentence(world, moment)};
    }

    void add_timeline(float width) {
        const PageTimeline timeline = scenes_.timeline(width, recording_.events().size());
        const std::size_t picture = pictures_.add(timeline.scene, measure_);
        timeline_height_ = timeline.scene.height;
        timeline_ = fmt::format("{{\"picture\":{},\"left\":{},\"step\":{},\"width\":{},\"below_ruler\":{}}}", picture,
                                timeline.left, timeline.step, timeline.scene.width, timeline.below_ruler);
    }

    void write(std::string& json, std::span<const Row> rows) const {
        JsonObject out(json);
        {
            JsonObject words(out.key("words"));
            for (const char* word : page_words) {
                words.text(word, language_.words.text(word));
            }
        }
        write_texts(out.key("lines"), pictures_.lines());
        out.key("pictures") += fmt::format("[{}]", fmt::join(pictures_.pictures(), ","));
        write_texts(out.key("sentences"), sentences_);
        std::string& text = out.key("rows");
        text += '[';
        for (const Row& row : rows) {
            fmt::format_to(std::back_inserter(text), "{}[{},{},{}]", &row == rows.data() ? "" : ",", row.tree, row.memory,
                           row.sentence);
        }
        text += ']';
        out.key("timeline") += timeline_;
    }

    [[nodiscard]] const std::string& code() const { return language_.code; }
    [[nodiscard]] std::size_t bytes() const { return pictures_.bytes() + sentence_bytes_; }
    [[nodiscard]] std::size_t drawn() const { return pictures_.drawn(); }
    [[nodiscard]] float tree_width() const { return tree_width_; }
    [[nodiscard]] float memory_width() const { return memory_width_; }
    [[nodiscard]] float memory_height() const { return memory_height_; }
    [[nodiscard]] float timeline_height() const { return timeline_height_; }

private:
    static void write_texts(std::string& json, const auto& texts) {
        JsonArray out(json);
        for (const std::string& text : texts) {
            append_json_string(out.element(), text);
        }
    }

    std::size_t add_tree(const World& world, std::size_t moment, std::span<const std::size_t> columns) {
        const auto [found, fresh] = known_trees_.try_emplace(scenes_.tree_key(world, moment, columns), 0);
        if (fresh) {
            const Scene tree = scenes_.tree(world, moment, columns);
            tree_width_ = std::max(tree_width_, tree.width);
            found->second = pictures_.add(tree, measure_);
        }
        return found->second;
    }

    std::size_t add_sentence(const World& world, std::size_t moment) {
        if (recording_.empty()) {
            return sentence_index({});
        }
        return sentence_index(explain({recording_, world, moment, language_.words}));
    }

    std::size_t sentence_index(std::string sentence) {
        const auto [found, fresh] = known_sentences_.try_emplace(std::move(sentence), sentences_.size());
        if (fresh) {
            sentences_.push_back(found->first);
            sentence_bytes_ += found->first.size() + 4;
        }
        return found->second;
    }

    const Recording& recording_;
    PageLanguage language_;
    PangoMeasure measure_;
    PagePictures pictures_;
    PageScenes scenes_;
    std::unordered_map<std::string, std::size_t> known_trees_;
    std::vector<std::string> sentences_;
    std::unordered_map<std::string, std::size_t> known_sentences_;
    std::size_t sentence_bytes_ = 0;
    float tree_width_ = 0;
    float memory_width_ = 0;
    float memory_height_ = 0;
    float timeline_height_ = 0;
    std::string timeline_;
};

class PageMaker {
public:
    PageMaker(const Recording& recording, const PageOptions& options, std::vector<std::size_t> chosen,
              std::span<const PageLanguage> languages)
        : recording_(recording), options_(options), chosen_(std::move(chosen)) {
        const Palette& colours = options.theme == Theme::print ? palette(Theme::print) : named_palette();
        for (const PageLanguage& language : languages) {
            parts_.emplace_back(recording, language, colours);
        }
    }

    std::string make() {
        output_ = page_output(recording_, options_.most_bytes / 5);
        collect_moments();
        for (LanguagePart& part : parts_) {
            part.add_timeline(page_width());
        }
        return document();
    }

private:
    struct Moment {
        std::size_t moment = 0;
        Living living;
        std::size_t columns = 0;
        std::vector<LanguagePart::Row> rows;  // one for each language
    };

    void collect_moments() {
        for (const std::size_t moment : moments_by_weight(recording_, options_.moment)) {
            if (bytes() > options_.most_bytes || drawn() > options_.most_drawn) {
                break;
            }
            add_moment(moment);
        }
        std::ranges::sort(moments_, {}, &Moment::moment);
    }

    void add_moment(std::size_t at) {
        const World world = recording_.world_at(at);
        const std::vector<std::size_t> columns = page_columns(world, chosen_);
        Moment& moment = moments_.emplace_back();
        moment.moment = at;
        moment.living = count_living(world);
        moment.columns = columns.size();
        for (LanguagePart& part : parts_) {
            moment.rows.push_back(part.add(world, at, columns));
        }
    }

    [[nodiscard]] std::size_t bytes() const {
        std::size_t sum = output_.bytes + bytes_of_moment * moments_.size() * parts_.size();
        for (const LanguagePart& part : parts_) {
            sum += part.bytes();
        }
        return sum;
    }

    [[nodiscard]] std::size_t drawn() const {
        std::size_t sum = 0;
        for (const LanguagePart& part : parts_) {
            sum += part.drawn();
        }
        return sum;
    }

    // The maximum over all languages.
    [[nodiscard]] float most(float (LanguagePart::*size)() const) const {
        float largest = 0;
        for (const LanguagePart& part : parts_) {
            largest = std::max(largest, (part.*size)());
        }
        return largest;
    }
    [[nodiscard]] float page_width() const {
        return std::max(most(&LanguagePart::tree_width) + most(&LanguagePart::memory_width) + beside_pictures,
                        least_page_width);
    }
    [[nodiscard]] float page_height() const {
        return most(&LanguagePart::memory_height) + std::min(most(&LanguagePart::timeline_height), timeline_seen);
    }

    [[nodiscard]] std::string_view theme_name() const {
        if (!options_.theme) {
            return {};
        }
        return *options_.theme == Theme::print ? "print" : (*options_.theme == Theme::dark ? "dark" : "light");
    }

    [[nodiscard]] std::string seconds_at(std::size_t moment) const {
        const std::uint64_t ns = recording_.empty() ? 0 : recording_.events()[moment].time_ns;
        return fmt::format("{:.3f}", static_cast<double>(ns) / 1e9);
    }

    void write_moments(std::string& json) const {
        JsonArray out(json);
        for (const Moment& moment : moments_) {
            out.element() += fmt::format("[{},\"{}\",{},{},{},{}]", moment.moment, seconds_at(moment.moment),
                                         moment.living.alive, moment.living.zombies, moment.living.gone, moment.columns);
        }
    }

    void write_output(std::string& json) const {
        JsonArray out(json);
        for (const PageWrite& write : output_.writes) {
            write_page_write(out.element(), write);
        }
    }

    void write_languages(std::string& json) const {
        JsonObject out(json);
        std::size_t language = 0;
        for (const LanguagePart& part : parts_) {
            std::vector<LanguagePart::Row> rows;
            for (const Moment& moment : moments_) {
                rows.push_back(moment.rows[language]);
            }
            part.write(out.key(part.code()), rows);
            ++language;
        }
    }

    // Safe inside a <script> element: without "<", nothing in it can end the element or begin a comment.
    [[nodiscard]] std::string data() const {
        std::string json;
        {
            JsonObject out(json);
            out.text("title", figure_title(recording_.last_world(), options_.title));
            out.text("language", options_.language);
            out.text("theme", theme_name());
            out.number("last", recording_.last_moment());
            out.number("opens", options_.moment);
            out.number("left_out", std::max<std::size_t>(recording_.events().size(), 1) - moments_.size());
            out.number("output_left_out", output_.left_out);
            out.key("width") += fmt::format("{}", page_width());
            out.key("height") += fmt::format("{}", page_height());
            out.key("memory_width") += fmt::format("{}", most(&LanguagePart::memory_width));
            {
                JsonArray pids(out.key("pids"));
                for (const Process& process : recording_.last_world().processes) {
                    pids.element() += std::to_string(process.key.pid);
                }
            }
            write_moments(out.key("moments"));
            write_output(out.key("output"));
            write_languages(out.key("languages"));
        }
        std::string safe;
        safe.reserve(json.size() + json.size() / 4);
        for (const char c : json) {
            safe += c == '<' ? std::string_view("\\u003c") : std::string_view(&c, 1);
        }
        return safe;
    }

    [[nodiscard]] std::string document() const {
        const std::string_view theme = theme_name();
        return fmt::format(
            "<!DOCTYPE html>\n<html lang=\"{}\"{}>\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'sha256-{}'; style-src "
            "'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            "<meta name=\"generator\" content=\"procatlas {}\">\n<title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n{}"
            "<script type=\"application/json\" id=\"recording\">{}</script>\n<script>{}</script>\n</body>\n</html>\n",
            xml_text(options_.language), theme.empty() ? std::string() : fmt::format(" data-theme=\"{}\"", theme),
            page_script_hash, PROCATLAS_VERSION, xml_text(figure_title(recording_.last_world(), options_.title)),
            page_style_sheet(), page_body, data(), page_script);
    }

    const Recording& recording_;
    const PageOptions& options_;
    std::vector<std::size_t> chosen_;
    std::list<LanguagePart> parts_;  // a list, because the parts hold references to their own members
    PageOutput output_;
    std::vector<Moment> moments_;
};

}  // namespace

Result<std::string> recording_html(const Recording& recording, const PageOptions& options,
                                   std::span<const PageLanguage> languages) {
    const Messages& words = languages.front().words;
    if (options.moment > recording.last_moment()) {
        return fail(words.format("figure.no_moment", options.moment, recording.last_moment()));
    }
    auto chosen = chosen_processes(recording.last_world(), options.pids, recording.last_moment(), words);
    if (!chosen) {
        return std::unexpected(chosen.error());
    }
    return PageMaker(recording, options, std::move(*chosen), languages).make();
}

}  // namespace procatlas
