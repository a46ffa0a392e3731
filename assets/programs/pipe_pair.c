// pipe_pair: two children, one writes into a pipe, the other one reads from it, as in `a | b`
// pipe_pair: 자식 둘 중 하나는 파이프에 쓰고 다른 하나는 그 파이프에서 읽는다. `a | b`와 같다
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { lines = 3 };

static int write_lines(int end) {
    for (int i = 1; i <= lines; ++i) {
        dprintf(end, "line %d from %d\n", i, getpid());
    }
    return 0;
}

static int read_lines(int end) {
    FILE* stream = fdopen(end, "r");
    char line[100];
    while (stream && fgets(line, sizeof line, stream)) {  // ends when the last writer has closed its end
        printf("%d read: %s", getpid(), line);
    }
    return stream ? 0 : 1;
}

int main(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    int ends[2];
    if (pipe(ends) != 0) {
        perror("pipe");
        return 1;
    }
    for (int i = 0; i < 2; ++i) {
        pid_t child = fork();
        if (child < 0) {
            perror("fork");
            return 1;
        }
        if (child == 0) {
            close(ends[i]);  // the end that it does not use: 0 is for reading, 1 for writing
            return i == 0 ? write_lines(ends[1]) : read_lines(ends[0]);
        }
    }
    close(ends[0]);
    close(ends[1]);
    while (wait(NULL) > 0) {
    }
    return 0;
}
