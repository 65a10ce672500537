// Tests that macros and #if branches cause no syntax errors, and that the code around them can be cut.
import { describe, expect, test } from 'vitest';
import { languageOf } from '../../../src/languages/languages';
import { hasOddDirectives, macrosOf, NO_MACROS, applyMacros, type Macros } from '../../../src/parse/macros';
import { orderCuts } from '../../../src/cut/order';
import { renderPrefix } from '../../../src/cut/render';
import { parseStructure, type CodeStructure } from '../../../src/parse/structure';
import type { Unit } from '../../../src/parse/unit';
import { cases } from '../../support/brief';
import { testGrammars } from '../../support/grammars';
import { checkRendered, evidence, options } from '../cut/promises';

const grammars = testGrammars();
const structureOf = (path: string, text: string): Promise<CodeStructure> =>
  parseStructure({ path, languageId: languageOf(path), text }, grammars);
const all = (units: readonly Unit[]): Unit[] => units.flatMap((u) => [u, ...all(u.children)]);
const cuttable = ({ units, source }: CodeStructure): string[] =>
  all(units).flatMap((u) => (u.cuttable ? [source.text.slice(u.start, u.end)] : []));

/** text, what can go, what cannot */
const TEXTS: [string, string, string, string[], string[]][] = [
  [
    'a namespace that a macro opens',
    'a.cc',
    '#include <a>\n\nNS_BEGIN\nnamespace b {\n\ntemplate <typename T> struct c : d {\n  int e;\n  int f;\n};\n\nint g();\nint h();\n}\nNS_END\n',
    ['  int e;\n', 'int g();\n', 'int h();\n'],
    ['NS_BEGIN\nnamespace b {\n'],
  ],
  [
    'macros in front of declarations',
    'a.cc',
    'class a {\n  API_CONSTEXPR a(int b) noexcept : b_(b) {}\n  API_CONSTEXPR auto c(a d) -> a& {\n    e(d);\n    f(d);\n  }\n};\n\nAPI_FUNC void g() { h(); }\nvoid i() { h(); }\n',
    ['    e(d);\n', 'API_FUNC void g() { h(); }\n', 'void i() { h(); }\n'],
    [],
  ],
  [
    'a macro behind a head',
    'a.c',
    '#include <a.h>\n\nstatic int b(const char *, ...) PRINTF_LIKE(1, 2);\nint c(void);\n\nint d(void) {\n  e();\n  f();\n}\n',
    ['static int b(const char *, ...) PRINTF_LIKE(1, 2);\n', 'int c(void);\n', '  e();\n'],
    [],
  ],
  [
    'a macro among the parameters of a template',
    'a.h',
    'template <typename T, ENABLE_IF(is_a<T>::value && !is_b<T>())>\nauto c(T d) -> e {\n  f(d);\n  g(d);\n}\nint h();\nint i();\n',
    ['  f(d);\n', 'int h();\n'],
    [],
  ],
  [
    'a loop that is a macro',
    'a.c',
    'int a(b c) {\n  d();\n  b_foreach(c, i, x) {\n    e(x);\n    f(x);\n  }\n  g();\n  return 1;\n}\n',
    ['  d();\n', '    e(x);\n', '  b_foreach(c, i, x) {\n    e(x);\n    f(x);\n  }\n', '  g();\n'],
    [],
  ],
  [
    'tests with statements among their arguments',
    'a.cc',
    'TEST(a, b) {\n  int n = 0;\n  EXPECT_THROW(throw c("d"), c);\n  EXPECT_EQ(n, 1);\n}\n\nTEST(a, c) {\n  e();\n}\n',
    ['  EXPECT_THROW(throw c("d"), c);\n', '  EXPECT_EQ(n, 1);\n', 'TEST(a, c) {\n  e();\n}\n'],
    [],
  ],
  [
    'a brace for C++ alone',
    'a.h',
    '#ifndef A_H\n#define A_H\n\n#ifdef __cplusplus\nextern "C" {\n#endif\n\nint a(void);\nint b(void);\n\nstruct c {\n  int d;\n  int e;\n};\n\n#ifdef __cplusplus\n}\n#endif\n\n#endif\n',
    ['int a(void);\n', '  int d;\n'],
    ['extern "C" {\n'],
  ],
  [
    'a head for each system',
    'a.c',
    '#ifdef WIN32\nint a(int b) {\n#else\nint main(int b) {\n#endif\n  c();\n  d();\n}\n\nint e(void) {\n  f();\n}\n',
    ['  c();\n', '  d();\n', 'int e(void) {\n  f();\n}\n'],
    ['int a(int b) {\n', 'int main(int b) {\n'],
  ],
  [
    'conditions that ask for headers and attributes',
    'a.h',
    '#if HAS_INCLUDE(<a>)\n#  include <a>\n#endif\n#if HAS_ATTRIBUTE(b::c) || \\\n    HAS_INCLUDE(<d.h>)\nint e();\n#else\nint f();\n#endif\nint g();\nint h();\n',
    ['#if HAS_INCLUDE(<a>)\n#  include <a>\n#endif\n', 'int e();\n', 'int g();\n'],
    [],
  ],
  [
    'a condition among arguments',
    'a.c',
    'int a(void) {\n  b(c,\n    "d"\n#ifdef WIN32\n    "e"\n#endif\n    "f");\n  g();\n}\n',
    ['  b(c,\n    "d"\n#ifdef WIN32\n    "e"\n#endif\n    "f");\n', '  g();\n'],
    ['#ifdef WIN32\n    "e"\n#endif\n'],
  ],
];

describe('what the preprocessor would take is read as something else', () => {
  test.each(TEXTS)('%s', async (_, path, text, go, stay) => {
    const structure = await structureOf(path, text);
    expect(structure.errorsIn(text)).toBe(0);
    const found = cuttable(structure);
    for (const part of go) expect(found).toContain(part);
    for (const part of stay) expect(found).not.toContain(part);
    for (const seed of cases([1, 2, 3], [1])) {
      const order = orderCuts(structure, evidence(text, seed), []);
      for (let n = 0; n <= order.steps.length; n++) checkRendered(structure, order, renderPrefix(order, n, options));
    }
  });

  test('the grammar itself complains of each of them', async () => {
    for (const [name, path, text] of TEXTS) {
      const parser = (await grammars.parserFor(languageOf(path)))!;
      const tree = parser.parse(text)!;
      expect(tree.rootNode.hasError, name).toBe(true);
      tree.delete();
    }
  });

  test('what stands behind a macro on a line of its own stays: the macro may speak of it', async () => {
    const structure = await structureOf(
      'a.h',
      'int a();\n\nAPI_EXPORT\ntemplate <typename T> class API_TYPE b : c<T> {\n  int d;\n  int e;\n};\n\nint f();\n',
    );
    expect(structure.errorsIn(structure.source.text)).toBe(0);
    const found = cuttable(structure);
    expect(found.some((u) => u.startsWith('template'))).toBe(false);
    expect(found).toContain('  int d;\n');
    expect(found).toContain('int f();\n');
  });

  test('an error inside a complete function leaves the functions around it free', async () => {
    const structure = await structureOf(
      'a.go',
      'package a\n\nfunc b() {\n\tc()\n}\n\nfunc d() {\n\te(1 2)\n\tf()\n}\n\nfunc g() {\n\th()\n}\n',
    );
    expect(structure.errorsIn(structure.source.text)).toBeGreaterThan(0);
    expect(cuttable(structure)).toEqual(expect.arrayContaining(['func b() {\n\tc()\n}\n', 'func g() {\n\th()\n}\n']));
  });
});

describe('every reading is as long as the text, line by line', () => {
  const shape = (text: string): string => text.replace(/[^\r\n]/g, '.');
  const readings = ['call', 'loop', 'specifier', 'type', 'nothing'] as const;
  test.each(readings.flatMap((r) => [true, false].map((branches) => [r, branches] as const)))(
    '%s, branches %s',
    (reading, branches) => {
      for (const [, , text] of TEXTS)
        for (const written of [
          text,
          text.replaceAll('\n', '\r\n'),
          text.slice(0, text.length >> 1),
          text.slice(text.length >> 1),
        ]) {
          const names = [...new Set(written.match(/\b[A-Z][A-Z0-9_]{2,}\b|\w*foreach\w*/g) ?? [])];
          const macros: Macros = {
            directives: branches,
            conditions: new Set(['#ifdef WIN32']),
            readings: new Map(names.map((n) => [n, reading])),
          };
          const legible = applyMacros(written, macros);
          expect(shape(legible)).toBe(shape(written));
          expect(applyMacros(legible, macros)).toBe(legible);
        }
    },
  );

  test('strings, comments and definitions keep their words', () => {
    const text = '#define FOO(x) x\n// FOO(1)\n/* FOO */ char *a = "FOO(2)"; char b[] = R"(FOO)";\nFOO(int c;)\n';
    expect(applyMacros(text, { ...NO_MACROS, readings: new Map([['FOO', 'nothing']]) })).toBe(
      '#define FOO(x) x\n// FOO(1)\n/* FOO */ char *a = "FOO(2)"; char b[] = R"(FOO)";\n           \n',
    );
  });

  test('directives are odd when their branches each hold a part of something, or when they ask for a header', () => {
    expect(hasOddDirectives('#if A\nf(\n#else\ng(\n#endif\n1);\n')).toBe(true);
    expect(hasOddDirectives('#if A\nf();\n#else\ng();\n#endif\n')).toBe(false);
    expect(hasOddDirectives('#if A\nf(\n')).toBe(false); // nothing ends it
    expect(hasOddDirectives('#if A(<b>)\nf();\n#endif\n')).toBe(true);
  });

  test('nothing is taken for a macro where there is nothing to complain of, and the search comes to an end', () => {
    let asked = 0;
    const names = Array.from({ length: 400 }, (_, i) => `MACRO_${i} void f${i}();\n`).join('');
    expect(macrosOf(names, NO_MACROS, () => ({ errorCost: 0, spans: [] }))).toBe(NO_MACROS);
    const never = macrosOf(
      names,
      NO_MACROS,
      () => (asked++, { errorCost: 1, spans: [{ start: 0, end: names.length }] }),
    );
    expect(never).toBe(NO_MACROS);
    expect(asked).toBeLessThan(200);
  });
});
