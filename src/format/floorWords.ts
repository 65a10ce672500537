// Knows what a command line says of a text that stays above its budget; an editor says it in its user's language.
import type { FloorReason } from '../core/context';

export const FLOOR_WORDS: Readonly<Record<FloorReason, string>> = {
  kept: 'lines that must stay are most of what is left',
  markers: 'most of what is left are markers, file names, or lines that would cost as much to mark',
  syntax: 'with less the code would not parse',
  unparsed: 'a part that the grammar cannot read stays whole',
};
