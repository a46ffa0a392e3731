// PDF (ISO 32000-1): an embedded file (7.11.4), added by an incremental update (7.5.6). The update appends the new objects and
// a table of their offsets to the unchanged file. Viewers list the recording as an attachment.
#include <fmt/format.h>

#include <algorithm>

#include "core/export/carry/carried_formats.h"

namespace procatlas {

namespace {

constexpr std::string_view moment_key = "/ProcatlasMoment ";
constexpr auto npos = std::string_view::npos;

void skip_space(std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
}

// The number after the last `key` in `text`.
std::optional<std::size_t> number_after(std::string_view text, std::string_view key) {
    const std::size_t at = text.rfind(key);
    if (at == npos) {
        return std::nullopt;
    }
    text.remove_prefix(at + key.size());
    skip_space(text);
    return take_number(text);
}

// The content of the dictionary of object `number`: from its first << to its last >>.
std::optional<std::string_view> dictionary_of(std::string_view pdf, std::size_t number) {
    const std::size_t start = pdf.rfind(fmt::format("\n{} 0 obj", number));
    if (start == npos) {
        return std::nullopt;
    }
    const std::string_view object = pdf.substr(start, pdf.find("endobj", start) - start);
    const std::size_t open = object.find("<<");
    const std::size_t close = object.rfind(">>");
    if (open == npos || close == npos || close < open + 2) {
        return std::nullopt;
    }
    return object.substr(open + 2, close - open - 2);
}

// The offset of object `number`, from the table that the end of the file points to.
std::optional<std::size_t> offset_of(std::string_view pdf, std::size_t number) {
    const auto table_at = number_after(pdf, "startxref");
    if (!table_at || *table_at >= pdf.size() || !pdf.substr(*table_at).starts_with("xref")) {
        return std::nullopt;
    }
    constexpr std::size_t entry_size = 20;
    std::string_view table = pdf.substr(*table_at + 4);
    for (skip_space(table);; skip_space(table)) {
        const auto first = take_number(table);
        skip_space(table);
        const auto count = take_number(table);
        skip_space(table);
        if (!first || !count || *count > table.size() / entry_size) {
            return std::nullopt;
        }
        if (number >= *first && number - *first < *count) {
            std::string_view entry = table.substr((number - *first) * entry_size, entry_size);
            const auto offset = take_number(entry);
            return offset && *offset < pdf.size() ? offset : std::nullopt;
        }
        table.remove_prefix(*count * entry_size);
    }
}

}  // namespace

Result<std::string> attach_to_pdf(std::string figure, std::string_view packed, std::size_t size, std::size_t moment) {
    const std::size_t trailer_at = figure.rfind("trailer");
    const std::string_view trailer = trailer_at == npos ? std::string_view() : std::string_view(figure).substr(trailer_at);
    const auto objects = number_after(trailer, "/Size");
    const auto root = number_after(trailer, "/Root");
    const auto info = number_after(trailer, "/Info");
    const auto previous = number_after(trailer, "startxref");
    const auto catalog = root ? dictionary_of(figure, *root) : std::nullopt;
    if (!objects || !previous || !catalog) {
        return fail("the recording could not be attached to the PDF");
    }
    const std::size_t file = *objects;
    const std::size_t specification = file + 1;
    std::string update;
    const auto begin_object = [&](std::size_t number) {
        const std::size_t offset = figure.size() + update.size();
        update += fmt::format("{} 0 obj\n", number);
        return offset;
    };
    const std::size_t file_at = begin_object(file);
    update += fmt::format(
        "<< /Type /EmbeddedFile /Subtype /application#2Fvnd.procatlas /Filter /FlateDecode /Length {} /Params << /Size {} >> "
        ">>\n"
        "stream\n",
        packed.size(), size);
    update += packed;
    update += "\nendstream\nendobj\n";
    const std::size_t specification_at = begin_object(specification);
    update += fmt::format(
        "<< /Type /Filespec /F (recording.procatlas) /UF (recording.procatlas) /Desc (the recording of this figure)\n"
        "   {}{} /EF << /F {} 0 R >> >>\nendobj\n",
        moment_key, moment, file);
    const std::size_t catalog_at = begin_object(*root);
    update += fmt::format("<< {}   /Names << /EmbeddedFiles << /Names [(recording.procatlas) {} 0 R] >> >>\n>>\nendobj\n",
                          *catalog, specification);
    const std::size_t table_at = figure.size() + update.size();
    update += fmt::format("xref\n{} 1\n{:010} 00000 n \n{} 2\n{:010} 00000 n \n{:010} 00000 n \n", *root, catalog_at, file,
                          file_at, specification_at);
    update += fmt::format("trailer\n<< /Size {} /Root {} 0 R{} /Prev {} >>\nstartxref\n{}\n%%EOF\n", specification + 1, *root,
                          info ? fmt::format(" /Info {} 0 R", *info) : "", *previous, table_at);
    return figure + update;
}

// The file specification comes after the embedded file, so the search from the end cannot mistake bytes of the recording for
// it.
FoundRecording find_in_pdf(std::string_view figure) {
    const std::size_t at = figure.rfind(moment_key);
    if (at == npos) {
        return std::nullopt;
    }
    const std::size_t start = std::min(figure.rfind(" obj", at), at);
    const std::string_view specification = figure.substr(start, figure.find("endobj", at) - start);
    const auto moment = number_after(specification, moment_key);
    const std::string_view files = specification.substr(std::min(specification.find("/EF"), specification.size()));
    const auto file = number_after(files.substr(0, files.find(">>")), "/F ");
    const auto offset = file ? offset_of(figure, *file) : std::nullopt;
    if (!moment || !offset) {
        return std::unexpected(damaged_figure("its recording is not where it says"));
    }
    const std::string_view object = figure.substr(*offset);
    constexpr std::string_view keyword = "stream";
    const std::size_t stream = object.substr(0, 4096).find(keyword);
    const auto length = number_after(object.substr(0, stream), "/Length ");
    if (stream == npos || !length) {
        return std::unexpected(damaged_figure("its recording is not where it says"));
    }
    std::string_view data = object.substr(stream + keyword.size());
    data.remove_prefix(data.starts_with("\r\n") ? 2 : std::min<std::size_t>(1, data.size()));
    if (*length > data.size()) {
        return std::unexpected(damaged_figure("it ends too early"));
    }
    return PackedRecording{data.substr(0, *length), {}, *moment};
}

}  // namespace procatlas
