# python_start_methods.py: three ways in which multiprocessing starts a child: fork, spawn, forkserver
# python_start_methods.py: multiprocessing이 자식을 만드는 세 가지 방법: fork, spawn, forkserver
import multiprocessing
import os


def child_task(method):
    print(f"{method}: child {os.getpid()}, its parent is {os.getppid()}", flush=True)


if __name__ == "__main__":
    print(f"this script is {os.getpid()}", flush=True)
    for method in ("fork", "spawn", "forkserver"):
        context = multiprocessing.get_context(method)
        child = context.Process(target=child_task, args=(method,))
        child.start()  # fork: a copy of us; spawn: a new Python; forkserver: a helper forks it for us
        child.join()
