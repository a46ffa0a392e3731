// hello: one process that prints its own PID
// hello: 자신의 PID를 출력하는 프로세스 하나
#include <stdio.h>
#include <unistd.h>

int main(void) {
    printf("hello, my PID is -> %d\n", getpid());
    return 0;
}
