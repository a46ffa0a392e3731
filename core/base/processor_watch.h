// Whether the processor can watch a place of memory for us (the debug registers of x86).
#pragma once

namespace procatlas {

// Found out by trying, once: a child of our own writes to a watched place. A virtual machine may take the place and then never
// tell of a write. Waits until the child has ended, a few milliseconds. Any thread.
[[nodiscard]] bool processor_watches_here();

}  // namespace procatlas
