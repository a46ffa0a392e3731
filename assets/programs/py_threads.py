# py_threads.py: two threads with stacks of their own change one list
# py_threads.py: 스레드 둘이 저마다 자신의 스택으로 한 리스트를 바꾼다
import threading

results = []


def work(name, count):
    total = 0
    for number in range(count):
        total += number
    results.append((name, total))


threads = [threading.Thread(target=work, args=("one", 3)), threading.Thread(target=work, args=("two", 4))]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sorted(results))
