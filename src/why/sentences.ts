// Says in plain words why a place stays or goes, and what would change that. Hover, inspector, chat and command line all say this.
import type { Budget } from '../core/budget';
import type { DropFault, RankedStatement, ScorerId, SpanReason, WorthyName } from '../core/context';
import type { Place } from './place';

/** How an edge translates and writes. */
export interface Words {
  /** Translates a text; {0}, {1}, … are replaced by the arguments. */
  readonly t: (text: string, ...args: (string | number)[]) => string;
  /** Writes a whole number. */
  readonly count: (n: number) => string;
  /** Writes a name of the code. */
  readonly code: (name: string) => string;
}

/** English, for a terminal. */
export const PLAIN: Words = {
  t: (text, ...args) => text.replace(/\{(\d+)\}/g, (place, i: string) => String(args[Number(i)] ?? place)),
  count: String,
  code: (name) => `\`${name}\``,
};

/** What a person reads of one place. */
export interface Why {
  /** Example: Left out */
  readonly verdict: string;
  /** Example: a comment; nothing uses it */
  readonly reason: string;
  /** What would change the decision, each a phrase; empty if nothing of the user's would. */
  readonly change: readonly string[];
  /** Example: 34 of 80 · 0.9 a token · cut at 1.1. Absent if the budget did not decide. */
  readonly figures?: string;
  /** Example: names 71 % (`route`, `app`) · new pairs of words 29 % */
  readonly parts?: string;
}

/** What was asked of the compression. */
export interface Asked {
  readonly scorer: ScorerId;
  readonly budget: Budget;
  /** Recipient tokens of the whole context, for a budget in tokens: every file gets the same share of it. */
  readonly before: number;
}

const REPEATS = 0.6; // share of a statement's worth alone, from which repeating is why it goes

export function whyOf(place: Place, asked: Asked, words: Words): Why {
  const { t } = words;
  const { span, statement } = place;
  const figures = figuresOf(place, words);
  const parts = statement && partsOf(statement, words);
  return {
    verdict: span.kept ? t('Kept') : t('Left out'),
    reason:
      markedReason(place, words) ??
      (statement && span.reason === 'score' ? byWorth(place, statement, asked, words) : byRule(place, words)),
    change: changes(place, asked, words),
    ...(figures ? { figures } : {}),
    ...(parts ? { parts } : {}),
  };
}

/** Why a place stays or goes where no statement is known, or none decided. */
function reasonInWords(kept: boolean, reason: SpanReason, { t }: Words): string {
  const sentences: Readonly<Record<SpanReason, () => string>> = {
    score: () => (kept ? t('it is worth its tokens') : t('other code is worth more for its tokens')),
    pinned: () => t('it is marked to stay'),
    excluded: () => t('it is marked to go'),
    protected: () => t('lines of this kind always stay, such as directives'),
    syntax: () => (kept ? t('the code around it would not parse without it') : t('syntax ties it to what was cut')),
    unparsed: () => t('there is a syntax error here or beside it, and such code is not cut'),
    absorbed: () =>
      kept ? t('it stays with its neighbours') : t('blank lines or punctuation, which go with the code beside them'),
    untouched: () => t('nothing was left out of this file'),
    failed: () => t('work on this file failed'),
  };
  return sentences[reason]();
}

/** Why a place stays that is marked to go, where its worth would be the reason otherwise: the mark outweighs that. */
function markedReason({ span, fault }: Place, { t }: Words): string | undefined {
  if (!fault || (span.reason !== 'score' && span.reason !== 'untouched')) return undefined;
  const sentences: Readonly<Record<DropFault, string | undefined>> = {
    part: t('you left it out, but its statement goes whole or not at all'),
    pinned: t('you left it out, but its statement holds something that you keep'),
    unparsed: t('you left it out, but the grammar cannot read what stands here or beside it'),
    syntax: t('you left it out, but the code would not parse without it'),
    blank: undefined,
  };
  return sentences[fault];
}

function byRule({ span }: Place, words: Words): string {
  return reasonInWords(span.kept, span.reason, words);
}

function byWorth(place: Place, statement: RankedStatement, { scorer }: Asked, words: Words): string {
  const { t } = words;
  const { kept } = place.span;
  if (place.needed) return t('code that stays needs it');
  if (!statement.parts)
    return kept
      ? t('the scorer {0} values it above the cut', words.code(scorer))
      : t('the scorer {0} values it below the cut', words.code(scorer));
  return kept ? keptFor(place, statement, words) : droppedFor(statement, words);
}

function keptFor(
  { holdsKept }: Place,
  { parts, names, asked: askedWords, class: kind, worth }: RankedStatement,
  words: Words,
): string {
  const { t, code } = words;
  const { names: byNames, pairs, cursor, future, question } = parts!;
  const [first] = names!;
  const most = Math.max(byNames, pairs, cursor, future, question);
  if (Math.round(worth * 1e3) <= 0)
    return kind === 'comment' ? t('a comment, and there was room for it') : t('there was room for it');
  // Statements that are worth more together than alone are taken together.
  if (most === 0 && ['comment', 'docstring', 'licence'].includes(kind)) return t('a comment beside code that stays');
  if (most === 0) return holdsKept ? t('code inside it stays') : t('it completes the code around it, which stays');
  const asked = names!.find((n) => n.asked === 'name') ?? (first?.asked ? first : undefined);
  if (asked && (byNames === most || (question === most && asked.asked === 'name'))) return askedFor(asked, words);
  if (question === most)
    return askedWords?.length
      ? t('your question asks for {0}', askedWords.map(code).join(', '))
      : t('your question asks for code beside it');
  if (cursor === most) return t('it is close to your cursor');
  if (future === most) {
    const own = names!.find((n) => n.declared);
    return own
      ? t('it declares {0}; the model expects later code to refer to it', code(own.name))
      : t('the model expects later code to refer to it');
  }
  if (pairs === most || !first) return t('it says something that no other code says');
  const told = names!.find((n) => n.declared && (n.files > 0 || n.elsewhere > 0)) ?? first; // says more than the use of a common name
  const name = code(told.name);
  if (told.files === 1)
    return told.declared
      ? t('it declares {0}, a name that another file uses', name)
      : t('{0} is used by another file too', name);
  if (told.files > 1)
    return told.declared
      ? t('it declares {0}, a name that {1} other files use', name, told.files)
      : t('{0} is used by {1} other files too', name, told.files);
  if (kind === 'import') {
    if (told.elsewhere === 0) return t('it imports {0}, which code to come may need', name);
    return told.elsewhere === 1
      ? t('it imports {0}, which is used once', name)
      : t('it imports {0}, which is used {1} times', name, words.count(told.elsewhere));
  }
  if (told.declared) {
    if (told.elsewhere === 0) return t('it declares {0}, which code to come may need', name);
    return told.elsewhere === 1
      ? t('it declares {0}, which is used once more', name)
      : t('it declares {0}, which is used {1} more times', name, words.count(told.elsewhere));
  }
  if (told.elsewhere === 0) return t('it is the only use of {0}', name);
  return told.elsewhere === 1
    ? t('it uses {0}, which stands in one other place', name)
    : t('it uses {0}, which stands in {1} other places', name, words.count(told.elsewhere));
}

function askedFor({ name, asked }: WorthyName, { t, code }: Words): string {
  switch (asked) {
    case 'name':
      return t('your question names {0}', code(name));
    case 'word':
      return t('your question has a word of {0}', code(name));
    default:
      return t('what your question asks for uses {0}', code(name));
  }
}

function droppedFor({ parts, names, known, tokens, repeated, class: kind }: RankedStatement, words: Words): string {
  const { t, code, count } = words;
  switch (kind) {
    case 'comment':
      return t('a comment; nothing uses it');
    case 'docstring':
      return t('documentation; nothing uses it');
    case 'licence':
      return t('a licence text; nothing uses it');
    case 'generated':
      return t('generated code, which is worth little');
  }
  const cost = tokens === 1 ? t('1 token') : t('{0} tokens', count(tokens!));
  const [first] = names!;
  if (repeated! >= REPEATS) {
    const [one, two] = (known ?? []).map(code);
    if (kind === 'import') return t('an import of what other code shows already');
    if (one === undefined) return t('other code says most of it already');
    return two === undefined
      ? t('other code already has {0} and most of the wording', one)
      : t('other code already has {0}, {1} and most of the wording', one, two);
  }
  if (!first || parts!.names < 0.1) {
    const [one] = known ?? [];
    return one === undefined
      ? t('it brings no new name, and {0} of wording that adds little', cost)
      : t('other code already has {0}, and the rest adds little for {1}', code(one), cost);
  }
  const name = code(first.name);
  if (kind === 'import') return t('an import; {0} matters little for {1}', name, cost);
  if (first.declared && first.elsewhere === 0 && first.files === 0)
    return t('it declares {0}, which nothing else here uses', name);
  if (first.declared) return t('it declares {0}, but that is little for {1}', name, cost);
  return t('it adds the name {0}, but that is little for {1}', name, cost);
}

function changes(place: Place, { scorer, budget, before }: Asked, { t, code, count }: Words): string[] {
  const { span, statement, turnsAt } = place;
  if (!statement || span.reason !== 'score') return [];
  const share = turnsAt === undefined ? undefined : (span.kept ? Math.floor : Math.ceil)(turnsAt * 100);
  if (span.kept) {
    if (share === undefined || share <= 0) return [];
    return [
      budget.kind === 'maxTokens'
        ? t('a limit below about {0} tokens', count(Math.round(turnsAt! * before)))
        : t('a share below about {0}', percent(share)),
    ];
  }
  const larger =
    share === undefined
      ? t('a larger share')
      : budget.kind === 'maxTokens'
        ? t('a limit of about {0} tokens', count(Math.round(turnsAt! * before)))
        : share >= 100
          ? t('a share of {0}', percent(100))
          : t('a share of about {0}', percent(share));
  const name = scorer === 'extended' ? statement.names?.[0]?.name : undefined;
  return [
    larger,
    t('a mark to keep it'),
    ...(name === undefined ? [] : [t('a question with the name {0}', code(name))]),
  ];
}

/** The one number that decides, against the cut, and the rank. */
function figuresOf({ rank, of, statement, cut }: Place, { t }: Words): string | undefined {
  if (rank === undefined || !statement) return undefined;
  const { worth } = statement;
  const digits = cut === undefined || worth === cut ? 1 : digitsBetween(worth, cut);
  const own = written(worth, digits);
  const figure =
    worth === 0 ? t('no worth') : own === undefined ? t('under {0} a token', LEAST.toFixed(1)) : t('{0} a token', own);
  return [
    t('{0} of {1}', rank, of),
    figure,
    ...(cut === undefined ? [] : [t('cut at {0}', written(cut, digits) ?? `< ${LEAST.toFixed(1)}`)]),
  ].join(' · ');
}

const LEAST = 0.1;

/** @returns undefined for what rounds to zero */
function written(n: number, digits: number): string | undefined {
  const text = Math.abs(n).toFixed(digits);
  if (Number(text) === 0) return n === 0 ? '0' : undefined;
  return n < 0 ? `−${text}` : text;
}

/** As few digits as tell the two apart, at most three. */
function digitsBetween(a: number, b: number): number {
  return [1, 2].find((digits) => a.toFixed(digits) !== b.toFixed(digits)) ?? 3;
}

/** What the worth is made of; what rounds to zero is not said. */
function partsOf({ parts, names }: RankedStatement, { t, code }: Words): string | undefined {
  if (!parts) return undefined;
  const listed = (names ?? []).map((n) => code(n.name)).join(', ');
  const all: readonly (readonly [string, number])[] = [
    [listed ? t('names ({0})', listed) : t('names'), parts.names],
    [t('new wording'), parts.pairs],
    [t('nearness to the cursor'), parts.cursor],
    [t('attention that later code will probably give it'), parts.future],
    [t('the question'), parts.question],
  ];
  const said = all.filter(([, share]) => Math.round(share * 100) > 0).sort((a, b) => b[1] - a[1]);
  return said.length
    ? said.map(([name, share]) => `${name} ${percent(Math.round(share * 100))}`).join(' · ')
    : undefined;
}

const percent = (whole: number): string => `${whole} %`;

const CELLS = 20;

/**
 * A strip of all ranks, the first at the left: full cells stay, empty ones go, the mark is this statement.
 * Example: rank 34 of 80 of which 40 stay: `■■■■■■■■◆■□□□□□□□□□□`
 */
export function stripOf({ rank, of, kept }: Place): string | undefined {
  if (rank === undefined || of < 2) return undefined;
  const cells = Math.min(CELLS, of);
  const cell = (index: number): number => Math.min(cells - 1, Math.floor((index * cells) / of));
  return Array.from({ length: cells }, (_, i) =>
    i === cell(rank - 1) ? '◆' : Math.floor((i * of) / cells) < kept ? '■' : '□',
  ).join('');
}
