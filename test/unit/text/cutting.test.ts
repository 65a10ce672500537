// Knows the promises about cutting: verbatim, still code, nested, within the budget, protected, reversible.
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tiles } from '../../../src/core/span';
import type { SourceText } from '../../../src/core/context';
import { counterFor } from '../../../src/text/counters';
import { fitToTokens } from '../../../src/text/fit';
import { languageOf } from '../../../src/text/languages';
import { orderCuts, type CutOrder } from '../../../src/text/order';
import { renderPrefix, type Rendered } from '../../../src/text/render';
import { parseStructure, type CodeStructure } from '../../../src/text/structure';
import { testGrammars } from '../../support/grammars';

const grammars = testGrammars();
const counter = counterFor('o200k');
const options = { markers: true, counter };
const samples = readdirSync('test/samples').filter((f) => f !== 'README.md');
const load = (file: string): SourceText => ({ path: file, languageId: languageOf(file), text: readFileSync(`test/samples/${file}`, 'utf8') });

/** Evidence per 4 units, from a seed: cuts anywhere. */
function evidence(text: string, seed: number) {
  const n = Math.ceil(text.length / 4);
  let state = seed >>> 0;
  const values = Float32Array.from({ length: n }, () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 4294967296);
  return { bounds: Int32Array.from({ length: n + 1 }, (_, i) => Math.min(text.length, i * 4)), values };
}

function checkRendered(structure: CodeStructure, order: CutOrder, r: Rendered): void {
  const { text } = structure.source;
  expect(tiles(r.spans, text.length)).toBe(true);
  // Joining kept spans and markers in order gives the text: nothing was rewritten.
  let at = 0;
  for (const s of r.spans.filter((x) => x.kept)) {
    const piece = text.slice(s.start, s.end);
    const found = r.text.indexOf(piece, at);
    expect(found).toBeGreaterThanOrEqual(at);
    at = found + piece.length;
  }
  // The way back: every elision in place of its marker is the original.
  let back = '';
  let end = 0;
  for (const e of r.elisions) {
    back += text.slice(end, e.start) + text.slice(e.start, e.end);
    end = e.end;
    expect(e.id).toMatch(/^[a-z2-7]{4,}$/);
  }
  expect(back + text.slice(end)).toBe(text);
  expect(new Set(r.elisions.map((e) => e.id)).size).toBe(r.elisions.length);
  expect(structure.errorsIn(r.text)).toBeLessThanOrEqual(structure.errorsIn(text));
  expect(r.readerTokens).toBe(counter.count(r.text));
  for (const p of order.protectedSpans) expect(r.spans.some((s) => !s.kept && s.start < p.end && p.start < s.end)).toBe(false);
}

const keptOf = (r: Rendered): boolean[] => r.spans.flatMap((s) => new Array<boolean>(s.end - s.start).fill(s.kept));

test('there is a sample of every language with a grammar', () => {
  const languages = new Set(samples.map((s) => languageOf(s)));
  for (const id of ['typescript', 'typescriptreact', 'javascript', 'python', 'go', 'rust', 'java', 'c', 'cpp', 'csharp', 'json']) expect(languages).toContain(id);
});

describe.each(samples)('%s', (file) => {
  const source = load(file);
  test('ratio 1 is the identity, every budget is met or its floor is told, more budget keeps a superset', async () => {
    const structure = await parseStructure(source, grammars);
    for (const seed of [1, 2]) {
      const order = orderCuts(structure, evidence(source.text, seed), []);
      const whole = renderPrefix(order, 0, options);
      expect(whole.text).toBe(source.text);
      let before: boolean[] | undefined;
      for (const ratio of [0.9, 0.75, 0.5, 0.25, 0.1]) {
        const allowed = Math.floor(whole.readerTokens * ratio);
        const { rendered, floor } = fitToTokens(order, allowed, options);
        checkRendered(structure, order, rendered);
        if (floor === undefined) expect(rendered.readerTokens).toBeLessThanOrEqual(allowed);
        else expect(rendered.readerTokens).toBe(floor);
        const kept = keptOf(rendered);
        if (before) kept.forEach((k, i) => k && !before![i] && expect.fail(`unit ${i} is back at ${ratio}`));
        before = kept;
        // Asking for what came out gives the same again.
        expect(fitToTokens(order, rendered.readerTokens, options).rendered.text).toBe(rendered.text);
      }
    }
  });

  test('pins survive', async () => {
    const structure = await parseStructure(source, grammars);
    const middle = source.text.indexOf('\n', source.text.length / 2) + 1;
    const pin = { start: middle, end: Math.min(source.text.length, middle + 60) };
    const order = orderCuts(structure, evidence(source.text, 3), [pin]);
    const { rendered } = fitToTokens(order, 1, options);
    checkRendered(structure, order, rendered);
    expect(rendered.text).toContain(source.text.slice(pin.start, pin.end));
  });

  test('without markers nothing is added but placeholders', async () => {
    const structure = await parseStructure(source, grammars);
    const order = orderCuts(structure, evidence(source.text, 4), []);
    const { rendered } = fitToTokens(order, Math.floor(counter.count(source.text) / 2), { markers: false, counter });
    expect(structure.errorsIn(rendered.text)).toBeLessThanOrEqual(structure.errorsIn(source.text));
    expect(rendered.text).not.toMatch(/… \d+ line/);
  });
});

describe('odd texts', () => {
  const odd: Record<string, [string, string]> = {
    empty: ['a.ts', ''],
    'one line': ['a.py', 'x = 1'],
    crlf: ['a.ts', 'const a = 1;\r\n\r\nfunction f() {\r\n  return a;\r\n}\r\n'],
    bom: ['a.py', '\ufeff# note\n# more\nx = 1\ny = 2\n'],
    'lone surrogates': ['a.js', 'var a = "\ud800";\nvar b = 1;\nvar c;\n'],
    'syntax errors': ['a.go', 'package a\nfunc ( {{{\nvar x = 1\nfunc g() {}\n'],
    'emptied suites': ['a.py', 'class A:\n    """Doc."""\n\n    def f(self):\n        # why\n        return 1\n\n\nif A:\n    pass\nelse:\n    A()\n'],
    'no grammar': ['a.yaml', 'a:\n  b: 1\n  c: 2\nd: 3\n'],
    markdown: ['a.md', '# A\n\ntext\n\n```\ncode\n\nmore\n```\n\nend\n'],
    'a long line': ['a.js', `var x = "${'ab '.repeat(30_000)}";\nvar y = 2;\n`],
  };
  test.each(Object.entries(odd))('%s', async (_, [path, text]) => {
    const source = { path, languageId: languageOf(path), text };
    const structure = await parseStructure(source, grammars);
    for (let seed = 1; seed <= 6; seed++) {
      const order = orderCuts(structure, evidence(text, seed), []);
      for (let n = 0; n <= order.steps.length; n++) checkRendered(structure, order, renderPrefix(order, n, options));
    }
  });

  test('any string is safe', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), fc.constantFrom('a.ts', 'a.py', 'a.json', 'a.txt'), async (text, path) => {
        const structure = await parseStructure({ path, languageId: languageOf(path), text }, grammars);
        const order = orderCuts(structure, evidence(text, 1), []);
        const r = renderPrefix(order, order.steps.length, options);
        expect(tiles(r.spans, text.length)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});

test('golden: what is cut, as the reader sees it', async () => {
  const text = 'import os\n\n\ndef first(a):\n    """Adds."""\n    b = a + 1\n    return b\n\n\ndef second():\n    return os.name\n';
  const structure = await parseStructure({ path: 'g.py', languageId: 'python', text }, grammars);
  const bounds = Int32Array.from({ length: text.length + 1 }, (_, i) => i);
  const values = new Float32Array(text.length).fill(1);
  values.fill(0, text.indexOf('    """'), text.indexOf('def second'));
  const order = orderCuts(structure, { bounds, values }, []);
  const count = order.steps.findIndex((s) => s.key > 0);
  const { text: got, elisions } = renderPrefix(order, count, options);
  expect(got).toBe(`import os\n\n\ndef first(a):\n    ...  # … 5 lines #${elisions[0]!.id}\ndef second():\n    return os.name\n`);
});
