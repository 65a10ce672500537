// Tests that a text that begins or ends inside a construct is completed, and that it is cut as well as a whole one.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { TOKEN_CLASSES } from '../../../src/core/context';
import { fitToTokens } from '../../../src/cut/fit';
import { languageOf } from '../../../src/languages/languages';
import { orderCuts } from '../../../src/cut/order';
import { renderPrefix } from '../../../src/cut/render';
import { parseStructure, type CodeStructure } from '../../../src/parse/structure';
import type { Unit } from '../../../src/parse/unit';
import { BRIEF, cases } from '../../support/brief';
import { testGrammars } from '../../support/grammars';
import { checkRendered, counter, evidence, options } from '../cut/promises';

const grammars = testGrammars();
const read = (path: string, text: string): Promise<CodeStructure> =>
  parseStructure({ path, languageId: languageOf(path), text }, grammars);
const all = (units: readonly Unit[]): Unit[] => units.flatMap((u) => [u, ...all(u.children)]);
const cuttable = ({ units, source }: CodeStructure): string[] =>
  all(units).flatMap((u) => (u.cuttable ? [source.text.slice(u.start, u.end)] : []));

/** Share of what is not blank that no cut can take. */
function stuck({ units, source: { text } }: CodeStructure): number {
  const free = new Uint8Array(text.length);
  for (const u of all(units)) if (u.cuttable) free.fill(1, u.start, u.end);
  const marks = [...text.matchAll(/\S/g)];
  return marks.filter((m) => !free[m.index]).length / marks.length;
}

describe('what is cut off is completed, and its parts can go', () => {
  test.each([
    [
      'an open call and its function',
      'a.ts',
      "import { a } from 'a';\nimport b from 'b';\n\ndescribe('x', () => {\n  it('y', () => {\n    one();\n    two(\n",
      ["import b from 'b';\n", '    one();\n'],
    ],
    [
      'the end of an import',
      'a.ts',
      "  A,\n  B,\n} from './c';\nimport d from 'd';\n\nf();\n",
      ["import d from 'd';\n", 'f();\n'],
    ],
    [
      'the rest of a class',
      'a.ts',
      '    return 1;\n  }\n\n  g(): void {\n    h();\n    i();\n  }\n}\n\nj();\n',
      ['  g(): void {\n    h();\n    i();\n  }\n', 'j();\n', '    h();\n'],
    ],
    [
      'the rest of a chain',
      'a.js',
      "      .get('/')\n      .expect(200, done)\n  })\n\n  it('a', function () {\n    b()\n  })\n})\n",
      ["  it('a', function () {\n    b()\n  })\n", '    b()\n'],
    ],
    [
      'a regular expression with a bracket in it',
      'a.js',
      "import a from 'a'\ndescribe('x', function () {\n  b(/\\(/)\n  c('d', function () {\n",
      ["import a from 'a'\n", '  b(/\\(/)\n'],
    ],
    [
      'a branch',
      'a.java',
      '      one();\n    } else {\n      two();\n      three();\n    }\n  }\n\n  void f() {\n    g();\n  }\n}\n',
      ['      two();\n', '  void f() {\n    g();\n  }\n'],
    ],
    [
      'an annotation without its method',
      'a.java',
      'package a;\n\nimport b.C;\n\nclass A {\n  void f() {\n    g();\n  }\n\n  @Override\n',
      ['import b.C;\n', '  void f() {\n    g();\n  }\n'],
    ],
    [
      'a class in the middle of an expression',
      'a.java',
      'class A {\n  B f() {\n    one();\n    return new B() {\n      void g() {\n        two();\n',
      ['    one();\n', '        two();\n'],
    ],
    [
      'a try without what ends it',
      'a.cs',
      'using A;\n\nnamespace N\n{\n    class C\n    {\n        void F()\n        {\n            One();\n            try\n            {\n                Two();\n',
      ['using A;\n', '            One();\n'],
    ],
    [
      'the end of a list',
      'a.cs',
      '    new A(),\n    new B(),\n};\nvar x = F();\nvar y = G();\n',
      ['var x = F();\n', 'var y = G();\n'],
    ],
    [
      'a method of the type that is cut off',
      'a.rs',
      '        one();\n        two();\n    }\n\n    fn g() {\n        three();\n    }\n}\n\nfn h() {\n    four();\n',
      ['        two();\n', '    fn g() {\n        three();\n    }\n', '    four();\n'],
    ],
    [
      'the names of a use',
      'a.rs',
      '    b::{C, D},\n};\nuse e::F;\n\nfn g() {\n    h();\n}\n',
      ['use e::F;\n', '    h();\n'],
    ],
    [
      'a function in a call',
      'a.go',
      '\t\tone()\n\t\ttwo()\n\t})\n\tthree()\n}\n\nfunc f() {\n\tg(func() {\n\t\tfour()\n',
      ['\tthree()\n', '\t\tfour()\n'],
    ],
    [
      'half of a function',
      'a.c',
      '    one();\n    two();\n  }\n  three();\n}\n\nint f(void) {\n  if (a) {\n    four();\n',
      ['  three();\n', '    four();\n'],
    ],
    [
      'an open docstring',
      'a.py',
      'import a\nimport b\n\n\ndef f():\n    """Words\n    without an end\n',
      ['import a\n', 'import b\n'],
    ],
    [
      'the end of a docstring',
      'a.py',
      '    of many words.\n    """\n    one()\n    two()\n\n\ndef g():\n    three()\n',
      ['    two()\n', 'def g():\n    three()\n'],
    ],
    ['parameters without an end', 'a.py', 'import a\n\n\n@b(1)\ndef f(\n    self,\n', ['import a\n']],
    [
      'the way out of three blocks',
      'a.py',
      '            one()\n            two()\n        except A:\n            three()\n    four()\n\n\ndef g():\n    five()\n',
      ['            two()\n', 'def g():\n    five()\n'],
    ],
    [
      'half of a record',
      'a.json',
      `{\n  "a": {\n${Array.from({ length: 12 }, (_, i) => `    "k${i}": ${i},\n`).join('')}    "last": [\n`,
      ['    "k3": 3,\n'],
    ],
  ])('%s', async (_, path, text, parts) => {
    const structure = await read(path, text);
    expect(structure.errorsIn(text)).toBe(0);
    const found = cuttable(structure);
    for (const part of parts) expect(found).toContain(part);
    // What is left is still valid in the same surroundings, cut by cut.
    for (const seed of cases([1, 2, 3], [1])) {
      const order = orderCuts(structure, evidence(text, seed), []);
      for (let n = 0; n <= order.steps.length; n++) checkRendered(structure, order, renderPrefix(order, n, options));
    }
  });

  test.each([
    ['ends in a comment', 'f();\n\n/**\n * Half of\n * a comment\n', '/**\n * Half of\n * a comment\n'],
    ['begins in a comment', ' * the other half\n */\nf();\ng();\n', ' * the other half\n */\n'],
  ])('a text that %s may lose it', async (_, text, comment) => {
    const structure = await read('a.ts', text);
    expect(structure.errorsIn(text)).toBe(0);
    expect(cuttable(structure)).toContain(comment);
    expect(structure.errorsIn(text.replace(comment, '//1… #abcd\n'))).toBe(0);
  });

  test.each([
    [
      'in front of a comment and of an expression that ends like one',
      'a.ts',
      "import a from 'b';\nc();\n/** Words. */\nif (d) /e*/.test(f);\nfunction g() {\n  one(\n",
      "import a from 'b';\n",
    ],
  ])('code is not taken for comment: %s', async (_, path, text, part) => {
    const structure = await read(path, text);
    const bounds = Int32Array.from({ length: text.length + 1 }, (__, i) => i);
    const comment = TOKEN_CLASSES.indexOf('comment');
    const at = text.indexOf(part);
    expect([...structure.classes(bounds).slice(at, at + part.length)]).not.toContain(comment);
  });

  test('what reaches beyond the text does not go', async () => {
    const found = cuttable(await read('a.ts', '  one();\n}\n\nfunction f() {\n  two();\n'));
    expect(found).toEqual(['  one();\n', '  two();\n']);
  });

  test('a whole text is read as it stands, and one that nothing can mend as well', async () => {
    expect((await read('a.ts', 'f();\n')).errorsIn('f();\n}\n')).toBeGreaterThan(0);
    const odd = await read('a.go', 'package a\nfunc ( {{{\nvar x = 1\nfunc g() {}\n');
    expect(odd.errorsIn(odd.source.text)).toBeGreaterThan(0);
  });
});

describe
  .skipIf(BRIEF)
  .each(readdirSync('test/samples').filter((f) => f !== 'README.md' && languageOf(f) !== 'markdown'))(
  '%s, cut off anywhere',
  (file) => {
    const text = readFileSync(`test/samples/${file}`, 'utf8').slice(0, 8000);
    const breaks = [...text.matchAll(/\n/g)].map((m) => m.index + 1);
    const at = (share: number): number => breaks[Math.floor(share * (breaks.length - 1))]!;

    test('every cut keeps its promises, and little is stuck', async () => {
      const whole = stuck(await read(file, text));
      const shares: number[] = [];
      for (const [from, to] of [
        [0, 0.45],
        [0, 0.7],
        [0.2, 0.6],
        [0.35, 1],
        [0.55, 0.95],
      ] as const) {
        const structure = await read(file, text.slice(from ? at(from) : 0, at(to)));
        shares.push(stuck(structure));
        const order = orderCuts(structure, evidence(structure.source.text, 1), []);
        for (const ratio of [0.6, 0.3, 0.1])
          checkRendered(
            structure,
            order,
            fitToTokens(order, Math.floor(counter.count(structure.source.text) * ratio), options).rendered,
          );
      }
      expect(shares.reduce((a, b) => a + b) / shares.length).toBeLessThan(whole + 0.25);
    });
  },
);
