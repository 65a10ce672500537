// Knows what looks like a credential, and what stands in its place when text is handed over.
import { lintSource } from '@secretlint/core';
import { rules } from '@secretlint/secretlint-rule-preset-recommend';
import { overlaps, type Span } from '../core/span';

/** A range in UTF-16 units of the text that was searched. */
export interface Secret extends Span {
  /** In English, as the detector names it: "AWS Secret Access Key", "private key", … */
  readonly kind: string;
}

const AWS = '@secretlint/secretlint-rule-aws';
/** A comment may quiet a linter. It must not decide what leaves the machine. */
const COMMENTS = '@secretlint/secretlint-rule-filter-comments';
const CONFIG = {
  rules: rules
    .filter((rule) => rule.meta.id !== COMMENTS)
    .map((rule) => ({ id: rule.meta.id, rule, options: rule.meta.id === AWS ? { enableIDScanRule: true } : {} })),
};

/** Only these names mean anything to a rule, and no rule may look for the file itself. */
const NAMED = /^(package\.json|\.npmrc)$|\.json$/;
const EDGES = /^["'`]+|["'`),;\]}>]+$/g; // what a pattern took along from the code around a value
const LEAST = 8; // shorter than any credential: too short to be looked for

/**
 * Credentials of known forms (cloud and service tokens, private keys, connection strings with a password), sorted and
 * disjoint. A password without a form of its own is not among them.
 * @param path of the text, for rules about particular files
 */
export async function findSecrets(text: string, path = ''): Promise<Secret[]> {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  const filePath = NAMED.test(name) ? name : 'text';
  const { messages } = await lintSource({
    source: { filePath, content: text, contentType: 'text', ext: '' },
    options: { noPhysicFilePath: true, config: CONFIG },
  });
  const found: Secret[] = [];
  for (const { range, message, data } of messages) {
    const [from, to] = range as [number, number];
    // A rule's range may begin at the name before the value; the value is what must go, and all of it.
    const value = Object.values((data ?? {}) as Record<string, unknown>)
      .map((v) => (typeof v === 'string' ? v.replace(EDGES, '') : ''))
      .find((v) => v.length >= LEAST && text.slice(from, to + v.length).includes(v));
    const start = value === undefined ? from : text.indexOf(value, from);
    found.push({ start, end: value === undefined ? to : start + value.length, kind: kindOf(message, value) });
  }
  return disjoint(found);
}

/** The text with `[redacted: KIND]` for every secret; everything else as it was. @param secrets sorted and disjoint */
export function redact(text: string, secrets: readonly Secret[]): string {
  let out = '';
  let at = 0;
  for (const { start, end, kind } of secrets) {
    const gone = text.slice(start, end); // one that was cut to lines leaves their ends
    out += `${text.slice(at, start)}${/^[\r\n]*/.exec(gone)![0]}[redacted: ${kind}]${/[\r\n]*$/.exec(gone)![0]}`;
    at = end;
  }
  return out + text.slice(at);
}

/** What the detector says, without the value itself. */
function kindOf(message: string, value: string | undefined): string {
  const end = message.indexOf(': ');
  const kind = message
    .slice(0, end < 0 ? undefined : end)
    .replace(/^found /, '')
    .replace(/\s*\([^()]*\)/g, '');
  return value !== undefined && kind.includes(value) ? 'credential' : kind;
}

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

/** The secrets that share a unit with a range, moved to its beginning and cut to it. */
export function secretsWithin(secrets: readonly Secret[], { start, end }: Span): Secret[] {
  if (!overlaps(secrets, start, end)) return [];
  return secrets
    .filter((s) => s.start < end && s.end > start)
    .map((s) => ({ ...s, start: Math.max(s.start, start) - start, end: Math.min(s.end, end) - start }));
}
