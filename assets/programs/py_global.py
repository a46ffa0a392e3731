# py_global.py: a child changes its global; that of the parent stays as it was
# py_global.py: 자식이 전역 변수를 바꾸어도 부모의 전역 변수는 그대로다
import os

numbers = [1, 2, 3]


def change():
    numbers.append(4)
    print(f"[{os.getpid()}] child: {numbers}", flush=True)


pid = os.fork()
if pid == 0:
    change()
    os._exit(0)
os.waitpid(pid, 0)
print(f"[{os.getpid()}] parent: {numbers}")
