// The lint rules: type-checked TypeScript, and the borders between the rooms (scripts/rooms.mjs).
import { dirname, relative, resolve } from 'node:path';
import tseslint from 'typescript-eslint';
import { faultOfImport, faultOfPackage, layerOf, roomOf } from './scripts/rooms.mjs';

const root = import.meta.dirname;
const slashes = (path) => path.replaceAll('\\', '/');

/** Reports an import that crosses a border between rooms. */
const borders = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const file = slashes(relative(root, context.filename));
    const room = roomOf(file);
    if (layerOf(room) === undefined)
      return {
        Program: (node) => context.report({ node, message: `${room} is no room: name it in scripts/rooms.mjs` }),
      };
    const check = (source) => {
      if (source?.type !== 'Literal' || typeof source.value !== 'string') return;
      const name = source.value;
      const fault = name.startsWith('.')
        ? faultOfImport(room, slashes(relative(root, resolve(dirname(context.filename), name))))
        : faultOfPackage(room, name);
      if (fault) context.report({ node: source, message: `${fault}.` });
    };
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      TSImportType: (node) => check(node.source ?? node.argument?.literal),
    };
  },
};

export default tseslint.config(
  {
    ignores: [
      'dist',
      'out',
      'node_modules',
      '.host',
      'training',
      'test/samples',
      'test/fixtures',
      '**/*.cjs',
      '.stryker-tmp',
    ],
  },
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' }],
    },
  },
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
    },
  },
  { files: ['**/*.mjs', '*.config.mjs'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['src/**/*.ts', 'extension/**/*.ts'],
    plugins: { house: { rules: { borders } } },
    rules: { 'house/borders': 'error' },
  },
);
