# threads.py: three threads share one memory, each with a stack of its own
# threads.py: 스레드 셋이 메모리 하나를 함께 쓰고, 스택만 따로 가진다
import os
import threading

THREADS = 3

counter = 0  # one for all threads
counter_lock = threading.Lock()
all_here = threading.Barrier(THREADS)


def task():
    global counter
    all_here.wait()  # go on when all threads have started: so they live at the same time
    with counter_lock:
        counter += 1
        name = threading.current_thread().name
        print(f"[{os.getpid()}] thread {name} -> {threading.get_native_id()}, counter = {counter}")


if __name__ == "__main__":
    print("process ->", os.getpid())
    threads = [threading.Thread(target=task, name=name) for name in ("one", "two", "three")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"process -> {os.getpid()}, counter = {counter}")
