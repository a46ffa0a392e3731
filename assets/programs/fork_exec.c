// fork_exec: a child process becomes another program and keeps its PID
// fork_exec: 자식 프로세스가 PID는 그대로 둔 채 다른 프로그램이 된다
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static void become_a_shell(void) {
    printf("child process -> %d, still a copy of its parent\n", getpid());
    execl("/bin/sh", "sh", "-c", "echo \"now I am sh, and my PID is still -> $$\"", (char*)NULL);
    perror("execl");  // exec returns only when it failed: otherwise this program's memory is gone
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
        become_a_shell();
        return 127;
    }
    waitpid(child, NULL, 0);
    printf("parent process -> %d, my memory has not changed\n", getpid());
    return 0;
}
