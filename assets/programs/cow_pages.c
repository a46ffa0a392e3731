// cow_pages: 16 MiB shared after fork; the child writes every other page, in eight steps, and says how many
// cow_pages: fork 뒤에 16 MiB를 공유하고, 자식이 한 페이지 걸러 한 페이지씩 여덟 번에 나누어 쓰며 몇 개인지 말한다
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { steps = 8, size = 16 * 1024 * 1024, step_size = size / steps };

static int page;

// Every other page of one eighth of the memory; returns how many.
static int write_step(char* memory, int step) {
    int written = 0;
    for (int at = step * step_size; at < (step + 1) * step_size; at += 2 * page) {
        memory[at] = 2;
        ++written;
    }
    return written;
}

int main(void) {
    setvbuf(stdout, NULL, _IONBF, 0);
    page = (int)sysconf(_SC_PAGESIZE);
    char* memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        perror("mmap");
        return 1;
    }
    madvise(memory, size, MADV_NOHUGEPAGE);  // small pages only
    for (int at = 0; at < size; at += page) {
        memory[at] = 1;  // every page is there before fork
    }
    printf("%d pages at %p\n", size / page, (void*)memory);

    pid_t child = fork();
    if (child < 0) {
        perror("fork");
        return 1;
    }
    if (child == 0) {
        int written = 0;
        for (int step = 0; step < steps; ++step) {
            written += write_step(memory, step);
            printf("written %d\n", written);
        }
        return 0;
    }
    waitpid(child, NULL, 0);
    printf("the child is gone\n");
    return 0;
}
