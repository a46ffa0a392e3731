// print_once: the buffer is written out before fork, so the child copies an empty one, and nothing is printed twice
// print_once: fork하기 전에 버퍼를 비우므로 자식은 빈 버퍼를 복사하고, 두 번 출력되는 것이 없다
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
    static char buffer[4096];
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);  // as when the output goes to a file or a pipe
    printf("before fork, by %d\n", getpid());
    fflush(stdout);  // now the buffer is empty

    pid_t child = fork();
    if (child < 0) {
        perror("fork");
        return 1;
    }
    if (child > 0) {
        waitpid(child, NULL, 0);
    }
    printf("after fork, by %d\n", getpid());
    return 0;
}
