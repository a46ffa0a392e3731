// shared_map: memory mapped with MAP_SHARED: what the child writes the parent sees, and no page is copied
// shared_map: MAP_SHARED로 매핑한 메모리: 자식이 쓴 것이 부모에게 보이고, 페이지는 복사되지 않는다
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { size = 64 * 1024 };

static char* map(int flag) {
    char* memory = mmap(NULL, size, PROT_READ | PROT_WRITE, flag | MAP_ANONYMOUS, -1, 0);
    if (memory != MAP_FAILED) {
        memset(memory, 'p', size);
    }
    return memory;
}

int main(void) {
    setvbuf(stdout, NULL, _IONBF, 0);
    char* together = map(MAP_SHARED);
    char* apart = map(MAP_PRIVATE);
    if (together == MAP_FAILED || apart == MAP_FAILED) {
        perror("mmap");
        return 1;
    }
    printf("shared at %p, private at %p\n", (void*)together, (void*)apart);

    pid_t child = fork();
    if (child < 0) {
        perror("fork");
        return 1;
    }
    if (child == 0) {
        memset(together, 'c', size);
        printf("child wrote the shared memory\n");
        memset(apart, 'c', size);
        printf("child wrote the private memory\n");
        return 0;
    }
    waitpid(child, NULL, 0);
    printf("parent reads %c in the shared and %c in the private memory\n", together[0], apart[0]);
    return 0;
}
