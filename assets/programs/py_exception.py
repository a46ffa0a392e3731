# py_exception.py: an exception goes up through the calls until one of them catches it
# py_exception.py: 예외가 호출을 거슬러 올라가다가 한 함수에서 처리된다
def divide(a, b):
    return a // b


def average(numbers):
    return divide(sum(numbers), len(numbers))


def safe_average(numbers):
    try:
        return average(numbers)
    except ZeroDivisionError as error:
        print("caught:", error)
        return 0


print(safe_average([1, 2, 6]))
print(safe_average([]))
