// Tests the option parser of the benches: defaults, types, `--help`, and one sentence for each wrong call.
import { describe, expect, test } from 'vitest';
import {
  choice,
  choices,
  count,
  flag,
  list,
  numbers,
  oneOrMore,
  optional,
  parseBench,
  required,
  text,
  usageOf,
  UsageError,
} from '../../../bench/options';

const spec = {
  name: 'demo',
  about: 'Measures nothing.',
  inputs: { space: choice(['namm', 'names'], 'SPACE', 'what to try'), cases: count(24, 'cases', 'to read') },
  options: {
    judge: required('DIR', 'a model'),
    lossCases: count(150, 'cases', 'contexts'),
    model: text('DIR', 'model folder', 'media/model'),
    out: optional('DIR', 'where to write'),
    parts: choices(['one', 'two'], 'parts'),
    shared: numbers('1,2', 'factors'),
    beside: list('tail,head', 'rows'),
    quick: flag('small sizes'),
  },
};
const DEFAULTS = {
  space: 'namm',
  cases: 24,
  judge: 'J',
  lossCases: 150,
  model: 'media/model',
  out: undefined,
  parts: ['one', 'two'],
  shared: [],
  beside: [],
  quick: false,
};

describe('values', () => {
  test('an option that is left out has its default', () => {
    expect(parseBench(spec, ['namm', '--judge', 'J'])).toEqual(DEFAULTS);
  });

  test('every type is read', () => {
    const line = 'names 7 --judge J --loss-cases 3 --model M --out D --parts two --shared 1,2.5 --quick';
    expect(parseBench(spec, [...line.split(' '), '--beside', 'tail,comments out, then head'])).toEqual({
      space: 'names',
      cases: 7,
      judge: 'J',
      lossCases: 3,
      model: 'M',
      out: 'D',
      parts: ['two'],
      shared: [1, 2.5],
      beside: ['tail', 'comments out, then head'],
      quick: true,
    });
  });

  test('the last input may take all that remain', () => {
    const files = { ...spec, inputs: { files: oneOrMore('FILE', 'to read') }, options: {} };
    expect(parseBench(files, ['a', 'b'])).toEqual({ files: ['a', 'b'] });
    expect(() => parseBench(files, [])).toThrow(new UsageError('FILE is missing.'));
  });
});

test.each([
  ['', 'SPACE is missing.'],
  ['other --judge J', 'SPACE knows no "other"; it takes namm, names.'],
  ['namm', '--judge is missing.'],
  ['namm 1 2 --judge J', 'There is no input for "2".'],
  ['namm x --judge J', 'CASES is a whole number of cases, not "x".'],
  ['namm --judge J --loss-cases', "Option '--loss-cases <value>' argument missing."],
  ['namm --judge J --loss-cases 1.5', '--loss-cases is a whole number of cases, not "1.5".'],
  ['namm --judge J --shared 1,x', '--shared takes numbers with commas between them, not "1,x".'],
  ['namm --judge J --parts one,three', '--parts knows no "three"; it takes one, two.'],
  ['namm --judge J --wrong', "Unknown option '--wrong'."],
])('"%s" is refused: %s', (line, sentence) => {
  expect(() => parseBench(spec, line.split(' ').filter(Boolean))).toThrow(new UsageError(sentence));
});

describe('help', () => {
  test('--help wins over a wrong call', () => {
    expect(parseBench(spec, ['--wrong', '--help'])).toBe('help');
  });

  test('the usage names every input and option with its default', () => {
    expect(usageOf(spec)).toBe(`Usage: npm run bench -- demo SPACE [CASES] [options]

Measures nothing.

  SPACE               what to try (namm, names)
  CASES               to read (cases; default: 24)
  --judge DIR         a model (required)
  --loss-cases N      contexts (cases; default: 150)
  --model DIR         model folder (default: media/model)
  --out DIR           where to write
  --parts NAME,…      parts: one, two (default: all)
  --shared 1,2        factors
  --beside tail,head  rows
  --quick             small sizes
  --help              prints this text`);
  });
});
