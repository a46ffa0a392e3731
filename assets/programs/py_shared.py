# py_shared.py: what parent and child do share: a Value, an Array and a Queue
# py_shared.py: 부모와 자식이 함께 쓰는 것: Value, Array, Queue
import multiprocessing


def work(value, array, queue):
    value.value += 1
    array[0] = 10
    queue.put("from the child")


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    value = multiprocessing.Value("i", 1)
    array = multiprocessing.Array("i", [1, 2, 3])
    queue = multiprocessing.Queue()
    child = multiprocessing.Process(target=work, args=(value, array, queue))
    child.start()
    message = queue.get()
    child.join()
    print(value.value, list(array), message)
