// Knows words and numbers in the reader's language.
import { decimalIn } from '../../inspector/decimal';
import type { PageStart } from '../../inspector/protocol';

export const start = JSON.parse(document.body.dataset.start!) as PageStart;
const language = document.documentElement.lang || 'en';
const whole = new Intl.NumberFormat(language);

/** A sentence of the l10n bundle with its places filled in. */
export function t(text: string, ...args: readonly (string | number)[]): string {
  return (start.words[text] ?? text).replace(/\{(\d+)\}/g, (place, i: string) => String(args[Number(i)] ?? place));
}

export function count(n: number): string {
  return whole.format(n);
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

export const decimal = decimalIn(language);

/** Whitespace as signs, so that a token of blanks can be seen. */
export function visible(token: string): string {
  return token
    .replaceAll(' ', '␣')
    .replaceAll('\t', '⇥')
    .replace(/\r\n|\r|\n/g, '⏎');
}
