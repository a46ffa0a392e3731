#!/bin/sh
# What `cmake --install` puts in place works from there, and from wherever that tree is moved: sh tests/package/install_test.sh BUILD
set -eu
build=${1:?usage: install_test.sh BUILD}
unset PROCATLAS_ASSETS LC_ALL LC_MESSAGES
export LANG=C.UTF-8
folder=$(mktemp -d "${TMPDIR:-/tmp}/procatlas-install.XXXXXX")
trap 'rm -rf "$folder"' EXIT
prefix="$folder/moved here"
cmake --install "$build" --prefix "$folder/first" >"$folder/log"
mv "$folder/first" "$prefix"

wrong() {
    echo "$*"
    exit 1
}
for file in bin/procatlas libexec/procatlas/procatlas-observer libexec/procatlas/procatlas-opener libexec/procatlas/procatlas-reader libexec/procatlas/procatlas-relay libexec/procatlas/programs/hello.c \
    share/procatlas/locale/ko.json share/procatlas/lessons/01-four-areas/lesson.ko.md share/man/man1/procatlas.1.gz share/bash-completion/completions/procatlas \
    share/zsh/site-functions/_procatlas share/fish/vendor_completions.d/procatlas.fish share/applications/procatlas.desktop \
    share/metainfo/procatlas.metainfo.xml share/icons/hicolor/scalable/apps/procatlas.svg share/mime/packages/procatlas.xml; do
    [ -s "$prefix/$file" ] || wrong "$file is not installed"
done
[ -z "$(find "$prefix" -path '*manual' -type f)" ] || wrong "what is used while building alone was installed"

# The installed words, programs and samples are used, not those of the build.
words="$prefix/share/procatlas/locale/en.json"
sed 's/"doctor.kernel": "[^"]*"/"doctor.kernel": "words of the moved tree"/' "$words" >"$folder/en.json"
cp "$folder/en.json" "$words"
procatlas="$prefix/bin/procatlas"
[ "$("$procatlas" --version)" = "$("$build/bin/procatlas" --version)" ] || wrong "another version"
"$procatlas" doctor --json >"$folder/doctor.json"
python3 - "$folder/doctor.json" <<'PYTHON'
import json, sys
report = json.load(open(sys.argv[1]))
found = {finding["name"]: finding for finding in report["findings"]}
assert report["can_follow"] and found["observer"]["available"] and found["reader"]["available"], report
assert found["kernel"]["what"] == "words of the moved tree", found["kernel"]
PYTHON
"$procatlas" examples | grep -q '^hello ' || wrong "the samples are not found"
"$procatlas" lesson 1 --check >"$folder/lesson" || wrong "lesson 1: $(cat "$folder/lesson")"
"$procatlas" trace --grain lines -o "$folder/run.procatlas" --example hello </dev/null >"$folder/text"
grep -q 'exited 0' "$folder/text" || wrong "the installed program did not follow the sample"
"$procatlas" show "$folder/run.procatlas" --as svg >"$folder/figure.svg"
grep -q '</svg>' "$folder/figure.svg" || wrong "no figure"
"$procatlas" show "$folder/run.procatlas" --as text --view source --moment 5 | grep -q 'main' || wrong "the sample's source is not found"

# The other end of --host is found where the tree was moved to, in a folder that is no plain word.
printf '#!/bin/sh\nshift 3\nexec sh -c "$1"\n' >"$folder/no-ssh"
chmod +x "$folder/no-ssh"
PROCATLAS_SSH="$folder/no-ssh" "$procatlas" trace --host there --host-procatlas "$procatlas" --grain lines -- \
    "$prefix/libexec/procatlas/programs/hello" </dev/null >"$folder/text" || wrong "no run by the moved relay"
grep -q 'exited 0' "$folder/text" || wrong "the moved relay did not follow the sample"

# Desktop files.
desktop-file-validate "$prefix/share/applications/procatlas.desktop"
appstreamcli validate --no-net "$prefix/share/metainfo/procatlas.metainfo.xml"
update-mime-database "$prefix/share/mime"
grep -q 'application/x-procatlas:\*.procatlas' "$prefix/share/mime/globs2" || wrong "the MIME type has no name pattern"

# The manual has all that --help has.
gzip -dc "$prefix/share/man/man1/procatlas.1.gz" | sed 's/\\-/-/g' >"$folder/page"
for word in --hold trace --max-processes --host show --as where doctor 'EXIT STATUS'; do
    grep -q -e "$word" "$folder/page" || wrong "the manual page does not know $word"
done

# Completions, asked as their shells ask them.
PATH="$prefix/bin:$PATH"
export PATH
bash -c '. "$1"; COMP_WORDS=(procatlas show x --theme ""); COMP_CWORD=4; _procatlas; echo "${COMPREPLY[*]}"' - \
    "$prefix/share/bash-completion/completions/procatlas" | grep -qx 'light dark print' || wrong "bash does not complete --theme"
bash -c '. "$1"; COMP_WORDS=(procatlas --example hel); COMP_CWORD=2; _procatlas; echo "${COMPREPLY[*]}"' - \
    "$prefix/share/bash-completion/completions/procatlas" | grep -q 'hello' || wrong "bash does not complete examples"
fish -N -c 'source $argv[1]; complete -C "procatlas show --theme "' "$prefix/share/fish/vendor_completions.d/procatlas.fish" |
    grep -q '^print' || wrong "fish does not complete --theme"
zsh -f -n "$prefix/share/zsh/site-functions/_procatlas" || wrong "zsh cannot read its completion"
