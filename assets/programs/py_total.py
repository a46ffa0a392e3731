# py_total.py: the child adds to a global variable, and then the parent prints its own
# py_total.py: 자식이 전역 변수에 더한 다음, 부모가 자기 것을 출력한다
import multiprocessing

total = 0


def f1(n):
    global total
    total += n * 3
    print("child", total, flush=True)


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")  # a child is a copy of its parent
    c = multiprocessing.Process(target=f1, args=(7,))
    c.start()
    c.join()
    print("parent", total)
