// The lint rules: type-checked TypeScript, and the borders between the rooms (scripts/rooms.mjs).
import { dirname, relative, resolve } from 'node:path';
import globals from 'globals';
import ts from 'typescript';
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

/** Reports `table[name]` and `name in table` for any text as the name: it may be `constructor`. */
const ownKeys = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const { program, getTypeAtLocation } = context.sourceCode.parserServices;
    const checker = program.getTypeChecker();
    const isAnyText = (node) => (getTypeAtLocation(node).flags & ts.TypeFlags.String) !== 0;
    const isTable = (node) => checker.getIndexInfoOfType(getTypeAtLocation(node), ts.IndexKind.String) !== undefined;
    const message = 'Any text as a key finds what every object has: use ownValue (src/core) or a Map.';
    return {
      'MemberExpression[computed=true]': (node) => {
        if (isAnyText(node.property) && isTable(node.object)) context.report({ node, message });
      },
      'BinaryExpression[operator="in"]': (node) => {
        if (isAnyText(node.left)) context.report({ node, message });
      },
    };
  },
};

/** A path from outside may be a pipe that never ends, or a link to somewhere else. */
const withoutReading = (name) => ({
  name,
  importNames: ['readFile', 'readFileSync', 'open', 'openSync', 'createReadStream', 'default', 'promises'],
  message: 'Read files with readRegular (src/node/files/regularFile.ts).',
});

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
  {
    // TypeScript knows each name; here the linter does. Functions that a test runs in a page know those of a browser.
    files: ['**/*.mjs'],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    rules: { 'no-restricted-syntax': 'off', 'no-undef': 'error' },
  },
  {
    files: ['src/**/*.ts', 'extension/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
        // A spread list is passed on the stack, which ends at some 100,000 items.
        {
          selector: 'CallExpression[callee.property.name=/^(push|unshift)$/] > SpreadElement',
          message: 'Use append of src/core/append.ts: a long list overflows the stack.',
        },
        {
          selector: 'CallExpression[callee.object.name="Math"] > SpreadElement',
          message: 'Use a loop or reduce: a long list overflows the stack.',
        },
      ],
    },
  },
  {
    files: ['src/**/*.ts', 'extension/**/*.ts'],
    plugins: { house: { rules: { borders, ownKeys } } },
    rules: { 'house/borders': 'error' },
  },
  {
    files: ['src/**/*.ts', 'extension/**/*.ts'],
    ignores: ['src/core/ownValue.ts'],
    rules: { 'house/ownKeys': 'error' },
  },
  {
    files: ['src/**/*.ts', 'extension/**/*.ts'],
    // One file reads for all; the others read what lies in this package itself.
    ignores: ['src/node/files/regularFile.ts', 'src/node/files/version.ts', 'src/node/engine/compressor.ts'],
    rules: {
      'no-restricted-imports': ['error', { paths: ['node:fs', 'node:fs/promises'].map(withoutReading) }],
    },
  },
);
