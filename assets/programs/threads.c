// threads: three threads share one memory, each with a stack of its own
// threads: 스레드 셋이 메모리 하나를 함께 쓰고, 스택만 따로 가진다
#define _GNU_SOURCE  // gettid
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

enum { THREADS = 3 };

static int counter;  // one for all threads
static pthread_mutex_t counter_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t all_here;

static void* task(void* name) {
    int local = 0;  // one for each thread, on its own stack

    pthread_barrier_wait(&all_here);  // go on when all threads have started: so they live at the same time
    pthread_mutex_lock(&counter_lock);
    counter++;
    printf("[%d] thread %s -> %d, counter %p = %d, local %p\n", getpid(), (const char*)name, gettid(), (void*)&counter, counter,
           (void*)&local);
    pthread_mutex_unlock(&counter_lock);
    return NULL;
}

int main(void) {
    const char* names[THREADS] = {"one", "two", "three"};
    pthread_t threads[THREADS];

    setvbuf(stdout, NULL, _IOLBF, 0);  // write each line at once
    printf("process -> %d\n", getpid());
    pthread_barrier_init(&all_here, NULL, THREADS);
    for (int i = 0; i < THREADS; i++) {
        if (pthread_create(&threads[i], NULL, task, (void*)names[i]) != 0) {
            fprintf(stderr, "pthread_create failed\n");
            return 1;
        }
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    printf("process -> %d, counter = %d\n", getpid(), counter);
    return 0;
}
