// forks: calls fork once after another, twice if no number is given; every process goes on to the next fork
// forks: fork를 연달아 호출한다. 숫자를 주지 않으면 두 번이고, 모든 프로세스가 다음 fork로 간다
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { most = 6 };

int main(int argc, char* argv[]) {
    int forks = argc > 1 ? atoi(argv[1]) : 2;
    if (forks > most) {
        fprintf(stderr, "at most %d: each fork doubles the number of processes\n", most);
        return 1;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);  // write each line at once
    for (int i = 0; i < forks; i++) {
        if (fork() < 0) {
            perror("fork");
            return 1;
        }
    }
    printf("hello from %d\n", getpid());
    while (wait(NULL) > 0) {
        // until no child is left
    }
    return 0;
}
