# mine.py: three child processes with three tasks of their own, as a lecture begins; look at it at the grain “lines”
# mine.py: 강의의 첫 예제처럼 자식 프로세스 셋이 서로 다른 일을 한다. “줄” 단위로 보면 된다
import os
from multiprocessing import Process


def f1():
    print("hello child os")


def f2():
    print("my pid is ->", os.getpid())


def f3():
    total = 0
    for number in range(1, 4):
        total = total + number
    print("total ->", total)


if __name__ == "__main__":
    print("parent process ->", os.getpid())
    children = [Process(target=task) for task in (f1, f2, f3)]
    for child in children:
        child.start()
    for child in children:
        child.join()
