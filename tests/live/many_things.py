# What functions of Python do: defaults, recursion, a generator, two names, an exception, a class.
def add(a, b=2, *rest, key="k"):
    total = a + b
    both = (a, total)
    return total

def fact(n):
    if n <= 1:
        return 1
    return n * fact(n - 1)

def count_to(limit):
    at = 0
    while at < limit:
        at += 1
        yield at

def alias():
    words = ["one"]
    same = words
    same.append("two")
    other = list(words)
    return words

def fails(x):
    try:
        return 1 // x
    except ZeroDivisionError as error:
        message = str(error)
        raise ValueError("no")

class Point:
    def __init__(self, x):
        self.x = x
        length = 1.5

print(add(1), add(1, 5, 7), fact(4), alias())
for value in count_to(2):
    print(value)
Point(3)
nothing = {"a": None, "b": True}
try:
    fails(0)
except ValueError:
    print("caught")
