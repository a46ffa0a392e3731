# three_different.py: a parent process makes three child processes that do different tasks
# three_different.py: 부모 프로세스가 서로 다른 일을 하는 자식 프로세스 셋을 만든다
import multiprocessing
import os


def greet():
    print("hello child os")


def introduce():
    print("my pid is ->", os.getpid())


def add():
    print("1 + 2 + ... + 10 =", sum(range(1, 11)))


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")  # a child is a copy of its parent
    print("parent process ->", os.getpid())

    children = [multiprocessing.Process(target=task) for task in (greet, introduce, add)]
    for child in children:
        child.start()
    for child in children:
        child.join()
