// The format of what the command line prints.
import { expect, test } from 'vitest';
import { sentenceFor } from '../../../../src/node/cli/messages';
import { wordsForSkip } from '../../../../src/format/skipReasons';
import { reportJson } from '../../../../src/core/report';
import { contextJson, inJson, skippedLines, summary } from '../../../../src/node/cli/output';
import type { CompressedContext, InspectReport } from '../../../../src/core/context';

const context: CompressedContext = {
  version: 2,
  scorer: 'namm',
  model: { name: 'm', sha256: 'f' },
  budget: { kind: 'keepRatio', keepRatio: 0.3 },
  keepRatio: 0.25,
  recipientTokens: { before: 100, after: 25, counter: 'o200k' },
  files: [
    {
      path: 'a.ts',
      languageId: 'typescript',
      recipientTokens: { before: 100, after: 25 },
      text: 'x',
      spans: [],
      elisions: [],
    },
  ],
  layers: [{ layer: 0, heads: [0.5] }],
  timings: { loadMs: 1000, tokenizeMs: 0, observeMs: 200, scoreMs: 0, renderMs: 0 },
};

test('compress: one object, with what was skipped and what was redacted', () => {
  const redacted = [{ path: 'a.ts', kind: 'private key', line: 3 }];
  const text = contextJson(context, [{ path: 'b.ts', reason: 'binaryFile' }], redacted);
  expect(text.endsWith('}\n')).toBe(true);
  expect(JSON.parse(text)).toEqual({ ...context, skipped: [{ path: 'b.ts', reason: 'binaryFile' }], redacted });
});

test('the figures in JSON are those of its text, which has no sign of what was left out', () => {
  const signed = { ...context, keepRatio: 0.4, recipientTokens: { before: 100, after: 40, counter: 'o200k' as const } };
  expect(inJson(signed)).toEqual(context);
  const leftOut = { ...context.files[0]!, path: 'b.ts', grammarFault: 'leftOut' as const };
  expect(inJson({ ...signed, files: [...context.files, leftOut] })).toMatchObject({ keepRatio: 0.25 });
  const several = { ...signed, files: [...context.files, ...context.files] };
  expect(inJson(several)).toBe(several);
});

test('a result well below its budget says so', () => {
  const below = 'a.ts: well below the budget: ';
  expect(summary(context).join('\n')).not.toContain(below);
  expect(summary({ ...context, budget: { kind: 'keepRatio', keepRatio: 0.5 } }).join('\n')).toContain(below);
});

test('inspect: plain arrays, what caches have of their own by layer and head', () => {
  const report: InspectReport = {
    version: 1,
    path: 'a.ts',
    languageId: 'typescript',
    scorer: 'namm',
    model: { name: 'm', sha256: 'f' },
    layers: 2,
    heads: 1,
    bounds: Int32Array.of(0, 1, 3),
    ids: Int32Array.of(7, 8),
    classes: Uint8Array.of(0, 5),
    scores: Float32Array.of(0.1, -1, 1e-7, 3),
    keeps: Uint8Array.of(1, 0, 1, 1),
    retention: Float32Array.of(1, 0.5),
    threshold: 0,
    evictedAt: Int16Array.of(-1, 0, -1, 2),
    updates: 1,
    read: Int32Array.of(2),
    meanCacheLength: 2,
  };
  expect(JSON.parse(reportJson(report))).toEqual({
    ...report,
    bounds: [0, 1, 3],
    ids: [7, 8],
    classes: [0, 5],
    scores: [[[0.1, -1]], [[1e-7, 3]]],
    keeps: [[[1, 0]], [[1, 1]]],
    retention: [1, 0.5],
    read: [2],
    evictedAt: [[[-1, 0]], [[-1, 2]]],
  });
});

const said = (of: CompressedContext): string =>
  summary(of)
    .map((line) => `${line}\n`)
    .join('');

test('lines that were to go and stay are said, with the reason and the statement around them', () => {
  const around = { start: 0, end: 9, line: 2, lines: 6 };
  const drops = [
    { goes: [], fault: 'part', around },
    { goes: [], fault: 'part', around },
    { goes: [{ start: 0, end: 1 }] },
  ] as const;
  expect(said({ ...context, files: [{ ...context.files[0]!, drops }] })).toContain(
    '\na.ts: lines that were to go stay: they are a part of a statement, which goes whole or not at all (lines 2-7).\n',
  );
  const pinned = [{ goes: [], fault: 'pinned' }] as const;
  expect(said({ ...context, files: [{ ...context.files[0]!, drops: pinned }] })).toMatch(
    / holds something that must stay\.\n/,
  );
});

test('the savings are one line, and a floor is said', () => {
  expect(said(context)).toBe('a.ts: 100 → 25 tokens (25.0 % kept, namm, 1.2 s)\n');
  for (const [floorReason, words] of [
    ['kept', 'lines that must stay'],
    ['markers', 'markers, file names, or lines'],
    ['syntax', 'would not parse'],
    ['unparsed', 'cannot read stays whole'],
    ['small', 'so small that markers'],
    ['code', 'no code of a file would be left'],
  ] as const)
    expect(said({ ...context, floorReason, files: [{ ...context.files[0]!, floor: 25 }] })).toMatch(
      new RegExp(`; above the budget: .*${words}`),
    );
  expect(said({ ...context, floorReason: 'small', budget: { kind: 'auto' } })).toMatch(/ s\); it is so small that/);
  const broken = { ...context, floorReason: 'unparsed', floorAt: { path: 'a.ts', line: 28 } } as const;
  expect(said(broken)).toMatch(/ stays whole, near line 28\n$/);
  expect(said({ ...broken, files: [...context.files, ...context.files] })).toMatch(
    / stays whole, near line 28 of a\.ts\n$/,
  );
  expect(said({ ...context, recipientTokens: { before: 1, after: 1, counter: 'o200k' }, keepRatio: 1 })).toContain(
    ': 1 → 1 token (100.0 % kept',
  );
  const elisions = [{ id: 'k3fa:7', start: 0, end: 9, line: 7, lines: 2, recipientTokens: 4, marker: '' }];
  expect(said({ ...context, files: [{ ...context.files[0]!, elisions }] })).toMatch(
    /\nleft out: 1 part without a marker; "namm expand k3fa:7" shows the first \(2 lines\)\n$/,
  );
  const marked = [...elisions, { ...elisions[0]!, id: 'k3fa:20', line: 20, marker: '//20… #k3fa' }];
  expect(said({ ...context, files: [{ ...context.files[0]!, elisions: marked }] })).toContain(
    'left out: 1 part, and 1 without a marker; "namm expand k3fa:20" shows the first',
  );
  const silent = [{ ...elisions[0]!, silent: true as const }];
  expect(said({ ...context, files: [{ ...context.files[0]!, path: 'a.json', elisions: silent }] })).toContain(
    '\na.json: without markers: left out from line 7 of the original; ask for "a.json:7" to get it back\n',
  );
});

test('many skipped files of a kind share a line', () => {
  const many = Array.from({ length: 8 }, (_, i) => ({ path: `${i}.png`, reason: 'binaryFile' as const }));
  expect(skippedLines([...many, { path: 'v', reason: 'vendored' }])).toEqual([
    'skipped (not UTF-8 text): 0.png, 1.png, 2.png, 3.png, 4.png and 3 more',
    'skipped (vendored): v',
  ]);
  expect(skippedLines([])).toEqual([]);
});

test('a sentence is one line', () => {
  expect(sentenceFor('internal', 'a\n  at b')).not.toContain('\n');
  expect(wordsForSkip('tooManyFiles')).toContain('smaller folder');
});

test('says that a very long line is one piece where lines are not divided, and that a cut patch cannot be applied', () => {
  const elision = (end: number, lines: number) => ({
    id: 'k3fa:2',
    start: 10,
    end,
    line: 2,
    lines,
    recipientTokens: 9,
    marker: '#2… #k3fa\n',
  });
  const said = (languageId: string, e: object): string =>
    summary({
      ...context,
      files: [{ ...context.files[0]!, languageId, elisions: [e as ReturnType<typeof elision>] }],
    }).join('\n');
  const longLine = 'a.ts: what went from line 2 on has very long lines; each stays or goes as one piece\n';
  expect(said('plaintext', elision(2211, 1))).toContain(longLine);
  expect(said('plaintext', elision(2211, 2))).not.toContain('one piece');
  expect(said('javascript', elision(9000, 1))).not.toContain('one piece');
  const warning = 'a.ts: lines inside hunks are left out: to be read, not to be applied\n';
  expect(said('diff', { ...elision(20, 1), partial: true })).toContain(warning);
  expect(said('diff', elision(20, 1))).not.toContain('appl');
  const whole = 'a.ts: hunks are left out: it applies with "git apply --recount --unidiff-zero"\n';
  expect(said('diff', { ...elision(20, 1), marker: '@@ -27,0 +27,0 @@ 12…\n' })).toContain(whole);
});
