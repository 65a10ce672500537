// Tests what a macro is read as, and where a name is taken for one, if a grammar accepts it.
import { describe, expect, test } from 'vitest';
import { applyMacros, hasOddDirectives, macrosOf, NO_MACROS, type Macros } from '../../../src/parse/macros';

type Reading = Macros['readings'] extends ReadonlyMap<string, infer R> ? R : never;
const reading = (name: string, as: Reading): Macros => ({ ...NO_MACROS, readings: new Map([[name, as]]) });

test.each<[Reading, string, string]>([
  ['call', 'FOO (a, b);', 'FOO (    );'],
  ['call', 'FOO x;', '    x;'],
  ['call', 'FOO(a(b), ")", \')\', "\\")") x', 'FOO(                     ) x'],
  ['call', 'FOO(a\n(b) x', '   (a\n(b) x'], // it does not close
  ['call', 'FOO(a,\n b) x', 'FOO(  \n  ) x'],
  ['specifier', 'FOO_X void f();', 'const void f();'],
  ['specifier', 'FOO void f();', '    void f();'],
  ['specifier', 'FOO_XY(1) void f();', 'const     void f();'],
  ['type', 'FOO x;', 'int x;'],
  ['type', 'FOO(a) x;', 'int    x;'],
  ['nothing', 'FOO(a) x;', '       x;'],
  ['nothing', 'FOO\t(a) x;', '        x;'],
  ['nothing', 'FOO\n(a) x;', '   \n(a) x;'], // arguments begin on its line
  ['loop', 'FOO_EACH(a, i) {', 'while   (1   ) {'],
  ['loop', 'FOO_X(a) {', 'while(1) {'],
  ['loop', 'FOO_X() {', '        {'],
  ['loop', 'FOO(a) {', '       {'],
  ['loop', 'FOO_X {', '      {'],
  ['call', 'if FOO (a) b;', 'if     (a) b;'], // the parentheses are those of the condition
  ['call', 'elif FOO (a) b;', 'elif FOO ( ) b;'],
  ['nothing', 'FOO(FOO) x; FOOD', '         x; FOOD'],
])('%s: %s', (as, text, expected) => {
  const name = /FOO\w*/.exec(text)![0];
  expect(applyMacros(text, reading(name, as))).toBe(expected);
});

describe('conditions', () => {
  const text = '#if A \n#ifdef B\nx\n#endif\n#elif C\ny\n#else\nz\n#endif\n#if D\nw\n#endif\n';
  test('are read as their first branch, by their line', () => {
    expect(applyMacros(text, { ...NO_MACROS, conditions: new Set(['#if A']) })).toBe(
      '      \n#ifdef B\nx\n#endif\n       \n \n     \n \n      \n#if D\nw\n#endif\n',
    );
    expect(applyMacros(text, { ...NO_MACROS, conditions: new Set(['#ifdef B', '#if D']) })).toBe(
      '#if A \n        \nx\n      \n#elif C\ny\n#else\nz\n#endif\n     \nw\n      \n',
    );
  });
  test('with torn branches are read as the first, with tests as true', () => {
    const torn = '#if A\nf(\n#else\ng((\n#endif\n1);\n#if B\nh();\n#endif\n';
    expect(applyMacros(torn, { ...NO_MACROS, directives: true })).toBe(
      '     \nf(\n     \n   \n      \n1);\n#if B\nh();\n#endif\n',
    );
    expect(applyMacros('#if A(<b>) && C(d::e)\nf(<b>);\n#endif\n', { ...NO_MACROS, directives: true })).toBe(
      '#if A(1  ) && C(1   )\nf(<b>);\n#endif\n',
    );
    expect(applyMacros(text, { ...NO_MACROS, directives: true })).toBe(text);
  });
  test('are odd if one branch is torn, or if any of them tests something', () => {
    expect(hasOddDirectives('#if A\nf();\n#else\ng(\n#endif\n')).toBe(true);
    expect(hasOddDirectives('#if A\nf();\n#elif B(<c>)\ng();\n#endif\n')).toBe(true);
    expect(hasOddDirectives('#endif\n#if A\nf();\n#endif\n')).toBe(false);
    expect(hasOddDirectives(text)).toBe(false);
  });
});

/** The text that a grammar reads in the end, if it accepts `wanted` alone and finds errors in the line of `!`. */
function read(text: string, wanted: string): string {
  const start = text.indexOf('!');
  const errorsWith = (macros: Macros) => ({
    errorCost: Number(applyMacros(text, macros) !== wanted),
    spans: [{ start, end: start + 1 }],
  });
  return applyMacros(text, macrosOf(text, NO_MACROS, errorsWith));
}

describe('a name is taken for a macro', () => {
  test.each([
    ['alone on its line', 'a();\n  FOO\n!b();\n', 'FOO'],
    ['alone with a semicolon', 'a();\nFOO(1) ;!\n', 'FOO(1)'],
    ['alone at the end', 'a();!\nFOO', undefined],
    ['alone at the end of a text with errors', '!\n\tFOO', undefined],
    ['before a block', 'a = FOO {!\n', 'FOO'],
    ['before a word', '!a(FOO void);\n', 'FOO'],
    ['before a destructor', '!a(FOO ~b);\n', 'FOO'],
    ['behind a head', '!f(a) FOO, b;\n', 'FOO'],
    ['behind a class', '!class FOO : b {\n', 'FOO'],
    ['behind an if', '!if FOO (a)\n', 'FOO'],
    ['as the last parameter of a template', '!a<b, FOO(c)>\n', 'FOO(c)'],
    ['as the only parameter of a template', '!a< FOO >\n', 'FOO'],
    ['if it is a loop', '!x = a_foreach + b_for_each;\n', undefined],
    ['on the line above an error', 'FOO void f();\n!\n', 'FOO'],
    ['two lines above an error', 'FOO void f();\nx\n!\n', undefined],
    ['below an error', '!\nFOO void f();\n', undefined],
    ['in an expression', '!x = FOO + 1;\n', undefined],
    ['as an argument', '!a(FOO, b);\n', undefined],
    ['behind an operator', '!a = b > FOO;\n', undefined],
    ['in capitals alone', '!a(Foo void);\n', undefined],
    ['of three letters at least', '!a(FO void);\n', undefined],
  ])('%s', (_, text, macro) => {
    const wanted = text.replace(macro ?? 'FOO', (m) => ' '.repeat(m.length));
    expect(read(text, wanted)).toBe(macro ? wanted : text);
  });

  test('the most frequent first, and no other reading once its errors are gone', () => {
    const text = 'BAR void f();\nFOO void g();\nFOO void h();\n';
    const tried: string[] = [];
    let cost = 3;
    const found = macrosOf(text, NO_MACROS, ({ readings }) => {
      if (readings.size) tried.push([...readings].map(([name, as]) => `${name} ${as}`).join(', '));
      if (tried.length && tried.at(-1) === 'FOO type') cost = 1;
      return { errorCost: cost, spans: [{ start: 0, end: text.length }] };
    });
    expect(tried.slice(0, 4)).toEqual(['FOO specifier', 'FOO type', 'FOO type, BAR specifier', 'FOO type, BAR type']);
    expect([...found.readings]).toEqual([['FOO', 'type']]);
  });

  test('calls and loops are tried only for names with arguments', () => {
    const tried = (text: string): string[] => {
      const all: string[] = [];
      macrosOf(text, NO_MACROS, ({ readings }) => {
        all.push(...[...readings].map(([, as]) => as));
        return { errorCost: 1, spans: [{ start: 0, end: text.length }] };
      });
      return all;
    };
    expect(tried('FOO void f();\n')).toEqual(['specifier', 'type', 'nothing']);
    expect(tried('FOO (a) void f();\n')).toEqual(['call', 'loop', 'specifier', 'type', 'nothing']);
  });
});

describe('a condition is read as its first branch', () => {
  test.each([
    ['in the middle of a call', 'f(a,\n!\n#if B\nb\n#endif\nc);\n', true],
    ['behind a comment', 'f(a, // x;\n!\n#if B\nb\n#endif\nc);\n', true],
    ['behind a directive', 'f(a\n#define X {\n!\n#if B\nb\n#endif\nc);\n', true],
    ['behind a long comment', 'f(a /* x;\n*/\n!\n#if B\nb\n#endif\nc);\n', true],
    ['if its branch goes on', 'f();\n!\n#if B\na + // x\n#endif\nb;\n', true],
    ['but not between statements', 'f();\n!\n#if B\nb();\n#endif\n', false],
    ['nor behind a block', 'f() {\n!\n#if B\nb();\n#endif\n}\n', false],
    ['nor far from an error', 'f(a,\n#if B\nb\n#endif\nc);\n\n\n!\n', false],
  ])('%s', (_, marked, taken) => {
    // The mark that the error begins at is no part of the code.
    const text = marked.replace('!\n', '');
    const start = marked.indexOf('!');
    const wanted = applyMacros(text, { ...NO_MACROS, conditions: new Set(['#if B']) });
    const errorsWith = (macros: Macros) => ({
      errorCost: Number(applyMacros(text, macros) !== wanted),
      spans: [{ start, end: start + 1 }],
    });
    const found = macrosOf(text, NO_MACROS, errorsWith);
    expect([...found.conditions]).toEqual(taken ? ['#if B'] : []);
  });
});

test('the search goes on from what is known, while it helps', () => {
  const text = 'FOO void f();\nBAR void g();\n';
  const known: Macros = { ...NO_MACROS, directives: true, conditions: new Set(['#if Z']) };
  const costs = (macros: Macros): number => 2 - macros.readings.size;
  const line = (n: number) => ({ start: 14 * (n - 1), end: 14 * n - 1 });
  const found = macrosOf(text, known, (m) => ({ errorCost: costs(m), spans: [line(m.readings.size ? 2 : 1)] }));
  expect([...found.readings.keys()]).toEqual(['FOO', 'BAR']);
  expect(found).toMatchObject({ directives: true, conditions: new Set(['#if Z']) });
});
