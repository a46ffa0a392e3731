// Small programs of a student, which use their language's libraries.
#pragma once

namespace procatlas::live {

inline constexpr const char* cpp_program = R"cpp(#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

                                                 class Shop {
                                                 public:
                                                     Shop(int first) : first_(first) {}
                                                     int first() const { return first_; }

                                                 private:
                                                     int first_;
                                                 };

                                                 struct Item {
                                                     std::string name;
                                                     int price = 3;
                                                 };

                                                 template <typename T>
                                                 T twice(T value) {
                                                     return value + value;
                                                 }

                                                 inline int half(int value) {
                                                     return value / 2;
                                                 }

                                                 int own(int value) {
                                                     return value + 1;
                                                 }

                                                 int main() {
                                                     std::string text = "hello";
                                                     std::vector<int> numbers{3, 1, 2};
                                                     std::map<int, std::string> names{{1, "one"}, {2, "two"}};
                                                     auto pointer = std::make_unique<Shop>(7);
                                                     int sum = own(1);
                                                     sum += twice(4);
                                                     sum += half(8);
                                                     auto add = [&](int n) { return sum + n; };
                                                     sum = add(5);
                                                     Item item;
                                                     Item copy = item;
                                                     std::sort(numbers.begin(), numbers.end(), [](int a, int b) { return a < b; });
                                                     sum += pointer->first();
                                                     std::printf("%d %zu %zu %d\n", sum, text.size(), names.size(), numbers[0]);
                                                     return 0;
                                                 }
)cpp";

inline constexpr const char* cpp_calls =
    "+main +Shop::Shop -Shop::Shop +own -own +twice<int> -twice<int> +half -half +main::operator() -main::operator() "
    "+main::operator() -main::operator() +main::operator() -main::operator() +main::operator() -main::operator() "
    "+main::operator() -main::operator() +Shop::first -Shop::first -main";

inline constexpr const char* jumping_program = R"cpp(#include <algorithm>
#include <csetjmp>
#include <functional>
#include <stdexcept>
#include <vector>

                                                     std::jmp_buf back;

                                                     int deep(int n) {
                                                         if (n == 0) {
                                                             throw std::runtime_error("deep");
                                                         }
                                                         return deep(n - 1);
                                                     }

                                                     void thrower(int n) {
                                                         deep(n);
                                                     }

                                                     int tries(const std::vector<int>& numbers) {
                                                         try {
                                                             std::for_each(numbers.begin(), numbers.end(), thrower);
                                                         } catch (const std::exception&) {
                                                             return 41;
                                                         }
                                                         return 0;
                                                     }

                                                     bool less(int a, int b) {
                                                         return a < b;
                                                     }

                                                     bool jumper(int a, int b) {
                                                         if (less(a, b)) {
                                                             std::longjmp(back, 5);
                                                         }
                                                         return false;
                                                     }

                                                     int jumps(std::vector<int> numbers) {
                                                         if (const int came = setjmp(back)) {
                                                             return came;
                                                         }
                                                         std::sort(numbers.begin(), numbers.end(), jumper);
                                                         return 0;
                                                     }

                                                     int depth(int n) {
                                                         std::function<int(int)> next = depth;
                                                         return n == 0 ? 0 : 1 + next(n - 1);
                                                     }

                                                     int main() {
                                                         const std::vector<int> numbers{2, 3, 1};
                                                         int sum = tries(numbers);
                                                         sum += jumps(numbers);
                                                         sum += depth(3);
                                                         sum += tries(numbers);
                                                         return sum;
                                                     }
)cpp";

inline constexpr const char* go_program = R"go(package main

import (
	"fmt"
	"sort"
)

//go:noinline
func twice(n int) int {
	return n + n
}

func main() {
	numbers := []int{3, 1, 2}
	sort.Slice(numbers, func(i, j int) bool { return numbers[i] < numbers[j] })
	fmt.Println("hello", twice(4), numbers)
}
)go";

// Its stacks begin with 2 or 8 KiB and are moved as they grow; four goroutines sleep, so that they change threads.
inline constexpr const char* goroutines_program = R"go(package main

import (
	"fmt"
	"shop/stock"
	"sync"
	"time"
)

var total int = 5
var names = []string{"a", "b"}

//go:noinline
func deep(n int) int {
	var room [100]int
	room[n%100] = n
	if n == 0 {
		return 0
	}
	return deep(n-1) + 1 + room[(n+1)%100]
}

//go:noinline
func step(n int) int {
	return n * 2
}

//go:noinline
func worker(id int, group *sync.WaitGroup) {
	for i := 0; i < 2; i++ {
		step(i)
		time.Sleep(time.Millisecond)
	}
	deep(10 + id)
	group.Done()
}

func main() {
	total += deep(30)
	var group sync.WaitGroup
	for i := 0; i < 4; i++ {
		group.Add(1)
		go worker(i, &group)
	}
	group.Wait()
	fmt.Println(total, names, stock.Left)
}
)go";

inline constexpr const char* goroutines_package = R"go(package stock

type Item struct {
	Name string
	Left int
}

var Left = map[string]Item{"pear": {"pear", 3}}
)go";

// What is derived is nobody's; what looks like it is the student's.
inline constexpr const char* deriving_program = R"rust(use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
struct Point {
    x: i32,
    y: i32,
}
#[derive(
    Debug,
    Clone, Copy
)]
enum Kind { A, B(i32) }
#[derive(Clone)] struct Short { n: i32 }
struct Mine(i32);
impl fmt::Debug for Mine {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result { write!(f, "m{}", self.0) }
}
impl Clone for Mine { fn clone(&self) -> Self { Mine(self.0) } }
impl Default for Mine { fn default() -> Self { Mine(3) } }
trait Speak { fn say(&self) -> i32 { 3 } }
impl Speak for Point {}
fn generic<T: Clone>(t: &T) -> T { t.clone() }
fn main() {
    let p = Point { x: 1, y: 2 };
    println!("{:?} {} {:?}", p, p == Point::default(), [Kind::A, Kind::B(2)].clone());
    println!("{:?} {}", Mine::default().clone(), Short { n: 1 }.clone().n);
    println!("{} {:?}", p.say(), generic(&p));
    let mut v = vec![p];
    v.sort();
    v.sort_by_key(|p| p.y);
    println!("{}", v.iter().map(|p| p.x).sum::<i32>());
}
)rust";

inline constexpr const char* rust_program = R"rust(struct Shop {
    first: i32,
}
impl Shop {
    fn first(&self) -> i32 {
        self.first
    }
}
fn twice(n: i32) -> i32 {
    n + n
}
fn main() {
    let mut numbers = vec![3, 1, 2];
    numbers.sort_by(|a, b| a.cmp(b));
    let shop = Shop { first: 7 };
    println!("hello {} {} {:?}", twice(4), shop.first(), numbers);
}
)rust";

// As many own calls as those.
inline constexpr const char* c_program =
    "#include <stdio.h>\n"
    "int twice(int n) { return n + n; }\n"
    "int main(void) { int sum = 0; for (int i = 0; i < 6; i++) { sum += twice(i); } printf(\"%d\\n\", sum); return 0; }\n";

}  // namespace procatlas::live
