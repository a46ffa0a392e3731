// write_to_code: a program tries to write over its own instructions: SIGSEGV, for code is read-only
// write_to_code: 프로그램이 자기 명령어 위에 쓰려고 한다: 코드는 읽기 전용이므로 SIGSEGV
#include <stdint.h>
#include <stdio.h>

static int answer(void) {
    return 42;
}

int main(void) {
    volatile unsigned char* code = (volatile unsigned char*)(uintptr_t)answer;
    printf("the code of answer() at %p begins with %02x; answer() gives %d\n", (void*)(uintptr_t)answer, code[0], answer());
    printf("now the program writes there\n");
    fflush(stdout);
    code[0] = 0xC3;
    printf("never reached\n");
    return 0;
}
