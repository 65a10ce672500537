// The one policy that says which elision an id means, for everyone who asks: a person, an assistant, a tool.
import { parseElisionName, type ElisionName } from '../core/elisionName';
import { CompressionError } from '../core/errors';
import { MAX_ELISION_ID_UNITS } from '../core/limits';
import { shownFile, textAt, type ElisionMatch, type ElisionStorePort } from './elision';

/** What somebody asks for. */
export interface ElisionRequest {
  /** An id (`k3fa:120`), a path and a line (`src/a.ts:120`), or a marker as it stands in the text (`//120… #k3fa`). */
  readonly id: string;
  /** The file whose marker it is, as shown or absolute. With it, the line that a marker shows is enough for `id`. */
  readonly path?: string | undefined;
}

/** What the caller can see. */
export interface ElisionScope {
  /** Whether the caller may have it. */
  mayHave(match: ElisionMatch): boolean | Promise<boolean>;
  /** The absolute path of the file that lies here under `path`; undefined if none does. */
  locate(path: string): Promise<string | undefined>;
  /** What the caller calls its file. */
  display(match: Pick<ElisionMatch, 'path' | 'file' | 'home'>): Promise<string>;
}

/**
 * The elision that a request means.
 * 1. The id, or the path and the line, name the candidates.
 * 2. Candidates that the caller may not have do not count.
 * 3. A path means the file that lies here under it. If none does, it means every file that was shown under it.
 * 4. Of one file, or one cell of a notebook, the newest candidate counts. If several files are left, those count that lie here under the path that
 *    they were shown under. Copies of one text under one path are no reason to ask. If there are still several, nobody
 *    guesses.
 * @throws CompressionError badRequest (no id) | unknownElision | ambiguousElision (detail: the files)
 * @example
 * await resolveElision({ id: '//120…', path: 'src/a.ts' }, store, scope); // what was left out from line 120 on
 */
export async function resolveElision(
  request: ElisionRequest,
  store: Pick<ElisionStorePort, 'matches'>,
  scope: ElisionScope,
): Promise<ElisionMatch> {
  const { wanted, path } = parseRequest(request);
  const shown = path?.replace(/^\.\//, '');
  const file = path === undefined ? undefined : await scope.locate(path);
  const names: ElisionName[] =
    wanted.kind === 'id'
      ? [wanted]
      : [...(file === undefined ? [] : [file]), shown!].map((at) => ({ ...wanted, path: at }));
  const byFile = new Map<string, ElisionMatch>(); // the newest of each
  for (const name of names)
    for (const match of await store.matches(name)) {
      const at = match.file ?? match.home;
      const own = textAt(match);
      const meant =
        path === undefined ||
        (file !== undefined && at !== undefined
          ? at === file
          : match.path === shown || (own !== undefined && own === path));
      const key = own ?? ` ${match.path}`;
      if (meant && !byFile.has(key) && (await scope.mayHave(match))) byFile.set(key, match);
    }
  const all = [...byFile.values()];
  const here = all.length > 1 ? await matchesHere(all, scope) : all;
  const [match, ...rest] = here.length ? here : all;
  // Copies of one file under one path hold the same text: any of them is right.
  const others = rest.filter((m) => m.path !== match?.path || m.sha256 !== match.sha256);
  if (!match) throw new CompressionError('unknownElision', inWords(request));
  if (others.length) {
    const files = await Promise.all([match, ...rest].slice(0, 10).map((m) => scope.display(m)));
    throw new CompressionError('ambiguousElision', files.join(', '));
  }
  return match;
}

async function matchesHere(all: readonly ElisionMatch[], scope: ElisionScope): Promise<ElisionMatch[]> {
  const located = await Promise.all(all.map((m) => scope.locate(shownFile(m))));
  return all.filter((m, i) => located[i] !== undefined && (m.file ?? m.home) === located[i]);
}

/** @throws CompressionError badRequest */
function parseRequest({ id, path }: ElisionRequest): { wanted: ElisionName; path?: string | undefined } {
  const alone =
    id.length > MAX_ELISION_ID_UNITS ? null : /^(?:\D*\W)?(\d+)…(?: \d{1,7} more)?[^\d#]*$|^\s*(\d+)\s*$/.exec(id);
  const line = alone?.[1] ?? alone?.[2];
  if (line !== undefined) {
    if (path !== undefined) return { wanted: { kind: 'place', path, line: Number(line) }, path };
    throw new CompressionError(
      'badRequest',
      `Line ${line} alone does not say of which file: give its path too, or the id with the letters of the file's last marker, such as k3fa:${line}`,
    );
  }
  const parsed = id.length > MAX_ELISION_ID_UNITS ? undefined : parseElisionName(id);
  if (!parsed)
    throw new CompressionError(
      'badRequest',
      `"${id.slice(0, 40)}" is no id: an id looks like k3fa:120, and with a path the line that the marker shows is enough`,
    );
  return { wanted: parsed, path: path ?? (parsed.kind === 'place' ? parsed.path : undefined) };
}

function inWords({ id, path }: ElisionRequest): string {
  const short = id.slice(0, MAX_ELISION_ID_UNITS);
  return path === undefined ? short : `${short}" of "${path}`;
}
