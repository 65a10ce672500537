// Makes a folder of good source files with hostile ones among them. All of it is harmless to other software.
import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files that must be named as skipped, with the reason. Pipes need a POSIX system. */
export const SKIPPED: Readonly<Record<string, string>> = {
  'pipe.ts': 'notRegular',
  'link.ts': 'link',
  'loop.ts': 'link',
  'nowhere.ts': 'link',
  'device.ts': 'link',
  'binary.ts': 'binaryFile',
  'latin1.py': 'binaryFile',
  'utf16.ts': 'binaryFile',
  'huge.ts': 'fileTooLarge',
  'long.ts': 'fileTooLarge',
  walled: 'rulesUnreadable',
};

/** Files that must be compressed like any other. */
export const COMPRESSED: readonly string[] = [
  'cr.ts',
  'nested.json',
  'list.md',
  'tags.html',
  'comments.ts',
  'regex.js',
  'prose.ts',
  'words.txt',
  'ansi\u001b[31m.ts',
  'fenced/inside.ts',
];

function good(i: number): string {
  return `// Number ${i}.\nexport function add${i}(a: number, b: number): number {\n  const sum = a + b;\n  return sum * ${i};\n}\n\nexport const part${i} = add${i}(1, ${i});\n`;
}

/** @param folder exists and is empty. @param count of good files. @returns their names */
export function makeHostileFolder(folder: string, count: number): string[] {
  const at = (name: string): string => join(folder, name);
  const write = (name: string, content: string | Buffer): void => writeFileSync(at(name), content);
  const names = Array.from({ length: count }, (_, i) => `good${i}.ts`);
  names.forEach((name, i) => write(name, good(i)));
  spawnSync('mkfifo', [at('pipe.ts')]);
  symlinkSync(at('good0.ts'), at('link.ts'));
  symlinkSync(at('loop.ts'), at('loop.ts'));
  symlinkSync(at('missing'), at('nowhere.ts'));
  symlinkSync('/dev/zero', at('device.ts'));
  write('binary.ts', Buffer.from([0x61, 0, 0x62]));
  write('latin1.py', Buffer.from('name = "caf\xe9"\n', 'latin1'));
  write('utf16.ts', Buffer.from('\ufefflet a = 1;\n', 'utf16le'));
  write('huge.ts', Buffer.alloc(9_000_000, 'let a;\n'));
  write('long.ts', 'let a;\n'.repeat(300_000));
  write('cr.ts', 'let alpha = 1;\rlet beta = 2;\r'.repeat(60));
  write('nested.json', '['.repeat(2_000));
  write('list.md', Array.from({ length: 100 }, (_, i) => `${'  '.repeat(i)}- item\n`).join(''));
  write('tags.html', '<b><i>'.repeat(300));
  write('comments.ts', '/* one */ // two\n'.repeat(100));
  write('regex.js', `let a = (/${'[b]'.repeat(60)}\n`);
  write('prose.ts', 'This is a sentence that is no code at all (nor will it be).\n'.repeat(40));
  write('words.txt', Array.from({ length: 500 }, (_, i) => `word${i}\n`).join(''));
  write('ansi\u001b[31m.ts', good(999));
  // A folder whose rules are a pipe and so none, one whose rules are too long to read, and one whose rules once took for ever.
  mkdirSync(at('fenced'));
  spawnSync('mkfifo', [at('fenced/.gitignore')]);
  write('fenced/inside.ts', good(1000));
  mkdirSync(at('walled'));
  write('walled/.gitignore', '*.log\n'.repeat(200_000));
  write('walled/inside.ts', good(1002));
  mkdirSync(at('ruled'));
  write('ruled/.gitignore', `${'a*/**/'.repeat(30)}b\n${'*a'.repeat(40)}*b\n`);
  write(`ruled/${'a'.repeat(120)}.ts`, good(1001));
  return names;
}
