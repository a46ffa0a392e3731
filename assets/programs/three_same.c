// three_same: a parent process makes three child processes that do the same task
// three_same: 부모 프로세스가 같은 일을 하는 자식 프로세스 셋을 만든다
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILDREN = 3 };

static void task(void) {
    printf("child process -> %d, parent process is -> %d\n", getpid(), getppid());
}

int main(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);  // write each line at once
    printf("parent process -> %d\n", getpid());

    for (int i = 0; i < CHILDREN; i++) {
        pid_t child = fork();
        if (child < 0) {
            perror("fork");
            return 1;
        }
        if (child == 0) {
            task();
            return 0;  // without this the child would go on with the loop and make children of its own
        }
    }
    for (int i = 0; i < CHILDREN; i++) {
        wait(NULL);
    }
    return 0;
}
