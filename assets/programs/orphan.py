# orphan.py: the parent process ends first, and the child process gets a new parent
# orphan.py: 부모 프로세스가 먼저 끝나서 자식 프로세스에게 새 부모가 생긴다
import multiprocessing
import os
import time


def outlive(parent):
    print(f"child process -> {os.getpid()}, parent process is -> {parent}")
    for _ in range(60):  # until the parent has ended, a minute at most
        time.sleep(1)
        if os.getppid() != parent:
            break
    print(f"child process -> {os.getpid()}, parent process is now -> {os.getppid()}")


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")  # a child is a copy of its parent
    print("parent process ->", os.getpid())

    child = multiprocessing.Process(target=outlive, args=(os.getpid(),))
    child.start()
    print(f"parent process -> {os.getpid()}, ending before my child {child.pid}", flush=True)
    os._exit(0)  # end at once: sys.exit would wait for the child first
