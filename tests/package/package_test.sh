#!/bin/sh
# The Debian package is made, and lintian finds no error: sh tests/package/package_test.sh BUILD. It stays in BUILD for whoever wants it.
set -eu
build=${1:?usage: package_test.sh BUILD}
cd "$build"
rm -f procatlas_*.deb
cpack -G DEB >cpack.log 2>&1 || { tail -n 20 cpack.log; exit 1; }
set -- procatlas_*.deb
lintian --fail-on error --allow-root "$1"
dpkg-deb --field "$1" Depends | grep -q 'libc6' || { echo "its libraries are not in Depends"; exit 1; }
