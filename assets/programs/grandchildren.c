// grandchildren: children that make children of their own: a tree of seven processes
// grandchildren: 자식이 다시 자식을 만든다: 프로세스 일곱 개로 된 트리
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILDREN = 2, GENERATIONS = 2 };

static void make_children(int generation) {
    printf("generation %d: process -> %d, parent process is -> %d\n", generation, getpid(), getppid());
    if (generation == GENERATIONS) {
        return;  // the youngest make no more: without an end the tree would grow until the system is full
    }
    for (int i = 0; i < CHILDREN; i++) {
        pid_t child = fork();
        if (child < 0) {
            perror("fork");
            break;
        }
        if (child == 0) {
            make_children(generation + 1);
            _exit(0);
        }
    }
    while (wait(NULL) > 0) {
        // until no child is left
    }
}

int main(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);  // write each line at once
    make_children(0);
    return 0;
}
