// Keeps the outline of a text: no declaration that others may use goes entirely while the body of one beside it stays whole.
import { TOKEN_CLASSES } from '../core/context';
import { getOrMake } from '../core/getOrMake';
import { firstIndexWhere } from '../core/search';
import type { Span } from '../core/span';
import type { CodeStructure } from '../parse/structure';
import { pathTo, type Unit } from '../parse/unit';
import type { RankedUnit } from './rankedUnit';

const SIGNATURE = TOKEN_CLASSES.indexOf('signature');
const BODY_LINES = 4; // a declaration of fewer lines has no body worth the name
const HEAD_UNITS = 200; // UTF-16 units of a declaration in which its modifiers stand
const HIDDEN = /\b(private|protected|fileprivate)\b/;

/** A declaration and those beside it. */
interface Member {
  readonly unit: Unit;
  readonly hidden: boolean;
  readonly beside: Member[]; // all of its container, itself included
}

/** Whether code outside may use a declaration, by its name and its modifiers. */
function isHidden(name: string, head: string, languageId: string): boolean {
  if (/^[_#]/.test(name) || HIDDEN.test(head)) return true;
  if (languageId === 'go') return /^\p{Ll}/u.test(name);
  return languageId === 'rust' && !/\b(pub|trait|impl)\b/.test(head);
}

/** The declarations of a text by their units. @param bounds [n + 1] token bounds, UTF-16 */
function membersOf(
  { source: { text, languageId }, units, definitions, classes }: CodeStructure,
  bounds: Int32Array,
): Map<Unit, Member> {
  const kinds = classes(bounds);
  const beside = new Map<Unit | undefined, Member[]>(); // by what is around them
  const members = new Map<Unit, Member>();
  for (const { name, span } of definitions) {
    const token = firstIndexWhere(bounds, (b) => b > span.start) - 1;
    if (kinds[token] !== SIGNATURE) continue;
    const path = pathTo(units, span.start);
    const unit = path.at(-1);
    if (!unit?.cuttable || members.has(unit)) continue;
    const head = text.slice(unit.start, Math.min(unit.end, unit.start + HEAD_UNITS));
    const row = getOrMake(beside, path.at(-2), () => []);
    const member = { unit, hidden: isHidden(name, head, languageId), beside: row };
    row.push(member);
    members.set(unit, member);
  }
  return members;
}

/**
 * Moves declarations in front of the unit with which the body of one beside them becomes whole.
 *
 * Example: of a class with the methods `a` and `b`, the order keeps the class, `a` and all of its statements, and then `b`. Now it
 * keeps `b`, without its statements, before the last statement of `a`.
 * @param ranked the unit to cut first at the front
 * @param bounds [n + 1] token bounds, UTF-16
 * @param wanted offsets, ascending: declarations around them become whole when their turn comes
 */
export function withOutline(
  structure: CodeStructure,
  ranked: readonly RankedUnit[],
  bounds: Int32Array,
  wanted: readonly number[] = [],
): RankedUnit[] {
  const members = membersOf(structure, bounds);
  if (members.size < 2) return [...ranked];
  const { text } = structure.source;
  const place = new Map(ranked.map((r) => [r.unit, r]));
  const owners = new Map<Unit, Member>(); // of a statement: the declaration whose body it stands in
  const left = new Map<Member, number>(); // statements of a body that are not kept yet
  const parents = new Map<Unit, Unit>();
  const visit = (list: readonly Unit[], parent: Unit | undefined, owner: Member | undefined): void => {
    for (const unit of list) {
      if (parent) parents.set(unit, parent);
      const own = members.get(unit);
      if (owner && !unit.comment && place.has(unit)) {
        owners.set(unit, owner);
        left.set(owner, (left.get(owner) ?? 0) + 1);
      }
      visit(unit.children, unit, own && linesOf(text, unit) >= BODY_LINES && !holdsOne(wanted, unit) ? own : owner);
    }
  };
  visit(structure.units, undefined, undefined);
  const kept: RankedUnit[] = [];
  const placed = new Set<Unit>();
  const keep = (unit: Unit, key: number): void => {
    if (placed.has(unit) || !place.has(unit)) return;
    const parent = parents.get(unit);
    if (parent) keep(parent, key);
    const owner = owners.get(unit);
    const open = owner ? left.get(owner)! - 1 : 1;
    if (owner) left.set(owner, open);
    placed.add(unit);
    if (owner && open === 0) for (const { unit: next, hidden } of owner.beside) if (!hidden) keep(next, key);
    kept.push({ unit, key });
  };
  for (const { unit, key } of [...ranked].reverse()) keep(unit, key);
  return kept.reverse();
}

/** Whether one of the offsets, ascending, lies in a span. */
function holdsOne(offsets: readonly number[], { start, end }: Span): boolean {
  return (offsets[firstIndexWhere(offsets, (at) => at >= start)] ?? end) < end;
}

function linesOf(text: string, { start, end }: Unit): number {
  let count = 1;
  for (let at = text.indexOf('\n', start); at >= 0 && at < end - 1; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
