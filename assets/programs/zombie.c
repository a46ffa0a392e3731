// zombie: a child process has ended, and its parent has not asked for its exit status yet
// zombie: 자식 프로세스는 끝났지만 부모가 아직 종료 상태를 가져가지 않았다
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

// The kernel's own word for the state of a process: the line "State:" of /proc/PID/status.
static void print_state(pid_t pid) {
    char path[64];
    char line[256];
    snprintf(path, sizeof path, "/proc/%d/status", pid);
    FILE* file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "State:", 6) == 0) {
            printf("child process %d, %s", pid, line);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
}

int main(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);  // write each line at once
    printf("parent process -> %d\n", getpid());

    pid_t child = fork();
    if (child < 0) {
        perror("fork");
        return 1;
    }
    if (child == 0) {
        printf("child process -> %d, ending now with 7\n", getpid());
        return 7;
    }
    siginfo_t info;
    waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT);  // wait until it has ended, but leave it there
    print_state(child);
    sleep(1);  // time to look at the zombie

    int status = 0;
    waitpid(child, &status, 0);  // now it is reaped: its exit status is taken and its PID is free again
    printf("reaped %d, its exit code was %d\n", child, WEXITSTATUS(status));
    return 0;
}
