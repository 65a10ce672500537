// Checks the shape and the limits of a request.
import { checkBudget } from './budget';
import {
  FORMAT_STYLES,
  GRAMMAR_FAULTS,
  SCORER_IDS,
  type CompressRequest,
  type FormatOptions,
  type InspectRequest,
  type RequestedSource,
  type SourceText,
} from './context';
import { CompressionError } from './errors';
import { LIMITS_IN_WORDS, MAX_FILES, MAX_QUERY_UNITS, MAX_TEXT_UNITS, MAX_TOTAL_UNITS } from './limits';
import { oneOf } from './oneOf';
import { COUNTER_IDS } from './token';

/** @throws CompressionError badRequest that names the first field that is wrong; fileTooLarge | tooManyFiles */
export function checkCompress(request: CompressRequest): void {
  const {
    sources,
    budget,
    scorer,
    counter,
    markers,
    query,
    protectedPatterns,
    droppedPatterns,
    inlineMarkers,
    frame,
    ranking,
  } = request as Partial<Record<keyof CompressRequest, unknown>>;
  demand(isList(sources, isSource), 'sources');
  checkLimits(request.sources);
  for (const source of request.sources) checkConstraints(source);
  demand(oneOf(SCORER_IDS, scorer) !== undefined, 'scorer');
  demand(oneOf(COUNTER_IDS, counter) !== undefined, 'counter');
  demand(typeof markers === 'boolean', 'markers');
  checkQuery(query);
  demand(
    typeof budget === 'object' && budget !== null && ['keepRatio', 'maxTokens', 'auto'].includes(request.budget.kind),
    'budget',
  );
  checkBudget(request.budget);
  for (const [field, value] of Object.entries({ protectedPatterns, droppedPatterns }))
    demand(value === undefined || isList(value, (p) => typeof p === 'string'), field);
  demand(inlineMarkers === undefined || typeof inlineMarkers === 'boolean', 'inlineMarkers');
  demand(frame === undefined || isFrame(frame), 'frame');
  demand(ranking === undefined || typeof ranking === 'boolean', 'ranking');
}

/** @throws CompressionError fileTooLarge | tooManyFiles */
function checkLimits(sources: readonly SourceText[]): void {
  const long = sources.find((s) => s.text.length > MAX_TEXT_UNITS);
  if (long) throw new CompressionError('fileTooLarge', long.path);
  const units = sources.reduce((sum, s) => sum + s.text.length, 0);
  if (sources.length > MAX_FILES || units > MAX_TOTAL_UNITS)
    throw new CompressionError('tooManyFiles', LIMITS_IN_WORDS);
}

function checkQuery(query: unknown): void {
  demand(query === undefined || typeof query === 'string', 'query');
  if (typeof query === 'string' && query.length > MAX_QUERY_UNITS)
    throw new CompressionError('badRequest', `The question has more than ${MAX_QUERY_UNITS} characters`);
}

function checkConstraints({ pins, drops, focus, previousTokens }: RequestedSource): void {
  for (const [field, spans] of Object.entries({ pins, drops }))
    demand(spans === undefined || isList(spans, isSpan), field);
  for (const [field, count] of Object.entries({ focus, previousTokens }))
    demand(count === undefined || isOffset(count), field);
}

/** @throws CompressionError badRequest that names the first field that is wrong */
export function checkInspect(request: InspectRequest): void {
  const { source, scorer, query, focus, among } = request as Partial<Record<keyof InspectRequest, unknown>>;
  demand(isSource(source), 'source');
  checkLimits([request.source]);
  demand(oneOf(SCORER_IDS, scorer) !== undefined, 'scorer');
  checkQuery(query);
  demand(focus === undefined || isOffset(focus), 'focus');
  demand(among === undefined || typeof among === 'boolean', 'among');
}

function isOffset(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}

function demand(holds: boolean, field: string): void {
  if (!holds) throw new CompressionError('badRequest', `the request has no valid "${field}"`);
}

function isSource(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { path, languageId, text, grammarFault } = value as Record<keyof SourceText, unknown>;
  return (
    typeof path === 'string' &&
    typeof languageId === 'string' &&
    typeof text === 'string' &&
    (grammarFault === undefined || oneOf(GRAMMAR_FAULTS, grammarFault) !== undefined)
  );
}

function isFrame(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { style, alone, note, commented } = value as Record<keyof FormatOptions, unknown>;
  return (
    (style === undefined || oneOf(FORMAT_STYLES, style) !== undefined) &&
    (alone === undefined || oneOf(['text', 'block'], alone) !== undefined) &&
    (note === undefined || typeof note === 'boolean') &&
    (commented === undefined || typeof commented === 'boolean')
  );
}

/** A pin may reach behind the end of its text, but not before its start. */
function isSpan(value: unknown): boolean {
  const { start, end } = (value ?? {}) as { start?: unknown; end?: unknown };
  return isOffset(start) && isOffset(end) && end >= start;
}

/** `every` skips the holes of a sparse array, `Array.from` makes them undefined items. */
function isList(value: unknown, isItem: (item: unknown, index: number) => boolean): boolean {
  return Array.isArray(value) && Array.from(value).every(isItem);
}
