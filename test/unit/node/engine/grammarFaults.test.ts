// What is tried after a grammar failed, and that it is not tried twice on one text.
import { expect, test } from 'vitest';
import type { SourceText } from '../../../../src/core/context';
import { KnownFaults, nextFault, withGrammarFault } from '../../../../src/node/engine/grammarFaults';

test('a fault is put at every source of its path', () => {
  const sources: SourceText[] = ['a', 'b', 'a'].map((path) => ({ path, languageId: 'c', text: '' }));
  expect(withGrammarFault(sources, { path: 'a', fault: 'slow' }).map((s) => s.grammarFault)).toEqual([
    'slow',
    undefined,
    'slow',
  ]);
});

test('what is tried after a failure gets simpler until the text is left out', () => {
  expect(nextFault(undefined)).toBe('failed');
  expect(nextFault('slow')).toBe('failed');
  expect(nextFault('failed')).toBe('defect');
  expect(nextFault('defect')).toBe('leftOut');
  expect(nextFault('leftOut')).toBe('leftOut');
});

test('a fault is known of its text alone, and does not replace a later one', () => {
  const faults = new KnownFaults();
  const source: SourceText = { path: 'a', languageId: 'c', text: 'x' };
  expect(faults.any).toBe(false);
  faults.add([source], { path: 'a', fault: 'slow' });
  faults.add([source], { path: 'other', fault: 'slow' });
  const others = [
    { ...source, text: 'y' },
    { ...source, path: 'b' },
    { ...source, grammarFault: 'defect' as const },
  ];
  expect(faults.apply([source, ...others])).toEqual([{ ...source, grammarFault: 'slow' }, ...others]);
});
