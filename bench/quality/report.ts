// Writes a comparison as tables and one picture; measures nothing.
import { CASE_KINDS } from '../cases/cases';
import { percent, table } from '../markdown';
import type { ByKind, Column, Comparison, Interval, Row } from './comparison';

/** + if the interval says that the shipped memory is better than the row, − if worse, nothing if undecided. */
const verdict = ([low, high]: Interval): string => (low > 0 ? ' +' : high < 0 ? ' −' : '');
export const label = (name: string, shipped: string): string => (name === shipped ? `**${name}** (shipped)` : name);
/** Cells with the value for each ratio and, in brackets, the lead of the first row. */
export const leadCells = ({ value, lead }: Column, first: boolean): string[] =>
  value.map(
    (v, i) =>
      `${v.toFixed(3)}${first ? '' : ` (${lead[i]!.map((x) => `${x < 0 ? '−' : '+'}${Math.abs(x).toFixed(3)}`).join(' … ')})`}`,
  );

export function tables(c: Comparison): string {
  const byKind = (rows: readonly (readonly [string, ByKind])[]): string[] =>
    table(
      ['', ...CASE_KINDS.flatMap((k) => c.ratios.map((r) => `${k} ${r}`))],
      rows.map(([name, values]) => [
        name,
        ...CASE_KINDS.flatMap((k) => values[k].map((v) => (Number.isFinite(v) ? v.toFixed(3) : ''))),
      ]),
    );
  const cells = (row: Row, column: Column): string[] =>
    column.value.map((v, i) => `${v.toFixed(3)}${row.name === c.shipped ? '' : verdict(column.lead[i]!)}`);
  const at = (what: string): string[] => c.ratios.map((r, i) => (i ? `@${r}` : `${what} @${r}`));
  return [
    `Model \`${c.model.name}\` (${c.model.sha256.slice(0, 12)}). Needed names: ${c.cases} cases in ${c.languages.length} languages (${c.languages.map((l) => l.name).join(', ')}) from ${c.repositories.length} repositories that took no part in training; contexts of ${c.meanContextTokens} model tokens on average. Loss recovery: ${c.lossCases} cases within ${c.lossLength} tokens; a target costs ${c.lossWithout.toFixed(1)} nats without context, ${c.lossFull.toFixed(1)} with all of it.`,
    ...(c.judge && c.lines
      ? [
          '',
          `Judge: \`${c.judge.name}\` (${c.judge.sha256.slice(0, 12)}), another base model (${c.judge.layers} layers, another width and seed), on ${c.judgedCases} of these cases. It pays ${c.judgedWithout!.toFixed(1)} nats for a target without context, ${c.judgedFull!.toFixed(1)} with all of it. The line it writes in the middle of a target (${c.lines.cases} cases) is ${c.lines.without.toFixed(3)} similar to the real one without context, ${c.lines.full.toFixed(3)} with all of it, and the very same in ${percent(c.lines.sameWithout)} and ${percent(c.lines.sameFull)}.`,
        ]
      : []),
    '',
    'A + means that the shipped memory is better than this row with a 95 % interval (paired bootstrap) above zero, a − that it is worse. Plain text rules cut any line and leave no marker; scorers, and rules *along syntax*, pay for a marker at every hole and still parse.',
    '',
    ...table(
      [
        '',
        ...at('needed names'),
        ...at('loss recovery'),
        ...(c.judge ? at('under the judge') : []),
        ...(c.lines ? [...at('next line, similarity'), ...at('the same')] : []),
        'parses',
        'kept',
      ],
      c.rows.map((r) => [
        label(r.name, c.shipped),
        ...[r.names, r.recovery, r.judged, r.similarity, r.same].flatMap((column) => (column ? cells(r, column) : [])),
        r.parses.map((v) => v.toFixed(2)).join(' / '),
        r.reached.map((v) => v.toFixed(2)).join(' / '),
      ]),
    ),
    '',
    ...c.gap.map((g) =>
      g.oracle > g.best
        ? `From the best rule in loss recovery under ${g.under} at ${c.ratios[0]} (*${g.rule}*, ${g.best.toFixed(3)}) to the oracle (${g.oracle.toFixed(3)}) the shipped memory goes ${percent(g.closed)} of the way.`
        : `In loss recovery under ${g.under} at ${c.ratios[0]} the oracle, which knows the needed names alone (${g.oracle.toFixed(3)}), is behind the best rule (*${g.rule}*, ${g.best.toFixed(3)}): there is no gap to close.`,
    ),
    ...(c.peer
      ? [
          '',
          `\`${c.peer.name}\` chooses its own size, ${c.peer.ratio.toFixed(2)} of the recipient tokens on average (${c.peer.cases} cases that it takes): it keeps ${c.peer.recall.toFixed(3)} of the needed names, the shipped memory at the same size in every case ${c.peer.ours.toFixed(3)} (difference ${c.peer.lead.map((v) => v.toFixed(3)).join(' to ')}). Its text is not meant to parse.`,
        ]
      : []),
    ...(c.transferred
      ? [
          '',
          '### On another base model',
          '',
          `The NAMM's weights and statistics, unchanged, read by the judge, on which they were not evolved; names in ${c.transferredCases} cases, loss in ${c.judgedCases}. + and −: the NAMM is significantly better or worse than the row.`,
          '',
          ...table(
            ['', ...at('needed names'), ...at('loss recovery under the judge')],
            c.transferred.map((r, n) => [
              r.name,
              ...[r.names, r.judged].flatMap((column) =>
                column.value.map((v, i) => `${v.toFixed(3)}${n ? verdict(column.lead[i]!) : ''}`),
              ),
            ]),
          ),
        ]
      : []),
    '',
    '### Tokens',
    '',
    ...table(
      ['characters a token', ...c.languages.map((l) => l.name)],
      [
        ['model', ...c.languages.map((l) => l.perToken.toFixed(2))],
        ['o200k', ...c.languages.map((l) => l.perRecipientToken.toFixed(2))],
      ],
    ),
    '',
    '### By where the target stands',
    '',
    'Right behind the context, further down its file, in another file of its folder: needed names, then loss recovery.',
    '',
    ...byKind(c.rows.map((r) => [label(r.name, c.shipped), r.namesByKind])),
    '',
    ...byKind(c.rows.map((r) => [label(r.name, c.shipped), r.recoveryByKind])),
  ].join('\n');
}

/** An SVG with a dot for every method in two panels, at the smallest ratio, best first; readable on light and dark pages. */
export function picture(c: Comparison): string {
  const charWidth = 7; // upper bound in any font
  const left = 14 + charWidth * Math.max(...c.rows.map((r) => r.name.length));
  const wide = 300;
  const high = 20;
  const top = 46;
  const rows = [...c.rows].sort(
    (a, b) => b.recovery.value[0]! + b.names.value[0]! - a.recovery.value[0]! - a.names.value[0]!,
  );
  const panels = [
    { title: `needed names kept, ratio ${c.ratios[0]}`, value: (r: Row) => r.names.value[0]! },
    { title: `loss recovery, ratio ${c.ratios[0]}`, value: (r: Row) => r.recovery.value[0]! },
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
      ...[0, 0.25, 0.5, 0.75, 1].map(
        (v) =>
          `<line x1="${x(k, v)}" x2="${x(k, v)}" y1="${top - 6}" y2="${height - 12}"/><text x="${x(k, v)}" y="${top - 10}" text-anchor="middle" font-size="10">${v}</text>`,
      ),
      ...rows.map(
        (r, i) =>
          `<circle cx="${x(k, p.value(r)).toFixed(1)}" cy="${y(i)}" r="${r.name === c.shipped ? 6 : 4}"${r.name === c.shipped ? ' class="own"' : ''}><title>${r.name}: ${p.value(r).toFixed(3)}</title></circle>`,
      ),
    ]),
    ...rows.map(
      (r, i) =>
        `<text x="${left - 14}" y="${y(i) + 4}" text-anchor="end"${r.name === c.shipped ? ' class="own"' : ''}>${r.name}</text>`,
    ),
    '</svg>',
    '',
  ].join('\n');
}
