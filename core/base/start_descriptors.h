// The files that this program got open from whoever started it, beside the standard ones: a shell's 3<file and <(command), the
// pipe of make's jobs. A program that it runs gets them too.
#pragma once

#include <vector>

namespace procatlas {

// Their numbers, from 3 to 255, as they were at the first call. Call it first in main.
[[nodiscard]] const std::vector<int>& descriptors_at_start();

// Once the program that gets them has them: who reads a pipe waits until all have closed it.
void close_descriptors_at_start();

}  // namespace procatlas
