// regions: prints where its code, data, heap and stack lie: in a parent, in its child, and after exec
// regions: 코드, 데이터, 힙, 스택 영역의 주소를 출력한다: 부모에서, 자식에서, exec 이후에
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

const int constant = 1;          // read-only data
int initialised_global = 2;      // data: its value is kept in the program's file
int uninitialised_global;        // bss: the file only says how large it is; it starts as 0
static int static_variable = 3;  // data

static char* small_block;  // malloc takes it from the heap
static char* large_block;  // malloc asks the kernel for a mapping of its own

static void print_address(const char* name, const void* address) {
    printf("[%d] %s %p\n", getpid(), name, address);
}

static void testify(const char* who) {
    int local = 4;  // stack

    printf("[%d] %s\n", getpid(), who);
    print_address("function", (const void*)testify);
    print_address("constant", &constant);
    print_address("initialised_global", &initialised_global);
    print_address("uninitialised_global", &uninitialised_global);
    print_address("static", &static_variable);
    print_address("malloc", small_block);
    print_address("large_malloc", large_block);
    print_address("local", &local);
}

int main(int argc, char* argv[]) {
    setvbuf(stdout, NULL, _IOLBF, 0);  // write each line at once
    small_block = malloc(100);
    large_block = malloc(1024 * 1024);  // neither is freed: both should be in the memory map to the end
    if (small_block == NULL || large_block == NULL) {
        return 1;
    }

    if (argc > 1) {  // started by the exec below
        testify("child process after exec: new memory, new addresses");
        return 0;
    }
    testify("parent process");

    pid_t child = fork();
    if (child < 0) {
        perror("fork");
        return 1;
    }
    if (child == 0) {
        testify("child process: a copy, at the same addresses");
        execl("/proc/self/exe", argv[0], "again", (char*)NULL);
        perror("execl");
        return 127;
    }
    waitpid(child, NULL, 0);
    return 0;
}
