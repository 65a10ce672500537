// The list of the compiled grammars: in which npm package each file stands. The bundler copies them, tests and benches read them there.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const of = (...languages) => languages.map((name) => `tree-sitter-${name}.wasm`);

/** Folder in a package, and its files. */
const PACKAGES = [
  [
    '@vscode/tree-sitter-wasm/wasm',
    [
      'tree-sitter.wasm',
      ...of('typescript', 'tsx', 'javascript', 'python', 'go', 'rust', 'java', 'cpp', 'c-sharp'),
      ...of('bash', 'css', 'php', 'ruby', 'powershell'),
    ],
  ],
  ['@cursorless/tree-sitter-wasms/out', of('haskell', 'kotlin', 'swift', 'scala', 'lua', 'hcl', 'elixir', 'zig', 'r')],
  ['@repomix/tree-sitter-wasms/out', of('dart')],
  ['tree-sitter-c', of('c')],
  ['tree-sitter-json', of('json')],
];

/** Every file by its name, with its path on this machine. */
export const GRAMMAR_FILES = new Map(
  PACKAGES.flatMap(([from, files]) => {
    const [scope, name, ...rest] = from.startsWith('@') ? from.split('/') : ['', from];
    const root = dirname(require.resolve(join(scope, name, 'package.json')));
    return files.map((file) => [file, join(root, ...rest, file)]);
  }),
);
