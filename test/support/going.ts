// Tells which units of a text may go, in words that a test can compare.
import { parseStructure } from '../../src/parse/structure';
import type { Unit } from '../../src/parse/unit';
import { testGrammars } from './grammars';

/** The units that may go, those of tables included, each as its first line and the number of its lines: `a 3`. */
export async function going(languageId: string, text: string): Promise<string[]> {
  const all = (list: readonly Unit[]): Unit[] => list.flatMap((u) => [u, ...all(u.children)]);
  const { units } = await parseStructure({ path: 'a', languageId, text }, testGrammars());
  return all(units)
    .filter((u) => u.cuttable || u.member)
    .map((u) => text.slice(u.start, u.end).trimEnd().split('\n'))
    .map((lines) => `${lines[0]!.trim()} ${lines.length}`);
}
