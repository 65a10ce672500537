// Tests the notices: every package, grammar and the runtime has its licence text, and a missing one is refused.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GRAMMAR_FILES } from '../../../scripts/grammarFiles.mjs';
import { notices } from '../../../scripts/notices.mjs';
import { packageFolders } from '../../../scripts/sbom.mjs';

const inputs = JSON.parse(readFileSync('dist/bundled.json', 'utf8')) as string[];
const grammars = [...GRAMMAR_FILES.keys()].sort();

describe('notices', () => {
  const text = notices(inputs, grammars);
  test('name every package that ships, with its version', () => {
    for (const folder of packageFolders(inputs)) {
      const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
        string,
        string
      >;
      expect(text).toMatch(name!);
      expect(text).toContain(version!);
    }
  });
  test('name every grammar that ships, with its source, its licence and the text of that', () => {
    for (const file of grammars)
      expect(text).toMatch(new RegExp(`^${file.replace(/\./g, '\\.')} \\(.+\\)\\n  https://github\\.com/.+`, 'm'));
    for (const part of ['Permission is hereby granted', 'TERMS AND CONDITIONS FOR USE', 'The Elixir Team'])
      expect(text).toContain(part);
  });
  test('hold the notices of the native runtime, and say whose the model is', () => {
    expect(text).toContain('THIRD PARTY SOFTWARE NOTICES AND INFORMATION');
    expect(text).toMatch(/It was trained on \d+ repositories/);
  });
  test('refuse a grammar that nobody knows, and a package without a text', () => {
    expect(() => notices(inputs, ['tree-sitter-cobol.wasm'])).toThrow('tree-sitter-cobol.wasm');
    const folder = mkdtempSync(join(tmpdir(), 'namm-notices-'));
    const bare = join(folder, 'node_modules/bare');
    mkdirSync(bare, { recursive: true });
    writeFileSync(join(bare, 'package.json'), JSON.stringify({ name: 'bare', version: '1.0.0', license: 'MIT' }));
    expect(() => notices([join(bare, 'index.js')], [])).toThrow(/bare has no licence text/);
    rmSync(folder, { recursive: true });
  });
});
