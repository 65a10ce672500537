// Tests cuts of small programs in the languages whose grammars came last: every budget leaves a text that their compilers would read.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fitToTokens } from '../../../src/cut/fit';
import { orderCuts, type CutOrder } from '../../../src/cut/order';
import { renderPrefix, type Rendered } from '../../../src/cut/render';
import { languageOf } from '../../../src/languages/languages';
import { balancedBrackets } from '../../../src/parse/pairing';
import { parseStructure } from '../../../src/parse/structure';
import type { Unit } from '../../../src/parse/unit';
import { cases } from '../../support/brief';
import { testGrammars } from '../../support/grammars';
import { checkRendered, evidence, options } from './promises';

const RATIOS = Array.from({ length: 17 }, (_, i) => 0.1 + i * 0.05);

/** What must not stand in a text: the compiler refuses it, and the grammar does not. */
const REFUSED: Readonly<Record<string, readonly RegExp[]>> = {
  dart: [/\benum\s+\w+\s*\{\s*(\/\/[^\n]*\s*)*[;}]/], // no constant
  elixir: [/\b(fn|case [^\n]* do|cond do)\s*(#[^\n]*\s*)*\bend\b/], // no clause
  r: [/([+|]|%>%|\|>|<-)\s*(#[^\n]*\s*)*(\n\n|$)/], // an operator without its right side
  zig: [/^ *\/\/\/(?!\/)[^\n]*\n(\/\/ ?\d[^\n]*\n|\s)*[})]/m], // a doc comment about nothing
  kotlin: [
    /when\s*(\([^\n]*\))?\s*\{\s*\}/, // nothing to choose from
  ],
  swift: [
    /switch[^\n]*\{\s*(\/\/[^\n]*\s*)*\}/, // no case
    /^\s*(case\b[^\n]*|default):\s*(\/\/[^\n]*\s*)*(?=case\b|default\b|\})/m, // a case without a statement
  ],
  scala: [
    /\bmatch\s*\{\s*(\/\/[^\n]*\s*)*\}/, // no case
  ],
};

/** How a line ends behind which a block by indentation must stand. */
const HEADS: Readonly<Record<string, RegExp>> = {
  haskell: /(\bdo|\bof|\\case|=)$/,
  scala: /^(?!.*\bcase\b).*(=|:|\bthen|\belse|\bdo|\btry|\bfinally)$/,
};

/** The heads of a text that have no block: no deeper line follows, but for comments. */
function emptyHeads(text: string, language: string): string[] {
  const lines = text.split('\n').filter((line) => line.trim() && !/^\s*(\/\/|--|#)/.test(line));
  const depth = (line = ''): number => line.search(/\S/);
  return lines.filter((line, i) => HEADS[language]?.test(line) && depth(lines[i + 1]) <= depth(line));
}

/** Words that open and close a block where brackets do not. */
const BLOCKS: Readonly<Record<string, { readonly opens: RegExp; readonly closes: RegExp }>> = {
  elixir: { opens: /\b(do(?!:)|fn)\b/g, closes: /\bend\b/g },
  lua: { opens: /\b(function|do|if|repeat)\b/g, closes: /\b(end|until)\b/g },
};

/** How many blocks of a text are not closed. */
function openBlocks(text: string, language: string): number {
  const words = BLOCKS[language];
  return words ? (text.match(words.opens)?.length ?? 0) - (text.match(words.closes)?.length ?? 0) : 0;
}

/** The programs of a language: `=== NAME` stands above each. */
function programsOf(file: string): [string, string][] {
  const parts = readFileSync(`test/fixtures/programs/${file}`, 'utf8').split(/^=== /m);
  return parts.slice(1).map((part) => {
    const end = part.indexOf('\n');
    return [part.slice(0, end), part.slice(end + 1)];
  });
}

describe.each(['kotlin', 'swift', 'scala', 'lua', 'dart', 'elixir', 'zig', 'r', 'haskell'])('%s', (language) => {
  test.each(programsOf(`${language}.txt`))('%s', async (path, text) => {
    const source = { path, languageId: languageOf(path), text };
    expect(source.languageId).toBe(language);
    const structure = await parseStructure(source, testGrammars());
    const refused = REFUSED[language] ?? [];
    for (const pattern of refused) expect(text).not.toMatch(pattern);
    const check = (order: CutOrder, rendered: Rendered): void => {
      checkRendered(structure, order, rendered);
      if (balancedBrackets(text)) expect(balancedBrackets(rendered.text), rendered.text).toBe(true);
      expect(openBlocks(rendered.text, language), rendered.text).toBe(openBlocks(text, language));
      expect(emptyHeads(rendered.text, language), rendered.text).toEqual([]);
      for (const pattern of refused) expect(rendered.text).not.toMatch(pattern);
    };
    for (const seed of cases([1, 2], [1])) {
      const order = orderCuts(structure, evidence(text, seed), []);
      const { recipientTokens } = renderPrefix(order, 0, options);
      for (const ratio of RATIOS)
        check(order, fitToTokens(order, Math.floor(recipientTokens * ratio), options).rendered);
      expect(order.steps.length).toBeGreaterThan(1);
    }
    // No budget divides a small table, but the user can.
    const membersOf = (units: readonly Unit[]): Unit[] =>
      units.flatMap((u) => [...(u.member ? [u] : []), ...membersOf(u.children)]);
    const members = membersOf(structure.units);
    for (const drops of [...members.map((m) => [m]), members]) {
      const order = orderCuts(structure, evidence(text, 1), [], { drops });
      check(order, renderPrefix(order, order.forced, options));
    }
  });
});

test('a variable of Perl is declared wherever it is used', async () => {
  const text = `use strict;
use Carp;
use List::Util qw(first max);

my %seen;
my @lines = read_all();

sub total {
    my ($first, @rest) = @_;
    my $sum = $first;
    foreach my $n (@rest) {
        my $twice = 2 * $n;
        $sum += $twice;
    }
    $seen{$sum} = 1;
    return $sum;
}

sub show {
    my $sum = shift;
    print "sum: $sum, $lines[0], last: $#lines\\n";
    print "seen: @{[ %seen ]}\\n";
    croak "none" unless first { $_ } @lines;
}

show(total(1, 2));
`;
  const structure = await parseStructure({ path: 'sum.pl', languageId: 'perl', text }, testGrammars());
  for (const seed of cases([1, 2, 3, 4, 5], [1, 2])) {
    const order = orderCuts(structure, evidence(text, seed), []);
    for (let steps = 0; steps <= order.steps.length; steps++) {
      const left = renderPrefix(order, steps, options).text;
      for (const sub of left.split(/^(?=sub )/m)) {
        const declared = (name: string): boolean => new RegExp(`my [^=;]*${name}\\b`).test(sub);
        for (const [use, name] of [
          [/^(?!.*\bmy\b).*\$sum\b/m, '\\$sum'],
          [/^(?!.*\bmy\b).*\$twice\b/m, '\\$twice'],
          [/= \$first\b/, '\\$first'],
          [/\(@rest\)/, '@rest'],
        ] as const)
          expect(!use.test(sub) || declared(name), left).toBe(true);
      }
      if (left.includes('croak')) expect(left).toMatch(/use Carp;\n(#.*\n)?use List::Util/);
      if (/\$lines\[|\$#lines/.test(left)) expect(left).toContain('my @lines');
      if (/\$seen\{|%seen \]/.test(left)) expect(left).toContain('my %seen');
    }
  }
});

test('Perl: a reference keeps its variable, a sign in a string does not', async () => {
  const text = `use strict;
my @lines = (1);
my @others = (2);
my @named = (3);
print "\\@others and \\\\@named";
take(\\@lines);
`;
  const structure = await parseStructure({ path: 'a.pl', languageId: 'perl', text }, testGrammars());
  const lefts = [1, 2, 3, 4, 5, 6].flatMap((seed) => {
    const order = orderCuts(structure, evidence(text, seed), []);
    return Array.from({ length: order.steps.length + 1 }, (_, steps) => renderPrefix(order, steps, options).text);
  });
  const broken = (use: string, name: string): string[] =>
    lefts.filter((left) => left.includes(use) && !left.includes(`my @${name}`));
  expect(broken('take(', 'lines')).toEqual([]);
  expect(broken('print', 'named')).toEqual([]);
  expect(broken('print', 'others')).not.toEqual([]);
});

test('Perl: a block that would be read as a hash keeps a statement', async () => {
  const text = `use strict;
my $n = 3;
{
    # about it
    local $_ = $n;
    print;
}
my @all = map {
    my $m = $_ + 1;
    $m;
} 1 .. 3;
my @some = sort { $a <=> $b }
    grep {
        my $m = $_ - 1;
        $m;
    } @all;
`;
  const structure = await parseStructure({ path: 'a.pl', languageId: 'perl', text }, testGrammars());
  for (const seed of cases([1, 2, 3, 4, 5, 6], [1, 2, 3])) {
    const order = orderCuts(structure, evidence(text, seed), []);
    for (let steps = 0; steps <= order.steps.length; steps++) {
      const left = renderPrefix(order, steps, options).text;
      expect(left).not.toMatch(/\{\n(\s*#.*\n)+\s*\}/);
    }
  }
});

test('Haskell: a fixity, a pragma, a signature and a default method go with what they are about', async () => {
  const text = `module Ops where

infixl 6 |+|
infixr 5 :*:

(|+|) :: Int -> Int -> Int
a |+| b = a * b

data Pair = Int
  :*: Int

one, two :: Int
one = 1

three, four :: Int -> Int
three !a = a

four !a
  | a = a

two = 2
{-# INLINE two #-}

class Hashed a where
  infixl 4 <#>
  digest, other :: a -> Int
  (<#>) :: a -> a -> Int
  digest _ = 0
  other _ = 1
  {-# MINIMAL (<#>) #-}

instance Hashed Int where
  digest n = n
  {-# INLINE digest #-}
  a <#> b = a
`;
  const structure = await parseStructure({ path: 'Ops.hs', languageId: 'haskell', text }, testGrammars());
  for (const seed of cases([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 3])) {
    const order = orderCuts(structure, evidence(text, seed), []);
    for (let steps = 0; steps <= order.steps.length; steps++) {
      const left = renderPrefix(order, steps, options).text;
      for (const [about, binding] of [
        ['infixl 6', 'a |+| b ='],
        ['infixr 5', '  :*: Int'],
        ['one, two ::', 'two = 2'],
        ['three, four ::', 'four !a'],
        ['{-# INLINE two', 'two = 2'],
        ['  infixl 4', '(<#>) ::'],
        ['MINIMAL', '(<#>) ::'],
        ['digest _', 'digest, other ::'],
        ['other _', 'digest, other ::'],
        ['{-# INLINE digest', 'digest n ='],
      ] as const)
        expect(!left.includes(about) || left.includes(binding), `${about}:\n${left}`).toBe(true);
    }
  }
});

test('Swift: a chain of calls with an #if inside goes whole', async () => {
  const text = `func make(_ a: Int) -> some View {
    log("make")
    let b = Text("a")
        // about it
        #if os(iOS)
        .padding()
        #else
        .frame()
        #endif
        .bold()
    log("made")
    return VStack {
            b
            log("inside")
        }
        #if os(iOS)
        .padding()
        #endif
}
func list() {
    #if DEBUG
    log("debug")
    #endif
    use([
        .first,
        .second,
    ])
}
`;
  const structure = await parseStructure({ path: 'a.swift', languageId: 'swift', text }, testGrammars());
  let gone = 0;
  for (const seed of cases([1, 2, 3, 4, 5, 6], [1, 2, 3])) {
    const order = orderCuts(structure, evidence(text, seed), []);
    for (let steps = 0; steps <= order.steps.length; steps++) {
      const left = renderPrefix(order, steps, options).text;
      const [made = '', behind = ''] = left.split('log("made")');
      for (const part of [made, behind])
        if (part.includes('.padding()')) expect(part).toMatch(/let b = Text|return VStack/);
      if (made.includes('let b'))
        expect(made).toContain('#if os(iOS)\n        .padding()\n        #else\n        .frame()');
      else if (left.includes('func make') && left.includes('log("made")')) {
        gone++;
        expect(made).not.toMatch(/^ *(#(if|else|endif)|\.)/m);
      }
      expect((left.match(/^ *#if/gm) ?? []).length).toBe((left.match(/^ *#endif/gm) ?? []).length);
    }
  }
  expect(gone).toBeGreaterThan(0);
});
