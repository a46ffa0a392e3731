// globals: initialised, uninitialised, static and constant: where each variable lives, and for how long
// globals: 초기화된 변수, 초기화하지 않은 변수, static, 상수: 변수마다 사는 곳과 수명이 다르다
#include <stdio.h>

int initialised = 42;             // data
int uninitialised;                // bss: zero until somebody writes
const int constant = 7;           // read-only data
static const char* text = "data and code";  // the pointer: data; the letters: read-only data
double table[3] = {1.5, 2.5, 3.5};

static int count_calls(void) {
    static int calls = 0;  // lives as long as the program, though only this function sees it
    calls = calls + 1;
    return calls;
}

int main(void) {
    int local = initialised + constant;
    uninitialised = local;
    initialised = initialised + 1;
    table[1] = count_calls() + 0.25;
    count_calls();
    text = "changed";
    printf("%d %d %d %s %g\n", initialised, uninitialised, constant, text, table[1]);
    return 0;
}
