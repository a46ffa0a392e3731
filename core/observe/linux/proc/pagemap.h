// /proc/PID/pagemap (Documentation/admin-guide/mm/pagemap.rst of the kernel): the state of each page.
#pragma once

#include <sys/types.h>

#include <span>

#include "core/base/result.h"
#include "core/model/observed_event.h"
#include "core/model/pages.h"

namespace procatlas {

// Which pages of all mappings are resident. A process that runs may change meanwhile. Mappings of more than 4 GiB are skipped:
// reading about them takes long. Error: the process is gone, or the kernel does not let us look.
[[nodiscard]] Result<ResidentEvent> read_resident_pages(pid_t pid);

// The state of the pages in `ranges` (ascending), and with `frames` where they lie in physical memory, which the kernel tells
// to root alone. `thread`: one that has not ended. What is not there costs little, however large it is; what would take longer
// than a fifth of a second, or more than 200,000 runs, is `unread`. Errors as above.
[[nodiscard]] Result<Pages> read_page_states(pid_t thread, std::span<const AddressRange> ranges, bool frames);

// The mappings of a map as text that have pages which pagemap knows.
[[nodiscard]] std::vector<AddressRange> ranges_with_pages(std::string_view maps);

}  // namespace procatlas
