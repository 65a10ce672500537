// Knows how speed is written down: tables and one picture, nothing measured here.

export interface Throughput {
  readonly name: string;
  readonly tokensPerSecond: number;
  readonly charsPerToken: number;
  readonly charsPerSecond: number;
  /** Whether characters per second are an upper bound: its tokens were counted too low. */
  readonly atMost: boolean;
}

export interface Speed {
  readonly machine: { readonly processor: string; readonly cores: number; readonly node: string; readonly load: number };
  readonly throughput: readonly Throughput[]; // ours first
  readonly withoutEviction: readonly { readonly tokens: number; readonly ms: number; readonly withoutMs: number }[];
  readonly again: { readonly coldMs: number; readonly editMs: readonly number[]; readonly budgetMs: readonly number[] };
  readonly coldStartMs: readonly number[];
  readonly commands: readonly { readonly name: string; readonly ms: number; readonly kept: number }[];
  readonly lengths: readonly { readonly tokens: number; readonly ms: number; readonly peakMB: number; readonly meanCacheLength: number }[];
  /** What the host suite says of the extension host. */
  readonly host?: string;
}

const whole = (x: number): string => Math.round(x).toLocaleString('en-US');
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

export function tables(s: Speed): string {
  const [ours, ...rivals] = s.throughput;
  const at = (n: number) => s.lengths.find((l) => Math.abs(l.tokens - n) < 0.2 * n);
  const [short, long, longest] = [at(16_384), at(65_536), at(131_072)];
  const { coldMs, editMs, budgetMs } = s.again;
  return [
    `${s.machine.processor}, ${s.machine.cores} cores, Node ${s.machine.node}; load ${s.machine.load.toFixed(1)} before the run. Every row of one table comes from the same run.`,
    '',
    '| reading | tokens/s | characters a token | characters/s | ours is faster by |',
    '|---|---|---|---|---|',
    ...[ours!, ...rivals].map((t) => `| ${t.name} | ${whole(t.tokensPerSecond)} | ${t.charsPerToken.toFixed(2)}${t.atMost ? ' at most' : ''} | ${whole(t.charsPerSecond)}${t.atMost ? ' at most' : ''} | ${t === ours ? '' : `${(ours!.charsPerSecond / t.charsPerSecond).toFixed(1)}×${t.atMost ? ' at least' : ''}`} |`),
    '',
    '| tokens read | with eviction | without | share |',
    '|---|---|---|---|',
    ...s.withoutEviction.map((w) => `| ${whole(w.tokens)} | ${whole(w.ms)} ms | ${whole(w.withoutMs)} ms | ${(w.ms / w.withoutMs).toFixed(2)} |`),
    '',
    '| tokens, the whole way | time | peak memory | mean cache length |',
    '|---|---|---|---|',
    ...s.lengths.map((l) => `| ${whole(l.tokens)} | ${(l.ms / 1000).toFixed(1)} s | ${whole(l.peakMB)} MB | ${whole(l.meanCacheLength)} |`),
    ...(short && long ? ['', `Time at 64k over time at 16k: ${(long.ms / short.ms).toFixed(2)}.${longest ? ` Peak memory at 128k over that at 16k: ${(longest.peakMB / short.peakMB).toFixed(2)}.` : ''}`] : []),
    '',
    '| the same files, cold | time | tokens kept |',
    '|---|---|---|',
    ...s.commands.map((c) => `| ${c.name} | ${(c.ms / 1000).toFixed(2)} s | ${(100 * c.kept).toFixed(0)} % |`),
    '',
    '| work that is not done twice | |',
    '|---|---|',
    `| ten files of 2,000 tokens, cold | ${whole(coldMs)} ms |`,
    `| one line changed in one of them | ${whole(median(editMs))} ms, ${(coldMs / median(editMs)).toFixed(0)}× faster (near its start, middle, end: ${editMs.map(whole).join(', ')}) |`,
    `| another budget, 10,000 tokens | ${whole(median(budgetMs))} ms (${budgetMs.map(whole).join(', ')}) |`,
    `| start of the engine to its first chunk | ${whole(median(s.coldStartMs))} ms |`,
    ...(s.host ? [`| extension host during a compression | ${s.host} |`] : []),
  ].join('\n');
}

/** Bars of characters per second, and time against length, both on logarithmic scales; readable on light and dark pages. */
export function picture(s: Speed): string {
  const left = 150;
  const wide = 330;
  const row = 26;
  const top = 46;
  const high = Math.max(s.throughput.length * row, 180);
  const fastest = Math.max(...s.throughput.map((t) => t.charsPerSecond));
  const x2 = left + wide + 120;
  const first = s.lengths[0]!;
  const last = s.lengths.at(-1)!;
  const log = (v: number, from: number, to: number): number => (to > from ? Math.log(v / from) / Math.log(to / from) : 0);
  const px = (tokens: number): number => x2 + log(tokens, first.tokens, last.tokens) * wide;
  const slowest = Math.max(...s.lengths.map((l) => l.ms));
  const quickest = Math.min(...s.lengths.map((l) => l.ms));
  const py = (ms: number): number => top + high - log(ms, quickest, slowest) * high;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${x2 + wide + 40} ${top + high + 40}" font-family="system-ui, sans-serif" font-size="12">`,
    '<style>text{fill:#57606a}.own{fill:#0969da}line,polyline{stroke:#8c959f;fill:none}.bar{fill:#8c959f}polyline{stroke:#0969da;stroke-width:2}@media(prefers-color-scheme:dark){text{fill:#9198a1}.own{fill:#4493f8}polyline{stroke:#4493f8}}</style>',
    `<text x="${left}" y="24">characters read per second</text>`,
    ...s.throughput.flatMap((t, i) => {
      const y = top + i * row;
      const own = i === 0 ? ' class="own"' : '';
      return [
        `<text x="${left - 10}" y="${y + 14}" text-anchor="end"${own}>${t.name}</text>`,
        `<rect x="${left}" y="${y + 2}" width="${((t.charsPerSecond / fastest) * wide).toFixed(1)}" height="16" class="${i === 0 ? 'own' : 'bar'}"/>`,
        `<text x="${(left + (t.charsPerSecond / fastest) * wide + 6).toFixed(1)}" y="${y + 14}">${whole(t.charsPerSecond)}</text>`,
      ];
    }),
    `<text x="${x2}" y="24">seconds by tokens, logarithmic (dashed: linear)</text>`,
    `<line x1="${x2}" x2="${x2 + wide}" y1="${top + high}" y2="${top + high}"/>`,
    `<line stroke-dasharray="4 4" x1="${px(first.tokens).toFixed(1)}" y1="${py((last.ms * first.tokens) / last.tokens).toFixed(1)}" x2="${px(last.tokens).toFixed(1)}" y2="${py(last.ms).toFixed(1)}"/>`,
    `<polyline points="${s.lengths.map((l) => `${px(l.tokens).toFixed(1)},${py(l.ms).toFixed(1)}`).join(' ')}"/>`,
    ...s.lengths.flatMap((l) => [
      `<circle cx="${px(l.tokens).toFixed(1)}" cy="${py(l.ms).toFixed(1)}" r="4" class="own"><title>${whole(l.tokens)} tokens: ${(l.ms / 1000).toFixed(1)} s, ${whole(l.peakMB)} MB</title></circle>`,
      `<text x="${px(l.tokens).toFixed(1)}" y="${(py(l.ms) - 9).toFixed(1)}" text-anchor="end">${(l.ms / 1000).toFixed(1)}</text>`,
      `<text x="${px(l.tokens).toFixed(1)}" y="${top + high + 16}" text-anchor="middle">${Math.round(l.tokens / 1024)}k</text>`,
    ]),
    '</svg>',
    '',
  ].join('\n');
}

/** `document` with the part between its markers replaced. @throws when it has no markers. */
export function withTables(document: string, text: string): string {
  const parts = /^([\s\S]*<!-- speed:begin -->\n)[\s\S]*(<!-- speed:end -->[\s\S]*)$/.exec(document);
  if (!parts) throw new Error('no <!-- speed:begin --> … <!-- speed:end --> in the document');
  return `${parts[1]}${text}\n${parts[2]}`;
}
