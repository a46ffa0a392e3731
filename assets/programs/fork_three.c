// fork_three: three calls of fork in a row make eight processes: each call doubles them
// fork_three: fork를 잇달아 세 번 부르면 프로세스가 여덟 개가 된다: 부를 때마다 두 배가 된다
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { forks = 3 };

int main(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (int i = 1; i <= forks; ++i) {
        if (fork() < 0) {  // both go on from here, parent and child
            perror("fork");
            return 1;
        }
    }
    printf("process %d, child of %d\n", getpid(), getppid());
    while (wait(NULL) > 0) {  // each waits for the children that it made itself
    }
    return 0;
}
