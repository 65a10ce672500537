// Knows that a report is asked for once, and again when whoever asked first has given it up.
import { expect, test } from 'vitest';
import type { Result, Source } from '../../../extension/session/documents';
import { Inspecting } from '../../../extension/session/inspecting';
import type { CompressionService, InspectReport } from '../../../src/core/context';

const source: Source = {
  path: 'a.go',
  languageId: 'go',
  document: 'one',
  start: 0,
  end: 3,
  version: 1,
  uri: undefined as never,
};
const result = (): Result =>
  ({
    source,
    gone: new AbortController(),
    run: { sources: [source], query: undefined, request: { budget: { kind: 'auto' } }, context: { scorer: 'namm' } },
  }) as unknown as Result;

test('one question for many askers; a new one where the first was given up, none where it was answered', async () => {
  const answers: ((report: InspectReport) => void)[] = [];
  const service = {
    inspect: (_: unknown, signal: AbortSignal) =>
      new Promise<InspectReport>((resolve, reject) => {
        answers.push(resolve);
        signal.addEventListener('abort', () => reject(new Error('cancelled')));
      }),
  } as unknown as CompressionService;
  const inspecting = new Inspecting(service);
  const [first, second] = [result(), result()];
  const given = inspecting.report(first);
  expect(inspecting.report(second)).toBe(given);
  first.gone.abort(); // the same text was compressed again
  const asked = inspecting.report(second);
  await expect(given).rejects.toThrow('cancelled');
  expect(answers).toHaveLength(2);
  answers[1]!({ path: 'a.go' } as InspectReport);
  expect((await asked).path).toBe('a.go');
  second.gone.abort();
  expect((await inspecting.report(result())).path).toBe('a.go');
  expect(answers).toHaveLength(2);
});
