// Knows what a user's own word does: what he pins stays, what he excludes goes whatever the budget, markers mean their statement.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CompressionError } from '../../../src/core/errors';
import { fitToTokens, stepsUnder } from '../../../src/cut/fit';
import { matches } from '../../../src/files/globs';
import { orderCuts } from '../../../src/cut/order';
import { renderPrefix } from '../../../src/cut/render';
import { parseStructure } from '../../../src/parse/structure';
import { constraintSpans, type Constraints } from '../../../src/cut/constraints';
import { cases } from '../../support/brief';
import { testGrammars } from '../../support/grammars';
import { checkRendered, evidence, options } from './promises';

const grammars = testGrammars();
const nothing: Constraints = { pins: [], drops: [], protectedPatterns: [], droppedPatterns: [], inlineMarkers: true };

async function cut(
  text: string,
  languageId: string,
  asked: Partial<Constraints>,
  allowed: number,
  path = 'a',
): Promise<ReturnType<typeof fitToTokens> & { kept: string; gone: string }> {
  const structure = await parseStructure({ path, languageId, text }, grammars);
  const { pins, drops, protects } = constraintSpans(structure, { ...nothing, ...asked });
  const order = orderCuts(structure, evidence(text, 5), pins, { drops, protects });
  const fit = fitToTokens(order, allowed, options);
  checkRendered(structure, order, fit.rendered);
  const part = (kept: boolean): string =>
    fit.rendered.spans
      .filter((s) => s.kept === kept)
      .map((s) => text.slice(s.start, s.end))
      .join('');
  return { ...fit, kept: part(true), gone: part(false) };
}
const ALL = 1e9;

const TS = `import { a } from './a';

// namm:keep the heart of it
function heart() {
  const x = a();
  return x;
}

function plain() {
  console.log('one');
  debug(
    'two',
    'three',
  );
  const y = 1; // namm:drop
  return y + 2;
}

/** Says nothing. */
// namm:drop
function noise() {
  return 0;
}

// namm:drop-start
const p = 1;
const q = 2;
// namm:drop-end
export const last = plain();
`;

describe('markers in comments', () => {
  test('with budget to spare only what they exclude goes', async () => {
    const { gone, rendered } = await cut(TS, 'typescript', {}, ALL);
    for (const part of ['const y = 1;', 'function noise()', 'Says nothing', 'const p', 'const q', 'namm:drop-end'])
      expect(gone).toContain(part);
    for (const part of ['heart', 'console.log', 'return y', 'export const last', 'import'])
      expect(gone).not.toContain(part);
    expect(rendered.spans.filter((s) => s.reason === 'excluded').length).toBeGreaterThan(2);
  });
  test('without budget what they keep stays', async () => {
    const { kept } = await cut(TS, 'typescript', {}, 1);
    expect(kept).toContain('function heart() {\n  const x = a();\n  return x;\n}\n');
    expect(kept).not.toContain('plain()');
  });
  test('they can be ignored', async () => {
    const { gone } = await cut(TS, 'typescript', { inlineMarkers: false }, ALL);
    expect(gone).toBe('');
  });
  test('a pin wins over an exclusion, down to the statement', async () => {
    const at = TS.indexOf('const q');
    const { gone, kept } = await cut(TS, 'typescript', { pins: [{ start: at, end: at + 7 }] }, ALL);
    expect(kept).toContain('const q = 2;');
    expect(gone).toContain('const p = 1;');
  });
  test('a word in the middle of a comment, a string or another word is none', async () => {
    const text =
      "// not namm:drop\nconst a = 'namm:drop';\n// namm:dropped\nconst b = 2;\n// namm:drop-everything\nconst c = 3;\n";
    expect((await cut(text, 'typescript', {}, ALL)).gone).toBe('');
  });
  test('markup, Python, and a language without a grammar', async () => {
    const tsx =
      'export const V = () => (\n  <div>\n    {/* namm:drop */}\n    <A\n      b="c"\n    />\n    <B />\n  </div>\n);\n';
    const markup = await cut(tsx, 'typescriptreact', {}, ALL);
    expect(markup.gone).toContain('b="c"');
    expect(markup.kept).toContain('<B />');
    const py =
      'import os\n\n\ndef a():\n    # namm:drop\n    print(1)\n    return 2\n\n\ndef b():  # namm:drop\n    x = 1\n    return x\n';
    const python = await cut(py, 'python', {}, ALL);
    expect(python.gone).toContain('print(1)');
    expect(python.gone).toContain('def b()');
    expect(python.kept).toContain('return 2');
    const lua = 'local a = 1\n-- namm:drop\nfunction f()\n  g()\nend\nlocal b = 2\n';
    const plain = await cut(lua, 'lua', {}, ALL);
    expect(plain.gone).toContain('g()');
    expect(plain.kept).toContain('local b = 2');
  });
  test('an open region reaches the end', async () => {
    const { gone, kept } = await cut(
      'const a = 1;\n// namm:drop-start\nconst b = 2;\nconst c = 3;\n',
      'typescript',
      {},
      ALL,
    );
    expect(kept).toContain('const a = 1;');
    expect(gone).toContain('const c = 3;');
  });
});

describe('spans and patterns', () => {
  test('a statement that begins on a matching line goes as a whole; without one nothing does', async () => {
    const { gone } = await cut(
      TS,
      'typescript',
      { droppedPatterns: ['^\\s*debug\\(', "'three'"], inlineMarkers: false },
      ALL,
    );
    expect(gone.trim()).toBe("debug(\n    'two',\n    'three',\n  );");
  });
  test('protected lines stay', async () => {
    const { kept } = await cut(TS, 'typescript', { protectedPatterns: ['console\\.log'] }, 1);
    expect(kept).toContain("console.log('one');");
  });
  test('what is no regular expression is said', async () => {
    await expect(cut(TS, 'typescript', { droppedPatterns: ['('] }, ALL)).rejects.toThrow(CompressionError);
  });
  test('a selection inside a statement takes nothing with it', async () => {
    const at = TS.indexOf("'two'");
    expect((await cut(TS, 'typescript', { drops: [{ start: at, end: at + 4 }], inlineMarkers: false }, ALL)).gone).toBe(
      '',
    );
  });
  test('a line that is protected by its look alone goes when the user says so', async () => {
    const text = "'use strict';\nconst a = 1;\n";
    expect((await cut(text, 'javascript', {}, 1)).kept).toContain('use strict');
    expect((await cut(text, 'javascript', { drops: [{ start: 0, end: text.length }] }, ALL)).gone).toContain(
      'use strict',
    );
  });
  test.each(cases(['createAction.ts', 'auth.go', 'JsonArray.java', 'background.py'], ['background.py']))(
    '%s: what is excluded is gone at every budget, and more budget keeps a superset',
    async (file) => {
      const text = readFileSync(`test/samples/${file}`, 'utf8');
      const languageId = { ts: 'typescript', go: 'go', java: 'java', py: 'python' }[file.split('.')[1]!]!;
      const structure = await parseStructure({ path: file, languageId, text }, grammars);
      const third = { start: Math.floor(text.length / 3), end: Math.floor((2 * text.length) / 3) };
      const order = orderCuts(structure, evidence(text, 6), [], { drops: [third] });
      expect(order.forced).toBeGreaterThan(0);
      expect(stepsUnder(order, -Infinity)).toBe(order.forced);
      const floor = renderPrefix(order, order.forced, options);
      let before: number | undefined;
      for (const ratio of [1, 0.6, 0.3]) {
        const { rendered, steps } = fitToTokens(order, Math.floor(floor.recipientTokens * ratio), options);
        checkRendered(structure, order, rendered);
        expect(steps).toBeGreaterThanOrEqual(Math.max(order.forced, before ?? 0));
        before = steps;
      }
    },
  );
});

test('globs by the rules of .gitignore', () => {
  expect(matches(['*.test.ts', '!keep.test.ts'], 'src/a.test.ts')).toBe(true);
  expect(matches(['*.test.ts', '!keep.test.ts'], 'src/keep.test.ts')).toBe(false);
  expect(matches(['src/'], 'src/deep/a.ts')).toBe(true);
  expect(matches(['a.ts'], '/root/a.ts')).toBe(true);
  expect(matches([], 'a')).toBe(false);
});
