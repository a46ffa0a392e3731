# zombie.py: a child process has ended, and its parent has not asked for its exit status yet
# zombie.py: 자식 프로세스는 끝났지만 부모가 아직 종료 상태를 가져가지 않았다
import multiprocessing
import os
import sys
import time


def child_task():
    print(f"child process -> {os.getpid()}, ending now with 7")
    sys.exit(7)


def print_state(pid):
    with open(f"/proc/{pid}/status") as status:  # the kernel's own word for the state of a process
        state = next(line for line in status if line.startswith("State:"))
    print(f"child process {pid}, {state.strip()}")


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")  # a child is a copy of its parent
    print("parent process ->", os.getpid())

    child = multiprocessing.Process(target=child_task)
    child.start()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # wait until it has ended, but leave it there
    print_state(child.pid)
    time.sleep(1)  # time to look at the zombie

    child.join()  # now it is reaped: its exit status is taken and its PID is free again
    print(f"reaped {child.pid}, its exit code was {child.exitcode}")
