# Programs with all kinds of variables: random types, filled with random bytes. The same number gives the same program.
import random

INTEGERS = ["char", "signed char", "unsigned char", "short", "unsigned short", "int", "unsigned", "long", "unsigned long", "long long",
            "unsigned long long", "__int128", "unsigned __int128"]
REALS = ["float", "double", "long double"]
RARE_REALS = ["float _Complex", "double _Complex", "long double _Complex", "__float128", "_Float16"]

HEAD = """
#ifdef __cplusplus
#define BOOL bool
extern "C" {
#else
#define BOOL _Bool
#endif
void mark(int number);
int second_unit(int n);
#ifdef __cplusplus
}
#endif
static unsigned long state = %d;
static inline __attribute__((always_inline)) void fill(volatile void *where, unsigned long size, int kind) {
    volatile unsigned char *byte = (volatile unsigned char *)where;
    for (unsigned long i = 0; i < size; ++i) {
        state = state * 6364136223846793005ul + 1442695040888963407ul;
        unsigned char random = (unsigned char)(state >> 56);
        byte[i] = kind == 0 ? random : kind == 1 ? (random < 64 ? random : 0) : kind == 2 ? (unsigned char)("ab\\n\\"z\\0\\377 "[random & 7]) : 0;
    }
}
#define KEEP(x) __asm__ volatile("" : : "r"(&(x)) : "memory")
"""


class Maker:
    def __init__(self, number, cpp, gcc):
        self.random = random.Random(number)
        self.cpp = cpp
        self.gcc = gcc
        self.text = []
        self.types = []  # names of structures, unions and enumerations so far
        self.enums = []
        self.classes = []
        self.count = 0

    def fresh(self, prefix):
        self.count += 1
        return "%s%d" % (prefix, self.count)

    def chance(self, share):
        return self.random.random() < share

    def scalar(self):
        roll = self.random.random()
        if roll < 0.55:
            return self.random.choice(INTEGERS)
        if roll < 0.7:
            return self.random.choice(REALS)
        if roll < 0.73:
            rare = [r for r in RARE_REALS if not self.cpp or ("_Complex" not in r and r != "_Float16")]
            return self.random.choice(rare)
        if roll < 0.8 or not self.enums:
            return "BOOL"
        return self.random.choice(self.enums)

    def any_type(self):
        return self.random.choice(self.types) if self.types and self.chance(0.3) else self.scalar()

    def declarator(self, name, depth=0):
        """A whole declaration of `name`."""
        roll = self.random.random()
        base = self.any_type()
        if roll < 0.5:
            return "%s %s" % (base, name)
        if roll < 0.75:
            sizes = [self.random.choice([1, 2, 3, 5, 12, 17]) for _ in range(self.random.choice([1, 1, 1, 2, 3]))]
            if self.chance(0.03):
                sizes = [300]
            return "%s %s%s" % (base, name, "".join("[%d]" % s for s in sizes))
        if roll < 0.95:
            return self.random.choice(["%s *%s", "const %s *%s", "%s **%s", "%s (*%s)[3]"]) % (self.random.choice([base, "char", "void *"]), name)
        return "%s (*%s)(%s)" % (self.random.choice(["int", "void", "double"]), name, self.random.choice(["int, char *", "void"]))

    def make_enum(self):
        name = self.fresh("E")
        kind = self.random.choice(["plain", "flags", "negative", "wide"])
        values = {"plain": [0, 1, 2, 3, 7], "flags": [1, 2, 4, 8, 64], "negative": [-5, -1, 0, 1, 100], "wide": [0, 200, 70000, 1 << 20, 5]}[kind]
        items = ", ".join("%s_%d = %d" % (name, i, v) for i, v in enumerate(values[: self.random.randint(1, 5)]))
        if self.cpp and self.chance(0.5):
            base = self.random.choice(["", " : unsigned char" if min(values) >= 0 and max(values) < 256 else "", " : long"])
            self.text.append("enum class %s%s { %s };" % (name, base, items))
            self.enums.append(name)
        elif not self.cpp and self.chance(0.3):
            self.text.append("typedef enum { %s } %s;" % (items, name))
            self.enums.append(name)
        else:
            self.text.append("enum %s { %s };" % (name, items))
            self.enums.append("enum " + name)

    def bit_field(self):
        kind = self.random.choice(["int", "unsigned", "long", "unsigned long", "short", "unsigned char", "signed char", "BOOL"] + ([] if self.cpp else self.enums))
        most = {"int": 32, "unsigned": 32, "long": 64, "unsigned long": 64, "short": 16, "unsigned char": 8, "signed char": 8, "BOOL": 1}.get(kind, 20)
        if kind in self.enums:
            kind, most = self.random.choice(["int", "unsigned"]), 32
        return "%s %s : %d;" % (kind, self.fresh("b"), self.random.randint(1, most))

    def member(self, depth):
        roll = self.random.random()
        if roll < 0.3:
            return self.bit_field()
        if roll < 0.4 and depth < 2:
            inner = " ".join(self.member(depth + 1) for _ in range(self.random.randint(1, 3)))
            return "%s { %s } %s;" % (self.random.choice(["struct", "union"]), inner, self.fresh("n") if self.chance(0.4) else "")
        return self.declarator(self.fresh("m")) + ";"

    def make_structure(self):
        name = self.fresh("S")
        kind = self.random.choice(["struct", "struct", "struct", "union"])
        members = "\n    ".join(self.member(0) for _ in range(self.random.randint(1, 7)))
        mark = ""
        if self.chance(0.2):
            mark = " __attribute__((packed))"
        elif self.chance(0.1):
            mark = " __attribute__((aligned(32)))"
        elif self.gcc and not self.cpp and self.chance(0.1):
            mark = ""
            flat = [m for m in INTEGERS[3:11] + ["float", "double"]]
            members = "\n    ".join("%s %s;" % (self.random.choice(flat), self.fresh("m")) for _ in range(4))
            self.text.append("struct __attribute__((scalar_storage_order(\"big-endian\"))) %s {\n    %s\n};" % (name, members))
            self.types.append("struct " + name)
            return
        self.text.append("%s%s %s {\n    %s\n};" % (kind, mark, name, members))
        self.types.append(name if self.cpp else "%s %s" % (kind, name))

    def make_class(self):
        name = self.fresh("C")
        bases = self.random.sample(self.classes, min(len(self.classes), self.random.choice([0, 0, 1, 1, 2])))
        # A base may not be reached twice unless it is virtual everywhere: all of one program are.
        listed = ", ".join(("public virtual " if self.virtual else "public ") + b for b in bases if self.virtual or b not in self.used)
        self.used.update(bases)
        fields = []
        for _ in range(self.random.randint(0, 4)):
            roll = self.random.random()
            if roll < 0.4:
                fields.append("%s %s = (%d);" % (self.random.choice(INTEGERS[:9]), self.fresh("f"), self.random.randint(0, 100)))
            elif roll < 0.55:
                fields.append("double %s = %d / 7.0;" % (self.fresh("f"), self.random.randint(-50, 50)))
            elif roll < 0.7:
                fields.append("%s %s[3] = {1, 2, %d};" % (self.random.choice(["int", "char", "float"]), self.fresh("f"), self.random.randint(0, 9)))
            elif roll < 0.8:
                fields.append("unsigned %s : %d; int %s : 7;" % (self.fresh("f"), self.random.randint(1, 20), self.fresh("f")))
            elif roll < 0.9:
                fields.append("static inline int %s = 5;" % self.fresh("s"))
            else:
                fields.append("Box<%s, %d> %s{};" % (self.random.choice(["short", "double", "Box<char, 4>"]), self.random.randint(1, 4), self.fresh("f")))
        if self.chance(0.4):
            fields.append("virtual int %s() { return 1; }" % self.fresh("v"))
            fields.append("virtual ~%s() {}" % name)
        elif self.chance(0.4):
            fields.append("virtual ~%s();" % name)
            self.elsewhere.append("%s::~%s() {}" % (name, name))
        self.text.append("struct %s%s {\n    %s\n};" % (name, " : " + listed if listed else "", "\n    ".join(fields)))
        self.classes.append(name)

    def variables(self, count, keep):
        lines = []
        for _ in range(count):
            name = self.fresh("v")
            if self.classes and self.chance(0.3):
                kind = self.random.choice(self.classes)
                lines.append("%s %s;" % (kind, name))
                if self.chance(0.3):
                    lines.append("%s &%s = %s;" % (kind, self.fresh("r"), name))
            else:
                lines.append(self.declarator(name) + ";")
                lines.append("fill(&%s, sizeof %s, %d);" % (name, name, self.random.randint(0, 3)))
            if keep and self.chance(0.8):
                lines.append("KEEP(%s);" % name)
        return lines

    def function(self, name, calls):
        parameters = []
        for _ in range(self.random.randint(0, 5)):
            kind = self.any_type()
            parameters.append((kind, self.fresh("p")))
        body = self.variables(self.random.randint(2, 5), True)
        body += ["int counter = %d;" % self.random.randint(-5, 5), "static long kept_%s = 7;" % name, "kept_%s += counter;" % name]
        if not self.cpp and self.chance(0.5):
            length = self.fresh("n")
            body += ["int %s = %d;" % (length, self.random.randint(1, 20)), "KEEP(%s);" % length,
                     "%s vla[%s]%s;" % (self.random.choice(["int", "char", "struct { short a; long b; }"]), length, self.random.choice(["", "", "[2]"])),
                     "fill(vla, sizeof vla, %d);" % self.random.randint(0, 3), "KEEP(vla);"]
        inner = ["int counter = %d;" % self.random.randint(100, 200)] + self.variables(2, True)
        body += ["{"] + ["    " + line for line in inner] + ["    mark(1);", "    KEEP(counter);", "}"]
        body += calls + ["mark(2);", "KEEP(counter);", "return counter;"]
        listed = ", ".join("%s %s" % p for p in parameters) or "void"
        self.text.append("__attribute__((noinline)) int %s(%s) {\n    %s\n}" % (name, listed, "\n    ".join(body)))
        return parameters

    def call_of(self, name, parameters):
        lines = []
        given = []
        for kind, _ in parameters:
            argument = self.fresh("a")
            lines.append("%s %s; fill(&%s, sizeof %s, %d);" % (kind, argument, argument, argument, self.random.choice([1, 3])))
            given.append(argument)
        return lines + ["%s(%s);" % (name, ", ".join(given))]

    def program(self):
        """The texts of two units."""
        self.virtual = self.chance(0.5)
        self.used = set()
        self.elsewhere = []
        for _ in range(self.random.randint(1, 3)):
            self.make_enum()
        for _ in range(self.random.randint(2, 6)):
            self.make_structure()
        if self.cpp:
            self.text.append("template <class T, int N> struct Box { T items[N]; };")
            for _ in range(self.random.randint(1, 5)):
                self.make_class()
        types = list(self.text)
        self.text = []
        statics = []
        for _ in range(self.random.randint(3, 8)):
            name = self.fresh("g")
            self.text.append("%s%s;" % (self.random.choice(["", "static "]), self.declarator(name)))
            statics.append("fill(&%s, sizeof %s, %d); KEEP(%s);" % (name, name, self.random.randint(0, 2), name))
        if self.cpp:
            self.text.append("namespace room { %s; int number = 8; }" % self.declarator("in_room"))
            for kind in self.classes:
                self.text.append("static %s object_%s;" % (kind, kind))
                statics.append("KEEP(object_%s);" % kind)
        first = self.fresh("do")
        first_parameters = self.function(first, [])
        second = self.fresh("do")
        second_parameters = self.function(second, self.call_of(first, first_parameters))
        main = statics + self.variables(3, True) + self.call_of(second, second_parameters) + ["second_unit(3);", "mark(3);", "return 0;"]
        self.text.append("int main(void) {\n    %s\n}" % "\n    ".join(main))
        head = HEAD % self.random.randint(1, 1 << 30)
        other = ["__attribute__((noinline)) void mark(int number) { KEEP(number); }",
                 "static struct { int a; unsigned char b : 3; } in_second = {4, 5};",
                 "__attribute__((noinline)) int second_unit(int n) { KEEP(in_second); mark(n); return n + (int)state; }"] + self.elsewhere
        return "\n".join([head] + types + self.text) + "\n", "\n".join([head] + types + other) + "\n"


def program(number, cpp, gcc):
    return Maker(number, cpp, gcc).program()
