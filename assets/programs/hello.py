# hello.py: one process that prints its own PID
# hello.py: 자신의 PID를 출력하는 프로세스 하나
import os

print("hello, my PID is ->", os.getpid())
