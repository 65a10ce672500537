// Guards text that is handed over against credentials: replaces them, or refuses the text.
import type { CompressedFile } from '../core/context';
import { CompressionError } from '../core/errors';
import { Lines } from '../core/lines';
import { overlaps, type Span } from '../core/span';
import { findSecrets, redact, secretsWithin, type SearchOptions, type Secret } from './secrets';
import type { SecretsRule } from './secretsRule';

/** A credential in text that would be handed over. */
export interface FoundSecret {
  readonly path: string;
  readonly kind: string;
  readonly line: number; // 1-based, in the original
}

/** A value that is safe to hand over, and the credentials that were replaced in it. */
export interface Guarded<T> {
  readonly value: T;
  readonly found: readonly FoundSecret[];
}

/** A whole text and the range of it that was compressed: a credential may begin before that range. */
export interface Whole extends Span {
  readonly text: string;
}

/**
 * Replaces every credential in the kept text of compressed files. Credentials are searched for in the original text, so
 * that one whose other half was cut is found too. Spans and elisions still refer to the original; only `text` differs.
 *
 * Example: if line 3 of a.ts holds an AWS key and is kept, the file's text has "[redacted: AWS Access Key ID]" there, and
 * `found` is [{ path: 'a.ts', kind: 'AWS Access Key ID', line: 3 }]. If line 3 was cut, nothing is found.
 *
 * @param originals the source of each file, in the order of `files` (two files may have the same path)
 * @throws CompressionError secretsFound under `block`; internal if the two lists differ in length
 */
export async function guardFiles(
  files: readonly CompressedFile[],
  originals: readonly Whole[],
  rule: SecretsRule,
  search: SearchOptions = {},
): Promise<Guarded<CompressedFile[]>> {
  if (files.length !== originals.length)
    throw new CompressionError('internal', `${originals.length} originals of ${files.length} files`);
  if (rule === 'off') return { value: [...files], found: [] };
  const found: FoundSecret[] = [];
  const value: CompressedFile[] = [];
  for (const [i, file] of files.entries()) {
    const whole = originals[i]!;
    const original = whole.text.slice(whole.start, whole.end);
    const kept = file.spans.filter((s) => s.kept);
    const secrets = secretsWithin(await findSecrets(whole.text, search), whole).filter((s) =>
      overlaps(kept, s.start, s.end),
    );
    for (const secret of placed(file.path, whole, secrets)) found.push(secret);
    value.push(secrets.length ? { ...file, text: redactFile(file, original, secrets) } : file);
  }
  throwIfBlocked(found, rule);
  return { value, found };
}

/**
 * Replaces every credential in a part of a text, such as an expanded elision: also one that only begins or ends in it.
 * @param path of the text. @param part the whole text and the range that is handed over
 * @throws CompressionError secretsFound under `block`
 */
export async function guardPart(
  path: string,
  part: Whole,
  rule: SecretsRule,
  search: SearchOptions = {},
): Promise<Guarded<string>> {
  const text = part.text.slice(part.start, part.end);
  if (rule === 'off') return { value: text, found: [] };
  const secrets = secretsWithin(await findSecrets(part.text, search), part);
  const found = placed(path, part, secrets);
  throwIfBlocked(found, rule);
  return { value: redact(text, secrets), found };
}

const DESCRIBED = 20; // credentials that a message names

/** "AWS Access Key ID in src/a.ts:12, private key in … and 7 more", for messages. */
export function describeSecrets(found: readonly FoundSecret[]): string {
  const named = found.slice(0, DESCRIBED).map((f) => `${f.kind} in ${f.path}:${f.line}`);
  return `${named.join(', ')}${found.length > DESCRIBED ? ` and ${found.length - DESCRIBED} more` : ''}`;
}

function throwIfBlocked(found: readonly FoundSecret[], rule: SecretsRule): void {
  if (rule === 'block' && found.length) throw new CompressionError('secretsFound', describeSecrets(found));
}

/** Where secrets stand in the whole text. @param secrets as offsets from the start of the part */
function placed(path: string, part: Whole, secrets: readonly Secret[]): FoundSecret[] {
  if (!secrets.length) return [];
  const lines = new Lines(part.text);
  return secrets.map(({ kind, start }) => ({ path, kind, line: lines.at(part.start + start) + 1 }));
}

/** Rebuilds the compressed text from kept stretches and markers, with placeholders in the kept stretches. */
function redactFile(file: CompressedFile, original: string, secrets: readonly Secret[]): string {
  let out = '';
  let at = 0;
  const keep = (end: number): void =>
    void (out += redact(original.slice(at, end), secretsWithin(secrets, { start: at, end })));
  for (const e of file.elisions) {
    keep(e.start);
    out += e.marker;
    at = e.end;
  }
  keep(original.length);
  return out;
}
