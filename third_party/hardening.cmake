# What distributions compile with: each stop a common way from a bug to an exploit, and cost next to nothing.
include(CheckCXXSourceCompiles)
include(CheckPIESupported)
check_pie_supported(LANGUAGES C CXX)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_compile_options(-fstack-protector-strong -fstack-clash-protection)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  add_compile_options(-fcf-protection)
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
  add_compile_options(-mbranch-protection=standard)
endif()

# Level 3 also checks buffers whose size is known only while running; a compiler that lacks the builtin would warn.
check_cxx_source_compiles("int main(int, char** v) { return __builtin_dynamic_object_size(v, 0) == 0; }" HAS_DYNAMIC_OBJECT_SIZE)
if(NOT CMAKE_BUILD_TYPE STREQUAL Debug)  # fortify needs the optimizer
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$<IF:$<BOOL:${HAS_DYNAMIC_OBJECT_SIZE}>,3,2>)
endif()
add_link_options(-Wl,-z,relro,-z,now)
