# py_recursion.py: a function calls itself; each call has a frame and an n of its own
# py_recursion.py: 함수가 자기 자신을 호출한다. 호출마다 프레임과 n이 따로 있다
def factorial(n):
    if n <= 1:
        return 1
    return n * factorial(n - 1)


print("5! =", factorial(5))
