"""Another machine for the tests of --host: an sshd of their own on loopback, with its own keys, in a folder that goes with it.

As root its user is another one, `student`, who is in the passwd file of the sshd's mount namespace alone. Elsewhere it is
whoever runs the test."""

import ctypes
import os
import pathlib
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time

SSHD = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/sbin:" + os.environ.get("PATH", ""))
NOBODY = 65534
PR_SET_PDEATHSIG = 1  # however the test ends


def why_none():
    """Why there can be no such machine here; empty: there can."""
    for name, found in (("sshd", SSHD), ("ssh", shutil.which("ssh")), ("ssh-keygen", shutil.which("ssh-keygen"))):
        if not found:
            return f"{name} is not installed"
    return ""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Machine:
    """`path`: the PATH that programs have there."""

    def __init__(self, path):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="procatlas-far-"))
        self.folder.chmod(0o755)
        self.port = free_port()
        self.apart = os.geteuid() == 0 and self._may_mount()
        self.user = "student" if self.apart else pwd.getpwuid(os.geteuid()).pw_name
        self.home = self.folder / "home"
        self.home.mkdir()
        if self.apart:
            os.chown(self.home, NOBODY, NOBODY)
        for key in ("host_key", "user_key"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.folder / key], check=True)
        shutil.copy(self.folder / "user_key.pub", self.folder / "authorized_keys")
        (self.folder / "authorized_keys").chmod(0o644)
        (self.folder / "sshd_config").write_text(
            f"Port {self.port}\nListenAddress 127.0.0.1\nHostKey {self.folder}/host_key\nPidFile none\nStrictModes no\n"
            f"UsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n"
            f"AuthorizedKeysFile {self.folder}/authorized_keys\nMaxStartups 100\nPermitRootLogin yes\n"
            f"SetEnv PATH={path} FAR_WORD=there\n")
        host_key = (self.folder / "host_key.pub").read_text().split()[:2]
        (self.folder / "known_hosts").write_text(f"[127.0.0.1]:{self.port} {' '.join(host_key)}\n")
        (self.folder / "ssh_config").write_text(
            f"Host far\n HostName 127.0.0.1\n Port {self.port}\n User {self.user}\n IdentityFile {self.folder}/user_key\n"
            f" IdentitiesOnly yes\n UserKnownHostsFile {self.folder}/known_hosts\n GlobalKnownHostsFile /dev/null\n")
        self.ssh = self.folder / "ssh"  # for PROCATLAS_SSH
        self.ssh.write_text(f'#!/bin/sh\nexec ssh -F {self.folder}/ssh_config "$@"\n')
        self.ssh.chmod(0o755)
        self.sshd = subprocess.Popen(self._command(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                     stderr=(self.folder / "sshd.log").open("wb"), start_new_session=True,
                                     preexec_fn=lambda: ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL))
        self._wait_until_it_listens()

    @staticmethod
    def _may_mount():
        return shutil.which("unshare") is not None and \
            subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", "/run"], capture_output=True).returncode == 0

    def _command(self):
        sshd = [SSHD, "-D", "-e", "-f", str(self.folder / "sshd_config")]
        if not self.apart:
            return sshd
        passwd = self.folder / "passwd"
        passwd.write_text(pathlib.Path("/etc/passwd").read_text() + f"student:x:{NOBODY}:{NOBODY}::{self.home}:/bin/sh\n")
        passwd.chmod(0o644)
        return ["unshare", "-m", "sh", "-c",
                'mount -t tmpfs none /run && mkdir -p /run/sshd && mount --bind "$1" /etc/passwd && shift && exec "$@"',
                "sh", str(passwd), *sshd]

    def _wait_until_it_listens(self):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if self.sshd.poll() is not None:
                break
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        self.end()
        raise RuntimeError("sshd does not listen: " + (self.folder / "sshd.log").read_text(errors="replace"))

    def environment(self, **more):
        return {**os.environ, "PROCATLAS_SSH": str(self.ssh), **more}

    def sessions(self):
        """The PIDs of all processes that this sshd has made."""
        parents = {}
        for entry in pathlib.Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                except (OSError, IndexError):
                    pass
        made, grew = {self.sshd.pid}, True
        while grew:
            more = {pid for pid, parent in parents.items() if parent in made} - made
            made |= more
            grew = bool(more)
        return made - {self.sshd.pid}

    def end(self):
        for pid in self.sessions():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.sshd.kill()
        self.sshd.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()


def others_may_run(program):
    """Whether everybody may run this file."""
    path = pathlib.Path(program).resolve()
    return all(p.stat().st_mode & stat.S_IXOTH for p in [path, *path.parents])
