// who_first: parent and child print one line each; with the argument "wait" the parent waits for the child before it prints
// who_first: 부모와 자식이 한 줄씩 출력한다. 인자 "wait"를 주면 부모가 자식을 기다린 다음 출력한다
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char* argv[]) {
    setvbuf(stdout, NULL, _IOLBF, 0);  // write each line at once
    int waits = argc > 1 && strcmp(argv[1], "wait") == 0;

    pid_t child = fork();
    if (child < 0) {
        perror("fork");
        return 1;
    }
    if (child == 0) {
        printf("child\n");
        return 0;
    }
    if (waits) {
        wait(NULL);
    }
    printf("parent\n");
    wait(NULL);  // fails at once where the child is reaped already
    return 0;
}
