// Tests what a unit needs to be understood: the binding of each name in the innermost scope around it.
import { expect, test } from 'vitest';
import { bindingsOf } from '../../../src/rank/bindings';
import { parseStructure } from '../../../src/parse/structure';
import { languageOf } from '../../../src/languages/languages';
import { testGrammars } from '../../support/grammars';

/** The lines that each line brings, counted from 1. */
async function broughtBy(path: string, text: string): Promise<Record<number, number[]>> {
  const structure = await parseStructure({ path, languageId: languageOf(path), text }, testGrammars());
  const bounds = Int32Array.from({ length: text.length + 1 }, (_, i) => i); // one token for each character
  const line = (offset: number): number => text.slice(0, offset).split('\n').length;
  const out: Record<number, number[]> = {};
  for (const [unit, targets] of bindingsOf(structure, bounds))
    out[line(unit.start)] = targets.map((t) => line(t.start)).sort((a, b) => a - b);
  return out;
}

test.each([
  [
    'a.py',
    'import os\nfrom a import (\n    b,\n    c,\n)\n\nLIMIT = 3\n\n\ndef f(limit):\n    path = os.sep\n    return path * limit\n\n\ndef g():\n    return c(LIMIT)\n',
    { 11: [1], 12: [11], 16: [4, 7] },
  ],
  [
    'a.ts',
    "import { join } from 'node:path';\n\nconst ROOT = '/';\n\nexport function at(name: string): string {\n  const clean = name.trim();\n  const { size } = about(clean);\n  return join(ROOT, clean, size);\n}\n",
    { 7: [6], 8: [1, 3, 6, 7] },
  ],
  [
    'a.go',
    'package a\n\nimport "fmt"\n\nvar limit = 3\n\nfunc f(n int) error {\n\tsum, err := add(n, limit)\n\tfmt.Println(sum)\n\treturn err\n}\n',
    { 8: [5], 9: [3, 8], 10: [8] },
  ],
  [
    'a.rs',
    'use std::fs;\n\nconst LIMIT: usize = 3;\nfn one() -> usize { 1 }\nfn f(path: &str) -> usize {\n    let text = fs::read(path, one());\n    let (a, b) = split(text);\n    a + b + LIMIT\n}\n',
    { 6: [1], 7: [6], 8: [3, 7] },
  ],
  [
    'A.java',
    'import java.util.List;\n\nclass A {\n  static final int LIMIT = 3;\n\n  int f(List<String> names) {\n    int count = names.size();\n    return count + LIMIT;\n  }\n}\n',
    { 6: [1], 8: [4, 7] },
  ],
])('in %s', async (path, text, brought) => {
  expect(await broughtBy(path, text)).toEqual(brought);
});

test('of two bindings in one scope the last one before the use counts; what is bound further down is not brought', async () => {
  expect(await broughtBy('a.py', 'x = 1\nx = 2\nprint(x)\nx = 3\n')).toEqual({ 3: [2] });
  expect(await broughtBy('a.py', 'def f():\n    return later\n\n\nlater = 1\n')).toEqual({});
  expect(await broughtBy('a.py', 'def f(a, b):\n    while a:\n        a = next(b)\n        b = next(a)\n')).toEqual({
    4: [3],
  });
});

test('strings, comments and members of other things use nothing', async () => {
  expect(await broughtBy('a.py', 'name = 1\nprint("name")  # name\nthing.name()\n')).toEqual({});
});
