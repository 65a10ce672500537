// The ranges of lines that stayed.
import { expect, test } from 'vitest';
import { keptLines } from '../../../../src/node/mcp/figures';

const TEXT = 'one\ntwo\n\nfour\nfive\n';
const span = (text: string, kept: boolean) => {
  const start = TEXT.indexOf(text);
  return { start, end: start + text.length, kept };
};

test.each([
  ['all', [span(TEXT, true)], [{ from: 1, to: 5 }]],
  ['none', [span(TEXT, false)], []],
  ['neighbours as one range', [span('one\n', true), span('two\n', true)], [{ from: 1, to: 2 }]],
  [
    'a part of a line',
    [span('on', true), span('e\ntwo\n\nfour\n', false), span('five\n', true)],
    [
      { from: 1, to: 1 },
      { from: 5, to: 5 },
    ],
  ],
  ['blank lines at an edge do not count', [span('\n\nfour\n', true)], [{ from: 4, to: 4 }]],
] as const)('%s', (_, spans, ranges) => expect(keptLines(TEXT, spans)).toEqual(ranges));
