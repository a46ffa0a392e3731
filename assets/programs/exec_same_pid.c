// exec_same_pid: exec replaces the program and its memory, not the process: the PID stays
// exec_same_pid: exec는 프로그램과 메모리를 바꿀 뿐 프로세스는 그대로여서 PID가 같다
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(void) {
    setvbuf(stdout, NULL, _IONBF, 0);
    char* kept = malloc(1000);
    printf("before exec: PID %d, parent %d, heap block at %p\n", getpid(), getppid(), (void*)kept);
    execl("/bin/sh", "sh", "-c", "echo after exec: PID $$, parent $PPID", (char*)NULL);
    perror("exec");  // comes here only where exec failed
    return 1;
}
