// What of a text goes no earlier than what refers to it: keys and targets of JSON, private names of classes, declarations and bindings.
import { getOrMake } from '../core/getOrMake';
import type { SourceText } from '../core/context';
import type { Lines } from '../core/lines';
import { ownValue } from '../core/ownValue';
import { haskellBindings, perlDeclarations } from './references';
import { stretchesOf } from './stretches';
import { innermost, type Unit } from './unit';

/** By unit: the units that stay wherever it stays. */
export type Brings = ReadonlyMap<Unit, readonly Unit[]>;

const BRINGS: Readonly<Record<string, (text: string, units: readonly Unit[], lines: Lines) => Brings>> = {
  json: referencesIn,
  typescript: privateNamesIn,
  typescriptreact: privateNamesIn,
  javascript: privateNamesIn,
  javascriptreact: privateNamesIn,
  haskell: haskellBindings,
  perl: (text, units, lines) => perlDeclarations(text, units, stretchesOf(text, 'perl', lines).inside),
};

/** What the units of a text refer to; undefined for a language in which nobody looks. */
export function bringsIn({ text, languageId }: SourceText, units: readonly Unit[], lines: Lines): Brings | undefined {
  return ownValue(BRINGS, languageId)?.(text, units, lines);
}

const MOST_KEYS = 64; // more are a table of records, not the parts of one
const LONG_VALUE = 200; // UTF-16 units of a value that cannot be divided

/** The members of the outermost object stay: only what is inside them goes, and single values that are long. */
export function keepTopKeys(text: string, units: readonly Unit[]): Unit[] {
  const [root] = units;
  if (!root || units.length > 1 || !isObject(text, root) || root.children.length > MOST_KEYS) return [...units];
  const stays = (unit: Unit): boolean => unit.children.length > 0 || unit.end - unit.start < LONG_VALUE;
  return [{ ...root, children: root.children.map((u) => (stays(u) ? { ...u, cuttable: false } : u)) }];
}

const isObject = (text: string, { start }: Unit): boolean => /^\s*\{/.test(text.slice(start, start + 100));

const REFERENCE = /"\$ref"\s{0,9}:\s{0,9}"#(\/[^"\\\n]{1,400})"/g;

/** By unit: what its `$ref`s to places of the same text lead to. A target without a unit of its own is in the one around it. */
export function referencesIn(text: string, units: readonly Unit[]): Brings {
  const out = new Map<Unit, Set<Unit>>();
  const targets = new Map<string, Unit | undefined>();
  const members = new Map<Unit, ReadonlyMap<string, Unit>>();
  const root = units.length === 1 ? units[0] : undefined;
  if (!root) return new Map();
  const memberOf = (unit: Unit, name: string): Unit | undefined =>
    getOrMake(members, unit, () => new Map(unit.children.map((c, i) => [keyOf(text, c) ?? `${i}`, c]))).get(name);
  const targetOf = (pointer: string): Unit | undefined => {
    let at: Unit | undefined = root;
    for (const name of pointer.split('/').slice(1)) {
      const next: Unit | undefined = memberOf(at, unescaped(name));
      if (!next) break;
      at = next;
    }
    return at === root ? undefined : at;
  };
  for (const { index, 1: pointer } of text.matchAll(REFERENCE)) {
    const target = getOrMake(targets, pointer!, () => targetOf(pointer!));
    const from = innermost(units, index);
    if (!target || !from || (target.start <= index && index < target.end)) continue;
    getOrMake(out, from, () => new Set()).add(target);
  }
  return new Map([...out].map(([unit, found]) => [unit, [...found]]));
}

const KEY = /^\s*"((?:[^"\\]|\\.)*)"\s*:/;
const KEY_UNITS = 400; // UTF-16 units of a member that hold its key

function keyOf(text: string, { start }: Unit): string | undefined {
  return KEY.exec(text.slice(start, start + KEY_UNITS))?.[1];
}

/** A part of a JSON pointer in a URI. */
function unescaped(name: string): string {
  let decoded = name;
  try {
    decoded = decodeURIComponent(name);
  } catch {
    // A sign of percent that escapes nothing stands for itself.
  }
  return decoded.replaceAll('~1', '/').replaceAll('~0', '~');
}

const PRIVATE = /(?<before>[.\w$]?)#(?<name>[A-Za-z_$][\w$]*)(?<isIn> in\b)?/g;

/** By unit: the members of classes that declare the private names (`#a`) in it. Without them its code is an early error. */
export function privateNamesIn(text: string, units: readonly Unit[]): Brings {
  if (!text.includes('#')) return new Map();
  const uses: { readonly name: string; readonly unit: Unit }[] = [];
  const declared = new Map<string, Set<Unit>>(); // in several classes, perhaps
  for (const { index, groups } of text.matchAll(PRIVATE)) {
    const { before, name, isIn } = groups as { before: string; name: string; isIn?: string };
    if (before !== '' && before !== '.') continue;
    const unit = innermost(units, index + before.length);
    if (!unit) continue;
    if (before === '.' || isIn !== undefined) uses.push({ name, unit });
    else getOrMake(declared, name, () => new Set()).add(unit);
  }
  const out = new Map<Unit, Set<Unit>>();
  for (const { name, unit } of uses)
    for (const target of declared.get(name) ?? [])
      if (target !== unit) getOrMake(out, unit, () => new Set()).add(target);
  return new Map([...out].map(([unit, found]) => [unit, [...found]]));
}
