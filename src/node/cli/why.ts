// Answers `namm why`: what decided about one line of a text, in words and as JSON.
import type { CompressedContext, CompressRequest } from '../../core/context';
import { CompressionError } from '../../core/errors';
import { Lines } from '../../core/lines';
import { spanOfLines } from '../../session/lines';
import { placeAt, type Place } from '../../why/place';
import { PLAIN, stripOf, whyOf, type Why } from '../../why/sentences';
import { cellPath, notebookOf } from '../../texts/notebook';
import { UsageError, type WhyCommand } from './arguments';
import type { GivenSource } from './sources';

/**
 * @param sources of the request, in its order @param request what was asked
 * @param context the result of a request with `ranking`
 * @throws CompressionError linesOutside; badRequest if the text is not in the context; UsageError for a notebook without a cell
 */
export function answer(
  command: WhyCommand,
  sources: readonly GivenSource[],
  request: CompressRequest,
  context: CompressedContext,
): string {
  const { path, line, json } = command;
  const index = sources.length === 1 ? 0 : sources.findIndex((s) => s.path === path);
  if (index < 0 && sources.some((s) => notebookOf(s.path) === path))
    throw new UsageError(
      `${path} is read by its cells, so name one and a line of it, like ${cellPath(path, 1)}:${line}`,
    );
  const [source, file] = [sources[index], context.files[index]];
  if (!source || !file) throw new CompressionError('badRequest', `${path} is not among the texts that were compressed`);
  const { text } = source;
  const { start, end } = spanOfLines(text, { from: line, to: line }, path);
  const written = text.slice(start, end);
  const at = start + Math.min(written.search(/\S|$/), Math.max(0, end - start - 1));
  const place = placeAt(file, at, request.sources[index]?.drops);
  if (!place) throw new CompressionError('badRequest', `${path} is empty`);
  const { scorer, budget, keepRatio, recipientTokens } = context;
  const why = whyOf(place, { scorer, budget, before: recipientTokens.before }, PLAIN);
  return json
    ? `${JSON.stringify({ path: source.path, line, scorer, keepRatio, ...facts(place, text), ...why }, null, 1)}\n`
    : inWords(source.path, line, place, why, text);
}

function facts({ span, statement, kept: keptStatements, ...rest }: Place, text: string): object {
  return {
    kept: span.kept,
    decidedBy: span.reason,
    ...(span.elision === undefined ? {} : { elision: span.elision }),
    ...rest,
    keptStatements,
    ...(statement ? { statement: { ...statement, ...linesOf(statement, text) } } : {}),
  };
}

/** 1-based, inclusive. */
function linesOf(
  { start, end }: { readonly start: number; readonly end: number },
  text: string,
): { from: number; to: number } {
  const lines = new Lines(text);
  return { from: lines.at(start) + 1, to: lines.at(Math.max(start, end - 1)) + 1 };
}

function inWords(path: string, line: number, place: Place, why: Why, text: string): string {
  const { statement, span } = place;
  const strip = stripOf(place);
  const { from, to } = statement ? linesOf(statement, text) : { from: line, to: line };
  const what = from === to ? `line ${from}` : `lines ${from} to ${to}`;
  return [
    `${path}:${line}`,
    `${why.verdict}: ${why.reason}${span.elision === undefined ? '' : ` (${span.elision})`}`,
    ...(statement
      ? [`  statement   ${what}${statement.tokens === undefined ? '' : `, ${statement.tokens} tokens of its own`}`]
      : []),
    ...(why.figures === undefined ? [] : [`  rank        ${why.figures}`]),
    ...(strip === undefined ? [] : [`              ${strip}`]),
    ...(why.parts === undefined ? [] : [`  worth from  ${why.parts}`]),
    ...(why.change.length === 0 ? [] : [`  ${span.kept ? 'goes with ' : 'stays with'}  ${why.change.join(', ')}`]),
    '',
  ].join('\n');
}
