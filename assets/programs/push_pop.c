// push_pop: three calls push their frames onto the stack, three returns pop them
// push_pop: 함수 호출 세 번이 스택에 프레임을 쌓고(push), 복귀 세 번이 빼낸다(pop)
#include <stdio.h>

static int add_tax(int price) {
    int tax = price / 10;
    int total = price + tax;
    return total;
}

static int price_of(int count, int each) {
    int price = count * each;
    int with_tax = add_tax(price);
    return with_tax;
}

static void sell(const char* what, int count) {
    int paid = price_of(count, 250);
    printf("%d %s: %d won\n", count, what, paid);
}

int main(void) {
    int apples = 4;
    sell("apples", apples);
    return 0;
}
