// Knows how much of what later code needs survived: half mention, half definition recall.
import type { Span } from '../../src/core/span';
import type { CodeStructure } from '../../src/parse/structure';
import { bare, namesIn, type Case } from './cases';

/** Names among the needed ones that the context defines. */
export function neededDefinitions(item: Case, structure: CodeStructure): Set<string> {
  const names = new Set(structure.definitions.map((d) => d.name));
  return new Set([...item.needed].filter((n) => names.has(n)));
}

/**
 * 0…1; mention recall alone when nothing needed is defined in the context. Names in kept comments do not count.
 * @param weight how much a name counts
 */
export function recallOf(
  item: Case,
  structure: CodeStructure,
  definitions: ReadonlySet<string>,
  kept: readonly Span[],
  weight: (name: string) => number = () => 1,
): number {
  const share = (all: ReadonlySet<string>, there: ReadonlySet<string>): number => {
    let [sum, found] = [0, 0];
    for (const name of all) {
      sum += weight(name);
      if (there.has(name)) found += weight(name);
    }
    return found / sum;
  };
  const mention = share(
    item.needed,
    namesIn(bare(kept.map((s) => item.context.text.slice(s.start, s.end)).join('\n'))),
  );
  if (definitions.size === 0) return mention;
  const defined = new Set(
    structure.definitions
      .filter((d) => kept.some((s) => s.start <= d.span.start && d.span.start < s.end))
      .map((d) => d.name),
  );
  return 0.5 * mention + 0.5 * share(definitions, defined);
}
