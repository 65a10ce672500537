// Knows what each tool does: paths in, sources read, compressed, guarded, remembered; words out.
import { relative, sep } from 'node:path';
import { collect, readText, type Collected, type Skipped } from '../files/collect';
import { wordsForSkip } from '../../format/skipWords';
import { DEFAULT_BUDGET, type Budget } from '../../core/budget';
import {
  DEFAULT_SCORER,
  MAX_TEXT_UNITS,
  TOKEN_CLASSES,
  tokenScorer,
  type CompressedContext,
  type CompressionService,
  type FormatOptions,
  type InspectReport,
  type Progress,
  type SourceText,
} from '../../core/context';
import { CompressionError } from '../../core/errors';
import { keptPerCache } from '../../core/report';
import type { Span } from '../../core/span';
import type { CounterId } from '../../core/token';
import type { ElisionStore, Match } from '../elisions/elisionStore';
import { describeSecrets, guardFiles, guardPart, wholeText } from '../../redact/guard';
import type { SecretsRule } from '../../redact/secretsRule';
import { FLOOR_WORDS } from '../../format/floorWords';
import { leftOut, UNITED } from '../../format/leftOut';
import { formatContext, lookalikeWarning, silentWarning } from '../../format/format';
import { languageOf } from '../../parse/languages';
import { Lines } from '../../core/lines';
import { parseWanted } from '../../elisions/markers';
import type { Roots } from './roots';

export const MAX_FILES = 500; // of one call
export const MAX_TOTAL_UNITS = 8_000_000; // UTF-16, of one call; minutes of reading

/** Words for the agent, one block each; the first is the text that was asked for. */
export type Blocks = readonly [string, ...string[]];

export interface Size {
  readonly keepRatio?: number | undefined;
  readonly maxTokens?: number | undefined;
}

interface Call {
  readonly signal: AbortSignal;
  readonly onProgress: (p: Progress) => void;
}

interface Source extends SourceText {
  /** Absolute; absent for a text that lies in no file. */
  readonly file?: string;
}

export class Work {
  /** Elisions of texts that lie in no file: only this server's own are given back. */
  private readonly issued = new Set<string>();
  /** The newest ids, for a client that lists resources. */
  readonly recent: { readonly id: string; readonly path: string; readonly lines: number }[] = [];

  constructor(
    private readonly engine: CompressionService,
    private readonly store: ElisionStore,
    private readonly roots: () => Promise<Roots>,
    private readonly options: { readonly secrets: SecretsRule; readonly counter: CounterId },
  ) {}

  async compressFiles(paths: readonly string[], size: Size, query: string | undefined, call: Call): Promise<Blocks> {
    const roots = await this.roots();
    const files = new Map<string, Source>();
    const skipped: Skipped[] = [];
    let units = 0;
    for (const path of paths) {
      const found = await gather(roots, path, paths.length > 1);
      skipped.push(...found.skipped);
      for (const f of found.files) {
        if (files.has(f.file)) continue;
        files.set(f.file, { path: f.path, languageId: languageOf(f.path), text: f.text, file: f.file });
        units += f.text.length;
        if (files.size > MAX_FILES) throw new CompressionError('tooManyFiles', `at most ${MAX_FILES} of one call`);
        if (units > MAX_TOTAL_UNITS)
          throw new CompressionError('tooManyFiles', `at most ${MAX_TOTAL_UNITS / 1e6} million characters of one call`);
      }
    }
    if (!files.size)
      throw new CompressionError(
        'badRequest',
        `No source file is left to compress${skipped.length ? `; ${skippedWords(skipped)}` : ''}`,
      );
    return this.compress([...files.values()], size, query, skipped, call, { alone: 'block' });
  }

  async compressText(
    text: string,
    name: string,
    languageId: string | undefined,
    size: Size,
    query: string | undefined,
    call: Call,
  ): Promise<Blocks> {
    return this.compress([{ path: name, languageId: languageId ?? languageOf(name), text }], size, query, [], call);
  }

  /** @param keep 1-based, inclusive lines that stay as they are */
  async readFile(
    path: string,
    keep: readonly { readonly from: number; readonly to: number }[],
    size: Size,
    query: string | undefined,
    call: Call,
  ): Promise<Blocks> {
    const source = await this.source(path);
    const { starts } = new Lines(source.text);
    const pins = keep.flatMap(({ from, to }): Span[] =>
      from <= to && from <= starts.length ? [{ start: starts[from - 1]!, end: starts[to] ?? source.text.length }] : [],
    );
    return this.compress([source], size, query, [], call, { pins });
  }

  /** @param id as `k3fa:120`, as a path and a line, or with a path the line of a marker alone */
  async expand(id: string, given: string | undefined): Promise<Blocks> {
    const { wanted, line, path } = asked(id, given);
    const roots = await this.roots();
    const file =
      path === undefined
        ? undefined
        : await roots.place(path).then(
            (p) => p.file,
            () => undefined,
          );
    const shown = path?.replace(/^\.\//, '');
    const found =
      line === undefined
        ? await this.store.matches(wanted)
        : [
            ...(file === undefined ? [] : await this.store.matches(file + line)),
            ...(await this.store.matches(shown! + line)),
          ];
    const byFile = new Map<string, Match>(); // the newest of each
    for (const m of found) {
      const own = m.file === undefined ? this.issued.has(`${m.id} ${m.path}`) : await roots.contains(m.file);
      const meant =
        path === undefined || m.path === shown || (m.file !== undefined && (m.file === file || m.file === path));
      const key = m.file ?? ` ${m.path}`;
      if (own && meant && !byFile.has(key)) byFile.set(key, m);
    }
    const [match, ...others] = byFile.values();
    if (!match) throw new CompressionError('unknownElision', path === undefined ? wanted : `${wanted}" of "${path}`);
    const shownAs = (m: Pick<Match, 'file' | 'path'>): Promise<string> =>
      m.file === undefined ? Promise.resolve(m.path) : roots.shown(m.file);
    if (others.length)
      throw new CompressionError(
        'ambiguousElision',
        (await Promise.all([match, ...others].slice(0, 10).map(shownAs))).join(', '),
      );
    const original = await match.expand();
    const place = await shownAs(original);
    const { value, found: secrets } = await guardPart(place, original.source, this.options.secrets);
    const more = original.united ? UNITED : '';
    const where = `${place}, lines ${original.startLine}-${original.endLine} of the original${more}${secrets.length ? `; redacted: ${describeSecrets(secrets)}` : ', byte for byte'}`;
    return [value, where];
  }

  async retention(path: string, query: string | undefined, call: Call): Promise<Retention> {
    const source = await this.source(path);
    return retentionOf(
      await this.engine.inspect(
        { source, scorer: tokenScorer(DEFAULT_SCORER), ...(query ? { query } : {}) },
        call.signal,
        call.onProgress,
      ),
    );
  }

  private async source(path: string): Promise<Source> {
    const place = await (await this.roots()).place(path);
    const text = await readText(place.file, path);
    const shown = place.prefix + relative(place.root, place.file).split(sep).join('/');
    return { path: shown, languageId: languageOf(shown), text, file: place.file };
  }

  private async compress(
    sources: readonly Source[],
    size: Size,
    query: string | undefined,
    skipped: readonly Skipped[],
    call: Call,
    { pins = [], alone }: { readonly pins?: readonly Span[]; readonly alone?: FormatOptions['alone'] } = {},
  ): Promise<Blocks> {
    const frame = alone ? { alone } : undefined;
    const long = sources.find((s) => s.text.length > MAX_TEXT_UNITS);
    if (long) throw new CompressionError('fileTooLarge', long.path);
    const context = await this.engine.compress(
      {
        sources: sources.map(({ path, languageId, text }) => ({ path, languageId, text, pins })),
        budget: budgetOf(size),
        scorer: DEFAULT_SCORER,
        counter: this.options.counter,
        markers: true,
        ...(query ? { query } : {}),
        ...(frame ? { frame } : {}),
      },
      call.signal,
      call.onProgress,
    );
    const { value: files, found } = await guardFiles(
      context.files,
      sources.map((s) => wholeText(s.text)),
      this.options.secrets,
    );
    const remembered = await this.remember(context, sources);
    const notes = [savings(context)];
    if (!remembered) notes.push('The ids could not be stored, so expand will not know them.');
    if (found.length) notes.push(`Redacted: ${describeSecrets(found)}.`);
    if (skipped.length) notes.push(`Skipped: ${skippedWords(skipped)}.`);
    if (files.length === 1)
      for (const warning of [lookalikeWarning(files[0]!), silentWarning(files[0]!)])
        if (warning) notes.push(`Careful with ${files[0]!.path}: ${warning}.`);
    return [formatContext(files, frame), notes.join(' ')];
  }

  private async remember(context: CompressedContext, sources: readonly Source[]): Promise<boolean> {
    try {
      await this.store.put(context, sources);
    } catch {
      return false; // the text itself is good, and lies on the user's disk
    }
    for (const [i, f] of context.files.entries())
      for (const e of f.elisions) {
        if (sources[i]!.file === undefined) this.issued.add(`${e.id} ${f.path}`);
        this.recent.push({ id: e.id, path: f.path, lines: e.lines });
      }
    this.recent.splice(0, Math.max(0, this.recent.length - 100));
    return true;
  }
}

export interface Retention {
  readonly [key: string]: unknown;
  readonly path: string;
  readonly tokens: number;
  readonly keptByMemory: number;
  readonly layers: readonly { readonly layer: number; readonly heads: readonly number[] }[];
  readonly classes: readonly { readonly class: string; readonly tokens: number; readonly kept: number }[];
  readonly memoryUpdates: number;
  readonly meanCacheLength: number;
}

/** Shares 0…1 of the model's tokens. */
function retentionOf(report: InspectReport): Retention {
  const n = report.retention.length;
  const share = (sum: number, of: number): number => Math.round((sum / Math.max(1, of)) * 1e3) / 1e3;
  const layers = keptPerCache(report).map((heads, layer) => ({ layer, heads: heads.map((kept) => share(kept, n)) }));
  const classes = TOKEN_CLASSES.map((name, c) => {
    let tokens = 0;
    let kept = 0;
    for (let t = 0; t < n; t++)
      if (report.classes[t] === c) {
        tokens++;
        kept += report.retention[t]!;
      }
    return { class: name, tokens, kept: share(kept, tokens) };
  }).filter((c) => c.tokens > 0);
  return {
    path: report.path,
    tokens: n,
    keptByMemory: share(
      report.retention.reduce((a, b) => a + b, 0),
      n,
    ),
    layers,
    classes,
    memoryUpdates: report.updates,
    meanCacheLength: Math.round(report.meanCacheLength),
  };
}

/**
 * What a path holds: itself, or the source files of a folder. Among others, one that cannot be read is skipped.
 * @throws PathRefused for one that lies outside, also among others; CompressionError
 */
async function gather(
  roots: Roots,
  given: string,
  among: boolean,
): Promise<{ files: Collected[]; skipped: Skipped[] }> {
  try {
    const { file, root, prefix } = await roots.place(given);
    const { files, skipped } = await collect([file], root);
    return {
      files: files.map((f) => ({ ...f, path: prefix + f.path })),
      skipped: skipped.map((s) => ({ ...s, path: prefix + s.path })),
    };
  } catch (error) {
    if (!CompressionError.is(error) || !among || error.reason === 'tooManyFiles') throw error;
    return { files: [], skipped: [{ path: given, reason: error.reason }] };
  }
}

/** What an agent may mean: it copies what it sees. */
function asked(id: string, path: string | undefined): { wanted: string; line?: string; path?: string } {
  const alone = /^(?:\D*\W)?(\d+)…[^\d#]*$|^\s*(\d+)\s*$/.exec(id);
  const line = alone?.[1] ?? alone?.[2];
  if (line !== undefined && path === undefined)
    throw new CompressionError(
      'badRequest',
      `Line ${line} alone does not say of which file: give its path too, or the id with the letters of the file's last marker, such as k3fa:${line}`,
    );
  if (line !== undefined) return { wanted: line, line: `:${line}`, path: path! };
  const parsed = parseWanted(id);
  if (!parsed)
    throw new CompressionError(
      'badRequest',
      `"${id.slice(0, 40)}" is no id: an id looks like k3fa:120, and with a path the line that the marker shows is enough`,
    );
  if (parsed.kind === 'place') return { wanted: `${parsed.line}`, line: `:${parsed.line}`, path: path ?? parsed.path };
  return { wanted: parsed.id, ...(path === undefined ? {} : { path }) };
}

function budgetOf({ keepRatio, maxTokens }: Size): Budget {
  if (maxTokens !== undefined) return { kind: 'maxTokens', maxTokens };
  return keepRatio === undefined ? DEFAULT_BUDGET : { kind: 'keepRatio', keepRatio };
}

function savings({
  recipientTokens: { before, after, counter },
  files,
  floorReason,
  floorAt,
}: CompressedContext): string {
  const left = leftOut(files);
  const where = floorAt ? `, near line ${floorAt.line} of ${floorAt.path}` : '';
  const floor = floorReason ? ` It is above the asked budget: ${FLOOR_WORDS[floorReason]}${where}.` : '';
  if (!left) return `Nothing was left out: ${before} ${counter} token${before === 1 ? '' : 's'}.${floor}`;
  return `${after} of ${before} ${counter} tokens; left out: ${left}.${floor}`;
}

function skippedWords(skipped: readonly Skipped[]): string {
  const first = skipped.slice(0, 10).map((s) => `${s.path} (${wordsForSkip(s.reason)})`);
  return first.join(', ') + (skipped.length > first.length ? ` and ${skipped.length - first.length} more` : '');
}
