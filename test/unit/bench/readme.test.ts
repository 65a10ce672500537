// Tests that bench/README.md has a row for every bench, and that the first line of each says what it measures.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';

const COMMANDS = 'bench/commands';
const files = readdirSync(COMMANDS);

test('every bench has a row in the README, and no other', () => {
  const rows = [...readFileSync('bench/README.md', 'utf8').matchAll(/^\| `(\w+)` +\|/gm)].map((m) => m[1]);
  expect(rows.sort()).toEqual(files.map((f) => basename(f, '.ts')).sort());
});

test.each(files)('%s begins with its purpose and runs under its own name', (file) => {
  const text = readFileSync(join(COMMANDS, file), 'utf8');
  expect(text).toMatch(/^\/\/ [A-Z]\w+s .*[.:]/);
  expect(text).toContain(`name: '${basename(file, '.ts')}'`);
});
