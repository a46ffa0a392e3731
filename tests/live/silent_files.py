# Shows the files of a folder at a mount point (FUSE) and runs a command. When procatlas-reader reads one of them, no answer comes;
# with SILENT=NAME in the environment nobody gets an answer about a file of that name, at its first look-up already.
#   unshare --mount silent_files.py FOLDER MOUNT_POINT SECONDS COMMAND ARGUMENT...
# Ends as the command does; with 77 where FUSE cannot be had, 124 where the command takes longer than SECONDS. The mount point is
# seen in the namespace of mounts that `unshare` made alone, and goes with it.
import ctypes
import os
import stat
import struct
import subprocess
import sys
import threading

LOOKUP, FORGET, GETATTR, OPEN, READ, RELEASE, INIT, OPENDIR, RELEASEDIR, INTERRUPT, BATCH_FORGET = 1, 2, 3, 14, 15, 18, 26, 27, 29, 36, 42
ENOENT, ENOSYS = 2, 38
KEEP_CACHE = 2
NOSUID_NODEV = 6
DETACH = 2
forever = 1 << 30


def attributes(number, path):
    at = os.stat(path)
    return struct.pack("<6Q10I", number, at.st_size, (at.st_size + 511) // 512, 0, 0, 0, 0, 0, 0, at.st_mode, 1, 0, 0, 0, 4096, 0)


class Server:
    def __init__(self, folder, device):
        self.folder, self.device = folder, device
        self.paths = {1: folder}

    def answer(self, unique, body=b"", error=0):
        os.write(self.device, struct.pack("<IiQ", 16 + len(body), -error, unique) + body)

    def lookup(self, unique, name):
        if name == os.environ.get("SILENT"):
            return  # no answer, ever
        path = os.path.join(self.folder, name)
        if not os.path.isfile(path):
            return self.answer(unique, error=ENOENT)
        number = next((n for n, known in self.paths.items() if known == path), len(self.paths) + 1)
        self.paths[number] = path
        self.answer(unique, struct.pack("<4Q2I", number, 0, forever, forever, 0, 0) + attributes(number, path))

    def read(self, unique, node, pid, body):
        _, offset, size = struct.unpack_from("<QQI", body)
        with open(f"/proc/{pid}/comm") as name:
            if name.read().startswith("procatlas-reade"):
                return  # no answer, ever
        with open(self.paths[node], "rb") as file:
            file.seek(offset)
            self.answer(unique, file.read(size))

    def serve(self):
        while True:
            try:
                request = os.read(self.device, 1 << 18)
            except OSError:
                return  # unmounted
            _, operation, unique, node, _, _, pid, _ = struct.unpack_from("<IIQQIIII", request)
            body = request[40:]
            if operation == INIT:  # nothing is read ahead
                self.answer(unique, struct.pack("<4I2H2I2H8I", 7, 31, 0, 0, 8, 8, 1 << 16, 1, 0, 0, *[0] * 8))
            elif operation == LOOKUP:
                self.lookup(unique, os.fsdecode(body.split(b"\0")[0]))
            elif operation == GETATTR:
                self.answer(unique, struct.pack("<QII", forever, 0, 0) + attributes(node, self.paths[node]))
            elif operation in (OPEN, OPENDIR):
                self.answer(unique, struct.pack("<QII", 0, KEEP_CACHE, 0))
            elif operation == READ:
                self.read(unique, node, pid, body)
            elif operation in (RELEASE, RELEASEDIR):
                self.answer(unique)
            elif operation not in (FORGET, BATCH_FORGET, INTERRUPT):
                self.answer(unique, error=ENOSYS)


def main(folder, mount_point, seconds, *command):
    libc = ctypes.CDLL(None, use_errno=True)
    try:
        device = os.open("/dev/fuse", os.O_RDWR)
    except OSError as error:
        print(f"no FUSE: {error}", file=sys.stderr)
        return 77
    mode = stat.S_IFMT(os.stat(folder).st_mode)
    options = f"fd={device},rootmode={mode:o},user_id=0,group_id=0,allow_other"
    if libc.mount(b"silent", mount_point.encode(), b"fuse", NOSUID_NODEV, options.encode()) != 0:
        print(f"no FUSE: {os.strerror(ctypes.get_errno())}", file=sys.stderr)
        return 77
    threading.Thread(target=Server(folder, device).serve, daemon=True).start()
    try:
        with subprocess.Popen(command) as child:
            try:
                return child.wait(float(seconds))
            except subprocess.TimeoutExpired:
                child.kill()
                return 124
    finally:
        libc.umount2(mount_point.encode(), DETACH)
        # Whoever waits still is let go when this process, and with it the device, ends.


status = main(*sys.argv[1:])
sys.stdout.flush()
os._exit(status if status >= 0 else 128 - status)
