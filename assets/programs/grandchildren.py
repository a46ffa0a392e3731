# grandchildren.py: children that make children of their own: a tree of seven processes
# grandchildren.py: 자식이 다시 자식을 만든다: 프로세스 일곱 개로 된 트리
import multiprocessing
import os

CHILDREN = 2
GENERATIONS = 2


def make_children(generation):
    print(f"generation {generation}: process -> {os.getpid()}, parent process is -> {os.getppid()}")
    if generation == GENERATIONS:
        return  # the youngest make no more: without an end the tree would grow until the system is full
    children = [multiprocessing.Process(target=make_children, args=(generation + 1,)) for _ in range(CHILDREN)]
    for child in children:
        child.start()
    for child in children:
        child.join()


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")  # a child is a copy of its parent
    make_children(0)
