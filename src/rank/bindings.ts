// Finds what the names in a unit stand for: the import, the assignment or the declaration that a kept unit needs to be understood.
import { TOKEN_CLASSES, type TokenClass } from '../core/context';
import { getOrMake } from '../core/getOrMake';
import { firstIndexWhere } from '../core/search';
import { NO_CODE } from '../parse/classes';
import type { CodeStructure } from '../parse/structure';
import type { Brings } from '../parse/targets';
import { pathTo, type Unit } from '../parse/unit';

const IDENTIFIER = /(?<![\p{L}\p{N}_$.])[\p{L}_$][\p{L}\p{N}_$]*/gu;
const NO_USE: ReadonlySet<TokenClass> = new Set([...NO_CODE, 'literal']);
const LONGEST = 160; // UTF-16 units of what is brought: a longer one costs a reader more than it tells (docs/quality.md)
const MOST_TRIED = 16; // bindings of one name that are looked at for one use

/** A place that gives a name to a value, with the units around it, outermost first. */
interface Binding {
  readonly at: number;
  readonly path: readonly Unit[];
}

/** How many units two paths have in common. */
function sharedDepth(a: readonly Unit[], b: readonly Unit[]): number {
  let depth = 0;
  while (depth < a.length && a[depth] === b[depth]) depth++;
  return depth;
}

/**
 * By unit: the units that give their values to the names in it. A use is served by the last binding before it in the innermost
 * scope around it; a scope is the text of a unit or the whole text. What is bound further down is not brought, as units that
 * bring each other could only go together; nor is what is long.
 *
 * Example: in `import os\ndef f():\n    path = os.sep\n    return path` the assignment brings the import, and the last line the
 * assignment.
 * @param bounds [n + 1] token bounds, UTF-16
 */
export function bindingsOf(structure: CodeStructure, bounds: Int32Array): Brings {
  const { units, source } = structure;
  const bound = new Map<string, Binding[]>();
  const add = (name: string, at: number): void => {
    const path = pathTo(units, at);
    if (path.length) getOrMake(bound, name, () => []).push({ at, path });
  };
  for (const { name, span } of structure.bindings) add(name, span.start);
  if (!bound.size) return new Map();
  const bindingAt = new Set(structure.bindings.map((b) => b.span.start));
  const classes = structure.classes(bounds);
  const out = new Map<Unit, Set<Unit>>();
  const served = new Map<Unit, Set<string>>(); // the names of a unit that were looked for
  let token = 0;
  for (const { 0: name, index } of source.text.matchAll(IDENTIFIER)) {
    const candidates = bound.get(name);
    if (!candidates || bindingAt.has(index)) continue;
    while (token + 1 < classes.length && bounds[token + 1]! <= index) token++;
    if (NO_USE.has(TOKEN_CLASSES[classes[token]!]!)) continue;
    const path = pathTo(units, index);
    const user = path.at(-1);
    if (!user || served.get(user)?.has(name)) continue;
    getOrMake(served, user, () => new Set()).add(name);
    const target = servedBy(candidates, path, index);
    if (target && target.end - target.start <= LONGEST && target.start < user.start && !path.includes(target))
      getOrMake(out, user, () => new Set()).add(target);
  }
  return new Map([...out].map(([unit, found]) => [unit, [...found]]));
}

/** The unit of the last binding in the innermost scope around a use at `index`, of those that stand before it. */
function servedBy(candidates: readonly Binding[], path: readonly Unit[], index: number): Unit | undefined {
  let best: Binding | undefined;
  let [bestVisible, bestShared] = [false, -1];
  const next = firstIndexWhere(candidates, (c) => c.at > index);
  for (let i = next - 1; i >= Math.max(0, next - MOST_TRIED); i--) {
    const candidate = candidates[i]!;
    const shared = sharedDepth(candidate.path, path);
    const visible = shared >= candidate.path.length - 1; // it stands in a scope that is around the use
    if (visible !== bestVisible ? !visible : shared <= bestShared) continue;
    [best, bestVisible, bestShared] = [candidate, visible, shared];
  }
  return best?.path.at(-1);
}
