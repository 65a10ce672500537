// Writes speed as tables and one picture; measures nothing.
import { percent, table } from '../markdown';

export interface Throughput {
  readonly name: string;
  readonly tokensPerSecond: number;
  readonly charsPerToken: number;
  readonly charsPerSecond: number;
  /** Per second of processor time over all threads, which other processes on the machine do not change. */
  readonly charsPerCpuSecond: number;
  /** Whether characters per second are an upper bound, because its tokens were counted too low. */
  readonly atMost: boolean;
}

/** Milliseconds of wall time, and of processor time over all threads. */
export interface Spent {
  readonly ms: number;
  readonly cpuMs: number;
}

export interface Eviction {
  readonly tokens: number;
  readonly with: Spent;
  readonly without: Spent;
}

export interface Length extends Spent {
  readonly tokens: number;
  /** Part of `ms`: fitting the first budget, and rendering. */
  readonly fitMs: number;
  /** The same text at another budget. */
  readonly budgetMs: number;
  readonly peakMB: number;
  readonly meanCacheLength: number;
}

/** Milliseconds: the first run, runs with one changed line, runs with another budget. */
export interface Rerun {
  readonly coldMs: number;
  readonly editMs: readonly number[];
  readonly budgetMs: readonly number[];
}

export interface Command {
  readonly name: string;
  readonly ms: number;
  readonly kept: number; // share of tokens
}

/** Nats per token for the same tokens: after all of the text before them, and after half of the trained length. */
export interface Loss {
  readonly tokens: number;
  readonly trainedContext: number;
  readonly compared: number; // tokens
  readonly far: number;
  readonly near: number;
}

export interface Recall {
  readonly files: number;
  readonly names: number;
  readonly tokens: readonly number[]; // of each file
  readonly withEviction: readonly number[]; // by ratio: 0.25, 0.5
  readonly without: readonly number[];
}

export interface Int8 {
  readonly files: number;
  readonly agreement: readonly number[]; // share of characters, by ratio
  readonly recall: { readonly float32: readonly number[]; readonly int8: readonly number[] };
  readonly loss: { readonly float32: number; readonly int8: number };
}

interface Times {
  readonly cpuMs: number;
  readonly wallMs: number;
}

/** As profile.py writes it: one chunk against a full cache, on one core and on two. */
export interface Graph {
  readonly chunk: number;
  readonly cached: number;
  readonly times: Readonly<Record<`${'int8' | 'float32' | 'memory'}${1 | 2}`, Times>>;
  readonly parts: Readonly<Record<'int8' | 'float32', Readonly<Record<string, number>>>>; // ms on one core
}

export interface Speed {
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly node: string;
    readonly load: number;
  };
  readonly parts: {
    readonly reading?: readonly Throughput[]; // ours first
    readonly graph?: Graph;
    readonly eviction?: readonly Eviction[];
    readonly rerun?: Rerun;
    readonly start?: { readonly firstMs: readonly number[]; readonly resultMs: readonly number[] };
    readonly commands?: readonly Command[];
    readonly lengths?: readonly Length[];
    readonly loss?: Loss;
    readonly names?: Recall;
    readonly int8?: Int8;
  };
}

const whole = (x: number): string => Math.round(x).toLocaleString('en-US');
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

export function tables({ machine, parts }: Speed): string {
  const { reading, graph, eviction, rerun, start, commands, lengths, loss, names, int8 } = parts;
  const sections: (readonly string[])[] = [
    [
      `${machine.processor}, ${machine.cores} cores, Node ${machine.node}; load ${machine.load.toFixed(1)} before the run. Every row of one table comes from the same run. Where other processes ran at the same time, the processor time of all threads says more than the clock; ratios are computed from it.`,
    ],
  ];
  if (reading) sections.push(readingTable(reading));
  if (graph) sections.push(...graphSections(graph));
  if (eviction)
    sections.push(
      table(
        ['tokens read, processor time', 'with eviction', 'without', 'share'],
        eviction.map((w) => [
          whole(w.tokens),
          `${whole(w.with.cpuMs)} ms`,
          `${whole(w.without.cpuMs)} ms`,
          (w.with.cpuMs / w.without.cpuMs).toFixed(2),
        ]),
      ),
    );
  if (lengths) sections.push(...lengthSections(lengths));
  if (loss)
    sections.push([
      `Loss of the last ${whole(loss.compared)} of ${whole(loss.tokens)} tokens of one text: ${loss.far.toFixed(3)} nats a token where all of the text was read, ${loss.near.toFixed(3)} for the same tokens behind half of the ${whole(loss.trainedContext)} that the model was trained on; difference ${(loss.far - loss.near).toFixed(3)}.`,
    ]);
  if (names) {
    const long = names.tokens.filter((n) => n > 1024).length;
    sections.push(
      [
        `Needed names that survive: ${whole(names.names)} names that other files use of ${names.files} of the project's own (${whole(median(names.tokens))} tokens in the median, ${long} are longer than 1,024).`,
      ],
      table(
        ['needed names kept, at a ratio of', '0.25', '0.5'],
        [
          ['with eviction', ...names.withEviction.map(percent)],
          ['without', ...names.without.map(percent)],
        ],
      ),
    );
  }
  if (commands)
    sections.push(
      table(
        ['the same files, cold', 'time', 'tokens kept'],
        commands.map((c) => [c.name, `${(c.ms / 1000).toFixed(2)} s`, `${(100 * c.kept).toFixed(0)} %`]),
      ),
    );
  if (rerun ?? start)
    sections.push([
      '| work that is not done twice | |',
      '|---|---|',
      ...(rerun
        ? [
            `| ten files of 2,000 tokens, cold | ${whole(rerun.coldMs)} ms |`,
            `| one line changed in one of them | ${whole(median(rerun.editMs))} ms, ${(rerun.coldMs / median(rerun.editMs)).toFixed(0)}× faster (near its start, middle, end: ${rerun.editMs.map(whole).join(', ')}) |`,
            `| another budget, 10,000 tokens | ${whole(median(rerun.budgetMs))} ms (${rerun.budgetMs.map(whole).join(', ')}) |`,
          ]
        : []),
      ...(start
        ? [
            `| start of the engine to its first chunk | ${whole(median(start.firstMs))} ms; to the first result ${whole(median(start.resultMs))} ms |`,
          ]
        : []),
    ]);
  if (int8) sections.push(...int8Sections(int8, graph));
  return sections.map((lines) => lines.join('\n')).join('\n\n');
}

function readingTable(reading: readonly Throughput[]): string[] {
  const ours = reading[0]!;
  const head = [
    'tokens/s',
    'characters a token',
    'characters/s',
    'characters a processor second',
    'our speed / theirs',
  ];
  const rows = reading.map((t) => {
    const bound = t.atMost ? ' at most' : '';
    const faster = `${(ours.charsPerCpuSecond / t.charsPerCpuSecond).toFixed(1)}×${t.atMost ? ' at least' : ''}`;
    return [
      t.name,
      whole(t.tokensPerSecond),
      `${t.charsPerToken.toFixed(2)}${bound}`,
      `${whole(t.charsPerSecond)}${bound}`,
      `${whole(t.charsPerCpuSecond)}${bound}`,
      t === ours ? '' : faster,
    ];
  });
  return table(['reading', ...head], rows);
}

function lengthSections(lengths: readonly Length[]): string[][] {
  const near = (n: number) => lengths.find((l) => Math.abs(l.tokens - n) < 0.2 * n);
  const [short, long, longest] = [near(16_384), near(65_536), near(131_072)];
  const head = ['time', 'processor time', 'of it fitting', 'another budget', 'peak memory', 'mean cache length'];
  const rows = lengths.map((l) => [
    whole(l.tokens),
    `${(l.ms / 1000).toFixed(1)} s`,
    `${(l.cpuMs / 1000).toFixed(1)} s`,
    `${whole(l.fitMs)} ms`,
    `${whole(l.budgetMs)} ms`,
    `${whole(l.peakMB)} MB`,
    whole(l.meanCacheLength),
  ]);
  const sections = [table(['tokens, the whole way', ...head], rows)];
  if (short && long)
    sections.push([
      `Processor time at 64k over that at 16k: ${(long.cpuMs / short.cpuMs).toFixed(2)}.${longest ? ` Peak memory at 128k over that at 16k: ${(longest.peakMB / short.peakMB).toFixed(2)}.` : ''}`,
    ]);
  return sections;
}

function int8Sections({ files, loss, recall, agreement }: Int8, graph: Graph | undefined): string[][] {
  const rows = [
    ['loss, nats a token', loss.int8.toFixed(3), loss.float32.toFixed(3)],
    ['needed names kept at 0.25 and 0.5', recall.int8.map(percent).join(', '), recall.float32.map(percent).join(', ')],
    ['characters that both keep or both drop', agreement.map(percent).join(', '), ''],
  ];
  if (graph) {
    const { int81, float321 } = graph.times;
    rows.unshift(['processor time of a chunk, one thread', `${whole(int81.cpuMs)} ms`, `${whole(float321.cpuMs)} ms`]);
  }
  return [[`Products in int8 and in float32, ${files} files:`], table(['', 'int8', 'float32'], rows)];
}

function graphSections({ chunk, cached, times, parts }: Graph): string[][] {
  const sum = (of: Readonly<Record<string, number>>): number => Object.values(of).reduce((a, b) => a + b, 0);
  const rows = Object.entries(parts.int8)
    .sort((a, b) => b[1] - a[1])
    .map(([name, ms]) => [name, ms.toFixed(1), percent(ms / sum(parts.int8)), (parts.float32[name] ?? 0).toFixed(1)]);
  return [
    [`One chunk of ${chunk} tokens against ${cached} cached entries, on one core, node by node:`],
    table(['part of the observer', 'ms in int8', 'share', 'ms in float32'], rows),
    [
      `The memory that scores the entries takes another ${times.memory1.cpuMs.toFixed(0)} ms. Observer and memory by the clock: ${whole(times.int81.wallMs + times.memory1.wallMs)} ms with one thread, ${whole(times.int82.wallMs + times.memory2.wallMs)} ms with two.`,
    ],
  ];
}

/** An SVG: bars of characters per second of processor time, and that time against length on logarithmic scales. */
export function picture({ parts }: Speed): string {
  const s = { throughput: parts.reading ?? [], lengths: parts.lengths ?? [] };
  if (!s.throughput.length || !s.lengths.length) return '<svg xmlns="http://www.w3.org/2000/svg"/>\n';
  const left = 150;
  const wide = 330;
  const row = 26;
  const top = 46;
  const high = Math.max(s.throughput.length * row, 180);
  const fastest = Math.max(...s.throughput.map((t) => t.charsPerCpuSecond));
  const x2 = left + wide + 120;
  const first = s.lengths[0]!;
  const last = s.lengths.at(-1)!;
  const log = (v: number, from: number, to: number): number =>
    to > from ? Math.log(v / from) / Math.log(to / from) : 0;
  const px = (tokens: number): number => x2 + log(tokens, first.tokens, last.tokens) * wide;
  const slowest = Math.max(...s.lengths.map((l) => l.cpuMs));
  const quickest = Math.min((last.cpuMs * first.tokens) / last.tokens, ...s.lengths.map((l) => l.cpuMs)); // the linear one included
  const py = (ms: number): number => top + high - log(ms, quickest, slowest) * high;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${x2 + wide + 40} ${top + high + 40}" font-family="system-ui, sans-serif" font-size="12">`,
    '<style>text{fill:#57606a}.own{fill:#0969da}line,polyline{stroke:#8c959f;fill:none}.bar{fill:#8c959f}polyline{stroke:#0969da;stroke-width:2}@media(prefers-color-scheme:dark){text{fill:#9198a1}.own{fill:#4493f8}polyline{stroke:#4493f8}}</style>',
    `<text x="${left}" y="24">characters read per second of processor time</text>`,
    ...s.throughput.flatMap((t, i) => {
      const y = top + i * row;
      const own = i === 0 ? ' class="own"' : '';
      return [
        `<text x="${left - 10}" y="${y + 14}" text-anchor="end"${own}>${t.name}</text>`,
        `<rect x="${left}" y="${y + 2}" width="${((t.charsPerCpuSecond / fastest) * wide).toFixed(1)}" height="16" class="${i === 0 ? 'own' : 'bar'}"/>`,
        `<text x="${(left + (t.charsPerCpuSecond / fastest) * wide + 6).toFixed(1)}" y="${y + 14}">${whole(t.charsPerCpuSecond)}</text>`,
      ];
    }),
    `<text x="${x2}" y="24">processor seconds by tokens, logarithmic (dashed: linear)</text>`,
    `<line x1="${x2}" x2="${x2 + wide}" y1="${top + high}" y2="${top + high}"/>`,
    `<line stroke-dasharray="4 4" x1="${px(first.tokens).toFixed(1)}" y1="${py((last.cpuMs * first.tokens) / last.tokens).toFixed(1)}" x2="${px(last.tokens).toFixed(1)}" y2="${py(last.cpuMs).toFixed(1)}"/>`,
    `<polyline points="${s.lengths.map((l) => `${px(l.tokens).toFixed(1)},${py(l.cpuMs).toFixed(1)}`).join(' ')}"/>`,
    ...s.lengths.flatMap((l) => [
      `<circle cx="${px(l.tokens).toFixed(1)}" cy="${py(l.cpuMs).toFixed(1)}" r="4" class="own"><title>${whole(l.tokens)} tokens: ${(l.cpuMs / 1000).toFixed(1)} s, ${whole(l.peakMB)} MB</title></circle>`,
      `<text x="${px(l.tokens).toFixed(1)}" y="${(py(l.cpuMs) - 9).toFixed(1)}" text-anchor="end">${(l.cpuMs / 1000).toFixed(1)}</text>`,
      `<text x="${px(l.tokens).toFixed(1)}" y="${top + high + 16}" text-anchor="middle">${Math.round(l.tokens / 1024)}k</text>`,
    ]),
    '</svg>',
    '',
  ].join('\n');
}
