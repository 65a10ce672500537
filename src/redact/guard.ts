// Knows that no credential leaves unseen: redacts it from what is handed over, or refuses.
import type { CompressedFile } from '../core/context';
import { CompressionError } from '../core/errors';
import type { Span } from '../core/span';
import { findSecrets, redact, secretsWithin, type Secret } from './secrets';
import { Lines } from '../core/lines';
import type { SecretsRule } from './secretsRule';

/** A credential in text that would be handed over. */
export interface FoundSecret {
  readonly path: string;
  readonly kind: string;
  readonly line: number; // 1-based, in the original
}

export interface Guarded<T> {
  readonly value: T;
  readonly found: readonly FoundSecret[];
}

/** Where a text that was compressed stands in the one that it is a part of: a credential may begin before it. */
export interface Whole extends Span {
  readonly text: string;
}

export const wholeText = (text: string): Whole => ({ text, start: 0, end: text.length });

/**
 * The files with every credential in their kept text replaced. It is looked for in the original, so that one whose
 * other half was cut is found too. Spans and elisions still speak of the original; only `text` differs.
 * @param originals of each file, in their order: two files may have one path
 * @throws CompressionError secretsFound under `block`
 */
export async function guardFiles(
  files: readonly CompressedFile[],
  originals: readonly Whole[],
  rule: SecretsRule,
): Promise<Guarded<CompressedFile[]>> {
  if (files.length !== originals.length)
    throw new CompressionError('internal', `${originals.length} originals of ${files.length} files`);
  if (rule === 'off') return { value: [...files], found: [] };
  const found: FoundSecret[] = [];
  const value: CompressedFile[] = [];
  for (const [i, file] of files.entries()) {
    const whole = originals[i]!;
    const original = whole.text.slice(whole.start, whole.end);
    const secrets = secretsWithin(await findSecrets(whole.text, file.path), whole).filter((s) => keptIn(file, s));
    found.push(
      ...secrets.map(({ kind, start }) => ({ path: file.path, kind, line: lineOf(whole.text, whole.start + start) })),
    );
    value.push(secrets.length ? { ...file, text: redactFile(file, original, secrets) } : file);
  }
  refuse(found, rule);
  return { value, found };
}

/**
 * A part of a text, such as an expanded elision, without credentials: also one that only begins or ends in it.
 * @throws CompressionError secretsFound under `block`
 */
export async function guardPart(path: string, part: Whole, rule: SecretsRule): Promise<Guarded<string>> {
  const text = part.text.slice(part.start, part.end);
  if (rule === 'off') return { value: text, found: [] };
  const secrets = secretsWithin(await findSecrets(part.text, path), part);
  const found = secrets.map(({ kind, start }) => ({ path, kind, line: lineOf(part.text, part.start + start) }));
  refuse(found, rule);
  return { value: redact(text, secrets), found };
}

/** "AWS Access Key ID in src/a.ts:12, private key in …": for the sentence at the edge. */
export function describeSecrets(found: readonly FoundSecret[]): string {
  return found.map((f) => `${f.kind} in ${f.path}:${f.line}`).join(', ');
}

function refuse(found: readonly FoundSecret[], rule: SecretsRule): void {
  if (rule === 'block' && found.length) throw new CompressionError('secretsFound', describeSecrets(found));
}

function keptIn(file: CompressedFile, secret: Span): boolean {
  return file.spans.some((s) => s.kept && s.start < secret.end && s.end > secret.start);
}

/** Puts the text together again from kept stretches and markers, with placeholders in the former. */
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

function lineOf(text: string, offset: number): number {
  return new Lines(text).at(offset) + 1;
}
