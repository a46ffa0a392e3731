// heap_grow: malloc until the heap must grow, one block that is too large for it, and free
// heap_grow: 힙이 커질 때까지 malloc, 힙에 넣기에는 너무 큰 블록 하나, 그리고 free
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { count = 6, block_size = 40 * 1024, large_size = 1024 * 1024 };

static char* blocks[count];
static char* large;

static void tell(const char* what, const char* block) {
    printf("%s %p, usable %zu, heap ends at %p\n", what, (const void*)block, malloc_usable_size((void*)block), sbrk(0));
}

static void grow(void) {
    for (int i = 0; i < count; ++i) {
        blocks[i] = malloc(block_size);
        tell("malloc", blocks[i]);
    }
}

static void shrink(void) {
    for (int i = count - 1; i >= 0; --i) {
        free(blocks[i]);
        blocks[i] = NULL;
        printf("free, heap ends at %p\n", sbrk(0));
    }
}

int main(void) {
    setvbuf(stdout, NULL, _IONBF, 0);  // no buffer of stdio in the heap
    grow();
    large = malloc(large_size);  // over the threshold: a mapping of its own, not in the heap
    tell("large", large);
    shrink();
    free(large);  // last: glibc takes it as a hint, and would keep the heap large from now on
    large = NULL;
    return 0;
}
