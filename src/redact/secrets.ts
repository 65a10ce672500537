// Finds credentials in text and replaces them by placeholders.
import { firstIndexWhere } from '../core/search';
import type { Span } from '../core/span';
import { findRandomValues } from './entropy';
import { findByPatterns } from './patterns';
import { isPlaceholder } from './placeholders';
import { findByPreset } from './preset';
import { findPrivateKeys } from './privateKeys';

/** A credential: its range in UTF-16 units of the text that was searched. */
export interface Secret extends Span {
  /** English name of what it is: "AWS Secret Access Key", "private key", … */
  readonly kind: string;
}

/** How credentials are searched for. */
export interface SearchOptions {
  /** Also finds values that only look random. Ids and checksums look random, too. Default false. */
  readonly entropy?: boolean | undefined;
}

const BEFORE = '"\'`'; // code before a value that a rule's pattern matched too
const BEHIND = '"\'`),;]}>'; // and behind it
const MIN_LENGTH = 8; // UTF-16 units: a shorter value is no credential

/**
 * Credentials of known forms (cloud and service tokens, private keys, connection strings with a password), sorted and
 * disjoint. A password without a recognisable form is not found.
 * @returns ranges in UTF-16 units of `text`
 */
export async function findSecrets(text: string, { entropy = false }: SearchOptions = {}): Promise<Secret[]> {
  const found: Secret[] = [];
  for (const { start: from, end: to, message, data } of await findByPreset(text)) {
    // A rule's range may begin at the name before the value; exactly the whole value must be replaced.
    const value = Object.values(data)
      .map((v) => (typeof v === 'string' ? trimmed(v, BEFORE, BEHIND) : ''))
      .find((v) => v.length >= MIN_LENGTH && text.slice(from, to + v.length).includes(v));
    if (value !== undefined && standsForOne(value)) continue;
    const start = value === undefined ? from : text.indexOf(value, from);
    found.push({ start, end: value === undefined ? to : start + value.length, kind: kindOf(message, value) });
  }
  for (const { start, end, rule } of findByPatterns(text)) found.push({ start, end, kind: rule.what });
  for (const { start, end } of findPrivateKeys(text)) found.push({ start, end, kind: 'private key' });
  if (entropy) for (const { start, end } of findRandomValues(text)) found.push({ start, end, kind: 'random value' });
  return disjoint(found);
}

/**
 * The text with `[redacted: KIND]` in place of every secret; the rest is unchanged.
 * Example: `key = "[redacted: AWS Access Key ID]"`.
 * @param secrets sorted and disjoint
 */
export function redact(text: string, secrets: readonly Secret[]): string {
  let out = '';
  let at = 0;
  for (const { start, end, kind } of secrets) {
    const [from, to] = inner(text, start, end, '\r\n', '\r\n'); // line breaks at its ends stay
    out += `${text.slice(at, from)}[redacted: ${kind}]`;
    at = to;
  }
  return out + text.slice(at);
}

/** The range without the characters of `before` at its start and of `behind` at its end. */
function inner(text: string, start: number, end: number, before: string, behind: string): [number, number] {
  while (start < end && before.includes(text[start]!)) start++;
  while (end > start && behind.includes(text[end - 1]!)) end--;
  return [start, end];
}

function trimmed(text: string, before: string, behind: string): string {
  return text.slice(...inner(text, 0, text.length, before, behind));
}

/** Whether a value that the preset found is only a placeholder; in a URL the password counts. */
function standsForOne(value: string): boolean {
  const password = /:\/\/[^\s:@/]{0,100}:([^\s/]{1,200})@/.exec(value)?.[1];
  return password === undefined ? isPlaceholder(value, 'token') : isPlaceholder(password, 'password');
}

/** The kind in the detector's message, without the value itself. */
function kindOf(message: string, value: string | undefined): string {
  const end = message.indexOf(': ');
  const kind = message
    .slice(0, end < 0 ? undefined : end)
    .replace(/^found /, '')
    .replace(/\s*\([^()]*\)/g, '');
  return value !== undefined && kind.includes(value) ? 'credential' : kind;
}

/** Sorts the secrets and merges overlapping ones. */
function disjoint(found: readonly Secret[]): Secret[] {
  const out: Secret[] = [];
  for (const s of [...found].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = out.at(-1);
    if (last && s.start < last.end) {
      if (s.end > last.end) out[out.length - 1] = { ...last, end: s.end };
    } else if (s.end > s.start) out.push(s);
  }
  return out;
}

/**
 * The secrets that overlap a range, clipped to it, as offsets from its start.
 * @param secrets sorted and disjoint
 */
export function secretsWithin(secrets: readonly Secret[], { start, end }: Span): Secret[] {
  const out: Secret[] = [];
  for (let i = firstIndexWhere(secrets, (s) => s.end > start); i < secrets.length && secrets[i]!.start < end; i++) {
    const s = secrets[i]!;
    out.push({ ...s, start: Math.max(s.start, start) - start, end: Math.min(s.end, end) - start });
  }
  return out;
}
