// Explains in words why something stayed or went: an elision by its id, a name, or a whole run.
import * as vscode from 'vscode';
import type { CompressedFile, RetainedSpan } from '../../src/core/context';
import { idsIn } from '../../src/core/elisionName';
import { Lines } from '../../src/core/lines';
import { firstIndexWhere } from '../../src/core/search';
import { fenceFor } from '../../src/format/fence';
import type { Run, Source } from '../session/run';
import { inCode } from '../platform/markdown';
import { count, percent, whyInWords } from '../platform/messages';

const { t } = vscode.l10n;
const MAX_PLACES = 8;
const MAX_LINES = 40; // of the original

/** @param question may contain ids of elisions, or names. @returns Markdown */
export function explain(run: Run, question: string): string {
  const ids = new Set(idsIn(question));
  const files = run.context.files.map((file, i) => ({ file, source: run.sources[i]! }));
  const byId = files.flatMap(({ file, source }) =>
    file.elisions.filter((e) => ids.has(e.id)).map((e) => aboutElision(file, source, e.id)),
  );
  if (byId.length) return byId.join('\n\n');
  const names = [...new Set(question.match(/[\p{L}_$][\p{L}\p{N}_$]{2,}/gu) ?? [])];
  const places = files.flatMap(({ file, source }) => names.flatMap((name) => aboutName(file, source, name)));
  if (places.length)
    return [
      ...places.slice(0, MAX_PLACES),
      ...(places.length > MAX_PLACES ? [t('… and {0} more places.', places.length - MAX_PLACES)] : []),
    ].join('\n');
  return overview(files.map((f) => f.file));
}

function aboutElision(file: CompressedFile, source: Source, id: string): string {
  const e = file.elisions.find((x) => x.id === id)!;
  const text = source.document.slice(source.start + e.start, source.start + e.end);
  const spans = file.spans.filter((s) => s.elision === id);
  const lines = text.split(/\r\n|\r|\n/);
  const cut = lines.length > MAX_LINES ? [...lines.slice(0, MAX_LINES), '…'] : lines;
  const fence = fenceFor(text, 3);
  return [
    t(
      '**{0}**: {1} lines, {2} tokens of {3}. It was left out because {4}; {5} of the caches kept its tokens.',
      id,
      e.lines,
      count(e.recipientTokens),
      inCode(file.path),
      reason(spans),
      percent(meanRetention(spans)),
    ),
    `${fence}${file.languageId}\n${cut.join('\n').replace(/\n$/, '')}\n${fence}`,
  ].join('\n\n');
}

/** One line for each place of the name, at most one per line of code. */
function aboutName(file: CompressedFile, source: Source, name: string): string[] {
  const text = source.document.slice(source.start, source.end);
  const out: string[] = [];
  const lines = new Lines(source.document);
  let lastLine = -1;
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
    if (isPart(text[at - 1]) || isPart(text[at + name.length])) continue;
    const line = lines.at(source.start + at) + 1;
    if (line === lastLine) continue;
    lastLine = line;
    const span = file.spans[firstIndexWhere(file.spans, (s) => s.end > at)];
    if (!span) continue;
    const where = t('{0} in {1}, line {2}', inCode(name), inCode(file.path), line);
    out.push(
      span.kept
        ? `- ${t('{0}: kept, because {1}.', where, whyInWords(true, span.reason))}`
        : `- ${t('{0}: left out ({1}), because {2}.', where, span.elision ?? '', whyInWords(false, span.reason))}`,
    );
  }
  return out;
}

function overview(files: readonly CompressedFile[]): string {
  const largest = files
    .flatMap((file) => file.elisions.map((e) => ({ file, e })))
    .sort((a, b) => b.e.recipientTokens - a.e.recipientTokens);
  if (!largest.length) return t('Nothing was left out.');
  return [
    t('The largest of {0} elisions:', largest.length),
    ...largest.slice(0, MAX_PLACES).map(({ file, e }) => {
      const spans = file.spans.filter((s) => s.elision === e.id);
      return `- ${t('{0}: {1} lines, {2} tokens of {3}, because {4}; {5} of the caches kept its tokens.', e.id, e.lines, count(e.recipientTokens), inCode(file.path), reason(spans), percent(meanRetention(spans)))}`;
    }),
    '',
    t('Ask about one of them by its id, or about a name.'),
  ].join('\n');
}

function reason(spans: readonly RetainedSpan[]): string {
  return whyInWords(false, spans.find((s) => s.reason === 'score')?.reason ?? spans[0]?.reason ?? 'score');
}

/** Mean retention, weighted by length. */
function meanRetention(spans: readonly RetainedSpan[]): number {
  const total = spans.reduce((n, s) => n + s.end - s.start, 0);
  return total ? spans.reduce((n, s) => n + s.retention * (s.end - s.start), 0) / total : 0;
}

function isPart(c: string | undefined): boolean {
  return c !== undefined && /[\p{L}\p{N}_$]/u.test(c);
}
