# py_refcount.py: how many references an object has, before and after del; with the last one it goes
# py_refcount.py: del 전후로 객체의 참조가 몇 개인지 본다. 마지막 참조와 함께 객체도 사라진다
class Noted:
    def __del__(self):
        print("the object is gone")


thing = Noted()
again = thing
shelf = [thing]
del again
shelf.clear()
print("before the last del")
del thing
print("after the last del")
