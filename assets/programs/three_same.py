# three_same.py: a parent process makes three child processes that do the same task
# three_same.py: 부모 프로세스가 같은 일을 하는 자식 프로세스 셋을 만든다
import multiprocessing
import os


def task():
    print(f"child process -> {os.getpid()}, parent process is -> {os.getppid()}")


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")  # a child is a copy of its parent
    print("parent process ->", os.getpid())

    children = [multiprocessing.Process(target=task) for _ in range(3)]
    for child in children:
        child.start()
    for child in children:
        child.join()
