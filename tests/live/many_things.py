# What functions of Python do: defaults, recursion, generators and coroutines, two names, exceptions, classes.
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

for turn in (1, 2, 3): last = turn
print(add(1), add(1, 5, 7), fact(4), alias())
for value in count_to(2):
    print(value)
Point(3)
nothing = {"a": None, "b": True}
try:
    fails(0)
except ValueError:
    print("caught")

def both(limit):
    total = yield from count_to(limit)
    return "end"

def stubborn():
    while True:
        try:
            yield 1
        except KeyError:
            pass

class Turn:
    def __await__(self):
        yield "turn"

async def waits(n):
    await Turn()
    return n + 1

async def gives():
    yield 1
    await Turn()

class Dog:
    name = "Rex"
    def speak(self):
        def inner():
            return self.name
        return inner()
    class Tail:
        length = 3

print(list(both(2)))
gen = stubborn()
next(gen)
gen.throw(KeyError)
gen.close()
started = count_to(9)
next(started)
try:
    started.throw(ValueError("out"))
except ValueError:
    pass
one = waits(1)
one.send(None)
try:
    one.send(None)
except StopIteration as end:
    print(end.value)
many = gives()
for _ in range(2):
    step = many.__anext__()
    try:
        while True:
            step.send(None)
    except (StopIteration, StopAsyncIteration):
        pass
Dog().speak()
print(sum(x for x in (1, 2)))
