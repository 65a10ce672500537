// Finds what a question says: the stems of its words, the identifiers it names, the places in files that it points at.
import { stemsOf, WORD } from './words';

/** A line of a file that a question points at, as a stack frame does. */
export interface AskedPlace {
  /** As it stands in the question, with slashes. */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
}

export interface QuestionTerms {
  /** All words, in lower case. */
  readonly words: ReadonlySet<string>;
  /** Stems of the words that tell something. */
  readonly stems: ReadonlySet<string>;
  /** Identifiers, in lower case. */
  readonly names: ReadonlySet<string>;
  readonly places: readonly AskedPlace[];
}

/** Words that do not tell what a question is about. Negations and words for errors do. */
const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'about above actual actually add added adding after again all allow allows already also although always among and another any ' +
    'are around because been before behavior behaviour being below between both but bug can cannot case cases change changed changes ' +
    'code come could current currently describe description did different does doing done each easier either else etc even every ' +
    'example expect expected few file files first fix fixed fixes fixing for found from get gets getting give given gives goes going ' +
    'good got had happen happened happens has have having help her here him his how however ideally instead into issue its itself ' +
    'just keep kind know like likely look looks made make makes making many may maybe might more most much must need needed needs ' +
    'new next not note nothing now number off one only order other otherwise our out over own perhaps please point possible ' +
    'probably problem produce provide put question quite rather really reproduce result right run running said same saw say second ' +
    'see seem seems seen several shall she should show shows simple simply since some someone something still such sure system take ' +
    'takes than thank thanks that the their them then there therefore these they thing things think this those though three through ' +
    'thus time too trying two under understand unless until use used useful user users uses using usually version very via want ' +
    'wants was way ways well were what when where whether which while who whole whose why will with within without work works would ' +
    'wrong yes yet you your'
  ).split(' '),
);
const LEAST_UNITS = 3; // UTF-16 units of a word

const ADDRESS = /https?:\/\/\S+/g;
/** Written as in code: `loadAll`, `load_all`, `HTTPServer`, `$scope`. */
const LIKE_CODE = /[\p{Ll}\p{N}]\p{Lu}|\p{Lu}{2}\p{Ll}|[\p{L}\p{N}]_|_[\p{L}\p{N}]|\$/u;
/** `load()`, `.load`, and what stands between backticks. */
const MARKED = /(?<![\p{L}\p{N}_$])([\p{L}_$][\p{L}\p{N}_$]*)\(|[.:#]([\p{L}_$][\p{L}\p{N}_$]*)|`([^`\n]{1,200})`/gu;
/** `src/a.ts:12`, `File "a.py", line 12`, `a.go(12)`, `at f (/x/a.js:12:3)`. */
const PLACES = [
  /(?<![\p{L}\p{N}_@.~+-])([\p{L}\p{N}_@.~+-]+(?:[\\/][\p{L}\p{N}_@.~+-]+)*\.[\p{L}\p{N}]{1,8})[:(](\d{1,7})\b/gu,
  /"([^"\n]{1,300})", line (\d{1,7})\b/g,
];

/**
 * Example: `Progress bar stays after cancel() in src/ui.ts:40` has the stems progress, bar, stai, cancel, src, ui, ts, the name
 * cancel and the place src/ui.ts, line 40.
 */
export function termsOf(question: string): QuestionTerms {
  const text = question.replace(ADDRESS, ' ');
  const words = new Set<string>();
  const stems = new Set<string>();
  const names = new Set<string>();
  for (const [word] of text.matchAll(WORD)) {
    words.add(word.toLowerCase());
    if (tellsNothing(word)) continue;
    for (const stem of stemsOf(word)) if (stem.length >= LEAST_UNITS && !STOP_WORDS.has(stem)) stems.add(stem);
    if (LIKE_CODE.test(word)) names.add(word.toLowerCase());
  }
  for (const [, called, member, quoted] of text.matchAll(MARKED))
    for (const [word] of (called ?? member ?? quoted!).matchAll(WORD))
      if (!tellsNothing(word)) names.add(word.toLowerCase());
  const places = PLACES.flatMap((place) =>
    Array.from(text.matchAll(place), ([, path, line]) => ({ path: path!.replace(/\\/g, '/'), line: Number(line) })),
  );
  return { words, stems, names, places };
}

const tellsNothing = (word: string): boolean => word.length < LEAST_UNITS || STOP_WORDS.has(word.toLowerCase());
