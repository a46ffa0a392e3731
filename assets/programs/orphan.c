// orphan: the parent process ends first, and the child process gets a new parent
// orphan: 부모 프로세스가 먼저 끝나서 자식 프로세스에게 새 부모가 생긴다
#include <stdio.h>
#include <sys/types.h>
#include <unistd.h>

static void outlive(pid_t parent) {
    printf("child process -> %d, parent process is -> %d\n", getpid(), parent);
    int seconds = 0;
    do {
        sleep(1);  // until the parent has ended, a minute at most
        seconds++;
    } while (getppid() == parent && seconds < 60);
    printf("child process -> %d, parent process is now -> %d\n", getpid(), getppid());
}

int main(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);  // write each line at once
    pid_t parent = getpid();
    printf("parent process -> %d\n", parent);

    pid_t child = fork();
    if (child < 0) {
        perror("fork");
        return 1;
    }
    if (child == 0) {
        outlive(parent);
        return 0;
    }
    printf("parent process -> %d, ending before my child %d\n", parent, child);
    return 0;  // without wait
}
