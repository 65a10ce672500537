// Finds the markers of a compressed text that is shown or was pasted somewhere.
import { firstIndexWhere } from '../core/search';
import { HOW_TO_READ } from './format';
import { markersIn, type Marker } from '../elisions/markers';

/** Markers of a text, without the examples in the note on how to read them. */
export function markersOf(text: string): Marker[] {
  const notes: number[] = [];
  for (let at = text.indexOf(HOW_TO_READ); at >= 0; at = text.indexOf(HOW_TO_READ, at + 1)) notes.push(at);
  return markersIn(text).filter((m) => {
    const note = notes[firstIndexWhere(notes, (at) => at > m.start) - 1];
    return note === undefined || m.end > note + HOW_TO_READ.length;
  });
}

/** The marker at the cursor, else the only marker of its line. @param offset UTF-16 */
export function markerAt(text: string, offset: number): Marker | undefined {
  const all = markersOf(text);
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  const ofLine = all.filter((m) => m.start >= start && (end < 0 || m.end <= end));
  return all.find((m) => m.start <= offset && offset <= m.end) ?? (ofLine.length === 1 ? ofLine[0] : undefined);
}
