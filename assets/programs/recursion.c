// recursion: a function calls itself ten times: ten frames of the same shape, one below the other
// recursion: 함수가 자기 자신을 열 번 부른다: 같은 모양의 프레임 열 개가 아래로 쌓인다
#include <stdio.h>
#include <stdlib.h>

static unsigned long factorial(unsigned n) {
    if (n <= 1) {
        return 1;
    }
    unsigned long below = factorial(n - 1);
    return n * below;
}

// An argument gives another depth: recursion 1000
int main(int argc, char** argv) {
    unsigned depth = argc > 1 ? (unsigned)atoi(argv[1]) : 10;
    unsigned long result = factorial(depth);
    printf("factorial of %u: %lu\n", depth, result);
    return 0;
}
