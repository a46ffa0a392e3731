// exec_fails: exec of a program that is not there returns, and nothing has changed; the usual end is 127
// exec_fails: 없는 프로그램을 exec하면 되돌아오고 아무것도 바뀌지 않는다. 관례대로 127로 끝낸다
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
    setvbuf(stdout, NULL, _IONBF, 0);
    pid_t child = fork();
    if (child < 0) {
        perror("fork");
        return 1;
    }
    if (child == 0) {
        execl("/no/such/program", "program", (char*)NULL);
        printf("child %d is still here: %s\n", getpid(), strerror(errno));
        _exit(127);  // as a shell does; _exit, so that nothing of the parent's is done twice
    }
    int status = 0;
    waitpid(child, &status, 0);
    printf("child ended with %d\n", WEXITSTATUS(status));
    return 0;
}
