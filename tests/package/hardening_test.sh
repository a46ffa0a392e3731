#!/bin/sh
# The programs of a release are hardened as a distribution's are: sh tests/package/hardening_test.sh BUILD
set -eu
build=${1:?usage: hardening_test.sh BUILD}

# expect WHAT PATTERN PROGRAM READELF_OPTION
expect() {
    readelf -W "$4" "$build/bin/$3" | grep -Eq "$2" || { echo "$3: $1 is missing"; exit 1; }
}
for program in procatlas procatlas-observer procatlas-opener procatlas-reader procatlas-relay; do
    expect "PIE" 'Type: +DYN' "$program" -h
    expect "PIE" 'FLAGS_1.*PIE' "$program" -d
    expect "RELRO" 'GNU_RELRO' "$program" -l
    expect "immediate binding" 'FLAGS.*(BIND_NOW|NOW)' "$program" -d
    expect "the stack protector" '__stack_chk_fail' "$program" --dyn-syms
    ! readelf -lW "$build/bin/$program" | grep -Eq 'GNU_STACK.*RWE' || { echo "$program: its stack is executable"; exit 1; }
    # A note in the file would say it too, but only where every library that was linked in has it. The C library's own start has a few.
    if [ "$(uname -m)" = x86_64 ] && [ "$(objdump -d --no-show-raw-insn "$build/bin/$program" | grep -c endbr64)" -lt 100 ]; then
        echo "$program: control-flow protection is missing"
        exit 1
    fi
done
# The compiler leaves out checks that it can prove: the smaller programs may have none.
expect "fortify" '__[a-z]+_chk(@|$)' procatlas --dyn-syms
