"""The programs that foreign.py runs: from Debian's packages, none of them written here."""

import dataclasses
import shutil
import subprocess
import sys


@dataclasses.dataclass
class Program:
    name: str
    command: list
    short: bool = False  # belongs to the half that CI runs
    grains: tuple = ("memory", "lifecycle")
    prepare: object = None  # makes the files that it works on, in the folder that it is given
    needs: tuple = ()  # further commands
    module: str = ""  # a Python module that must be there
    expected: tuple = ()  # gaps that README.md names
    sometimes: bytes = b""  # a pattern: lines that it prints in some untraced runs and not in others

    def installed(self):
        return all(shutil.which(name) for name in (self.command[0], *self.needs)) and (
            not self.module or subprocess.run([self.command[0], "-c", f"import {self.module}"], capture_output=True).returncode == 0)


def shell(name, text, **options):
    return Program(name, ["sh", "-c", text], **options)


def sources(count):
    """A prepare function: a small C project with a Makefile and a CMakeLists.txt."""

    def prepare(folder):
        for number in range(count):
            (folder / f"part{number}.c").write_text(f"int part{number}(int x) {{ return x + {number}; }}\n")
        calls = " + ".join(f"part{number}(0)" for number in range(count))
        declarations = "".join(f"int part{number}(int);\n" for number in range(count))
        (folder / "main.c").write_text(f'#include <stdio.h>\n{declarations}int main(void) {{ printf("%d\\n", {calls}); return 0; }}\n')
        objects = " ".join(f"part{number}.o" for number in range(count))
        (folder / "Makefile").write_text(f"all: sum\n\t./sum\nsum: main.o {objects}\n\t$(CC) -o $@ $^\n")
        parts = " ".join(f"part{number}.c" for number in range(count))
        (folder / "CMakeLists.txt").write_text(f"cmake_minimum_required(VERSION 3.10)\nproject(sum C)\nadd_executable(sum main.c {parts})\n")

    return prepare


def stress(name, count, more="", **options):
    return Program(f"stress-ng {name}", ["stress-ng", "--quiet", f"--{name}", "1", f"--{name}-ops", str(count), *more.split()], **options)


def cpython(name, **options):
    return Program(f"cpython {name}", ["python3", "-m", "test", "-q", name], module="test." + name, **options)


PERL_TREE = "for my $n (1..5) { my $p = fork; if (!$p) { print \"child $n\\n\"; exit $n } waitpid $p, 0; print $? >> 8, \"\\n\" }"
NODE_CHILDREN = ("const {spawnSync} = require('child_process'); console.log('before');"
                 "for (let n = 0; n < 3; n++) console.log(spawnSync('echo', ['child', n]).stdout.toString().trim()); console.error('after')")

PROGRAMS = [
    shell("shell pipeline", "seq 1 2000 | grep 7 | sort -rn | head -n 5; (echo in; exit 3) || echo $?", short=True,
          grains=("memory", "lifecycle", "calls")),
    shell("shell jobs", "for n in 1 2 3; do (sleep 0.1; echo $n >/dev/null) & done; wait; echo done", short=True),
    shell("bash", "bash -c 'for n in {1..40}; do x=$(echo $n); done; echo $x; diff <(echo a) <(echo b)'", needs=("bash",), short=True),
    shell("busybox", "busybox sh -c 'ls / | busybox wc -l; busybox seq 3 | busybox xargs -n1 busybox echo'", needs=("busybox",)),
    shell("make -j", "make -j4 --no-print-directory --output-sync=none all | sort", prepare=sources(20), needs=("make", "cc"), short=True),
    shell("git", "git init -q -b main . && git add . && git -c user.name=a -c user.email=a@b commit -qm one && git log --format=%s && git gc -q "
          "&& git fsck && git status --short", prepare=sources(5), needs=("git",), short=True),
    shell("gcc", "gcc -O2 -Wall -pipe main.c part*.c -o sum && ./sum", prepare=sources(5), needs=("gcc",), short=True),
    shell("g++", "echo '#include <iostream>\nint main() { std::cout << 42 << std::endl; }' >a.cpp && g++ a.cpp && ./a.out", needs=("g++",)),
    shell("cmake", "cmake -S . -B build >log && cmake --build build -j4 >log && build/sum", prepare=sources(10), needs=("cmake", "cc")),
    Program("perl", ["perl", "-e", PERL_TREE], short=True),
    Program("node", ["node", "-e", NODE_CHILDREN], short=True, grains=("memory", "lifecycle")),
    shell("java", "java -version 2>&1 | wc -l; java -XshowSettings:vm -version 2>&1 | wc -l", needs=("java",)),
    shell("valgrind", "valgrind -q --leak-check=no /bin/echo under valgrind", needs=("valgrind",)),
    shell("gdb", "gdb -batch -nx -ex 'print 6 * 7' 2>&1", needs=("gdb",)),
    shell("find xargs", "find /usr/share/doc -maxdepth 1 -name 'lib[a-c]*' -print0 | xargs -0 -P4 -n20 ls -d | wc -l"),
    shell("tar xz", "tar -cJf a.tar.xz main.c part*.c && tar -xOf a.tar.xz main.c | wc -c", prepare=sources(20)),
    shell("sqlite3", "sqlite3 a.db 'create table t(x); insert into t values(1),(2); select sum(x) from t'", needs=("sqlite3",)),
    shell("script", "script -qec 'echo in a terminal' /dev/null", needs=("script",)),
    shell("timeout", "timeout 0.2 sleep 5; echo $?; timeout -s KILL 0.2 sleep 5; echo $?", short=True),
    shell("setsid nohup", "setsid -w echo session; nohup echo no hangup 2>/dev/null; nice -n 5 nice", short=True),
    shell("flock", "flock lock sh -c 'echo one'; flock lock echo two", needs=("flock",)),
    shell("killed", "sh -c 'kill -TERM $$'; echo $?; sh -c 'kill -SEGV $$'; echo $?", short=True),
    shell("stopped", "sh -c 'kill -STOP $$; echo went on' & p=$!; sleep 0.3; kill -CONT $p; wait $p; echo $?", short=True),
    stress("fork", 300, short=True),
    stress("vfork", 300, short=True),
    stress("clone", 300),
    stress("exec", 200, short=True),
    stress("zombie", 200),
    stress("daemon", 100),
    stress("mmap", 20, "--mmap-bytes 4m"),  # without it two million calls, minutes under strace alone
    stress("brk", 2000),
    stress("stack", 5),
    stress("malloc", 2000),
    stress("sigq", 2000),
    stress("sigsegv", 1000, grains=("memory", "lifecycle", "calls")),
    stress("signal", 1000),
    stress("kill", 1000),
    stress("pthread", 300),
    stress("context", 300),
    stress("mremap", 20),
    stress("mprotect", 200, grains=("memory", "lifecycle", "calls")),
    stress("timer", 1000, grains=("memory", "lifecycle", "calls")),
    stress("pipe", 2000),
    stress("shm", 5),
    stress("wait", 200),
    stress("session", 50),
    stress("sigchld", 200),
    stress("ptrace", 50),
    stress("seccomp", 50),
    stress("userfaultfd", 50),
    stress("io-uring", 50),
    stress("membarrier", 50),
    stress("nice", 50),
    stress("prctl", 20),
    stress("resources", 5),
    stress("tmpfs", 5),
    stress("vm", 20, "--vm-bytes 16m"),
    cpython("test_subprocess"),
    cpython("test_os"),
    cpython("test_signal"),
    cpython("test_fork1"),
    cpython("test_wait4"),
    cpython("test_posix"),
    cpython("test_pty"),
    cpython("test_threading"),
    cpython("test_thread"),
    cpython("test_mmap"),
    cpython("test_multiprocessing_fork"),
    cpython("test_multiprocessing_spawn"),
    cpython("test_multiprocessing_forkserver"),
    cpython("test_concurrent_futures"),
    cpython("test_popen"),
    # Two of its watchers race for one child; the one that comes too late says so (1 of 6 untraced runs on a busy machine).
    cpython("test_asyncio", sometimes=rb"Unknown child process pid \d+, .*|Loop <.*> that handles pid \d+ is closed"),
    cpython("test_faulthandler"),
    cpython("test_gdb"),
]
