# py_start_globals.py: a global variable is changed before a child starts; what the child finds depends on how it was started
# py_start_globals.py: 자식을 시작하기 전에 전역 변수를 바꾼다. 자식이 보는 값은 시작 방법에 따라 다르다
import multiprocessing

total = 1


def child_task(method):
    print(f"{method} {total}", flush=True)


if __name__ == "__main__":
    total = 5
    for method in ("fork", "spawn"):
        context = multiprocessing.get_context(method)
        child = context.Process(target=child_task, args=(method,))
        child.start()  # fork: a copy of this process; spawn: a new Python that reads this file again
        child.join()
    print(f"parent {total}")
