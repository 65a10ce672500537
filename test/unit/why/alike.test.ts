// Tests what is found to be left out for the same reason as one place.
import { expect, test } from 'vitest';
import type { RankedStatement } from '../../../src/core/context';
import { alikeAt } from '../../../src/why/alike';
import type { RankedFile } from '../../../src/why/place';

const text = [
  '// one',
  'const route = 1;',
  '// two',
  'use(route);',
  'reroute();',
  '// three',
  'f(() => {',
  '  route();',
  '});',
].join('\n');
const spanIn = (all: string, needle: string): { start: number; end: number } => {
  const start = all.indexOf(needle);
  return { start, end: start + needle.length };
};
const line = (needle: string): { start: number; end: number } => spanIn(text, needle);
const statement = (needle: string, rest: Partial<RankedStatement> = {}): RankedStatement => ({
  ...line(needle),
  worth: 1,
  class: 'body',
  ...rest,
});
const named = (name: string, declared = false): Partial<RankedStatement> => ({
  names: [{ name, declared, elsewhere: 1, files: 0 }],
});

/** All goes but what `kept` names; those stand first in the order. */
function fileOf(statements: readonly RankedStatement[], kept: readonly RankedStatement[] = []): RankedFile {
  const edges = [...new Set([0, text.length, ...kept.flatMap((s) => [s.start, s.end])])].sort((a, b) => a - b);
  return {
    recipientTokens: { before: 100, after: 10 },
    spans: edges.slice(0, -1).map((start, i) => ({
      start,
      end: edges[i + 1]!,
      kept: kept.some((s) => s.start === start),
      reason: 'score' as const,
      retention: 1,
    })),
    ranking: { statements: JSON.stringify([...kept, ...statements]), kept: kept.length },
  };
}

const comments = ['// one', '// two', '// three'].map((c) => statement(c, { class: 'comment' }));

test('all comments that are left out, and none that stays', () => {
  const [one, two, three] = comments as [RankedStatement, RankedStatement, RankedStatement];
  expect(alikeAt(fileOf([three, two], [one]), text, two.start)).toEqual({
    class: 'comment',
    spans: [line('// two'), line('// three')],
  });
  expect(alikeAt(fileOf([three, two], [one]), text, one.start)).toBeUndefined();
});

test('comments that follow each other are one place', () => {
  const beside = '// one\n// two\nf();\n// three';
  const at = (needle: string): RankedStatement => ({
    ...statement(needle, { class: 'comment' }),
    ...spanIn(beside, needle),
  });
  const file = fileOf([at('// one'), at('// two'), at('// three')]);
  expect(alikeAt(file, beside, 0)).toEqual({
    class: 'comment',
    spans: [{ start: 0, end: 13 }, spanIn(beside, '// three')],
  });
});

test('one alone is like no other', () => {
  expect(alikeAt(fileOf([comments[0]!]), text, 0)).toBeUndefined();
});

test('all code with the name, as a whole word, and of what lies in each other the inner one', () => {
  const declares = statement('const route = 1;', named('route', true));
  const uses = statement('use(route);', named('use'));
  const outer = statement('f(() => {\n  route();\n});');
  const inner = statement('route();\n}').start;
  const within = { ...statement('route();'), start: inner, end: inner + 'route();'.length };
  const file = fileOf([declares, uses, statement('reroute();', named('reroute')), outer, within]);
  expect(alikeAt(file, text, declares.start)).toEqual({
    name: 'route',
    spans: [line('const route = 1;'), line('use(route);'), { start: inner, end: inner + 8 }],
  });
  expect(alikeAt(file, text, uses.start)).toBeUndefined(); // nothing else has `use`
});

test('a name that other code already has counts where the statement has none of its own', () => {
  const known = statement('use(route);', { names: [], known: ['route'] });
  expect(alikeAt(fileOf([statement('const route = 1;'), known]), text, known.start)).toMatchObject({ name: 'route' });
});

test('a scorer that knows no names has no names to offer', () => {
  expect(alikeAt(fileOf([statement('const route = 1;'), statement('use(route);')]), text, 10)).toBeUndefined();
});
