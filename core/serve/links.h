// The links to a shared run.
#pragma once

#include <string>
#include <vector>

#include "core/serve/run_share.h"

namespace procatlas {

struct ShareLinks {
    std::string page;              // "http://192.168.1.5:8000/", where the class code is asked for
    std::string look;              // to look, for the class
    std::string drive;             // to drive, for one's own other machine
    std::vector<std::string> all;  // for each address that it can be reached at, the link to look and the link to drive
};

// The secret is in the fragment of a link: browsers do not send it with the request, nor to where the page leads.
[[nodiscard]] ShareLinks share_links(const RunShare& share);

}  // namespace procatlas
