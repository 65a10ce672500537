// Computes the share of needed names that a compressed text keeps: half mention recall, half definition recall.
import type { Span } from '../../src/core/span';
import type { CodeStructure } from '../../src/parse/structure';
import { codeOnly, namesIn, type Case } from './cases';

/** The needed names that the context defines. */
export function neededDefinitions(item: Case, structure: CodeStructure): Set<string> {
  const names = new Set(structure.definitions.map((d) => d.name));
  return new Set([...item.needed].filter((n) => names.has(n)));
}

/**
 * Names in kept comments do not count. If the context defines no needed name, mention recall alone counts.
 * @param weight how much a name counts
 * @returns 0…1
 */
export function recallOf(
  item: Case,
  structure: CodeStructure,
  definitions: ReadonlySet<string>,
  kept: readonly Span[],
  weight: (name: string) => number = () => 1,
): number {
  const share = (all: ReadonlySet<string>, survivors: ReadonlySet<string>): number => {
    let [sum, found] = [0, 0];
    for (const name of all) {
      sum += weight(name);
      if (survivors.has(name)) found += weight(name);
    }
    return found / sum;
  };
  const mention = share(
    item.needed,
    namesIn(codeOnly(kept.map((s) => item.context.text.slice(s.start, s.end)).join('\n'))),
  );
  if (definitions.size === 0) return mention;
  const defined = new Set(
    structure.definitions
      .filter((d) => kept.some((s) => s.start <= d.span.start && d.span.start < s.end))
      .map((d) => d.name),
  );
  return 0.5 * mention + 0.5 * share(definitions, defined);
}
