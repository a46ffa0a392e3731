# fork_exec.py: a child process becomes another program and keeps its PID
# fork_exec.py: 자식 프로세스가 PID는 그대로 둔 채 다른 프로그램이 된다
import multiprocessing
import os


def become_a_shell():
    print(f"child process -> {os.getpid()}, still a copy of its parent", flush=True)
    os.execv("/bin/sh", ["sh", "-c", 'echo "now I am sh, and my PID is still -> $$"'])
    # never reached: after exec this program's memory is gone


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")  # a child is a copy of its parent
    print("parent process ->", os.getpid())

    child = multiprocessing.Process(target=become_a_shell)
    child.start()
    child.join()
    print(f"parent process -> {os.getpid()}, my memory has not changed")
