// double_print: text that waits in a buffer is copied by fork, and printed twice
// double_print: 버퍼에 남아 있던 글자는 fork로 복사되어 두 번 출력된다
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
    static char buffer[4096];
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);  // as when the output goes to a file or a pipe
    printf("before fork, by %d\n", getpid());        // into the buffer, not to the terminal yet

    pid_t child = fork();  // the buffer is memory, so the child has it too
    if (child < 0) {
        perror("fork");
        return 1;
    }
    if (child > 0) {
        waitpid(child, NULL, 0);
    }
    printf("after fork, by %d\n", getpid());
    return 0;  // each process writes out its own buffer
}
