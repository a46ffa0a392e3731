// What must hold whatever the input: ends the fuzzer where it does not.
#pragma once

#include <cstdlib>

#define REQUIRE(condition) ((condition) ? static_cast<void>(0) : std::abort())
