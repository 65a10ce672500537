// Says of each ranked unit what its worth is made of, for people: by replaying the order in which units are kept.
import { TOKEN_CLASSES, type RankedStatement, type TokenClass, type WorthyName } from '../core/context';
import type { TextChannels, TokenEvidence } from '../core/evidence';
import { firstIndexWhere } from '../core/search';
import type { Span } from '../core/span';
import type { CodeStructure } from '../parse/structure';
import type { Unit } from '../parse/unit';
import { massOf } from '../tokens/prefixSums';
import { CoverageModel } from './coverageModel';
import { Covered } from './covered';
import type { RankedUnit } from './rankedUnit';

const NAMES = 3; // listed for each statement
const KNOWN = 2; // names listed that other statements have
const LEAST_SHARE = 0.02; // of the worth: a name with less explains nothing
const ASKED = [undefined, 'word', 'name', 'declaration'] as const; // by `TextChannels.asked`

/** What a ranking was made of, and what is known besides. */
export interface Ranked {
  readonly structure: CodeStructure;
  readonly evidence: TokenEvidence;
  readonly mustKeep: readonly Span[];
  readonly excluded: ReadonlySet<Unit>;
  /** The unit to keep first at the front. */
  readonly kept: readonly RankedUnit[];
  readonly channels: Pick<TextChannels, 'classes' | 'asked'>;
  /** [tokens] what the cursor position adds to each token. */
  readonly cursor?: Float32Array | undefined;
  /** [tokens] what the attention that later code will probably give adds to each token. */
  readonly future?: Float32Array | undefined;
  /** [tokens] what the question adds to each token. */
  readonly question?: Float32Array | undefined;
  /** The words of a piece of the text that the question asks for. */
  readonly askedIn?: ((text: string) => string[]) | undefined;
  /** How many other texts of the context use a name. */
  readonly filesWith?: ((name: string) => number) | undefined;
}

/** @returns the statements in the order of `kept` */
export function statementsOf(ranked: Ranked): RankedStatement[] {
  const { evidence, kept, channels } = ranked;
  const { bounds } = evidence;
  const plain = kept.map(({ unit, key }): RankedStatement => {
    const { start, end } = unit;
    return { start, end, worth: key, class: classOf(unit, bounds, channels.classes) };
  });
  return evidence.names ? withParts(plain, ranked) : plain;
}

const COMMENTS: ReadonlySet<TokenClass> = new Set(['comment', 'docstring', 'licence']);

/** The class of the first token that is no white space; of code with a comment above it, the first behind the comment. */
function classOf({ start, end, comment }: Unit, bounds: Int32Array, classes: Uint8Array): TokenClass {
  const first = firstIndexWhere(bounds, (bound) => bound >= start, 0, classes.length);
  const last = firstIndexWhere(bounds, (bound) => bound >= end, first, classes.length);
  const named = Array.from(classes.subarray(first, last), (c) => TOKEN_CLASSES[c]!).filter((c) => c !== 'blank');
  const kind = (comment ? undefined : named.find((c) => !COMMENTS.has(c))) ?? named[0] ?? 'blank';
  return comment && !COMMENTS.has(kind) ? 'comment' : kind;
}

function withParts(
  plain: readonly RankedStatement[],
  { structure, evidence, mustKeep, excluded, kept, channels, cursor, future, question, askedIn, filesWith }: Ranked,
): RankedStatement[] {
  const { text } = structure.source;
  const { names, pairs, bounds } = evidence;
  const { table } = names!;
  const model = new CoverageModel(structure, evidence, mustKeep, excluded);
  const covered = new Covered(names!, pairs, model.always);
  const fresh = new Covered(names!, pairs, { mentions: new Set(), definitions: new Set(), pairs: [] });
  const candidates = new Map(model.candidates.map((c) => [c.unit, c]));
  const occurrences = Array.from({ length: table.count }, (): number[] => []); // [names] offsets, ascending
  table.names.forEach((name, i) => occurrences[name]!.push(table.starts[i]!));
  const near = cursor && massOf(bounds, cursor);
  const ahead = future && massOf(bounds, future);
  const asked = question && massOf(bounds, question);

  const wordOf = (name: number): string => {
    const [at] = occurrences[name]!;
    return text.slice(at, at! + table.lengths[name]!);
  };
  const factsOf = (name: number, { start, end }: Span, declares: boolean): WorthyName => {
    const at = occurrences[name]!;
    const inside = firstIndexWhere(at, (o) => o >= end) - firstIndexWhere(at, (o) => o >= start);
    const word = wordOf(name);
    const asked = ASKED[channels.asked?.[name] ?? 0];
    return {
      name: word,
      declared: declares,
      elsewhere: at.length - inside,
      files: filesWith?.(word) ?? 0,
      ...(asked ? { asked } : {}),
    };
  };

  return plain.map((statement, i) => {
    const { unit } = kept[i]!;
    const candidate = candidates.get(unit);
    if (!candidate) return statement;
    /** Sum over the tokens of a candidate's own text, without the candidates in it. */
    const own = (mass: ReturnType<typeof massOf>): number =>
      candidate.children.reduce((sum, child) => {
        const inner = model.candidates[child]!.unit;
        return sum - mass(inner.start, inner.end).sum;
      }, mass(unit.start, unit.end).sum);
    const added = covered.partsOf(candidate);
    const alone = fresh.partsOf(candidate);
    covered.add(candidate);
    const sum = (of: ReadonlyMap<number, number>): number => [...of.values()].reduce((n, x) => n + x, 0);
    const byName = sum(added.names);
    const byCursor = Math.max(0, near ? own(near) : 0);
    const byFuture = Math.max(0, ahead ? own(ahead) : 0);
    const byQuestion = Math.max(0, asked ? own(asked) : 0);
    const total = byName + added.pairs + byCursor + byFuture + byQuestion;
    const before = sum(alone.names) + alone.pairs;
    const share = (x: number): number => (total > 0 ? round(x / total) : 0);
    const worthy = [...added.names]
      .filter(([, worth]) => share(worth) >= LEAST_SHARE)
      .sort(([a, x], [b, y]) => y - x || a - b)
      .map(([name]) => name);
    const [declaredFirst] = candidate.definitions; // in text order: parameters and members come behind what they belong to
    const most = worthy.slice(0, NAMES);
    const listed =
      declaredFirst !== undefined && worthy.includes(declaredFirst) && !most.includes(declaredFirst)
        ? [...most.slice(0, -1), declaredFirst]
        : most;
    return {
      ...statement,
      tokens: Math.max(1, Math.round(candidate.tokens)),
      parts: {
        names: share(byName),
        pairs: share(added.pairs),
        cursor: share(byCursor),
        future: share(byFuture),
        question: share(byQuestion),
      },
      repeated: before > 0 ? round(Math.max(0, 1 - (byName + added.pairs) / before)) : 0,
      names: listed.map((name) => factsOf(name, unit, name === declaredFirst)),
      ...(share(byQuestion) >= LEAST_SHARE && askedIn ? { asked: askedIn(text.slice(unit.start, unit.end)) } : {}),
      known: [...alone.names]
        .map(([name, worth]) => ({ name, lost: worth - added.names.get(name)! }))
        .filter(({ name, lost }) => lost > added.names.get(name)!)
        .sort((a, b) => b.lost - a.lost || a.name - b.name)
        .slice(0, KNOWN)
        .map(({ name }) => wordOf(name)),
    };
  });
}

function round(x: number): number {
  return Math.round(x * 1e3) / 1e3;
}
