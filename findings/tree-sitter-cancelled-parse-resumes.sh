#!/usr/bin/env bash
# @vscode/tree-sitter-wasm 0.3.1: after a parse that its progress callback cancelled, the next call of `parse` continues
# that parse, even for another text. Valid code then gets a tree with errors whose nodes are those of the first text.
# `parser.reset()` in between prevents it. The types say that the callback returns nothing; a true value cancels.
# Seen: 104 children, an error, first child an export_statement over `let a = 1;`; after reset 200, none, lexical_declaration.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @vscode/tree-sitter-wasm@0.3.1
cat >try.cjs <<'JS'
const { dirname, join } = require('node:path');
const main = require.resolve('@vscode/tree-sitter-wasm');
const { Language, Parser } = require(main);

(async () => {
  await Parser.init();
  const parser = new Parser();
  parser.setLanguage(await Language.load(join(dirname(main), 'tree-sitter-typescript.wasm')));
  const first = Array.from({ length: 400 }, (_, i) => `export const value${i} = ${i};\n`).join('');
  const second = 'let a = 1;\n'.repeat(200);
  let calls = 0;
  const cancelled = parser.parse(first, null, { progressCallback: () => ++calls >= 10 });
  const seen = ({ rootNode }) => ({
    children: rootNode.childCount,
    error: rootNode.hasError,
    firstChild: rootNode.child(0).type,
  });
  const continued = seen(parser.parse(second));
  const cancelledAgain = parser.parse(first, null, { progressCallback: () => ++calls >= 20 });
  parser.reset();
  const afresh = seen(parser.parse(second));
  console.log(JSON.stringify({ cancelled, continued, cancelledAgain, afresh }));
  const holds =
    cancelled === null &&
    continued.error &&
    continued.firstChild === 'export_statement' &&
    cancelledAgain === null &&
    !afresh.error &&
    afresh.children === 200 &&
    afresh.firstChild === 'lexical_declaration';
  process.exitCode = holds ? 0 : 1;
})();
JS
node --version
npm ls --depth=0 | tail -n +2
node try.cjs
echo 'The next parse continued the cancelled one.'
