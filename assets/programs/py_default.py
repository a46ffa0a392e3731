# py_default.py: the default value of a parameter is made once, so all calls share one list
# py_default.py: 매개변수의 기본값은 한 번만 만들어지므로 모든 호출이 한 리스트를 함께 쓴다
def remember(word, words=[]):
    words.append(word)
    return words


first = remember("one")
second = remember("two")
print(first, second, first is second)
