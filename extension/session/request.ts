// Builds the engine's request from texts, the user's settings and the user's marks.
import type { CompressRequest, RequestedSource } from '../../src/core/context';
import { matches } from '../../src/files/globs';
import type { Mark } from './markMath';
import type { Marks } from './marks';
import { textOf, type Source } from './run';
import { readHandoverSettings, type Settings } from '../platform/settings';

export function requestFor(sources: readonly Source[], settings: Settings, marks: Marks): CompressRequest {
  return {
    sources: sources.map((s) => ({
      ...textOf(s),
      ...(s.start ? { firstLine: s.document.slice(0, s.start).split(/\r\n|\r|\n/).length } : {}),
      ...constraintsOn(s, settings, marks),
    })),
    budget: settings.budget,
    scorer: settings.scorer,
    counter: settings.counter,
    markers: settings.markers,
    protectedPatterns: settings.protectedPatterns,
    droppedPatterns: settings.droppedPatterns,
    inlineMarkers: settings.inlineMarkers,
    // The frame of copied and saved text. A recipient that gets the note elsewhere pays for it there.
    frame: { style: readHandoverSettings().format, alone: 'block' },
    ranking: true, // hover, inspector and chat say why
  };
}

function constraintsOn(s: Source, settings: Settings, marks: Marks): Pick<RequestedSource, 'pins' | 'drops'> {
  const own = marksOf(s, marks);
  return {
    pins: matches(settings.pinnedFiles, s.path)
      ? [{ start: 0, end: s.end - s.start }]
      : own.filter((m) => m.kind === 'pin'),
    drops: own.filter((m) => m.kind === 'drop'),
  };
}

/** The marks of a text, as spans of the compressed part. */
function marksOf({ uri, document, start, end }: Source, marks: Marks): Pick<Mark, 'kind' | 'start' | 'end'>[] {
  return marks
    .of(uri, document)
    .map((m) => ({ kind: m.kind, start: Math.max(m.start, start) - start, end: Math.min(m.end, end) - start }))
    .filter((m) => m.end > m.start);
}
