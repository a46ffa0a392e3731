// map_maker COUNT: has that many mappings, says so and waits for the end of its input.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "tests/bench/map_maker.h"

int main(int argc, char** argv) {
    if (argc != 2 || !procatlas::make_mappings(std::strtoul(argv[1], nullptr, 10))) {
        return 1;
    }
    std::puts("ready");
    std::fflush(stdout);
    char byte = 0;
    return ::read(STDIN_FILENO, &byte, 1) == 0 ? 0 : 1;
}
