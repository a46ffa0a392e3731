// three_different: a parent process makes three child processes that do different tasks
// three_different: 부모 프로세스가 서로 다른 일을 하는 자식 프로세스 셋을 만든다
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static void greet(void) {
    printf("hello child os\n");
}

static void introduce(void) {
    printf("my pid is -> %d\n", getpid());
}

static void add(void) {
    int sum = 0;
    for (int i = 1; i <= 10; i++) {
        sum += i;
    }
    printf("1 + 2 + ... + 10 = %d\n", sum);
}

int main(void) {
    void (*tasks[])(void) = {greet, introduce, add};
    enum { CHILDREN = sizeof tasks / sizeof tasks[0] };

    setvbuf(stdout, NULL, _IOLBF, 0);  // write each line at once
    printf("parent process -> %d\n", getpid());

    for (int i = 0; i < CHILDREN; i++) {
        pid_t child = fork();
        if (child < 0) {
            perror("fork");
            return 1;
        }
        if (child == 0) {
            tasks[i]();  // child number i does task number i
            return 0;
        }
    }
    for (int i = 0; i < CHILDREN; i++) {
        wait(NULL);
    }
    return 0;
}
