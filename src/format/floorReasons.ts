// The words for why a text stays above its budget. The editor has its own, translated.
import type { FloorReason } from '../core/context';

export const FLOOR_WORDS: Readonly<Record<FloorReason, string>> = {
  kept: 'lines that must stay are most of what is left',
  markers: 'most of what is left are markers, file names, or lines that would cost as much to mark',
  small: 'it is so small that markers would cost as much as they save, so it stays whole',
  code: 'with less, no code of a file would be left',
  syntax: 'with less the code would not parse',
  unparsed: 'a part that the grammar cannot read stays whole',
};
