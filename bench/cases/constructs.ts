// What languages allow and their grammars cannot read, or could not: one snippet for each, on the top level of a file.

/** A snippet and how the file around it looks. */
export interface Construct {
  /** As `realParser` names it. */
  readonly language: string;
  readonly path: string; // tells the language of the file
  readonly name: string; // in Markdown, for the table
  readonly code: string;
}

/** Lines in front of all others of a file, and a declaration of some lines; `i` makes its names differ. */
export interface Filler {
  readonly head: string;
  readonly item: (i: number) => string;
}

const c = (i: number): string =>
  `int f${i}(int a, int b) {\n  int sum = a + ${i};\n  if (sum > b) {\n    sum -= b;\n  }\n  return sum * ${i + 2};\n}\n\n`;
const method = (name: string, i: number): string =>
  `    public int ${name}${i}(int a) {\n        int sum = a + ${i};\n        if (sum > 3) {\n            sum -= 3;\n        }\n        return sum;\n    }\n`;

export const FILLERS: Readonly<Record<string, Filler>> = {
  C: { head: '#include <stdarg.h>\n\n', item: c },
  'C++': { head: '#include <vector>\n\n', item: c },
  TypeScript: {
    head: '',
    item: (i) =>
      `export function f${i}(a: number): number {\n  const sum = a + ${i};\n  if (sum > 3) {\n    return sum - 3;\n  }\n  return sum;\n}\n\n`,
  },
  'C#': { head: 'using System;\n\n', item: (i) => `class F${i} {\n${method('Get', i)}}\n\n` },
  Java: { head: '', item: (i) => `class F${i} {\n${method('get', i)}}\n\n` },
  Go: {
    head: 'package a\n\n',
    item: (i) => `func f${i}(a int) int {\n\tsum := a + ${i}\n\tif sum > 3 {\n\t\tsum -= 3\n\t}\n\treturn sum\n}\n\n`,
  },
  Rust: {
    head: '',
    item: (i) =>
      `pub fn f${i}(a: i32) -> i32 {\n    let sum = a + ${i};\n    if sum > 3 {\n        return sum - 3;\n    }\n    sum\n}\n\n`,
  },
  Python: {
    head: '',
    item: (i) =>
      `def f${i}(a):\n    total = a + ${i}\n    if total > 3:\n        total -= 3\n    for b in range(total):\n        a += b\n    return a\n\n\n`,
  },
  'Python 2': {
    head: '',
    item: (i) =>
      `def f${i}(a):\n    total = a + ${i}\n    if total > 3:\n        total -= 3\n    for b in range(total):\n        a += b\n    return a\n\n\n`,
  },
};

const of =
  (language: string, path: string) =>
  (name: string, code: string): Construct => ({ language, path, name, code });

const inC = of('C', 'a.c');
const inCpp = of('C++', 'a.cpp');
const inTs = of('TypeScript', 'a.ts');
const inCs = of('C#', 'a.cs');
const inJava = of('Java', 'A.java');
const inGo = of('Go', 'a.go');
const inRust = of('Rust', 'a.rs');
const inPython = of('Python', 'a.py');
const inPython2 = of('Python 2', 'a.py');

export const CONSTRUCTS: readonly Construct[] = [
  inC(
    '`va_arg(ap, char *)`',
    'int first(int n, ...) {\n  va_list ap;\n  va_start(ap, n);\n  char *text = va_arg(ap, char *);\n  va_end(ap);\n  return text[0];\n}\n',
  ),
  inC('`_Thread_local`', 'static _Thread_local int depth = 0;\n'),
  inC('`enum : short`', 'enum small : short {\n  LOW,\n  HIGH\n};\n'),
  inC('a label before `}`', 'int skip(int a) {\n  if (a) {\n    goto end;\n  }\n  a = 2;\nend:\n}\n'),
  inC('K&R parameters', 'int add(a, b)\n  int a;\n  int b;\n{\n  return a + b;\n}\n'),
  inC('K&R without types', 'add(a, b)\n{\n  return a + b;\n}\n'),
  inCpp(
    'explicit instantiation',
    'template <class T> T twice(T a) {\n  return a + a;\n}\ntemplate int twice<int>(int);\nextern template class std::vector<int>;\n',
  ),
  inCpp('a pointer to a const member', 'struct S {\n  int get() const;\n};\nint (S::*pointer)() const = &S::get;\n'),
  inCpp('`throw` in `?:`', 'int check(int a) {\n  int b = a > 0 ? a : throw a;\n  return b;\n}\n'),
  inCpp(
    '`if consteval`',
    'constexpr int where() {\n  if consteval {\n    return 1;\n  } else {\n    return 2;\n  }\n}\n',
  ),
  inTs(
    '`for (using …)`',
    'export function closeAll(all: Disposable[]) {\n  for (using one of all) {\n    console.log(one);\n  }\n}\n',
  ),
  inTs('`export … from … with`', 'export { default as data } from "./data.json" with { type: "json" };\n'),
  inTs(
    'a field named `accessor`',
    'export class Store {\n  accessor = 1;\n  get() {\n    return this.accessor;\n  }\n}\n',
  ),
  inCs(
    '`#if` around half a statement',
    'class Log {\n    public void Write(\n#if DEBUG\n        string text, int level) {\n#else\n        string text) {\n#endif\n        Console.WriteLine(text);\n    }\n}\n',
  ),
  inCs(
    '`params Span<int>`',
    'class Sum {\n    public int Of(params Span<int> all) {\n        return all.Length;\n    }\n}\n',
  ),
  inCs(
    '`?.X =`',
    'class Owner {\n    public Owner Next;\n    public int X;\n    public void Set(Owner a) {\n        a?.X = 1;\n        a.X = 2;\n    }\n}\n',
  ),
  inJava('`import module`', 'import module java.base;\n'),
  inGo('`new(1+2)`', 'var three = new(1 + 2)\n'),
  inGo(
    'a generic method',
    'type Box struct{ v int }\n\nfunc (b Box) Map[T any](f func(int) T) T {\n\treturn f(b.v)\n}\n',
  ),
  inRust(
    '`safe fn`',
    'unsafe extern "C" {\n    pub safe fn abs(a: i32) -> i32;\n    pub unsafe fn free(p: *mut u8);\n}\n',
  ),
  inPython('a default of a type parameter', 'def first[T = int](all: list[T]) -> T:\n    return all[0]\n'),
  inPython('`\\N{…}` in a format spec', 'def line(a):\n    head = f"{a:\\N{EM DASH}>10}"\n    return head\n'),
  inPython2(
    '`print` and `exec` statements',
    'def show(a):\n    print "value", a\n    exec "b = 1"\n    print >>log, a\n',
  ),
  inPython2(
    '`except A, b`',
    'def load(a):\n    try:\n        return int(a)\n    except ValueError, e:\n        raise KeyError, e\n',
  ),
];
