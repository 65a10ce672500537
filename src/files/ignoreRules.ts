// Matches paths against the patterns of a .gitignore, as git does, in at most as many steps as the length of the pattern
// times that of the path. A regular expression can take forever for a pattern such as `a*/**/a*/**/a*/**/b`.

/** What the last pattern that matches says; undefined if none does. */
export type Verdict = 'ignored' | 'unignored' | undefined;

/** One position of a name: what its character must be, or any number of characters. */
type Piece = 'star' | ((unit: string) => boolean);

/** One name of a path, as it must be or as its pieces say; or `**` between slashes: any number of folders. */
type Segment = string | readonly Piece[] | typeof FOLDERS;
const FOLDERS = Symbol('**');

interface Rule {
  readonly negated: boolean;
  readonly foldersOnly: boolean;
  /** The pattern has a slash in front or inside, so it begins at the folder of its file; else it means any name. */
  readonly segments: readonly Segment[];
  readonly anchored: boolean;
}

/** The patterns of one file, or of one list. */
export class IgnoreRules {
  private readonly rules: readonly Rule[];
  private readonly folders = new Map<string, Verdict>(); // of paths that were asked for

  /**
   * @param text the content of a .gitignore, or its lines
   * @param foldsCase whether case does not count, in a pattern or in a path: `core.ignorecase` of git
   */
  constructor(
    text: string | readonly string[],
    private readonly foldsCase = true,
  ) {
    const lines = typeof text === 'string' ? text.replace(/^\uFEFF/, '').split(/\r?\n/) : text;
    this.rules = lines.flatMap((line) => ruleOf(line, foldsCase) ?? []);
  }

  /**
   * @param path relative to the folder of the patterns, with forward slashes; a slash at its end says that it is a folder
   * @returns what is in an ignored folder is ignored, whatever the patterns say about it
   */
  test(path: string): Verdict {
    const whole = this.fold(path.endsWith('/') ? path.slice(0, -1) : path);
    for (let end = whole.indexOf('/'); end >= 0; end = whole.indexOf('/', end + 1))
      if (this.folder(whole.slice(0, end)) === 'ignored') return 'ignored';
    return this.own(path);
  }

  /** The verdict of a path by itself, for somebody who has judged the folders above it. @param path as for `test` */
  own(path: string): Verdict {
    return path.endsWith('/')
      ? this.folder(this.fold(path.slice(0, -1)))
      : this.last(this.fold(path).split('/'), false);
  }

  private fold(path: string): string {
    return this.foldsCase ? folded(path) : path;
  }

  /** The verdict of a folder by itself, whatever is above it. */
  private folder(path: string): Verdict {
    if (!this.folders.has(path)) this.folders.set(path, this.last(path.split('/'), true));
    return this.folders.get(path);
  }

  private last(names: readonly string[], folder: boolean): Verdict {
    for (let i = this.rules.length - 1; i >= 0; i--) {
      const { negated, foldersOnly, segments, anchored } = this.rules[i]!;
      if (foldersOnly && !folder) continue;
      if (anchored ? matchesPath(segments, names) : matchesSegment(segments[0]!, names.at(-1)!))
        return negated ? 'unignored' : 'ignored';
    }
    return undefined;
  }
}

/** One line of the file; undefined if it is blank, a comment, or no valid pattern. */
function ruleOf(line: string, foldsCase: boolean): Rule | undefined {
  if (line.startsWith('#')) return undefined;
  const negated = line.startsWith('!');
  let pattern = withoutSpacesAtEnd(negated ? line.slice(1) : line);
  const foldersOnly = pattern.endsWith('/');
  if (foldersOnly) pattern = pattern.slice(0, -1);
  const anchored = pattern.includes('/');
  if (pattern.startsWith('/')) pattern = pattern.slice(1);
  if (!pattern) return undefined;
  const segments: Segment[] = [];
  for (const part of pattern.split('/')) {
    const pieces = piecesOf(part, foldsCase);
    if (!pieces) return undefined;
    const plain = /^[^*?[\\]*$/.test(part);
    segments.push(plain ? (foldsCase ? folded(part) : part) : anchored && /^\*\*+$/.test(part) ? FOLDERS : pieces);
  }
  return { negated, foldersOnly, segments, anchored };
}

/** Blanks at the end do not count, unless a backslash stands before them. */
function withoutSpacesAtEnd(line: string): string {
  let end = line.length;
  while (end > 0 && line[end - 1] === ' ' && !isEscaped(line, end - 1)) end--;
  return line.slice(0, end);
}

/** Whether an odd number of backslashes stands before a place. */
function isEscaped(line: string, at: number): boolean {
  let first = at;
  while (first > 0 && line[first - 1] === '\\') first--;
  return (at - first) % 2 === 1;
}

/** @returns undefined for a class that is not closed, and for a backslash at the end */
function piecesOf(part: string, foldsCase: boolean): Piece[] | undefined {
  const pieces: Piece[] = [];
  for (let at = 0; at < part.length; at++) {
    const unit = part[at]!;
    if (unit === '*') {
      if (pieces.at(-1) !== 'star') pieces.push('star');
    } else if (unit === '?') pieces.push(() => true);
    else if (unit === '[') {
      const found = classAt(part, at + 1, foldsCase);
      if (!found) return undefined;
      pieces.push(found.holds);
      at = found.end;
    } else if (unit === '\\') {
      if (++at >= part.length) return undefined;
      pieces.push(exactly(part[at]!, foldsCase));
    } else pieces.push(exactly(unit, foldsCase));
  }
  return pieces;
}

function exactly(unit: string, foldsCase: boolean): Piece {
  const wanted = foldsCase ? folded(unit) : unit;
  return (given) => given === wanted;
}

const NAMED = new Map<string, RegExp>([
  ['alnum', /[a-z0-9]/i],
  ['alpha', /[a-z]/i],
  ['blank', /[ \t]/],
  ['cntrl', /[\0-\x1f\x7f]/],
  ['digit', /[0-9]/],
  ['graph', /[\x21-\x7e]/],
  ['lower', /[a-z]/],
  ['print', /[\x20-\x7e]/],
  ['punct', /[!-/:-@[-`{-~]/],
  ['space', /[ \t\n\v\f\r]/],
  ['upper', /[A-Z]/],
  ['xdigit', /[0-9a-f]/i],
]);

/** A class such as `[a-z]`, `[!0-9]` or `[[:digit:]]`. @param from behind the bracket. @returns the place of its closing bracket */
function classAt(
  part: string,
  from: number,
  foldsCase: boolean,
): { holds: (unit: string) => boolean; end: number } | undefined {
  const negated = part[from] === '!' || part[from] === '^';
  const tests: ((unit: string) => boolean)[] = [];
  let at = negated ? from + 1 : from;
  for (let first = true; first || part[at] !== ']'; first = false) {
    if (at >= part.length) return undefined;
    const named = /^\[:(\w*):\]/.exec(part.slice(at, at + 20));
    if (named) {
      const pattern = NAMED.get(named[1]!);
      if (!pattern) return undefined;
      tests.push((unit) => pattern.test(unit));
      at += named[0].length;
      continue;
    }
    const low = unitAt(part, at);
    if (!low) return undefined;
    at = low.next;
    let high = low;
    if (part[at] === '-' && at + 1 < part.length && part[at + 1] !== ']') {
      const end = unitAt(part, at + 1);
      if (!end) return undefined;
      high = end;
      at = end.next;
    }
    tests.push((unit) => low.unit <= unit && unit <= high.unit);
  }
  const holds = (unit: string): boolean =>
    tests.some((test) => test(unit) || (foldsCase && (test(unit.toLowerCase()) || test(unit.toUpperCase())))) !==
    negated;
  return { holds, end: at };
}

/** A character of a class, which a backslash can stand before. */
function unitAt(part: string, at: number): { unit: string; next: number } | undefined {
  if (part[at] !== '\\') return { unit: part[at]!, next: at + 1 };
  return at + 1 < part.length ? { unit: part[at + 1]!, next: at + 2 } : undefined;
}

/** Folders of a path against the segments of a pattern. `FOLDERS` is to segments what `star` is to characters. */
function matchesPath(segments: readonly Segment[], names: readonly string[]): boolean {
  // Behind the last `**` something must follow: "a/**" means what is in "a".
  if (segments.at(-1) === FOLDERS)
    return matchesRun([...segments.slice(0, -1), ANY_NAME, FOLDERS], names, isFolders, matchesSegment);
  return matchesRun(segments, names, isFolders, matchesSegment);
}

const ANY_NAME: Segment = ['star'];
const isFolders = (segment: Segment): boolean => segment === FOLDERS;

function matchesSegment(segment: Segment, name: string): boolean {
  return typeof segment === 'object' ? matchesRun(segment, name, isStar, matchesUnit) : segment === name;
}

const isStar = (piece: Piece): boolean => piece === 'star';

const matchesUnit = (piece: Piece, unit: string): boolean => piece !== 'star' && piece(unit);

/**
 * Whether a pattern matches all of a text. Only the last `star` is ever tried again: what the ones before it took first is
 * the best that they can take.
 */
function matchesRun<P, U>(
  pattern: readonly P[],
  text: ArrayLike<U>,
  isStar: (piece: P) => boolean,
  matches: (piece: P, unit: U) => boolean,
): boolean {
  let [p, t, star, taken] = [0, 0, -1, 0];
  while (t < text.length) {
    if (p < pattern.length && isStar(pattern[p]!)) {
      star = p++;
      taken = t;
    } else if (p < pattern.length && matches(pattern[p]!, text[t]!)) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++taken;
    } else return false;
  }
  while (p < pattern.length && isStar(pattern[p]!)) p++;
  return p === pattern.length;
}

/** In lower case, if that is one character as well. */
function folded(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text;
}
