// Loads grammars for tests from the installed packages, as the bundler does.
import { readFile } from 'node:fs/promises';
import { GRAMMAR_FILES } from '../../scripts/grammarFiles.mjs';
import type { Clock } from '../../src/parse/boundedParser';
import { Grammars } from '../../src/parse/grammars';

const load = (file: string): Promise<Uint8Array> => readFile(GRAMMAR_FILES.get(file)!);

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
