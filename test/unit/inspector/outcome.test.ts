// Tests that the inspector tells what the budget leaves from what the caches kept.
import { expect, test } from 'vitest';
import { agreement } from '../../../src/inspector/comparison';
import { classOutcomes, outcomeAgreement, outcomeDifference, outcomeOf } from '../../../src/inspector/outcome';
import { ALL } from '../../../src/inspector/scope';
import { classShares } from '../../../src/inspector/summary';
import { small } from './report';

const none = Int32Array.of();

test('a token stays with its last unit', () => {
  // ab | line break and two blanks | c | blank | d
  expect([...outcomeOf(small, none)]).toEqual([1, 1, 1, 1, 1]);
  expect([...outcomeOf(small, Int32Array.of(2, 6))]).toEqual([1, 0, 0, 1, 1]);
  expect([...outcomeOf(small, Int32Array.of(2, 4))]).toEqual([1, 1, 1, 1, 1]);
});

test('classes count what the budget leaves, whatever the caches kept', () => {
  const bodyGone = outcomeOf(small, Int32Array.of(5, 6));
  expect(classOutcomes(small, bodyGone)).toEqual([
    { name: 'blank', tokens: 2, stay: [2] },
    { name: 'body', tokens: 2, stay: [1] },
    { name: 'literal', tokens: 1, stay: [1] },
  ]);
  expect(classShares(small).find((c) => c.name === 'body')!.kept).toBe(0.625);
});

test('two scorers with the same caches can decide differently', () => {
  const extended = { ...small, scorer: 'extended' as const };
  expect(agreement(extended, small, ALL)).toMatchObject({ equal: 1 }); // the caches are the network's, so this says nothing of the cut
  const [first, second] = [outcomeOf(extended, Int32Array.of(0, 2)), outcomeOf(small, Int32Array.of(6, 8))];
  expect(outcomeAgreement(first, second)).toEqual({ both: 2, onlyFirst: 2, onlySecond: 1, neither: 0, equal: 0.4 });
  expect([...outcomeDifference(first, second)]).toEqual([-1, 0, 0, 1, 1]);
});
