# python_cow.py: the child only reads a large list, and copies its pages all the same: reference counts are writes
# python_cow.py: 자식은 큰 리스트를 읽기만 하는데도 페이지가 복사된다: 참조 횟수를 세는 것이 쓰기이기 때문이다
import os

COUNT = 100_000


def own_kib():
    """KiB of memory that this process shares with no other one."""
    with open("/proc/self/smaps_rollup") as lines:
        return sum(int(line.split()[1]) for line in lines if line.startswith("Private_Dirty"))


words = list(map("word {}".format, range(COUNT)))
print(f"parent {os.getpid()}: a list of {len(words)} texts", flush=True)

child = os.fork()
if child == 0:
    print(f"child {os.getpid()}: {own_kib()} KiB of its own after fork", flush=True)
    longest = max(map(len, words))  # reads each text: its reference count goes up, and down again
    print(f"child {os.getpid()}: {own_kib()} KiB of its own after reading (longest text: {longest})", flush=True)
    os._exit(0)
os.waitpid(child, 0)
