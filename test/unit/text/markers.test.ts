// Knows how ids are read from text and from what someone asks for.
import { expect, test } from 'vitest';
import { markersIn, parseWanted } from '../../../src/text/markers';

test('the first marker of a file names it, the others follow', () => {
  const text = 'a\n// …3 #k3fa\nb\n    # …12b\nc // …5 #zz22\n/* …7 */\n';
  expect(markersIn(text).map((m) => [m.id, text.slice(m.start, m.end)])).toEqual([
    ['k3fa:3', '…3 #k3fa'],
    ['k3fa:12b', '…12b'],
    ['zz22:5', '…5 #zz22'],
    ['zz22:7', '…7'],
  ]);
});

test('without a name nothing is a marker', () => expect(markersIn('// …3\n// … 4 #k3fa\n// 5 #k3fa\n')).toEqual([]));

test.each([
  ['#k3fa:120', { kind: 'id', id: 'k3fa:120' }],
  [' k3fa:7b ', { kind: 'id', id: 'k3fa:7b' }],
  ['src/a.ts:120', { kind: 'place', path: 'src/a.ts', line: 120 }],
  ['C:\\a.ts:3', { kind: 'place', path: 'C:\\a.ts', line: 3 }],
  ['k3fa', undefined],
  ['a.ts:', undefined],
  ['', undefined],
])('%s', (text, wanted) => expect(parseWanted(text)).toEqual(wanted));
