// leak: a block whose last pointer is lost: it stays in the heap, and nobody can free it any more
// leak: 마지막 포인터를 잃은 블록: 힙에 남아 있지만 이제 아무도 해제할 수 없다
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct node {
    int number;
    struct node* next;
};

static struct node* list;
static char* note;

static void add(int number) {
    struct node* node = malloc(sizeof *node);
    node->number = number;
    node->next = list;
    list = node;
}

static void lose(void) {
    note = malloc(48);
    strcpy(note, "the only pointer to me");
    note = NULL;  // the block is still there
}

int main(void) {
    add(1);
    lose();
    add(2);
    list = list->next;  // node 2 is lost as well
    printf("%d is still reachable\n", list->number);
    free(list);
    return 0;
}
