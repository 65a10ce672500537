// Explains in words why something stayed or went: an elision by its id, a name, or a whole run.
import * as vscode from 'vscode';
import type { CompressedFile, Elision } from '../../src/core/context';
import { idsIn } from '../../src/core/elisionName';
import { Lines } from '../../src/core/lines';
import { fenceFor } from '../../src/format/fence';
import type { Run, Source } from '../session/run';
import { inCode } from '../platform/markdown';
import { placeAt, placeIn, type Place } from '../../src/why/place';
import { whyOf } from '../../src/why/sentences';
import { count, WORDS } from '../platform/messages';

const { t } = vscode.l10n;
const MAX_PLACES = 8;
const MAX_LINES = 40; // of the original

/** @param question may contain ids of elisions, or names. @returns Markdown */
export function explain(run: Run, question: string): string {
  const ids = new Set(idsIn(question));
  const files = run.context.files.map((file, i) => ({ file, source: run.sources[i]! }));
  const byId = files.flatMap(({ file, source }) =>
    file.elisions.filter((e) => ids.has(e.id)).map((e) => aboutElision(run, file, source, e)),
  );
  if (byId.length) return byId.join('\n\n');
  const names = [...new Set(question.match(/[\p{L}_$][\p{L}\p{N}_$]{2,}/gu) ?? [])];
  const places = files.flatMap(({ file, source }) => names.flatMap((name) => aboutName(run, file, source, name)));
  if (places.length)
    return [
      ...places.slice(0, MAX_PLACES),
      ...(places.length > MAX_PLACES ? [t('… and {0} more places.', places.length - MAX_PLACES)] : []),
    ].join('\n');
  return overview(
    run,
    files.map((f) => f.file),
  );
}

function aboutElision(run: Run, file: CompressedFile, source: Source, e: Elision): string {
  const text = source.document.slice(source.start + e.start, source.start + e.end);
  const lines = text.split(/\r\n|\r|\n/);
  const cut = lines.length > MAX_LINES ? [...lines.slice(0, MAX_LINES), '…'] : lines;
  const fence = fenceFor(text, 3);
  return [
    `**${e.id}** (${inCode(file.path)}, ${sizeOf(e)}). ${sentence(run, placeIn(file, e))}`,
    `${fence}${file.languageId}\n${cut.join('\n').replace(/\n$/, '')}\n${fence}`,
  ].join('\n\n');
}

/** Example: Left out: a comment; nothing uses it. 34 of 80 · 0.9 a token · cut at 1.1. What would keep it: a mark. */
function sentence(run: Run, place: Place | undefined): string {
  if (!place) return '';
  const { scorer, budget, recipientTokens } = run.context;
  const why = whyOf(place, { scorer, budget, before: recipientTokens.before }, WORDS);
  const change = place.span.kept ? t('What would leave it out:') : t('What would keep it:');
  return [
    `${why.verdict}: ${why.reason}.`,
    ...(why.figures ? [`${why.figures}.`] : []),
    ...(why.change.length ? [`${change} ${why.change.join(', ')}.`] : []),
  ].join(' ');
}

/** Example: 3 lines, 45 tokens */
function sizeOf({ lines, recipientTokens }: Elision): string {
  const tokens = recipientTokens === 1 ? t('1 token') : t('{0} tokens', count(recipientTokens));
  return `${lines === 1 ? t('1 line') : t('{0} lines', count(lines))}, ${tokens}`;
}

/** One line for each place of the name, at most one per line of code. */
function aboutName(run: Run, file: CompressedFile, source: Source, name: string): string[] {
  const text = source.document.slice(source.start, source.end);
  const out: string[] = [];
  const lines = new Lines(source.document);
  let lastLine = -1;
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
    if (isPart(text[at - 1]) || isPart(text[at + name.length])) continue;
    const line = lines.at(source.start + at) + 1;
    if (line === lastLine) continue;
    lastLine = line;
    const place = placeAt(file, at, run.request.sources[run.sources.indexOf(source)]?.drops);
    if (!place) continue;
    const where = t('{0} in {1}, line {2}', inCode(name), inCode(file.path), line);
    out.push(`- ${where}${place.span.elision ? ` (${place.span.elision})` : ''}. ${sentence(run, place)}`);
  }
  return out;
}

function overview(run: Run, files: readonly CompressedFile[]): string {
  const largest = files
    .flatMap((file) => file.elisions.map((e) => ({ file, e })))
    .sort((a, b) => b.e.recipientTokens - a.e.recipientTokens);
  if (!largest.length) return t('Nothing was left out.');
  return [
    largest.length === 1 ? t('One place was left out:') : t('The largest of {0} elisions:', largest.length),
    ...largest
      .slice(0, MAX_PLACES)
      .map(({ file, e }) => `- ${e.id} (${inCode(file.path)}, ${sizeOf(e)}). ${sentence(run, placeIn(file, e))}`),
    '',
    t('Ask about one of them by its id, or about a name.'),
  ].join('\n');
}

function isPart(c: string | undefined): boolean {
  return c !== undefined && /[\p{L}\p{N}_$]/u.test(c);
}
