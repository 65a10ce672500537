// Tests that a report is requested once, and again only if the first request was cancelled.
import { expect, test } from 'vitest';
import type { Result } from '../../../extension/session/results';
import type { Source } from '../../../extension/session/run';
import { InspectReports } from '../../../extension/session/inspectReports';
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
    discarded: new AbortController(),
    run: {
      sources: [source],
      request: { sources: [{}], budget: { kind: 'auto' } },
      context: { scorer: 'namm' },
    },
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
  const inspectReports = new InspectReports(service);
  const [first, second] = [result(), result()];
  const given = inspectReports.report(first);
  expect(inspectReports.report(second)).toBe(given);
  first.discarded.abort(); // the same text was compressed again
  const asked = inspectReports.report(second);
  await expect(given).rejects.toThrow('cancelled');
  expect(answers).toHaveLength(2);
  answers[1]!({ path: 'a.go' } as InspectReport);
  expect((await asked).path).toBe('a.go');
  second.discarded.abort();
  expect((await inspectReports.report(result())).path).toBe('a.go');
  expect(answers).toHaveLength(2);
});
