// Tests that files stay cuttable around what their grammars cannot read.
import { describe, expect, test } from 'vitest';
import { CONSTRUCTS } from '../../../bench/cases/constructs';
import { cutText } from '../../../src/cut/holes';
import { languageOf } from '../../../src/languages/languages';
import { readable } from '../../../src/languages/unread';
import { parseStructure } from '../../../src/parse/structure';
import type { Unit } from '../../../src/parse/unit';
import { testGrammars } from '../../support/grammars';

const UNREAD = ['K&R without types', '`#if` around half a statement'];
const all = (units: readonly Unit[]): Unit[] => units.flatMap((u) => [u, ...all(u.children)]);

describe.each(CONSTRUCTS.map((c) => [c.language, c.name, c] as const))('%s: %s', (_, name, { path, code }) => {
  const languageId = languageOf(path);

  test('what the grammar is given has the same length and the same lines of code', () => {
    const read = readable(code, languageId);
    expect(read).toHaveLength(code.length);
    expect(readable(read, languageId)).toBe(read);
  });

  test('the grammar reads it, and a statement of it can go', async () => {
    const structure = await parseStructure({ path, languageId, text: code }, testGrammars());
    expect(structure.errorsIn(code) === 0).toBe(!UNREAD.includes(name));
    if (!UNREAD.includes(name)) expect(all(structure.units).some((u) => u.cuttable)).toBe(true);
  });
});

test.each([
  ['c', 'int f(void) { return va_arg(ap, int); }\nenum a { B, C };\nx = a ? b : c;\n'],
  ['cpp', 'template <class T> T f();\nint g() { throw 1; }\n'],
  ['typescript', 'for (const a of b) c();\nexport { d } from "e";\nclass F { accessor g = 1; }\n'],
  ['csharp', 'class A { void B(params int[] c) { if (c?.D == 1) E(); var f = g ? h.I : j; } }\n'],
  ['go', 'package a\n\nvar b = new(int)\nvar c = new([]string)\nvar d = new(e.F)\n\nfunc g[T any](h T) {}\n'],
  ['rust', 'fn safe() {}\nlet safe = 1;\n'],
  ['python', 'a = b[c == 1]\ndef d(e=1): pass\nclass F(g[h]): pass\n'],
  ['java', 'import a.module.B;\n'],
])('%s that the grammar can read stays as it is', (languageId, code) => expect(readable(code, languageId)).toBe(code));

describe('an empty block of Python', () => {
  const emptied = async (text: string): Promise<string> => {
    const source = { path: 'a.py', languageId: 'python', text };
    const { units } = await parseStructure(source, testGrammars());
    const inner = all(units).filter((u) => u.suite && text.slice(u.start, u.end).includes('b('));
    return cutText(source, inner);
  };
  test.each([
    ['def a():\n    b(1)\n\nprint "c"\n', 'pass'],
    ['def a():\n    b(1)\n\ntry:\n    c()\nexcept D, e:\n    f()\n', 'pass'],
    ['#!/usr/bin/env python2.7\ndef a():\n    b(1)\n', 'pass'],
    ['def a():\n    b(1)\n\nprint("c")\n', '...'],
    ['def a():\n    b(1)\n\n# print "c"\nexcept_ = D, e\n', '...'],
  ])('%j gets %s', async (text, statement) => {
    expect(await emptied(text)).toContain(`def a():\n    ${statement} #`);
  });
});
