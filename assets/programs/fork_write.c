// fork_write: the child writes a global variable: same address in both processes, two values
// fork_write: 자식이 전역 변수에 쓴다: 두 프로세스에서 주소는 같고 값은 다르다
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static int number = 1;

static void tell(const char* who) {
    printf("%s %d: number at %p is %d\n", who, getpid(), (void*)&number, number);
}

int main(void) {
    setvbuf(stdout, NULL, _IONBF, 0);
    tell("parent");

    pid_t child = fork();
    if (child < 0) {
        perror("fork");
        return 1;
    }
    if (child == 0) {
        tell("child");  // a copy: the same value at the same address
        number = 2;     // this write gives the child a page of its own
        tell("child");
        return 0;
    }
    waitpid(child, NULL, 0);
    tell("parent");  // what the child wrote is not here
    return 0;
}
