// vfork_shares: a child of vfork uses its parent's own memory, and the parent waits meanwhile: its write stays
// vfork_shares: vfork의 자식은 부모의 메모리를 그대로 쓰고 부모는 기다린다: 자식이 쓴 값이 남는다
#define _GNU_SOURCE  // vfork
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int number = 1;

int main(void) {
    setvbuf(stdout, NULL, _IONBF, 0);
    printf("before vfork: number at %p is %d\n", (void*)&number, number);
    pid_t child = vfork();
    if (child < 0) {
        perror("vfork");
        return 1;
    }
    if (child == 0) {
        number = 2;  // a lesson only: after vfork a child should call nothing but exec or _exit
        _exit(0);
    }
    waitpid(child, NULL, 0);
    printf("after vfork: number at %p is %d\n", (void*)&number, number);
    return 0;
}
