// overflow: a recursion that never ends, until the stack does: SIGSEGV
// overflow: 끝나지 않는 재귀가 스택이 다할 때까지 쌓인다: SIGSEGV
#include <stdio.h>
#include <sys/resource.h>

static volatile int depth;

static int fall(int from) {
    if (from < 0) {
        return 0;  // so it should have ended, but nobody ever calls it so
    }
    volatile char room[4096];
    room[0] = (char)from;
    depth = depth + 1;
    return fall(from + 1) + room[0];
}

int main(void) {
    const struct rlimit small = {256 * 1024, 256 * 1024};  // the usual 8 MiB would take 2,000 calls
    setrlimit(RLIMIT_STACK, &small);
    printf("each call takes a little more of the stack\n");
    fflush(stdout);
    return fall(0);
}
