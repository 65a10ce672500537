// Measures one case of the reader bench: what each row saves the reader on the target.
import type { ReaderCase } from './cases';
import type { ReaderClient, TargetLoss } from './client';
import { byLines, linesBy, OURS, type Row, type Subject, type Texts } from './rows';

/** Rows that ask a model for its attention. */
export const READER_ATTENTION = "lines by the reader's attention from the code at hand";
export const DEEP_ATTENTION = "lines by the deep base's attention from the code at hand";
export const ORACLE = "lines by the reader's attention from the target (oracle)";
export const ATTENTION_ROWS = [READER_ATTENTION, DEEP_ATTENTION, ORACLE] as const;

export interface CaseMeasure {
  readonly id: string;
  readonly repo: string;
  readonly placement: ReaderCase['placement'];
  readonly without: TargetLoss; // only the code at hand
  readonly whole: TargetLoss;
  readonly rows: ReadonlyMap<string, readonly TargetLoss[]>; // per ratio
}

interface Models {
  readonly reader: ReaderClient;
  readonly deep?: ReaderClient | undefined;
}

/** What the reader sees before the target. */
export function promptOf({ context, atHand }: ReaderCase, text: string): string {
  const sign = /\.(py|rb)$/.test(context.path) ? '#' : '//';
  const files = [{ path: context.path, text }, ...(atHand ? [atHand] : [])];
  return files.map((f) => `${sign} ${f.path}\n${f.text}`).join(text.endsWith('\n') ? '\n' : '\n\n');
}

/** UTF-16 ranges of the needed names in the target. */
export function namesOf({ target, needed }: ReaderCase): [number, number][] {
  return [...target.matchAll(/[A-Za-z_$][\w$]{2,}/g)]
    .filter(([name]) => needed.has(name))
    .map((m): [number, number] => [m.index, m.index + m[0].length]);
}

/**
 * Attention that each token of the whole context receives from the target and from the code at hand.
 * @returns offsets in the context, and values per range
 */
export async function attentionOf(
  item: ReaderCase,
  model: ReaderClient,
): Promise<{ starts: number[]; target: number[]; atHand: number[] }> {
  const { context, target, stays, atHand } = item;
  const prompt = promptOf(item, context.text);
  const first = prompt.indexOf('\n') + 1;
  const hand = atHand ? prompt.length - atHand.text.length : first + stays.at(-1)!.start;
  const { starts, received } = await model.ask('attention', {
    text: prompt + target,
    to: atHand ? first + context.text.length : hand,
    from: [
      [prompt.length, prompt.length + target.length],
      [hand, prompt.length],
    ],
  });
  return { starts: starts.map((s) => s - first), target: [...received[0]!], atHand: [...received[1]!] };
}

/** @param wanted names of rows; @param rows those whose text does not depend on a model's attention */
export async function measureCase(
  subject: Subject,
  { reader, deep }: Models,
  rows: ReadonlyMap<string, Row>,
  wanted: readonly string[],
): Promise<CaseMeasure> {
  const { item } = subject;
  const names = namesOf(item);
  const loss = (text: string): Promise<TargetLoss> =>
    reader.ask('loss', { context: promptOf(item, text), target: item.target, names });
  const bare = item.stays.map((s) => item.context.text.slice(s.start, s.end)).join('');
  const ours = rows.get(OURS)!(subject, []);
  const { tokens: sizes } = await reader.ask('count', { texts: ours });
  const attended = async (name: (typeof ATTENTION_ROWS)[number]): Promise<Texts> => {
    const { starts, target, atHand } = await attentionOf(item, name === DEEP_ATTENTION ? deep! : reader);
    return byLines(subject, linesBy(subject, starts, name === ORACLE ? target : atHand), sizes);
  };
  const measured = new Map<string, TargetLoss[]>();
  for (const name of wanted) {
    const attention = ATTENTION_ROWS.find((n) => n === name);
    const texts = attention ? await attended(attention) : name === OURS ? ours : rows.get(name)!(subject, sizes);
    const losses: TargetLoss[] = [];
    for (const text of texts) losses.push(await loss(text));
    measured.set(name, losses);
  }
  return {
    id: item.id,
    repo: item.repo,
    placement: item.placement,
    without: await loss(bare),
    whole: await loss(item.context.text),
    rows: measured,
  };
}
