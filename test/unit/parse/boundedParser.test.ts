// A parse that costs too much is given up, and the text is divided by its lines.
import { readdirSync, readFileSync } from 'node:fs';
import type { Parser, Tree } from '@vscode/tree-sitter-wasm';
import { describe, expect, test } from 'vitest';
import { BoundedParser, GrammarFaultError } from '../../../src/parse/boundedParser';
import { languageOf } from '../../../src/languages/languages';
import { parseStructure } from '../../../src/parse/structure';
import { grammarsWith, testGrammars } from '../../support/grammars';

interface Options {
  readonly progressCallback: () => boolean;
}

/** A parser that reports progress `steps` times before it finishes; Infinity: it never does by itself. */
function standIn(steps: number) {
  let resets = 0;
  const parser = {
    parse: (_text: string, _old: null, { progressCallback }: Options) => {
      for (let i = 0; i < steps; i++) if (progressCallback()) return null;
      return {} as Tree;
    },
    reset: () => resets++,
  };
  return { parser: parser as unknown as Parser, resets: () => resets };
}

const still = (): number => 0;
const nothing = (): void => undefined;

describe('one parse', () => {
  test('that finishes within the limit gives its tree', () => {
    const { parser, resets } = standIn(1_000);
    expect(new BoundedParser(parser, 'a.c', still, nothing).parse('x')).toBeDefined();
    expect(resets()).toBe(0);
  });

  test('that never ends is stopped after a number of steps that follows from the length', () => {
    const { parser, resets } = standIn(Infinity);
    const bounded = new BoundedParser(parser, 'a.c', still, nothing);
    expect(bounded.parse('x')).toBeUndefined();
    expect(resets()).toBe(1); // the next text does not continue this one
  });

  test('a longer text may take more steps', () => {
    const { parser } = standIn(2_000);
    expect(new BoundedParser(parser, 'a.c', still, nothing).parse('x')).toBeUndefined();
    expect(new BoundedParser(parser, 'a.c', still, nothing).parse('x'.repeat(20_000))).toBeDefined();
  });

  test('whose steps are slow is stopped by time', () => {
    let now = 0;
    const { parser } = standIn(900);
    expect(new BoundedParser(parser, 'a.c', () => (now += 10), nothing).parse('x')).toBeUndefined();
    expect(now).toBeLessThan(9_000);
  });
});

test('many parses of one text have a limit together, and start afresh after renew', () => {
  const { parser } = standIn(1_000);
  const bounded = new BoundedParser(parser, 'a.c', still, nothing);
  let parses = 0;
  while (bounded.parse('x')) parses++;
  expect(parses).toBeGreaterThan(5);
  expect(bounded.exhausted).toBe(true);
  bounded.renew();
  expect(bounded.exhausted).toBe(false);
  expect(bounded.parse('x')).toBeDefined();
});

test('short versions of a long text may cost together what its length allows', () => {
  const { parser } = standIn(1_000);
  const bounded = new BoundedParser(parser, 'a.c', still, nothing);
  expect(bounded.parse('x'.repeat(100_000))).toBeDefined();
  for (let i = 0; i < 40; i++) expect(bounded.parse('x')).toBeDefined();
});

test('a runtime that breaks is told, with the path', () => {
  const parser = {
    parse: () => {
      throw new Error('memory access out of bounds');
    },
  } as unknown as Parser;
  let broken = false;
  const bounded = new BoundedParser(parser, 'a.c', still, () => (broken = true));
  expect(() => bounded.parse('x')).toThrow(GrammarFaultError);
  expect(broken).toBe(true);
});

describe('a structure', () => {
  const text = Array.from({ length: 60 }, (_, i) => `export const value${i} = compute(${i}, "${i}");\n`).join('');
  const source = { path: 'a.ts', languageId: 'typescript', text };

  test('whose parse takes too long follows from the lines, and says so', async () => {
    let now = 0;
    const structure = await parseStructure(source, grammarsWith({ clock: () => (now += 1e6) }));
    expect(structure.grammarFault).toBe('slow');
    expect(structure.units.length).toBeGreaterThan(0);
    expect(structure.errorsIn('((((')).toBe(0);
  });

  test('of a text whose grammar failed before does not try it again', async () => {
    const structure = await parseStructure({ ...source, grammarFault: 'failed' }, testGrammars());
    expect(structure.grammarFault).toBe('failed');
    expect(structure.comments).toBeUndefined();
  });

  test('counts no errors of a text for ever: all its checks together have a limit', async () => {
    let now = 0;
    let pace = 0;
    const structure = await parseStructure(source, grammarsWith({ clock: () => (now += pace) }));
    expect(structure.grammarFault).toBeUndefined();
    pace = 900; // each parse asks for the time at least twice
    expect(() => {
      for (;;) structure.errorsIn(`${text}let a;\n`);
    }).toThrow(GrammarFaultError);
    structure.renew();
    pace = 0;
    expect(structure.errorsIn(text)).toBe(0);
  });
});

test('real code takes less than a third of the steps that a parse may take', async () => {
  for (const name of readdirSync('test/samples')) {
    const parser = await testGrammars().parserFor(languageOf(name));
    if (!parser) continue;
    const text = readFileSync(`test/samples/${name}`, 'utf8');
    let steps = 0;
    parser.parse(text, null, { progressCallback: () => void steps++ })!.delete();
    expect(steps, name).toBeLessThan(0.033 * text.length);
  }
});
