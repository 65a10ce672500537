// Loads grammars for tests from the installed packages, as the bundler does.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import type { Clock } from '../../src/parse/boundedParser';
import { Grammars } from '../../src/parse/grammars';

const require = createRequire(import.meta.url);
const folder = (name: string): string => dirname(require.resolve(`${name}/package.json`));

function load(file: string): Promise<Uint8Array> {
  const home =
    file === 'tree-sitter-c.wasm'
      ? folder('tree-sitter-c')
      : file === 'tree-sitter-json.wasm'
        ? folder('tree-sitter-json')
        : join(folder('@vscode/tree-sitter-wasm'), 'wasm');
  return readFile(join(home, file));
}

let grammars: Grammars | undefined;

/** Processor time in ms, as in the engine: on a busy machine no parse counts as slow. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** One for all tests of a process: a grammar is compiled once. */
export function testGrammars(): Grammars {
  return (grammars ??= new Grammars(load, processorMs));
}

export function grammarsWith({ clock }: { readonly clock: Clock }): Grammars {
  return new Grammars(load, clock);
}
