// four_areas: a function, two global variables, a block of malloc and a local variable say where they are
// four_areas: 함수, 전역 변수 둘, malloc 블록, 지역 변수가 각각 어디에 있는지 출력한다
#include <stdio.h>
#include <stdlib.h>

int score = 100;  // a global variable that begins with a value
int visits;       // a global variable without one

int main(void) {
    int local = 7;
    int* block = malloc(40);
    if (block == NULL) {
        return 1;
    }
    *block = 42;
    printf("main   is at %p\n", (void*)main);
    printf("score  is at %p\n", (void*)&score);
    printf("visits is at %p\n", (void*)&visits);
    printf("block  is at %p\n", (void*)block);
    printf("local  is at %p\n", (void*)&local);
    free(block);
    return 0;
}
