// Translates words and formats numbers in the user's language.
import { decimalIn } from '../../inspector/decimal';
import type { TokenClass } from '../../core/context';
import type { PageStart } from '../../inspector/protocol';
import { ownValue } from '../../core/ownValue';
import type { Words } from '../../why/sentences';
import { el } from './dom';

export const start = JSON.parse(document.body.dataset.start!) as PageStart;
const language = document.documentElement.lang || 'en';
const whole = new Intl.NumberFormat(language);

/** Translates a text; {0}, {1}, … are replaced by the arguments. */
export function t(text: string, ...args: readonly (string | number)[]): string {
  return (ownValue(start.words, text) ?? text).replace(/\{(\d+)\}/g, (place, i: string) =>
    String(args[Number(i)] ?? place),
  );
}

/** A whole number in the user's format. */
export function count(n: number): string {
  return whole.format(n);
}

/** @param share 0…1. Example: 0.25 is "25 %" */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

export const decimal = decimalIn(language);

/** The sentences of `src/why` in the display language; names of the code stand between backticks, for `rich`. */
export const WORDS: Words = { t: (text, ...args) => t(text, ...args), count, code: (name) => `\`${name}\`` };

/** A sentence of `WORDS` as text. */
export const plain = (sentence: string): string => sentence.replaceAll('`', '');

/** A sentence of `WORDS` with its names in the font of code. */
export const rich = (sentence: string): (Node | string)[] =>
  sentence.split('`').map((piece, i) => (i % 2 ? el('code', {}, piece) : piece));

export function className(c: TokenClass): string {
  const words: Readonly<Record<TokenClass, string>> = {
    blank: t('blank'),
    comment: t('comment'),
    docstring: t('docstring'),
    import: t('import'),
    signature: t('signature'),
    body: t('body'),
    literal: t('literal'),
    punctuation: t('punctuation'),
    licence: t('licence'),
    generated: t('generated'),
  };
  return words[c];
}
