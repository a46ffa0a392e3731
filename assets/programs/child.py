# child.py: a parent process makes one child process, and both say who they are
# child.py: 부모 프로세스가 자식 프로세스 하나를 만들고, 둘 다 자신이 누구인지 출력한다
import multiprocessing
import os


def child_task():
    print("child process ->", os.getpid())
    print("parent process is ->", os.getppid())


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")  # a child is a copy of its parent
    print("parent process ->", os.getpid())

    child = multiprocessing.Process(target=child_task)
    child.start()  # from here on there are two processes
    print("my child is ->", child.pid)
    child.join()
