# py_alias.py: two names for one list, by assignment and by a call; a copy is another list
# py_alias.py: 대입과 호출로 이름 둘이 한 리스트를 가리킨다. 복사본은 다른 리스트다
def add_to(items):
    items.append("added")


words = ["one", "two"]
same = words
copy = list(words)
same.append("three")
add_to(words)
print(words, same is words)
print(copy, copy is words)
