// Containers of the C++ library (libstdc++) and Go's own kinds of values, read as what they are to their user.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/address.h"
#include "core/base/result.h"
#include "core/inspect/values/value_pieces.h"

namespace procatlas {

// Something that a container holds.
struct ContainerPart {
    const Type* type = nullptr;
    Address at = 0;               // where it lies, unless it is `within` the container itself
    std::optional<Piece> within;  // points into the bytes of the container
    std::string_view label;       // "first = "; usually empty
};

struct ContainerView {
    std::string text;          // what is written first: "\"hello\"", "nullopt", "unique_ptr to 0x55d0c0"
    std::string_view opening;  // "{"
    std::string_view closing;  // "}"
    std::vector<ContainerPart> parts;
    bool keyed = false;   // parts are keys and values in turn
    bool behind = false;  // parts lie behind a pointer that is followed only once
    bool more = false;    // not all are in `parts`

    // Elements in a row, instead of `parts`.
    const Type* element = nullptr;
    Address row = 0;
    std::uint64_t count = 0;

    std::string sizes;              // "size 3, capacity 4"; told where the container stands alone, or is cut
    std::vector<Address> leads_to;  // the blocks that it keeps its elements in, as far as it knows them itself
};

inline constexpr std::size_t shown_parts = 200;  // as many as of an array

// The containers of one variable that were decoded for its text; what they lead to is asked of the same. They are known by
// where they lie in the bytes of the variable, which must outlive this.
class DecodedContainers {
public:
    explicit DecodedContainers(std::string_view bytes) : bytes_(bytes) {}

    void keep(const Type* type, const Piece& piece, Result<ContainerView> view);
    [[nodiscard]] std::optional<Result<ContainerView>> take(const Type* type, const Piece& piece);

private:
    using Place = std::pair<const Type*, const char*>;
    [[nodiscard]] bool has(const Piece& piece) const;

    std::string_view bytes_;
    std::map<Place, Result<ContainerView>> views_;
};

// nullopt: it is no container, or one that is laid out in a way that we do not know; its members can be shown. Error: it cannot
// be a value of its type, or a part of it cannot be read.
[[nodiscard]] std::optional<Result<ContainerView>> container_in(const ValueSources& sources, const Type* type,
                                                                const Piece& piece);

}  // namespace procatlas
