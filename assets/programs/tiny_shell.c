// tiny_shell: does what a shell does with each command: fork, exec in the child, wait in the parent
// tiny_shell: 셸이 명령마다 하는 일을 그대로 한다: fork하고, 자식이 exec하고, 부모가 기다린다
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
    char* commands[][3] = {{"/bin/echo", "one", NULL}, {"/bin/false", NULL, NULL}, {"/bin/echo", "three", NULL}};
    enum { COMMANDS = sizeof commands / sizeof commands[0] };

    setvbuf(stdout, NULL, _IOLBF, 0);  // write each line at once
    for (int i = 0; i < COMMANDS; i++) {
        pid_t child = fork();
        if (child < 0) {
            perror("fork");
            return 1;
        }
        if (child == 0) {
            execv(commands[i][0], commands[i]);
            perror("execv");  // comes here only where exec failed
            _exit(127);
        }
        int status = 0;
        waitpid(child, &status, 0);
        printf("%s ended with %d\n", commands[i][0], WEXITSTATUS(status));
    }
    return 0;
}
