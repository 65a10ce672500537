// Tests the reason that is given when a text cannot get smaller.
import { expect, test } from 'vitest';
import type { Floor } from '../../../src/core/context';
import type { Span } from '../../../src/core/span';
import { orderCuts } from '../../../src/cut/order';
import { shareBudget, type Shared } from '../../../src/cut/share';
import { parseStructure } from '../../../src/parse/structure';
import { languageOf } from '../../../src/languages/languages';
import { testGrammars } from '../../support/grammars';
import { checkRendered, counter, evidence, options } from './promises';

const grammars = testGrammars();

async function shared(
  maxTokens: number,
  texts: readonly string[],
  pins: readonly Span[] = [],
  name = 'ts',
  firstLine?: number,
): Promise<Shared> {
  const files = await Promise.all(
    texts.map(async (text, i) => {
      const path = `file${i}.${name}`;
      const source = { path, languageId: languageOf(path), text, ...(firstLine ? { firstLine } : {}) };
      const order = orderCuts(await parseStructure(source, grammars), evidence(text, 1), pins);
      return { source, order, before: counter.count(text), options };
    }),
  );
  const out = shareBudget(files, { kind: 'maxTokens', maxTokens }, [], counter);
  if (!firstLine) files.forEach((f, i) => checkRendered(f.order.structure, f.order, out.rendered[i]!));
  expect(out.after > maxTokens).toBe(out.floorReason !== undefined);
  return out;
}

async function floorAt(...args: Parameters<typeof shared>): Promise<Floor> {
  const { floorReason, floorAt } = await shared(...args);
  return { ...(floorReason ? { floorReason } : {}), ...(floorAt ? { floorAt } : {}) };
}

const code = Array.from(
  { length: 12 },
  (_, i) => `export function part${i}(value: number): number {\n  return value * ${i} + offset(value);\n}\n`,
).join('\n');

test('markers, paths and the note are what costs, where all the code could go', async () => {
  expect(await floorAt(3, [code])).toEqual({ floorReason: 'markers' });
  expect(await floorAt(40, [code, code, code])).toEqual({ floorReason: 'markers' });
});

test('a text that costs no more than its marker stays, and no syntax asks for it', async () => {
  expect(await floorAt(3, ['export const a = 1;\n'])).toEqual({ floorReason: 'markers' });
  expect(await floorAt(0.5, ['\n\n\n'])).toEqual({ floorReason: 'markers' });
});

test('what must stay, with what encloses it', async () => {
  expect(await floorAt(40, [code], [{ start: 0, end: code.length / 2 }])).toEqual({ floorReason: 'kept' });
  const deep = `export class Store<T extends Record<string, unknown>> extends Base<T> implements Disposable {\n  async load(path: string, options: Options): Promise<void> {\n    keep();\n    other(path, options);\n  }\n}\n`;
  const at = deep.indexOf('    keep');
  expect(await floorAt(20, [deep], [{ start: at, end: at + 12 }])).toEqual({ floorReason: 'kept' });
});

test('a protected line that would fit without the marker of the rest', async () => {
  const text = `from __future__ import annotations\n\n\n${'def part(value):\n    return value * offset(value)\n\n\n'.repeat(6)}`;
  expect(await floorAt(9, [text], [], 'py')).toEqual({ floorReason: 'kept' });
});

test('what the syntax needs: without its last entry the comma in front of it would hang', async () => {
  const entries = Array.from({ length: 30 }, (_, i) => `  "part${i}": ${i}`);
  expect(
    await floorAt(
      20,
      [`{\n${entries.join(',\n')},\n  "last": "${'what is said at length '.repeat(20)}"\n}\n`],
      [],
      'json',
    ),
  ).toEqual({ floorReason: 'syntax' });
});

const store = (line: string): string => `import { readFile } from 'node:fs/promises';

export class Store {
  private readonly users = new Map<string, User>();

  find(id: string): User | undefined {
    const user = this.users.get(id);
    if (!user) {
      console.warn('no such user', id);
      return undefined;
    }
    return user;
  }

${line}
  remove(id: string): boolean {
    const had = this.users.has(id);
    this.users.delete(id);
    return had;
  }

  all(): User[] {
    const list = [...this.users.values()];
    list.sort((a, b) => a.name.localeCompare(b.name));
    return list;
  }
}
`;

test('around an error nothing goes, and the place is said', async () => {
  const { floorReason, floorAt: at, rendered } = await shared(40, [store('  broken( { { [ ;\n')]);
  expect(floorReason).toBe('unparsed');
  expect(at?.path).toBe('file0.ts');
  expect(Math.abs(at!.line - 15)).toBeLessThanOrEqual(2);
  expect(rendered[0]!.spans.some((s) => s.kept && s.reason === 'unparsed')).toBe(true);
  const shifted = await floorAt(40, [store('  broken( { { [ ;\n')], [], 'ts', 101);
  expect(shifted.floorAt!.line).toBe(at!.line + 100);
  expect(await floorAt(60, [store('')])).toEqual({});
  expect(await floorAt(150, [store(''), store('  broken( { { [ ;\n')])).toEqual({
    floorReason: 'unparsed',
    floorAt: { path: 'file1.ts', line: at!.line },
  });
});

test('what is broken from the outside in', async () => {
  expect(
    await floorAt(20, [`export const broken = {{{ ;\n${'function ( {{ ] value => ;\n'.repeat(12)}`]),
  ).toMatchObject({ floorReason: 'unparsed' });
});

test('no reason where the budget is met', async () => {
  expect(await floorAt(150, [code])).toEqual({});
});
