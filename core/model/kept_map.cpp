#include "core/model/kept_map.h"

#include "core/model/map_history.h"

namespace procatlas {

const std::shared_ptr<const AddressSpace>& KeptMap::get() const {
    if (!held_ && history_) {
        held_ = history_->space_at(process_, moment_);
    }
    return held_;
}

}  // namespace procatlas
