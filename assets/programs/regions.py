# regions.py: prints where the objects of Python lie: in a parent, and in its child
# regions.py: 파이썬 객체의 주소를 출력한다: 부모에서, 자식에서
import ctypes
import multiprocessing
import os

small_object = [1, 2, 3]
large_object = bytearray(1024 * 1024)  # its bytes get a mapping of their own
library_function = ctypes.CDLL(None).getpid


def print_address(name, address):
    print(f"[{os.getpid()}] {name} {address:#x}")


def testify(who):
    print(f"[{os.getpid()}] {who}")
    # id() is the address of an object: in Python even functions and numbers are objects, and objects lie in memory
    # that the interpreter asked for while it ran, not in the code and data of its program file
    print_address("function", id(testify))
    print_address("small_object", id(small_object))
    print_address("large_object_bytes", ctypes.addressof(ctypes.c_char.from_buffer(large_object)))
    print_address("none", id(None))  # an exception: None belongs to the interpreter's own data
    print_address("library_function", ctypes.cast(library_function, ctypes.c_void_p).value)


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")  # a child is a copy of its parent
    testify("parent process")

    child = multiprocessing.Process(target=testify, args=("child process: a copy, at the same addresses",))
    child.start()
    child.join()
