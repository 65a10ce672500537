// Tests the sentences about a place: why it stays or goes, what would change that, and the number that decides.
import { describe, expect, test } from 'vitest';
import type { DropFault, RankedStatement, SpanReason, WorthyName } from '../../../src/core/context';
import type { Place } from '../../../src/why/place';
import { PLAIN, stripOf, whyOf, type Asked } from '../../../src/why/sentences';

const asked: Asked = { scorer: 'extended', budget: { kind: 'keepRatio', keepRatio: 0.5 }, before: 1000 };
const NOTHING = { names: 0, pairs: 0, cursor: 0, future: 0, question: 0 };
const route: WorthyName = { name: 'route', declared: false, elsewhere: 2, files: 0 };

const place = (
  kept: boolean,
  statement: Partial<RankedStatement> = {},
  more: Partial<Place> = {},
  reason: SpanReason = 'score',
): Place => ({
  span: { start: 0, end: 9, kept, reason, retention: 0.9 },
  statement: {
    start: 0,
    end: 9,
    worth: kept ? 2 : 0.9,
    class: 'body',
    tokens: 12,
    parts: NOTHING,
    repeated: 0,
    names: [],
    known: [],
    ...statement,
  },
  rank: 34,
  of: 80,
  kept: 30,
  cut: 1.1,
  turnsAt: 0.617,
  ...more,
});
const reason = (p: Place, how: Asked = asked): string => whyOf(p, how, PLAIN).reason;
const byNames = { ...NOTHING, names: 0.8, pairs: 0.2 };

describe('what stays', () => {
  test.each<[Partial<WorthyName>, string]>([
    [{ files: 3 }, '`route` is used by 3 other files too'],
    [{ files: 1 }, '`route` is used by another file too'],
    [{ files: 3, declared: true }, 'it declares `route`, a name that 3 other files use'],
    [{ files: 1, declared: true }, 'it declares `route`, a name that another file uses'],
    [{ declared: true, elsewhere: 0 }, 'it declares `route`, which code to come may need'],
    [{ declared: true, elsewhere: 1 }, 'it declares `route`, which is used once more'],
    [{ declared: true, elsewhere: 5 }, 'it declares `route`, which is used 5 more times'],
    [{ elsewhere: 0 }, 'it is the only use of `route`'],
    [{ elsewhere: 1 }, 'it uses `route`, which stands in one other place'],
    [{ elsewhere: 2 }, 'it uses `route`, which stands in 2 other places'],
    [{ asked: 'name' }, 'your question names `route`'],
    [{ asked: 'word' }, 'your question has a word of `route`'],
    [{ asked: 'declaration' }, 'what your question asks for uses `route`'],
  ])('for a name %j', (name, words) =>
    expect(reason(place(true, { parts: byNames, names: [{ ...route, ...name }] }))).toBe(words),
  );
  test.each<[Partial<WorthyName>, string]>([
    [{ elsewhere: 0 }, 'it imports `route`, which code to come may need'],
    [{ elsewhere: 1 }, 'it imports `route`, which is used once'],
    [{ elsewhere: 4 }, 'it imports `route`, which is used 4 times'],
  ])('for an imported name %j', (name, words) =>
    expect(reason(place(true, { class: 'import', parts: byNames, names: [{ ...route, ...name }] }))).toBe(words),
  );
  test.each<[DropFault, string]>([
    ['part', 'you left it out, but its statement goes whole or not at all'],
    ['pinned', 'you left it out, but its statement holds something that you keep'],
    ['unparsed', 'you left it out, but the grammar cannot read what stands here or beside it'],
    ['syntax', 'you left it out, but the code would not parse without it'],
    ['blank', 'it is close to your cursor'],
  ])('although it is marked to go: %s', (fault, words) =>
    expect(reason(place(true, { parts: { ...NOTHING, cursor: 1 } }, { fault }))).toBe(words),
  );
  test('a rule says more than a mark that it outweighs', () => {
    expect(reason(place(true, {}, { fault: 'pinned' }, 'pinned'))).toBe('it is marked to stay');
    expect(reason(place(true, {}, { fault: 'part' }, 'untouched'))).toMatch(/^you left it out/);
  });
  test('a declaration that others use says more than the use of a common name', () => {
    const declared = { ...route, name: 'run', declared: true, files: 1 };
    expect(reason(place(true, { parts: byNames, names: [route, declared] }))).toBe(
      'it declares `run`, a name that another file uses',
    );
  });
  test.each<[Partial<RankedStatement>, Partial<Place>, string]>([
    [{ parts: { ...NOTHING, pairs: 1 } }, {}, 'it says something that no other code says'],
    [{ parts: { ...NOTHING, cursor: 1 } }, {}, 'it is close to your cursor'],
    [{ parts: { ...NOTHING, future: 1 } }, {}, 'the model expects later code to refer to it'],
    [
      { parts: { ...NOTHING, names: 0.2, future: 0.8 }, names: [{ ...route, declared: true }] },
      {},
      'it declares `route`; the model expects later code to refer to it',
    ],
    [{ parts: { ...NOTHING, question: 1 } }, {}, 'your question asks for code beside it'],
    [
      { parts: { ...NOTHING, question: 0.9, names: 0.1 }, names: [{ ...route, asked: 'name' }], asked: ['route'] },
      {},
      'your question names `route`',
    ],
    [
      { parts: { ...NOTHING, question: 1 }, asked: ['cancel', 'progress'] },
      {},
      'your question asks for `cancel`, `progress`',
    ],
    [{}, { needed: true }, 'code that stays needs it'],
    [{}, { holdsKept: true }, 'code inside it stays'],
    [{}, {}, 'it completes the code around it, which stays'],
    [{ class: 'comment' }, {}, 'a comment beside code that stays'],
    [{ class: 'comment', worth: 0.0001 }, {}, 'a comment, and there was room for it'],
    [{ worth: 0 }, {}, 'there was room for it'],
  ])('for other things %#', (statement, more, words) => expect(reason(place(true, statement, more))).toBe(words));
});

describe('what goes', () => {
  test.each<[Partial<RankedStatement>, string]>([
    [{ class: 'comment' }, 'a comment; nothing uses it'],
    [{ class: 'docstring' }, 'documentation; nothing uses it'],
    [{ class: 'licence' }, 'a licence text; nothing uses it'],
    [{ class: 'generated' }, 'generated code, which is worth little'],
    [{ repeated: 0.9, known: ['a', 'b'] }, 'other code already has `a`, `b` and most of the wording'],
    [{ repeated: 0.9, known: ['a'] }, 'other code already has `a` and most of the wording'],
    [{ repeated: 0.9 }, 'other code says most of it already'],
    [{ repeated: 0.9, class: 'import' }, 'an import of what other code shows already'],
    [{ parts: { ...NOTHING, pairs: 1 } }, 'it brings no new name, and 12 tokens of wording that adds little'],
    [{ parts: { ...NOTHING, pairs: 1 }, tokens: 1 }, 'it brings no new name, and 1 token of wording that adds little'],
    [
      { parts: { ...NOTHING, pairs: 1 }, known: ['a', 'b'] },
      'other code already has `a`, and the rest adds little for 12 tokens',
    ],
    [{ parts: byNames, names: [route] }, 'it adds the name `route`, but that is little for 12 tokens'],
    [
      { parts: byNames, names: [{ ...route, declared: true, elsewhere: 0 }] },
      'it declares `route`, which nothing else here uses',
    ],
    [
      { parts: byNames, names: [{ ...route, declared: true }] },
      'it declares `route`, but that is little for 12 tokens',
    ],
    [{ parts: byNames, names: [route], class: 'import' }, 'an import; `route` matters little for 12 tokens'],
  ])('%#', (statement, words) => expect(reason(place(false, statement))).toBe(words));
});

test('a scorer without worth of names is named', () => {
  const { parts: _, names: __, ...bare } = place(false).statement!;
  const plain = { ...place(false), statement: bare };
  expect(reason(plain, { ...asked, scorer: 'h2o' })).toBe('the scorer `h2o` values it below the cut');
});

test('a rule that decided is named, and no number', () => {
  const { statement: _, rank: __, ...bare } = place(true, {}, {}, 'pinned');
  const why = whyOf(bare, asked, PLAIN);
  expect(why).toEqual({ verdict: 'Kept', reason: 'it is marked to stay', change: [] });
});

test('what would change it', () => {
  const named = { parts: byNames, names: [route] };
  expect(whyOf(place(false, named), asked, PLAIN).change).toEqual([
    'a share of about 62 %',
    'a mark to keep it',
    'a question with the name `route`',
  ]);
  expect(whyOf(place(true), asked, PLAIN).change).toEqual(['a share below about 61 %']);
  expect(whyOf(place(false, {}, { turnsAt: 1 }), asked, PLAIN).change[0]).toBe('a share of 100 %');
  const limit: Asked = { ...asked, budget: { kind: 'maxTokens', maxTokens: 500 } };
  expect(whyOf(place(false), limit, PLAIN).change[0]).toBe('a limit of about 617 tokens');
});

test.each<[number, number | undefined, string]>([
  [0.9, 1.1, '34 of 80 · 0.9 a token · cut at 1.1'],
  [1.31, 1.34, '34 of 80 · 1.31 a token · cut at 1.34'],
  [1.1, 1.1, '34 of 80 · 1.1 a token · cut at 1.1'],
  [0.012, 1.1, '34 of 80 · under 0.1 a token · cut at 1.1'],
  [-0.5, 1.1, '34 of 80 · −0.5 a token · cut at 1.1'],
  [2, undefined, '34 of 80 · 2.0 a token'],
  [0, 1.1, '34 of 80 · no worth · cut at 1.1'],
])('the number that decides: %d, cut at %d', (worth, cut, words) => {
  const { cut: _, ...uncut } = place(false, { worth });
  expect(whyOf(cut === undefined ? uncut : { ...uncut, cut }, asked, PLAIN).figures).toBe(words);
});

test('a part that rounds to zero is not said', () => {
  const parts = { names: 0.71, pairs: 0.288, cursor: 0.002, future: 0, question: 0 };
  expect(whyOf(place(true, { parts, names: [route] }), asked, PLAIN).parts).toBe(
    'names (`route`) 71 % · new wording 29 %',
  );
  expect(whyOf(place(true), asked, PLAIN).parts).toBeUndefined();
});

test('the strip shows where the statement stands among all', () => {
  expect(stripOf(place(false))).toBe('■■■■■■■■◆□□□□□□□□□□□');
  expect(stripOf({ ...place(true), rank: 1, of: 3, kept: 2 })).toBe('◆■□');
  expect(stripOf({ ...place(true), rank: 1, of: 1, kept: 1 })).toBeUndefined();
});
