// Knows that the promises hold on texts that nobody would write: odd line ends, odd characters, odd shapes, any pins.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitToTokens } from '../../../src/text/fit';
import { languageOf } from '../../../src/text/languages';
import { orderCuts } from '../../../src/text/order';
import { renderPrefix } from '../../../src/text/render';
import { parseStructure } from '../../../src/text/structure';
import { testGrammars } from '../../support/grammars';
import { checkRendered, counter, evidence, keptOf, options } from './promises';

const grammars = testGrammars();

/** Pieces of each language, some of them nothing but noise to it; `·` is an indentation. */
const PIECES: Readonly<Record<string, readonly string[]>> = {
  'a.ts': ['const a = 1;', 'function f() {\n·return a;\n}', '@D()\nclass C {\n·m() {}\n\n·x = 2;\n}', 'switch (a) {\n·case 1:\n··f();\n·default:\n}', '// note', 'if (a)\n·f();\nelse {\n·g();\n}', "'use strict';"],
  'a.tsx': ['const e = (\n·<A>\n··<B x={1} />\n··text\n··{/* c */}\n·</A>\n);', 'const o = {\n·a: 1,\n·b() {},\n};'],
  'a.js': ['var x = `\n·${y}\n`;', 'let o = [\n·1,\n·2\n]', 'export default {}', 'for (;;) {\n·break\n}', '/* a\n b */'],
  'a.py': ['def f(a):\n·"""Doc."""\n·return a', 'class A:\n·x = 1\n\n·def g(self): pass', 'if a:\n·pass\nelif b:\n·# why\n·c()\nelse:\n·d()', 'x = [\n·1,\n·2,\n]', 'match a:\n·case 1:\n··b()\n·case _:\n··c()', 's = """\n·raw\n"""', '# coding: utf-8'],
  'a.go': ['package a', 'import (\n·"fmt"\n·"os"\n)', 'const (\n·A = iota\n·B\n)', 'func f() {\n·switch x {\n·case 1:\n··g()\n·default:\n·}\n}', '//go:build linux', 'var s = []int{\n·1,\n·2,\n}'],
  'a.rs': ['#![allow(dead_code)]', '#[test]\nfn f() -> u8 {\n·let a = 1;\n·a\n}', '/// Doc.\nstruct S {\n·a: u8,\n·b: u8,\n}', 'enum E {\n·A,\n·B,\n}', 'const R: &str = r#"\n·raw"#;', 'match a {\n·1 => f(),\n·_ => {}\n}'],
  'a.java': ['package a;', 'import b.C;', 'class A {\n·@Override\n·void f() {\n··g();\n·}\n\n·int x = 1;\n}', 'enum E {\n·A,\n·B;\n}'],
  'a.c': ['#include <a.h>', '#ifdef A\nint a;\n#else\nint b;\n#endif', 'int f(void)\n{\n·return M(1);\n}', 'enum e {\n·A,\n·B\n};', '#define M(x) \\\n·(x)', 'struct s {\n·int a;\n};'],
  'a.cc': ['namespace n {\nclass A {\n public:\n·void f();\n};\n}', 'template <class T>\nT g() {\n·return T{};\n}', '#pragma once', 'auto s = R"(\n·raw)";'],
  'a.cs': ['using System;', 'namespace N;', 'class A\n{\n·[Fact]\n·public void F()\n··=> G();\n\n·#region r\n·int x = 1;\n·#endregion\n}', 'enum E\n{\n·A,\n·B,\n}'],
  'a.json': ['{\n·"a": 1,\n·"b": [\n··1,\n··2\n·]\n}'],
  'a.sh': ['if a; then\n·# why\n·b\nelif c; then\n·d\nfi', 'f() {\n·for x in "$@"; do\n··echo "$x"\n·done\n}', 'case "$1" in\n·a) b ;;\n·*)\n··c\n··;;\nesac', 'cat <<EOF\n·raw\nEOF', 'a=(\n·1\n·2\n)'],
  'a.rb': ['class A\n·def f\n··g 1,\n··  2\n·rescue B\n··h\n·end\nend', 'x = y.map do |z|\n·z\nend'],
  'a.yaml': ['a:\n·b: 1\n·c:\n··- d\n··- e', 't: |\n·raw\n·\n·text'],
  'a.md': ['# A', 'text', '```\n·code\n\nmore\n```', '- a\n·- b'],
  'a.html': ['<div>\n·<p>a</p>\n·<!-- b\n c -->\n</div>'],
  'a.xyz': ['alpha', '·beta', '(', '}'],
};
const NOISE = ['', '', '·', '\t x', '😀 = "e\u0301";', '\ud800', '\udc00\ud800', '\u0000', '}', '(', '"', "'''", '/*', '`', '\\', '<', '\u2028', '\f', 'x'.repeat(5000), `${'ab '.repeat(2000)};`];
const NOISY = [0.1, 0.5];

const textOf = (path: string): fc.Arbitrary<string> =>
  fc
    .record({
      pieces: fc.array(
        fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...PIECES[path]!) }, { weight: 1, arbitrary: fc.constantFrom(...NOISE) }),
        { minLength: 1, maxLength: 10 },
      ),
      clean: fc.double({ min: 0, max: 1, noNaN: true }),
      eol: fc.constantFrom('\n', '\n', '\r\n', '\r', 'mixed'),
      indent: fc.constantFrom('  ', '    ', '\t'),
      bom: fc.boolean(),
      ends: fc.boolean(),
    })
    .map(({ pieces, clean, eol, indent, bom, ends }) => {
      const kept = clean > NOISY[0]! ? pieces : pieces.filter((p) => PIECES[path]!.includes(p));
      const text = kept.join(clean < NOISY[1]! ? '\n\n' : '\n').replace(/·/g, indent) + (ends ? '\n' : '');
      let n = 0;
      return (bom ? '\ufeff' : '') + text.replace(/\n/g, () => (eol === 'mixed' ? ['\n', '\r\n', '\r'][n++ % 3]! : eol));
    });

const pinsIn = (text: string, at: readonly number[]) => at.map((x) => ({ start: Math.floor(x * text.length), end: Math.min(text.length, Math.floor(x * text.length) + 9) }));

describe.each(Object.keys(PIECES))('%s', (path) => {
  test('every budget keeps the promises, more of it keeps a superset, and its result asks for itself', async () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    await fc.assert(
      fc.asyncProperty(textOf(path), fc.integer(), fc.array(share, { maxLength: 2 }), fc.boolean(), async (text, seed, at, markers) => {
        const structure = await parseStructure({ path, languageId: languageOf(path), text }, grammars);
        const pins = pinsIn(text, at).filter((p) => p.end > p.start);
        const order = orderCuts(structure, evidence(text, seed), pins);
        const chosen = { ...options, markers };
        expect(renderPrefix(order, 0, chosen).text).toBe(text);
        const whole = counter.count(text);
        let more: boolean[] | undefined;
        for (const ratio of [0.8, 0.5, 0.2, 0]) {
          const allowed = Math.floor(whole * ratio);
          const { rendered, floor } = fitToTokens(order, allowed, chosen);
          if (markers) checkRendered(structure, order, rendered);
          expect(rendered.readerTokens > allowed).toBe(floor !== undefined);
          const kept = keptOf(rendered);
          expect(kept.length).toBe(text.length);
          expect(kept.every((k, i) => !k || !more || more[i]!)).toBe(true);
          more = kept;
          expect(fitToTokens(order, rendered.readerTokens, chosen).rendered.text).toBe(rendered.text);
        }
      }),
      { numRuns: 25 },
    );
  });
});

test('any string in any language is safe', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), fc.constantFrom(...Object.keys(PIECES)), async (text, path) => {
      const structure = await parseStructure({ path, languageId: languageOf(path), text }, grammars);
      const order = orderCuts(structure, evidence(text, 1), []);
      checkRendered(structure, order, renderPrefix(order, order.steps.length, options));
    }),
    { numRuns: 150 },
  );
});
