// Finds what a text defines and names elsewhere: anchors and parts of YAML, stages and arguments of a Dockerfile, variables of Perl, bindings of Haskell. While a name stays, so does its definition.
import { getOrMake } from '../core/getOrMake';
import { ownValue } from '../core/ownValue';
import { firstIndexWhere } from '../core/search';
import type { Span } from '../core/span';
import { innermost, type Unit } from './unit';

const NAMED = /(?<=^|[\s,[{(:-])([&*])([\w.-]{1,100})(?=$|[\s,\]})])/gm;
const POINTER = /\$ref["']?:[ \t]*["']?#\/([^\s"',}]{1,300})/g; // of JSON Schema and OpenAPI
const KEY =
  /^([ \t]*)(?:"([^"\n]{1,200})"|'([^'\n]{1,200})'|([^\s#"'[\]{},:&*!|>%@`-][^\n:]{0,200}?))[ \t]{0,20}:(?=\s|$)/gm;
const MAX_DEPTH = 100; // keys inside keys
const STAGE = /^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*(\S+)(?:[ \t]+AS[ \t]+(\S+))?/gim;
const FROM_STAGE = /\bfrom=([\w.-]+)/g;
const ARGUMENT = /^[ \t]*ARG[ \t]+(\w+)/gim;
const VARIABLE = /\$\{?(\w+)/g;

/** A definition that is used: where it stands, and the first and the last place that name it. */
interface Used {
  readonly at: number;
  first: number;
  last: number;
}

export class References {
  private readonly starts: readonly number[]; // of definitions, in text order
  private readonly used: readonly Used[];

  constructor(text: string, languageId: string) {
    const found = languageId === 'yaml' ? [...anchorsIn(text), ...partsIn(text)] : stagesIn(text);
    this.used = found.sort((a, b) => a.at - b.at);
    this.starts = this.used.map(({ at }) => at);
  }

  /** Whether a definition in the span is named outside it. */
  isUsedOutside({ start, end }: Span): boolean {
    const { starts, used } = this;
    for (let i = firstIndexWhere(starts, (at) => at >= start); i < starts.length && starts[i]! < end; i++)
      if (used[i]!.last >= end || used[i]!.first < start) return true;
    return false;
  }
}

/** Anchors with an alias behind them. */
function anchorsIn(text: string): Used[] {
  const last = new Map<string, number>();
  const used: Used[] = [];
  for (const m of [...text.matchAll(NAMED)].reverse()) {
    const [at, name] = [m.index, m[2]!];
    const alias = last.get(name);
    if (m[1] === '*') last.set(name, alias ?? at);
    else if (alias !== undefined) used.push({ at, first: at, last: alias });
  }
  return used;
}

/** Keys that a pointer into the same file names: `$ref: '#/components/schemas/Pet'`. */
function partsIn(text: string): Used[] {
  const targets = new Map<string, Used>();
  for (const { 1: pointer, index } of text.matchAll(POINTER)) {
    const path = pointer!.replaceAll('~1', '/').replaceAll('~0', '~');
    const known = targets.get(path);
    if (known) known.last = index;
    else targets.set(path, { at: -1, first: index, last: index });
  }
  if (!targets.size) return [];
  const open: { readonly indent: number; readonly path: string }[] = [];
  const out: Used[] = [];
  for (const m of text.matchAll(KEY)) {
    const indent = m[1]!.length;
    while (open.length && open.at(-1)!.indent >= indent) open.pop();
    if (open.length >= MAX_DEPTH) continue;
    const above = open.at(-1)?.path;
    const key = m[2] ?? m[3] ?? m[4]!;
    const path = (above === undefined ? key : `${above}/${key}`).slice(0, 1000);
    open.push({ indent, path });
    const target = targets.get(path);
    if (target) out.push({ ...target, at: m.index + indent });
  }
  return out;
}

/** Stages that another stage or a `COPY --from` names, and arguments of `FROM`. A number counts the stages: then all of them stay. */
function stagesIn(text: string): Used[] {
  const uses = new Map<string, number>(); // by name in lower case: the last place
  let counted = -1;
  for (const { 1: name, index } of text.matchAll(FROM_STAGE))
    if (/^\d+$/.test(name!)) counted = index;
    else uses.set(name!.toLowerCase(), index);
  const stages = [...text.matchAll(STAGE)];
  for (const { 0: line, 1: image, index } of stages) {
    const name = image!.toLowerCase();
    uses.set(name, Math.max(index, uses.get(name) ?? -1));
    for (const [, variable] of line.matchAll(VARIABLE)) uses.set(`$${variable}`, index);
  }
  const out: Used[] = stages.flatMap(({ 2: name, index: at }) => {
    const last = Math.max(counted, (name === undefined ? undefined : uses.get(name.toLowerCase())) ?? -1);
    return last > at ? [{ at, first: at, last }] : [];
  });
  for (const { 1: name, index: at } of text.matchAll(ARGUMENT)) {
    const last = uses.get(`$${name}`);
    if (last !== undefined && last > at) out.push({ at, first: at, last });
  }
  return out;
}

const PERL_NAME =
  /(?<declares>\b(?:my|our|state)\s{0,20}(?:\([^()]{0,1000}\)|[$@%]\w+))|(?<imports>^[ \t]*use [\w:]+[^;\n]{0,500};)|(?<reference>\\{0,9})(?<sign>\$#|[$@%])(?:\{(?<braced>\w+)\}|(?<name>\w+))(?<part>[[{]?)|(?<word>[A-Za-z_]\w*)/gm;
const PERL_DECLARED = /[$@%]\w+/g;
const PERL_WORD = /[A-Za-z_]\w*/g;
/** What a module exports if it is not asked. */
const PERL_EXPORTS: Readonly<Record<string, string>> = { Carp: 'carp croak confess' };

/** By unit: the one around it. */
function parentsIn(units: readonly Unit[]): Map<Unit, Unit> {
  const parents = new Map<Unit, Unit>();
  for (const list = [...units]; list.length;) {
    const unit = list.pop()!;
    for (const child of unit.children) {
      parents.set(child, unit);
      list.push(child);
    }
  }
  return parents;
}

/**
 * By unit of a Perl text: the declarations of the variables and the imports of the functions that it uses. Without them it is an
 * error under `use strict`.
 * @param isString whether an offset lies in a string, where a backslash hides the sign of a variable
 */
export function perlDeclarations(
  text: string,
  units: readonly Unit[],
  isString: (offset: number) => boolean,
): ReadonlyMap<Unit, readonly Unit[]> {
  const out = new Map<Unit, Set<Unit>>();
  const parents = parentsIn(units);
  const declared = new Map<string, { readonly unit: Unit; readonly end: number }[]>(); // with the end of the block around each
  for (const { 0: words, index, groups } of text.matchAll(PERL_NAME)) {
    if (groups!.word !== undefined && !declared.has(words)) continue;
    const unit = innermost(units, index);
    if (!unit) continue;
    if (groups!.declares !== undefined) {
      const end = parents.get(unit)?.end ?? text.length;
      for (const [name] of words.matchAll(PERL_DECLARED)) getOrMake(declared, name, () => []).push({ unit, end });
      continue;
    }
    if (groups!.imports !== undefined) {
      const module = /use ([\w:]+)/.exec(words)![1]!;
      const asked = words.slice(words.indexOf(module) + module.lastIndexOf(':') + 1); // with the last part of its own name
      const exported = `${asked} ${ownValue(PERL_EXPORTS, module) ?? ''}`;
      for (const [name] of exported.matchAll(PERL_WORD))
        getOrMake(declared, name, () => []).push({ unit, end: text.length });
      continue;
    }
    const { reference, sign, braced, name, part, word } = groups!;
    if (reference && reference.length % 2 === 1 && isString(index)) continue;
    // `$a[0]` and `$#a` are of `@a`, `$a{b}` and `@a{b}` of `%a`.
    const kind = part === '{' && sign !== '%' ? '%' : sign === '$#' || (part === '[' && sign === '$') ? '@' : sign!;
    const open = declared.get(word ?? kind + (name ?? braced!));
    while (open?.length && open.at(-1)!.end <= index) open.pop();
    const target = open?.at(-1)?.unit;
    if (target && target !== unit && !(target.start <= index && index < target.end))
      getOrMake(out, unit, () => new Set()).add(target);
  }
  return new Map([...out].map(([unit, found]) => [unit, [...found]]));
}

const HASKELL_LINE = /^([ \t]*)(?!--|\{-(?!#))(\S[^\n]{0,300})/gm;
const HASKELL_NAME = /[a-z_][\w']*|[!#$%&*+./<=>?@\\^|~:-]+/g;
const HASKELL_OPERATOR = /`([\w']+)`|([!#$%&*+./<=>?@\\^|~:-]+)/g;
const HASKELL_VARIABLE = /^(?:[a-z_][\w']*|\([!#$%&*+./<=>?@\\^|~:-]+\))$/;
const HASKELL_PRAGMA =
  /^\{-#\s*(?:(?:NO|NOT)?INLINE|INLINE?ABLE|OPAQUE|SPECIALI[SZ]E|MINIMAL|DEPRECATED|WARNING|ANN)\s+(?:INLINE\s+)?/i;
const HASKELL_TYPE = /^(?:data|newtype|type|class|pattern)\b/;
const HASKELL_NO_BINDING = /^(?:import|module|instance|where|deriving|foreign|default)\b/;
const TYPE_UNITS = 2000; // UTF-16 units of the declaration of a type that hold its constructors

/** What a line of Haskell is about: the names that it fixes, inlines or gives a type, and those that it binds. */
function haskellNames(words: string): {
  readonly about: readonly string[];
  readonly binds: readonly string[];
  readonly signs: boolean;
} {
  const names = (part: string): string[] => [...part.matchAll(HASKELL_NAME)].map(([name]) => name);
  const fixity = /^infix[lr]?\s+\d?/.exec(words)?.[0];
  if (fixity !== undefined)
    return {
      about: words
        .slice(fixity.length)
        .split(',')
        .map((n) => n.replace(/[`\s]/g, '')),
      binds: [],
      signs: false,
    };
  const pragma = HASKELL_PRAGMA.exec(words)?.[0];
  if (pragma !== undefined)
    return { about: names(words.slice(pragma.length).split(/::|"|#-\}/, 1)[0]!), binds: [], signs: false };
  const typed = words.indexOf('::');
  const variables =
    typed > 0
      ? words
          .slice(0, typed)
          .split(',')
          .map((n) => n.trim())
      : [];
  if (variables.length && variables.every((n) => HASKELL_VARIABLE.test(n)))
    return { about: variables.map((n) => n.replace(/[()]/g, '')), binds: [], signs: true };
  if (HASKELL_NO_BINDING.test(words)) return { about: [], binds: [], signs: false };
  const head = words.split(/\s[=|](?:\s|$)/, 1)[0]!;
  const operators = [...head.matchAll(HASKELL_OPERATOR)].map((m) => m[1] ?? m[2]!);
  const first = /^[a-z_][\w']*/.exec(head)?.[0];
  const infix = /^\S+\s+(?:`|[!#$%&*+./<>?^~:-]+\s)/.test(head);
  return { about: [], binds: first === undefined || infix ? operators : [first, ...operators], signs: false };
}

/**
 * By unit of a Haskell text: the bindings that its fixities, pragmas and signatures are about, and the signatures of a class that its
 * default methods have. A compiler refuses one without the other.
 */
export function haskellBindings(text: string, units: readonly Unit[]): ReadonlyMap<Unit, readonly Unit[]> {
  const parents = parentsIn(units);
  const columns = new Map<Unit, number>(); // of the first line of code: deeper lines are parts of it
  const classes = new Set<Unit | undefined>();
  const bound = new Map<Unit | undefined, Map<string, Unit>>(); // by the unit around them; of a class its signatures
  const wanted: { readonly unit: Unit; readonly around: Unit | undefined; readonly name: string }[] = [];
  const bind = (around: Unit | undefined, name: string, unit: Unit): void =>
    void getOrMake(
      getOrMake(bound, around, () => new Map<string, Unit>()),
      name,
      () => unit,
    );
  for (const { 1: indent, 2: words, index } of text.matchAll(HASKELL_LINE)) {
    const at = index + indent!.length;
    const unit = innermost(units, at);
    if (!unit || unit.comment || getOrMake(columns, unit, () => indent!.length) !== indent!.length) continue;
    const around = parents.get(unit);
    if (HASKELL_TYPE.test(words!)) {
      if (words!.startsWith('class')) classes.add(unit);
      const declared = text.slice(at, Math.min(unit.end, at + TYPE_UNITS));
      for (const m of declared.matchAll(HASKELL_OPERATOR)) bind(around, m[1] ?? m[2]!, unit);
      continue;
    }
    const { about, binds, signs } = haskellNames(words!);
    const inClass = classes.has(around);
    for (const name of about)
      if (!signs || !inClass) wanted.push({ unit, around, name });
      else {
        bind(around, name, unit);
        bind(around && parents.get(around), name, unit);
      }
    for (const name of binds)
      if (inClass) wanted.push({ unit, around, name });
      else bind(around, name, unit);
  }
  const out = new Map<Unit, Set<Unit>>();
  for (const { unit, around, name } of wanted) {
    const target = bound.get(around)?.get(name);
    if (target && target !== unit) getOrMake(out, unit, () => new Set()).add(target);
  }
  return new Map([...out].map(([unit, found]) => [unit, [...found]]));
}
