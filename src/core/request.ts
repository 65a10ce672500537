// Knows what a request must look like, whoever made it.
import { checkBudget } from './budget';
import { SCORER_IDS, type CompressRequest, type InspectRequest, type SourceText } from './context';
import { CompressionError } from './errors';
import { COUNTER_IDS } from './token';

/** @throws CompressionError badRequest that names the first field that is wrong */
export function checkCompress(request: CompressRequest): void {
  const { sources, budget, scorer, counter, markers, query, pins, drops, protectedPatterns, droppedPatterns, inlineMarkers } = request as Partial<Record<keyof CompressRequest, unknown>>;
  demand(Array.isArray(sources) && sources.every(isSource), 'sources');
  demand(isOneOf(SCORER_IDS, scorer), 'scorer');
  demand(isOneOf(COUNTER_IDS, counter), 'counter');
  demand(typeof markers === 'boolean', 'markers');
  demand(query === undefined || typeof query === 'string', 'query');
  demand(typeof budget === 'object' && budget !== null && ['keepRatio', 'maxTokens', 'auto'].includes(request.budget.kind), 'budget');
  checkBudget(request.budget);
  for (const [field, value] of Object.entries({ pins, drops }))
    demand(value === undefined || (Array.isArray(value) && value.every((list, i) => list === undefined || areSpans(list, request.sources[i]))), field);
  for (const [field, value] of Object.entries({ protectedPatterns, droppedPatterns })) demand(value === undefined || (Array.isArray(value) && value.every((p) => typeof p === 'string')), field);
  demand(inlineMarkers === undefined || typeof inlineMarkers === 'boolean', 'inlineMarkers');
}

/** @throws CompressionError badRequest that names the first field that is wrong */
export function checkInspect(request: InspectRequest): void {
  const { source, scorer, query } = request as Partial<Record<keyof InspectRequest, unknown>>;
  demand(isSource(source), 'source');
  demand(isOneOf(SCORER_IDS, scorer), 'scorer');
  demand(query === undefined || typeof query === 'string', 'query');
}

function demand(holds: boolean, field: string): void {
  if (!holds) throw new CompressionError('badRequest', `the request has no valid "${field}"`);
}

function isOneOf(known: readonly string[], value: unknown): boolean {
  return typeof value === 'string' && known.includes(value);
}

function isSource(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { path, languageId, text } = value as Record<keyof SourceText, unknown>;
  return typeof path === 'string' && typeof languageId === 'string' && typeof text === 'string';
}

/** A pin may reach behind the end of its text, never in front of its start. */
function areSpans(value: unknown, source: SourceText | undefined): boolean {
  if (!Array.isArray(value) || source === undefined) return false;
  return value.every((s) => Number.isInteger(s?.start) && Number.isInteger(s?.end) && s.start >= 0 && s.end >= s.start);
}
