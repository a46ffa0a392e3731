// who_am_i: a process asks the kernel twice for its own number and for its parent's
// who_am_i: 프로세스가 자신의 번호와 부모의 번호를 커널에 두 번 물어본다
#include <stdio.h>
#include <unistd.h>

int main(void) {
    printf("my PID is -> %d, my parent is -> %d\n", getpid(), getppid());
    printf("asked again: my PID is -> %d, my parent is -> %d\n", getpid(), getppid());
    return 0;
}
