// Knows how a comparison is written down: tables and one picture, nothing measured here.
import type { CaseKind } from '../cases/cases';

export interface Row {
  readonly name: string;
  readonly recall: readonly number[]; // by ratio
  readonly recallBehind: readonly (readonly [number, number])[]; // shipped minus this, 95 % interval
  readonly recallByKind: Readonly<Record<CaseKind, readonly number[]>>;
  readonly reached: readonly number[];
  readonly recovery: readonly number[];
  readonly recoveryBehind: readonly (readonly [number, number])[];
}

export interface Comparison {
  readonly model: { readonly name: string; readonly sha256: string };
  readonly shipped: string;
  readonly cases: number;
  readonly languages: readonly string[];
  readonly repositories: readonly string[];
  readonly meanContextTokens: number;
  readonly lossCases: number;
  readonly lossLength: number;
  readonly lossWithout: number; // nats over a target, mean
  readonly lossFull: number;
  readonly ratios: readonly number[];
  readonly rows: readonly Row[];
  /** A tool that chooses its own size; the shipped memory at the same size in every case. */
  readonly peer?: { readonly name: string; readonly cases: number; readonly ratio: number; readonly recall: number; readonly ours: number; readonly ahead: readonly [number, number] };
}

/** Shipped is better than the row beyond doubt: +; worse: −; undecided: nothing. */
const verdict = ([low, high]: readonly [number, number]): string => (low > 0 ? ' +' : high < 0 ? ' −' : '');

export function tables(c: Comparison): string {
  const cell = (value: number, behind: readonly [number, number], name: string): string => `${value.toFixed(3)}${name === c.shipped ? '' : verdict(behind)}`;
  const label = (name: string): string => (name === c.shipped ? `**${name}** (shipped)` : name);
  const ratios = c.ratios.map((r) => `@${r}`);
  return [
    `Model \`${c.model.name}\` (${c.model.sha256.slice(0, 12)}). Needed names: ${c.cases} cases in ${c.languages.length} languages (${c.languages.join(', ')}) from ${c.repositories.length} repositories that took no part in training or in choosing weights; contexts of ${c.meanContextTokens} model tokens on average. Loss recovery: ${c.lossCases} cases within ${c.lossLength} tokens; a target costs ${c.lossWithout.toFixed(1)} nats without context, ${c.lossFull.toFixed(1)} with all of it.`,
    '',
    'A + means that the shipped memory is better than this row with a 95 % interval (paired bootstrap) above zero, a − that it is worse. Plain text rules cut any line and leave no marker; scorers, and rules *along syntax*, pay for a marker at every hole and still parse.',
    '',
    `| | needed names ${ratios.join(' | ')} | loss recovery ${ratios.join(' | ')} | kept |`,
    `|---|${'---|'.repeat(c.ratios.length * 2 + 1)}`,
    ...c.rows.map((r) => `| ${label(r.name)} | ${[...r.recall.map((v, i) => cell(v, r.recallBehind[i]!, r.name)), ...r.recovery.map((v, i) => cell(v, r.recoveryBehind[i]!, r.name)), r.reached.map((v) => v.toFixed(2)).join(' / ')].join(' | ')} |`),
    ...(c.peer
      ? [
          '',
          `\`${c.peer.name}\` chooses its own size, ${c.peer.ratio.toFixed(2)} of the reader tokens on average (${c.peer.cases} cases that it takes): it keeps ${c.peer.recall.toFixed(3)} of the needed names, the shipped memory at the same size in every case ${c.peer.ours.toFixed(3)} (difference ${c.peer.ahead.map((v) => v.toFixed(3)).join(' to ')}). Its text is not meant to parse.`,
        ]
      : []),
    '',
    'Needed names by where the target stands: right behind the context, further down its file, in another file of its folder.',
    '',
    `| | ${['next', 'later', 'across'].map((k) => ratios.map((r) => `${k} ${r}`).join(' | ')).join(' | ')} |`,
    `|---|${'---|'.repeat(c.ratios.length * 3)}`,
    ...c.rows.map((r) => `| ${label(r.name)} | ${(['next', 'later', 'across'] as const).flatMap((k) => r.recallByKind[k].map((v) => v.toFixed(3))).join(' | ')} |`),
  ].join('\n');
}

/** Dots of every method in two panels, at the smallest ratio, best first; readable on light and dark pages. */
export function picture(c: Comparison): string {
  const left = 250;
  const wide = 300;
  const high = 20;
  const top = 46;
  const rows = [...c.rows].sort((a, b) => b.recovery[0]! + b.recall[0]! - a.recovery[0]! - a.recall[0]!);
  const panels = [
    { title: `needed names kept, ratio ${c.ratios[0]}`, value: (r: Row) => r.recall[0]! },
    { title: `loss recovery, ratio ${c.ratios[0]}`, value: (r: Row) => r.recovery[0]! },
  ];
  const most = Math.max(1, ...rows.flatMap((r) => panels.map((p) => p.value(r))));
  const x = (panel: number, v: number): number => left + panel * (wide + 40) + (Math.max(0, v) / most) * wide;
  const y = (i: number): number => top + i * high + high / 2;
  const height = top + rows.length * high + 16;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${left + 2 * wide + 80} ${height}" font-family="system-ui, sans-serif" font-size="12">`,
    '<style>text{fill:#57606a}.own{fill:#0969da;font-weight:600}line{stroke:#8c959f;stroke-opacity:.35}circle{fill:#8c959f}circle.own{fill:#0969da}@media(prefers-color-scheme:dark){text{fill:#9198a1}.own,circle.own{fill:#4493f8}}</style>',
    ...panels.flatMap((p, k) => [
      `<text x="${x(k, 0)}" y="18">${p.title}</text>`,
      ...[0, 0.25, 0.5, 0.75, 1].map((v) => `<line x1="${x(k, v)}" x2="${x(k, v)}" y1="${top - 6}" y2="${height - 12}"/><text x="${x(k, v)}" y="${top - 10}" text-anchor="middle" font-size="10">${v}</text>`),
      ...rows.map((r, i) => `<circle cx="${x(k, p.value(r)).toFixed(1)}" cy="${y(i)}" r="${r.name === c.shipped ? 6 : 4}"${r.name === c.shipped ? ' class="own"' : ''}><title>${r.name}: ${p.value(r).toFixed(3)}</title></circle>`),
    ]),
    ...rows.map((r, i) => `<text x="${left - 14}" y="${y(i) + 4}" text-anchor="end"${r.name === c.shipped ? ' class="own"' : ''}>${r.name}</text>`),
    '</svg>',
    '',
  ].join('\n');
}

/** `document` with the part between its markers replaced. @throws when it has no markers. */
export function withTables(document: string, text: string): string {
  const parts = /^([\s\S]*<!-- quality:begin -->\n)[\s\S]*(<!-- quality:end -->[\s\S]*)$/.exec(document);
  if (!parts) throw new Error('no <!-- quality:begin --> … <!-- quality:end --> in the document');
  return `${parts[1]}${text}\n${parts[2]}`;
}
