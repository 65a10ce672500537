// Finds credentials in text and replaces them by placeholders.
import { lintSource } from '@secretlint/core';
import { rules } from '@secretlint/secretlint-rule-preset-recommend';
import { overlaps, type Span } from '../core/span';

/** A credential: its range in UTF-16 units of the text that was searched. */
export interface Secret extends Span {
  /** The detector's English name of it: "AWS Secret Access Key", "private key", … */
  readonly kind: string;
}

const AWS_RULE = '@secretlint/secretlint-rule-aws';
/** Lets comments disable rules. A comment must not decide what is handed over, so this rule is left out. */
const COMMENTS_RULE = '@secretlint/secretlint-rule-filter-comments';
const CONFIG = {
  rules: rules
    .filter((rule) => rule.meta.id !== COMMENTS_RULE)
    .map((rule) => ({ id: rule.meta.id, rule, options: rule.meta.id === AWS_RULE ? { enableIDScanRule: true } : {} })),
};

/**
 * File names that some rule treats specially. Others are hidden from the rules, so that none looks for the file itself.
 */
const RULE_FILE_NAMES = /^(package\.json|\.npmrc)$|\.json$/;
const CODE_EDGES = /^["'`]+|["'`),;\]}>]+$/g; // code around a value that a rule's pattern matched too
const MIN_LENGTH = 8; // UTF-16 units: a shorter value is no credential

/**
 * Credentials of known forms (cloud and service tokens, private keys, connection strings with a password), sorted and
 * disjoint. A password without a recognisable form is not found.
 * @param path of the text, for rules about particular files. @returns ranges in UTF-16 units of `text`
 */
export async function findSecrets(text: string, path = ''): Promise<Secret[]> {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  const filePath = RULE_FILE_NAMES.test(name) ? name : 'text';
  const { messages } = await lintSource({
    source: { filePath, content: text, contentType: 'text', ext: '' },
    options: { noPhysicFilePath: true, config: CONFIG },
  });
  const found: Secret[] = [];
  for (const { range, message, data } of messages) {
    const [from, to] = range as [number, number];
    // A rule's range may begin at the name before the value; exactly the whole value must be replaced.
    const value = Object.values((data ?? {}) as Record<string, unknown>)
      .map((v) => (typeof v === 'string' ? v.replace(CODE_EDGES, '') : ''))
      .find((v) => v.length >= MIN_LENGTH && text.slice(from, to + v.length).includes(v));
    const start = value === undefined ? from : text.indexOf(value, from);
    found.push({ start, end: value === undefined ? to : start + value.length, kind: kindOf(message, value) });
  }
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
    const secret = text.slice(start, end); // line breaks at its ends stay
    out += `${text.slice(at, start)}${/^[\r\n]*/.exec(secret)![0]}[redacted: ${kind}]${/[\r\n]*$/.exec(secret)![0]}`;
    at = end;
  }
  return out + text.slice(at);
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

/** The secrets that overlap a range, clipped to it, as offsets from its start. */
export function secretsWithin(secrets: readonly Secret[], { start, end }: Span): Secret[] {
  if (!overlaps(secrets, start, end)) return [];
  return secrets
    .filter((s) => s.start < end && s.end > start)
    .map((s) => ({ ...s, start: Math.max(s.start, start) - start, end: Math.min(s.end, end) - start }));
}
