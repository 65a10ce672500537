// Tests where holes begin and end, when they merge, and what marks them.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fill, Holes, holesOf, type Hole } from '../../../src/cut/holes';
import type { Suite, Unit } from '../../../src/parse/unit';
import { linesUnit, structureOf } from '../../support/structures';

/** Lines of a text as units, by their numbers. */
const linesOf = (text: string, ...lines: readonly (number | [number, number])[]): Unit[] =>
  lines.map((n) => (typeof n === 'number' ? linesUnit(text, n) : linesUnit(text, ...n)));
const comment = (unit: Unit): Unit => ({ ...unit, comment: true });

/** The text without these units; the tag of the markers is left out. */
function cut(languageId: string, text: string, units: readonly Unit[], markers = true): string {
  return fill(text, holesOf({ path: 'a', languageId, text }, units, markers)).replace(/ #[a-z2-7]{4}/, '');
}
const holes = (text: string, units: readonly Unit[], languageId = 'typescript'): Hole[] =>
  holesOf({ path: 'a', languageId, text }, units, true);

describe('neighbours', () => {
  const text = 'a();\n\nb();\nc();\n';
  test('the example of the docstring', () => {
    const [one] = holes(text, linesOf(text, 1));
    expect(one).toMatchObject({ start: 0, end: 5, line: 1, lines: 1, silent: false });
    expect(one!.marker).toMatch(/^\/\/1… #[a-z2-7]{4}\n$/);
    expect(holes(text, linesOf(text, 1, 3))).toEqual([{ ...one, end: 11, lines: 3 }]);
    expect(holes(text, linesOf(text, 3, 1))).toEqual(holes(text, linesOf(text, 1, 3)));
  });
  test('with code between them stay apart, and the last one carries the tag', () => {
    const two = holes('a\nb\nc\n', linesOf('a\nb\nc\n', 1, 3));
    expect(two.map((h) => h.marker.replace(/#.*/, '#'))).toEqual(['//1…\n', '//3… #\n']);
    expect(two.map((h) => h.id.slice(4))).toEqual([':1', ':3']);
  });
  test('on one line have letters', () => {
    const line = 'a b c d\ne\n';
    const units = [0, 2, 4].map((start) => ({ ...linesUnit(line, 1), start, end: start + 1 }));
    expect(holes(line, [...units, linesUnit(line, 2)]).map((h) => h.id.slice(4))).toEqual([':1', ':1b', ':1c', ':2']);
  });
  test('a pinned blank line stays between them', () => {
    const pinned = holesOf({ path: 'a', languageId: 'typescript', text }, linesOf(text, 1, 3), true, [
      { start: 5, end: 6 },
    ]);
    expect(pinned.map((h) => [h.start, h.end])).toEqual([
      [0, 5],
      [6, 11],
    ]);
  });
});

describe('blank lines behind a cut', () => {
  test.each([
    ['stay before code', 'a\n\nb\n', [1], '//1…\n\nb\n'],
    ['go at the end of the text', 'a\nb\n \t\n\n', [2], 'a\n//2…\n'],
    ['go before a bracket', '{\n  a\n\n  }\n', [2], '{\n//2…\n  }\n'],
    ['go before a closing word', 'a\n\nend\n', [1], '//1…\nend\n'],
    ['stay before a word that begins like one', 'a\n\nending\n', [1], '//1…\n\nending\n'],
    ['may have any blanks and line breaks', 'a\r\n \t\f\v\r\n\rb\r\n', [1], '//1…\r\n \t\f\v\r\n\rb\r\n'],
  ])('%s', (_, text, lines, expected) => {
    expect(cut('typescript', text, linesOf(text, ...lines))).toBe(expected);
  });

  test.each([
    ['go if a blank line precedes', 'a\n\n// b\n\nc\n', 3, 'a\n\nc\n'],
    ['go behind the head of a block', 'f() {\n  // b\n\n  c\n}\n', 2, 'f() {\n  c\n}\n'],
    ['go behind a head with a comment', 'f() { // x\n  // b\n\n  c\n}\n', 2, 'f() { // x\n  c\n}\n'],
    ['stay if the next line is not in that block', 'f(\n  // b\n\nc\n', 2, 'f(\n\nc\n'],
    ['stay behind code', 'a\n// b\n\nc\n', 2, 'a\n\nc\n'],
    ['go at the start of a text', '// b\n\nc\n', 1, 'c\n'],
    ['go behind a byte order mark', '\ufeff// b\n\nc\n', 1, '\ufeffc\n'],
  ])('without a marker: %s', (_, text, line, expected) => {
    const unit = linesUnit(text, line);
    expect(cut('typescript', text, [comment({ ...unit, start: text.startsWith('\ufeff') ? 1 : unit.start })])).toBe(
      expected,
    );
  });

  test('a comment above code stays apart from the hole above the blank line', () => {
    const text = 'a\n\n// b\nc\n';
    const units = [linesUnit(text, 1), comment(linesUnit(text, 3))];
    expect(cut('typescript', text, units)).toBe('//1…\n\nc\n');
    const before = 'a\n\n// b\n\nc\n';
    expect(cut('typescript', before, [linesUnit(before, 1), comment(linesUnit(before, 3))])).toBe('//1…\n\nc\n');
  });
});

describe('markers', () => {
  test('only code has one', () => {
    const text = '// a\nb\n';
    expect(cut('typescript', text, [comment(linesUnit(text, 1))])).toBe('b\n');
    expect(cut('typescript', text, [comment(linesUnit(text, 1)), linesUnit(text, 2)])).toBe('//1…\n');
    expect(cut('typescript', text, linesOf(text, 2), false)).toBe('// a\n');
  });
  test('end as the cut does', () => {
    expect(cut('go', 'a\r\nb\r\n', linesOf('a\r\nb\r\n', 1))).toBe('//1…\r\nb\r\n');
    expect(cut('go', 'a\rb', linesOf('a\rb', 1))).toBe('//1…\rb');
    expect(cut('go', 'a\nb', linesOf('a\nb', 2))).toBe('a\n//2…');
    expect(holes('a\nb', linesOf('a\nb', 2))[0]!.lines).toBe(1);
  });
  test('count lines from the first line of the source', () => {
    const source = { path: 'a', languageId: 'go', text: 'a\nb\nc\n', firstLine: 100 };
    expect(holesOf(source, linesOf(source.text, [2, 3]), true)[0]).toMatchObject({ line: 101, lines: 2 });
  });
  test('have a tag of path and text, the same in every run', () => {
    const tag = (path: string, text: string): string =>
      holesOf({ path, languageId: 'go', text }, linesOf(text, 1), true)[0]!.id.slice(0, 4);
    expect([tag('a', 'x\n'), tag('b', 'x\n'), tag('a', 'y\n')]).toEqual(['vjdl', 'eigw', 'uqro']);
  });
  test('are written as the language writes comments', () => {
    const text = 'a\nb\n';
    const [unit] = linesOf(text, 1);
    expect(cut('json', text, [unit!])).toBe('b\n');
    expect(holes(text, [unit!], 'json')[0]!.silent).toBe(true);
    expect(cut('typescriptreact', text, [{ ...unit!, markup: true }])).toBe('{/*1…*/}\nb\n');
    expect(cut('json', text, [{ ...unit!, markup: true }])).toBe('{/*1…*/}\nb\n');
    expect(cut('html', text, [{ ...unit!, language: 'javascript' }])).toBe('//1…\nb\n');
    expect(cut('markdown', text, [{ ...unit!, row: true }])).toBe('| <!--1…--> |\nb\n');
    expect(cut('unheard-of', text, [unit!])).toBe('[1…]\nb\n');
  });
  test('are in markup as long as one of the outermost units is', () => {
    const text = 'a\nb\nc\n';
    const inner = { ...linesUnit(text, 2), markup: true };
    expect(cut('typescriptreact', text, [inner])).toBe('a\n{/*2…*/}\nc\n');
    expect(cut('typescriptreact', text, [inner, linesUnit(text, 1, 3)])).toBe('//1…\n');
    expect(cut('typescriptreact', text, [linesUnit(text, 1, 2), { ...linesUnit(text, 3), markup: true }])).toBe(
      '{/*1…*/}\n',
    );
  });
});

describe('the margin', () => {
  test.each([
    ['behind a line of the same depth', 'if a:\n    b\n    c\n    d\n', 3, 'if a:\n    b\n#3…\n    d\n'],
    ['behind its head', 'if a:\n    b\n    c\n', 2, 'if a:\n#2…\n    c\n'],
    ['with blank lines around it', 'if a:\n    b\n\n    c\n\n    d\n', 4, 'if a:\n    b\n\n#4…\n\n    d\n'],
    ['but not at the end of its block', 'if a:\n    b\n    c\nd\n', 3, 'if a:\n    b\n    #3…\nd\n'],
    ['nor behind deeper lines', 'if a:\n    b\nc\nd\n', 3, 'if a:\n    b\nc\nd\n'.replace('c', '#3…')],
    ['nor at the end of a text', 'if a:\n    b\n    c\n', 3, 'if a:\n    b\n    #3…\n'],
    ['with tabs', 'if a:\n\tb\n\tc\nd\n', 3, 'if a:\n\tb\n\t#3…\nd\n'],
    ['with other line breaks', 'if a:\r    b\r    c\r    d\r', 3, 'if a:\r    b\r#3…\r    d\r'],
  ])('%s', (_, text, line, expected) => {
    expect(cut('python', text, linesOf(text, line))).toBe(expected);
  });
  test('is for all markers where braces tell the block, and for none in Markdown', () => {
    expect(cut('go', '{\n\ta\n\tb\n}\n', linesOf('{\n\ta\n\tb\n}\n', 3))).toBe('{\n\ta\n//3…\n}\n');
    expect(cut('markdown', '- a\n  b\n  c\n', linesOf('- a\n  b\n  c\n', 2))).toBe('- a\n  <!--2…-->\n  c\n');
  });
});

describe('a block that may not be empty', () => {
  const text = 'def f():\n    # why\n    a\n    b\nc\n';
  const suite: Suite = { members: [] };
  const [why, a, b] = [2, 3, 4].map((n) => ({ ...linesUnit(text, n), suite, comment: n === 2 }));
  suite.members.push(why!, a!, b!);

  test.each([
    [[a!], 'def f():\n    # why\n#3…\n    b\nc\n'],
    [[a!, b!], 'def f():\n    # why\n    ... #3…\nc\n'],
    [[b!, a!], 'def f():\n    # why\n    ... #3…\nc\n'],
    [[why!, a!, b!], 'def f():\n    ... #2…\nc\n'],
    [[a!, why!, b!], 'def f():\n    ... #2…\nc\n'],
    [[b!, a!, why!], 'def f():\n    ... #2…\nc\n'],
    [[why!], 'def f():\n    a\n    b\nc\n'],
  ])('has a placeholder once its last statement is cut: %#', (units, expected) => {
    expect(cut('python', text, units)).toBe(expected);
    const source = { path: 'a', languageId: 'python', text };
    const inOrder = new Holes(source, true);
    for (const unit of units) inOrder.add(unit);
    expect(fill(text, inOrder.all()).replace(/ #[a-z2-7]{4}/, '')).toBe(expected);
  });

  test('has it without a marker as well, and loses it inside a larger cut', () => {
    expect(cut('python', text, [a!, b!], false)).toBe('def f():\n    # why\n    ...\nc\n');
    expect(cut('python', text, [a!, b!, linesUnit(text, 1, 4)])).toBe('#1…\nc\n');
    expect(cut('python', text, [linesUnit(text, 1, 4), a!, b!])).toBe('#1…\nc\n');
  });

  test('that consists of comments had no statement, and gets none', () => {
    const only: Suite = { members: [] };
    const shell = 'if a; then\n  # b\n  # c\nfi\n';
    const members = [2, 3].map((n) => ({ ...linesUnit(shell, n), suite: only, comment: true }));
    only.members.push(...members);
    expect(cut('shellscript', shell, members)).toBe('if a; then\nfi\n');
    expect(cut('shellscript', shell, [members[1]!])).toBe('if a; then\n  # b\nfi\n');
  });
});

test('units may be cut in any order', () => {
  const text = 'a\n\n# b\nc\nd\n\n\n# e\nf\n  g\n  # h\n\n  i\n}\n\n# j\nk\n';
  const units = [
    linesUnit(text, 1),
    comment(linesUnit(text, 3)),
    linesUnit(text, 4),
    linesUnit(text, 3, 5),
    linesUnit(text, 5),
    comment(linesUnit(text, 8)),
    linesUnit(text, 9, 14),
    linesUnit(text, 10),
    comment(linesUnit(text, 11)),
    linesUnit(text, 13),
    comment(linesUnit(text, 16)),
    linesUnit(text, 17),
  ];
  for (const languageId of ['python', 'typescript', 'json'])
    for (const markers of [true, false])
      fc.assert(
        fc.property(fc.shuffledSubarray(units), (some) => {
          const { source } = structureOf(text, [], languageId);
          const added = new Holes(source, markers);
          for (const unit of some) added.add(unit);
          expect(added.all()).toEqual(holesOf(source, some, markers));
          const back = added.all().map((h) => text.slice(h.start, h.end));
          expect(added.gaps).toHaveLength(back.length);
          for (const u of some) expect([...added.gaps].some((g) => g.start <= u.start && g.end >= u.end)).toBe(true);
        }),
        { seed: 1, numRuns: 60 },
      );
});
