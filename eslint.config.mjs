// Knows the borders between the rooms (docs/architecture.md) and makes crossing one an error.
import tseslint from 'typescript-eslint';

/** Files of `room` may not import what matches `groups`. */
const border = (room, ...groups) => ({
  files: [`${room}/**/*.ts`],
  rules: { 'no-restricted-imports': ['error', { patterns: groups.map(([group, message]) => ({ group, message })) }] },
});
const noEditor = [['vscode', '**/extension/**'], 'The engine has never heard of VS Code.'];
const noRuntime = [['onnxruntime*', '@huggingface/*'], 'Only src/model loads the runtime.'];

export default tseslint.config(
  { ignores: ['dist', 'out', 'node_modules', '.host', 'training', 'test/samples', 'test/fixtures', '**/*.cjs'] },
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' }],
    },
  },
  { files: ['*.mjs', '**/*.mjs', '*.config.mjs'], rules: { 'no-restricted-syntax': 'off' } },
  border('src/core', [['../*', '!../core/*', 'node:*'], 'core imports nothing.'], noEditor, noRuntime),
  border(
    'src/scorers',
    [['**/text/**', '**/model/**', '**/engine/**', '**/cli/**', '../compress*'], 'scorers know core only.'],
    noEditor,
    noRuntime,
  ),
  border(
    'src/text',
    [['**/scorers/**', '**/model/**', '**/engine/**', '**/cli/**', '../compress*'], 'text knows core and grammars.'],
    noEditor,
    noRuntime,
  ),
  border(
    'src/model',
    [['**/scorers/**', '**/text/**', '**/engine/**', '**/cli/**', '../compress*'], 'model knows core and the runtime.'],
    noEditor,
  ),
  border(
    'src/engine',
    [['**/cli/**', '**/scorers/**'], 'engine knows its protocol and compress.'],
    noEditor,
    noRuntime,
  ),
  border(
    'src/handover',
    [
      [
        '**/scorers/**',
        '**/model/**',
        '**/engine/**',
        '**/cli/**',
        '**/mcp/**',
        '../compress*',
        '../text/*',
        '!../text/format',
        '!../text/lines',
      ],
      'handover knows core, lines and the formatter.',
    ],
    noEditor,
    noRuntime,
  ),
  border(
    'src/files',
    [
      ['**/scorers/**', '**/model/**', '**/text/**', '**/engine/**', '**/cli/**', '**/mcp/**', '../compress*'],
      'files knows core and the disk.',
    ],
    noEditor,
    noRuntime,
  ),
  border(
    'src/mcp',
    [['**/scorers/**', '**/model/**', '**/cli/**'], 'mcp knows compress, hand-over and its own protocol.'],
    noEditor,
    noRuntime,
  ),
  border('src/cli', [['**/scorers/**'], 'cli knows compress and its own protocol.'], noEditor, noRuntime),
  border(
    'src/inspector',
    [
      [
        '../scorers/*',
        '../text/*',
        '../model/*',
        '../engine/*',
        '../cli/*',
        '../compress*',
        '../../scorers/*',
        '../../text/*',
        '../../model/*',
        '../../engine/*',
        '../../cli/*',
        '../../compress*',
        'node:*',
      ],
      'The inspector knows core only.',
    ],
    noEditor,
    noRuntime,
  ),
  border(
    'extension',
    [['**/scorers/**', '**/model/**', '**/cli/**', '**/compress*'], 'The extension talks to the engine client.'],
    noRuntime,
  ),
);
