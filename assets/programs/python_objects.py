# python_objects.py: prints where Python keeps small and large objects, and which names share one
# python_objects.py: 파이썬이 작은 객체와 큰 객체를 어디에 두는지, 어떤 이름들이 한 객체를 함께 쓰는지 출력한다
import ctypes
import os


def show(what, value):
    print(f"[{os.getpid()}] {what} {hex(id(value))}")


small = 7
same = 3 + 4
large = 10**30
text = "heap"
numbers = [1, 2, 3]
alias = numbers
block = bytearray(4 * 1024 * 1024)

show("small_number", small)
show("the_same_small_number", same)  # small numbers exist once
show("large_number", large)
show("string", text)
show("list", numbers)
show("alias_of_the_list", alias)  # an assignment copies no object, it gives it a second name
show("bytearray_object", block)
# The object is small; its 4 MiB have a mapping of their own
print(f"[{os.getpid()}] bytearray_bytes {ctypes.addressof(ctypes.c_char.from_buffer(block)):#x}")
