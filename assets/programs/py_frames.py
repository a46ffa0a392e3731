# py_frames.py: three functions call one another, each with parameters and variables of its own
# py_frames.py: 함수 셋이 차례로 호출하며, 저마다 매개변수와 지역 변수를 가진다
def area(width, height):
    result = width * height
    return result


def wall(width, height, windows):
    whole = area(width, height)
    glass = windows * area(1, 1)
    return whole - glass


def room(length, width):
    height = 3
    return 2 * wall(length, height, 1) + 2 * wall(width, height, 0)


print("walls:", room(5, 4))
