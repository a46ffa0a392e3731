# py_closure.py: a function keeps a variable of the one that made it, in a cell
# py_closure.py: 함수가 자신을 만든 함수의 변수를 셀에 담아 간직한다
def make_counter():
    count = 0

    def step():
        nonlocal count
        count = count + 1
        return count

    return step


one = make_counter()
other = make_counter()
print(one(), one(), other())
