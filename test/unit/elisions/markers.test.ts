// How ids are parsed from texts and from requests.
import { idsIn, parseElisionName } from '../../../src/core/elisionName';
import { expect, test } from 'vitest';
import { markersIn } from '../../../src/elisions/markers';
import { counter } from '../cut/promises';

test('the last marker of a file names it, for those before it too', () => {
  const text = 'a\n//3…\nb\n    #12b… #k3fa\nc //5…\n/*7… #zz22 */\n//9…\n';
  expect(markersIn(text).map((m) => [m.id, text.slice(m.start, m.end)])).toEqual([
    ['k3fa:3', '3…'],
    ['k3fa:12b', '12b… #k3fa'],
    ['zz22:5', '5…'],
    ['zz22:7', '7… #zz22'],
  ]);
});

test('without a name nothing is a marker', () => expect(markersIn('//3…\n// … 4 #k3fa\n// 5 #k3fa\n')).toEqual([]));

test.each([
  ['#k3fa:120', { kind: 'id', id: 'k3fa:120' }],
  [' k3fa:7b ', { kind: 'id', id: 'k3fa:7b' }],
  ['src/a.ts:120', { kind: 'place', path: 'src/a.ts', line: 120 }],
  ['C:\\a.ts:3', { kind: 'place', path: 'C:\\a.ts', line: 3 }],
  ['//140… #k3fa', { kind: 'id', id: 'k3fa:140' }],
  ['[7b… #k3fa]', { kind: 'id', id: 'k3fa:7b' }],
  ['//120…', undefined],
  ['k3fa', undefined],
  ['a.ts:', undefined],
  ['', undefined],
])('%s', (text, wanted) => expect(parseElisionName(text)).toEqual(wanted));

test('at the margin a marker costs a reader two tokens, indented four, and with the ellipsis in front three', () => {
  const cost = (marker: string) =>
    counter.count(`    a();\n${marker}    b();\n`) - counter.count('    a();\n    b();\n');
  expect([cost('//120…\n'), cost('    //120…\n'), cost('// …120\n')]).toEqual([2, 4, 3]);
});

test('the ids that a question names', () => {
  expect(idsIn('why are k3fa:12 and #ab7c:140bd gone, and not xk3fa:12x?')).toEqual(['k3fa:12', 'ab7c:140bd']);
  expect(idsIn('nothing at 12:30')).toEqual([]);
});
