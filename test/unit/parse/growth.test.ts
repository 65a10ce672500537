// Tests that no text makes a stage of ours slow or deep. Lengths are such that an attempt per pair of places would not end.
import { describe, expect, test } from 'vitest';
import type { TokenCounter } from '../../../src/core/token';
import { Lines } from '../../../src/core/lines';
import { constraintSpans } from '../../../src/cut/constraints';
import { orderCuts } from '../../../src/cut/order';
import { Sizes } from '../../../src/cut/sizes';
import { formatContext } from '../../../src/format/format';
import { fenceFor } from '../../../src/format/fence';
import { completionOf } from '../../../src/parse/completion';
import { indentationUnits } from '../../../src/parse/indentation';
import { applyMacros, hasOddDirectives, NO_MACROS } from '../../../src/parse/macros';
import { markdownUnits } from '../../../src/parse/markdown';
import { paragraphs } from '../../../src/parse/indentation';
import { parseStructure } from '../../../src/parse/structure';
import { haskellBindings, perlDeclarations } from '../../../src/parse/references';
import { balancedTags, embeddedIn, leavesTagOpen } from '../../../src/parse/tags';
import { unitOf, type Unit } from '../../../src/parse/unit';
import { counterFor } from '../../../src/tokens/counters';
import { testGrammars } from '../../support/grammars';
import { evidence } from '../cut/promises';

const MANY = 200_000;
const lines = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('');
const fails = (): number => 1;
const depthOf = (units: readonly Unit[]): number =>
  units.reduce((most, u) => Math.max(most, 1 + depthOf(u.children)), 0);
const read = (languageId: string, text: string): Unit[] =>
  indentationUnits({ path: 'a', languageId, text }, new Lines(text)).units;

describe('a text is completed in one pass', () => {
  test.each([
    ['regular expressions that do not end', `f(= /${'[a]'.repeat(40)}\n`],
    ['classes that do not end', `f(\n${'= /['.repeat(MANY / 8)}`],
    ['a run of blanks', `f(${' '.repeat(MANY)}`],
    ['open brackets of another kind', `${'{'.repeat(MANY / 4)}${')'.repeat(MANY / 4)}`],
    ['ends of comments', `x${'*/'.repeat(MANY / 4)}`],
  ])('%s', (_, text) => {
    expect(completionOf(text, 'typescript', fails).before.length).toBeGreaterThanOrEqual(0);
  });

  test('raw strings that do not end', () => {
    const text = `f(\n${lines(MANY / 8, (i) => `r${'#'.repeat(1 + (i % 9))}" `)}`;
    expect(completionOf(text, 'rust', fails).after).toBe('');
  });

  test('a last line behind blanks', () => {
    expect(
      completionOf(`if a:\n  b${' '.repeat(MANY)}\n`, 'python', (text) => (text.endsWith('    pass') ? 0 : 1)),
    ).toEqual({
      before: '',
      after: '      pass',
      begins: false,
      ends: false,
    });
  });
});

describe('tags are read in one pass', () => {
  test.each([
    ['open comments', '<!-- <a> ', true],
    ['open sections', '<![CDATA[ <a> ', true],
    ['open scripts', '<script>\n', false],
    ['quotes inside quotes', '<a "<b \'', false],
  ])('%s', (_, part, pair) => {
    expect(balancedTags(part.repeat(MANY / 4))).toBe(pair);
    expect(embeddedIn(part.repeat(MANY / 4))).toEqual([]);
  });

  test('a name without an end', () => expect(leavesTagOpen(`<${'a'.repeat(MANY)}`)).toBe(true));

  test('scripts whose end tags have no end', () => {
    expect(embeddedIn(`${'<script>'.repeat(MANY / 8)}${'</script '.repeat(MANY / 8)}`)).toEqual([]);
  });
});

describe('units without a grammar', () => {
  test('more lines than a call has room for', () => {
    const text = 'a\n'.repeat(200_000);
    const units = new Lines(text)
      .all()
      .slice(0, -1)
      .map((line) => unitOf(line));
    expect(paragraphs(text, units)).toHaveLength(200_000);
  });

  test.each([
    ['css', 'a {}\r'],
    ['css', 'a\r  b\r'],
    ['css', '/* a */\n'],
    ['html', '<script>f()</script>\n'],
    ['yaml', "$ref: '#/a'\na: 1\n"],
    ['dockerfile', 'FROM a AS b\n'],
    ['dockerfile', 'RUN a && \\\n'],
  ])('%s: many times %j', (languageId, line) => {
    expect(read(languageId, line.repeat(MANY / 8)).length).toBeGreaterThan(0);
  });

  test('a line that opens and opens', () => {
    expect(read('css', `${'a['.repeat(MANY)}\n  b\n`)).toHaveLength(1);
  });

  test.each([
    ['lua', `a()\n${'-'.repeat(MANY)}x\nb()\n`],
    ['lua', `a()\nb = c ${'- '.repeat(MANY)}x\nd()\n`],
    ['r', `a()\n${'=#'.repeat(MANY)}\u2028\nb()\n`],
    ['r', `a()\nb ${'%c'.repeat(MANY)}\nd()\n`],
    ['julia', `a()\nb ${'=#'.repeat(MANY)}\u2028\nc()\n`],
    ['elixir', `a()\nb ${'|#'.repeat(MANY)}\u2028\nc()\n`],
    ['shellscript', `case a in\nb)\n  c\n  ${';;#'.repeat(MANY)}\u2028\nesac\nd\n`],
    ['shellscript', `case a in\nb)\n  c\n  ${';;'.repeat(MANY)} d\nesac\nd\n`],
    ['yaml', `a: ${'>#'.repeat(MANY)}\u2028\nb: 1\n`],
    ['yaml', `a: ${'>--'.repeat(MANY)} b\nb: 1\n`],
    ['yaml', `$ref: '#/a'\na${' '.repeat(MANY)}b\n`],
    ['dockerfile', `FROM${' --a'.repeat(MANY / 4)}\nRUN${' a='.repeat(MANY / 4)}\n`],
    ['toml', `[${'a"b'.repeat(MANY)}\nb = 1\n`],
    ['perl', `${'q{ '.repeat(MANY)}\n${'s{a}{ '.repeat(MANY)}\n${'m'.repeat(MANY)}\n${'= / '.repeat(MANY)}\n`],
    ['perl', `${'s{a} '.repeat(MANY)}\ns{a}${' '.repeat(MANY)}\n${'y '.repeat(MANY)}\n`],
    ['sql', `create ${'function '.repeat(MANY)}\n${'end '.repeat(MANY)}\n${'/*'.repeat(MANY)}\n`],
  ])('a long line in %s', (languageId, text) => expect(read(languageId, text).length).toBeGreaterThan(0));

  test('a comment line of blanks', () => expect(read('css', `/*\n *${' '.repeat(MANY)}x\n */\n`)).toHaveLength(1));

  test('blocks and lists of any depth are divided down to a limit', () => {
    const nested = lines(3000, (i) => `${' '.repeat(i)}a:\n`);
    expect(depthOf(read('yaml', nested))).toBeLessThanOrEqual(300);
    const list = lines(1000, (i) => `${'  '.repeat(i)}- a\n`);
    expect(depthOf(markdownUnits(list, new Lines(list)))).toBeLessThanOrEqual(100);
  });

  test('a long Markdown text is parsed in parts, with the units of its parts', () => {
    const part = `# A\n\n- b\n- c\n\n  d\n\n\`\`\`\n\nx\n\n\`\`\`\n\n<!--\n\ny\n\n-->\n\n> e\n\n`;
    const text = part.repeat(4000); // 200,000 units
    const units = markdownUnits(text, new Lines(text));
    expect(units).toHaveLength(4000);
    const own = markdownUnits(part, new Lines(part))[0]!;
    expect(units.map((u) => u.children.length)).toEqual(units.map(() => own.children.length));
  });
});

describe('units with a grammar', () => {
  test('deep code is divided down to a limit', async () => {
    const text = `${'if (a) {\n'.repeat(2000)}${'}\n'.repeat(2000)}`;
    const { units } = await parseStructure({ path: 'a.ts', languageId: 'typescript', text }, testGrammars());
    expect(depthOf(units)).toBeLessThanOrEqual(300);
  });
});

describe('macros are read in one pass', () => {
  test('raw strings that do not end', () => {
    const text = lines(MANY / 8, (i) => `R"${(i % 99_999).toString(36)}( `);
    expect(applyMacros(`${text}FOO_A\n`, { ...NO_MACROS, readings: new Map([['FOO_A', 'nothing']]) })).toBe(
      `${text}     \n`,
    );
  });

  test('conditions with headers that do not end', () => {
    expect(hasOddDirectives(`#if ${'(<'.repeat(MANY)}\n#endif\n`)).toBe(false);
  });

  test('many conditions', () => {
    const text = '#if A\nf(\n#else\ng(\n#endif\n'.repeat(20_000);
    expect(applyMacros(text, { ...NO_MACROS, directives: true })).not.toContain('#if');
  });
});

describe('cutting', () => {
  test.each([
    ['comments', '/* a b */\n'],
    ['comments without a word', '/**/\n'],
    ['lines that end with a carriage return', 'a {}\r'],
  ])('%s: what is counted is linear in the text', async (_, line) => {
    const text = line.repeat(2000);
    const structure = await parseStructure({ path: 'a.css', languageId: 'css', text }, testGrammars());
    const order = orderCuts(structure, evidence(text, 1), []);
    let units = 0;
    const plain = counterFor('o200k');
    const counter: TokenCounter = { ...plain, count: (part) => ((units += part.length), plain.count(part)) };
    const sizes = new Sizes(order, counter, true);
    while (sizes.more());
    expect(units).toBeLessThan(200 * text.length);
  });

  test('many marked lines', async () => {
    const text = lines(20_000, (i) => `// namm:keep\nf(${i});\n`);
    const structure = await parseStructure({ path: 'a.php', languageId: 'php', text }, testGrammars());
    const constraints = { pins: [], drops: [], protectedPatterns: [], droppedPatterns: [], inlineMarkers: true };
    expect(constraintSpans(structure, constraints).pins).toHaveLength(20_000);
  });
});

describe('the text that is handed over', () => {
  test('a fence around very many fences', () => expect(fenceFor('` '.repeat(200_000), 3)).toBe('```'));

  test('a tag beside very many tags', () => {
    const text = lines(60_000, (i) => `</file-${i}`);
    expect(
      formatContext([{ path: 'a', languageId: 'x', text: `${text}</file>` }], { style: 'xml', alone: 'block' }),
    ).toMatch(/^<file-60000 /);
  });
});

describe('what refers to a name is read in one pass', () => {
  const oneByOne = (text: string): Unit[] => [...new Lines(text).all()].map((line) => unitOf(line));
  test.each([
    ['lines', lines(MANY / 8, (i) => `infixl 6 |${'+'.repeat(i % 9)}|, f\nf, g :: Int\nf = 1\n`)],
    ['types', `${lines(MANY / 8, () => 'data A = B `C` D\n')}data ${'`a'.repeat(MANY)}\n`],
    ['blanks and signs', `${' '.repeat(MANY)}\nf ${'`a '.repeat(MANY)}= ${'+'.repeat(MANY)}\n`],
  ])('Haskell: %s', (_, text) => expect(haskellBindings(text, oneByOne(text)).size).toBeGreaterThanOrEqual(0));

  test('Perl: signs behind backslashes', () => {
    const text = `my $a;\n${'\\'.repeat(MANY)}$a\n${lines(MANY / 8, () => '\\$a;\n')}`;
    expect(perlDeclarations(text, oneByOne(text), () => false).size).toBe(MANY / 8 + 1);
  });
});
