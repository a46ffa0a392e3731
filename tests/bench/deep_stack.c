// deep_stack N: calls itself so often, says that it is there, and waits.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int deepen(int left, const int *above) {
    int values[4] = {left, *above, 0, 0};
    int here = left * 2;
    if (left == 0) {
        printf("ready\n");
        fflush(stdout);
        pause();
        return 0;
    }
    return deepen(left - 1, &here) + values[0];
}

int main(int argc, char **argv) {
    const int start = 0;
    return argc < 2 ? 1 : deepen(atoi(argv[1]), &start);
}
