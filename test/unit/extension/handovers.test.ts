// Tests that handed-over files keep their place and their share as long as the request stays the same.
import { describe, expect, test } from 'vitest';
import type { Run, Source } from '../../../extension/session/run';
import { Handovers } from '../../../extension/session/handovers';
import type { CompressRequest, RequestedSource } from '../../../src/core/context';

const source = (path: string, document: string): Source => ({
  path,
  languageId: 'go',
  document,
  start: 0,
  end: document.length,
  version: 2,
  uri: undefined as never,
});
const request = (sources: readonly Source[], more: Partial<CompressRequest> = {}): CompressRequest => ({
  sources: sources.map(({ path, languageId, document }) => ({ path, languageId, text: document })),
  budget: { kind: 'keepRatio', keepRatio: 0.5 },
  scorer: 'extended',
  counter: 'o200k',
  markers: true,
  ...more,
});
const run = (sources: readonly Source[], tokens: readonly number[]): Run =>
  ({
    request: request(sources),
    sources,
    context: { files: sources.map((s, i) => ({ path: s.path, recipientTokens: { before: 99, after: tokens[i] } })) },
  }) as unknown as Run;

const [a, b, c] = [source('a', 'one'), source('b', 'two'), source('c', 'three')];
const editedA = source('a', 'one more');
const nothing = (): boolean => false;

describe('after a hand-over of three files', () => {
  const handovers = new Handovers();
  handovers.note(run([a, b, c], [10, 20, 30]));
  const shares = (r: CompressRequest): (number | undefined)[] =>
    handovers.withPreviousTokens(r).sources.map((s) => s.previousTokens);
  const paths = (list: readonly Source[]): string => list.map((s) => s.path).join('');

  test('what changed comes last, what is pinned first; in the view and in a notebook the order is the user’s', () => {
    expect(paths(handovers.inOrder({ kind: 'editors' }, [editedA, b, c], nothing))).toBe('bca');
    expect(paths(handovers.inOrder({ kind: 'files', uris: [] }, [editedA, b, c], (p) => p === 'a'))).toBe('abc');
    for (const scope of [{ kind: 'context' }, { kind: 'notebook', uri: undefined as never }] as const)
      expect(paths(handovers.inOrder(scope, [editedA, b, c], nothing))).toBe('abc');
  });

  test('what did not change keeps its share, by its place in the request', () => {
    expect(shares(request([editedA, c, b]))).toEqual([undefined, 30, 20]);
    expect(shares(request([editedA]))).toEqual([undefined]);
  });

  test('a file whose pins or exclusions changed gets a new share, the others keep theirs', () => {
    const marked = (path: string, constraints: Partial<RequestedSource>): CompressRequest => {
      const whole = request([a, b, c]);
      return { ...whole, sources: whole.sources.map((s) => (s.path === path ? { ...s, ...constraints } : s)) };
    };
    expect(shares(marked('a', { pins: [{ start: 0, end: 3 }] }))).toEqual([undefined, 20, 30]);
    expect(shares(marked('c', { drops: [{ start: 0, end: 3 }] }))).toEqual([10, 20, undefined]);
    expect(shares(request([a, b, c], { protectedPatterns: ['x'] }))).toEqual([undefined, undefined, undefined]);
  });

  test('another budget, another scorer or a question is another cut of every file', () => {
    for (const more of [
      { budget: { kind: 'keepRatio', keepRatio: 0.25 } },
      { budget: { kind: 'auto' } },
      { scorer: 'namm' },
      { query: 'why?' },
    ] as const)
      expect(shares(request([a, b, c], more))).toEqual([undefined, undefined, undefined]);
  });
});
