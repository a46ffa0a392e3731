// /proc/PID/pagemap (Documentation/admin-guide/mm/pagemap.rst of the kernel): the state of each page.
#pragma once

#include <sys/types.h>

#include "core/base/result.h"
#include "core/model/event.h"

namespace procatlas {

// Which pages of all mappings are resident. A process that runs may change meanwhile. Mappings of more than 4 GiB are skipped:
// reading about them takes long. Error: the process is gone, or the kernel does not let us look.
[[nodiscard]] Result<ResidentEvent> read_resident_pages(pid_t pid);

}  // namespace procatlas
