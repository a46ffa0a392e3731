// child: a parent process makes one child process, and both say who they are
// child: 부모 프로세스가 자식 프로세스 하나를 만들고, 둘 다 자신이 누구인지 출력한다
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static void child_task(void) {
    printf("child process -> %d\n", getpid());
    printf("parent process is -> %d\n", getppid());
}

int main(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);  // write each line at once, so that the child does not inherit half-printed text
    printf("parent process -> %d\n", getpid());

    pid_t child = fork();  // from here on there are two processes
    if (child < 0) {
        perror("fork");
        return 1;
    }
    if (child == 0) {  // one of the two processes goes in here
        child_task();
        return 0;
    }
    printf("my child is -> %d\n", child);  // fork returned the child's PID: this is the parent
    waitpid(child, NULL, 0);
    return 0;
}
