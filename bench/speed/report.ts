// Knows how speed is written down: tables and one picture, nothing measured here.

export interface Throughput {
  readonly name: string;
  readonly tokensPerSecond: number;
  readonly charsPerToken: number;
  readonly charsPerSecond: number;
  /** Of processor time over all threads: what others do on the machine does not count. */
  readonly charsPerCpuSecond: number;
  /** Whether characters per second are an upper bound: its tokens were counted too low. */
  readonly atMost: boolean;
}

/** Milliseconds by the clock, and by the processor over all threads. */
export interface Spent {
  readonly ms: number;
  readonly cpuMs: number;
}

export interface Without {
  readonly tokens: number;
  readonly with: Spent;
  readonly without: Spent;
}

export interface Length extends Spent {
  readonly tokens: number;
  /** Of it: how many cuts the first budget needs, and the result. */
  readonly fitMs: number;
  /** The same text at another budget. */
  readonly budgetMs: number;
  readonly peakMB: number;
  readonly meanCacheLength: number;
}

export interface Again {
  readonly coldMs: number;
  readonly editMs: readonly number[];
  readonly budgetMs: readonly number[];
}

export interface Command {
  readonly name: string;
  readonly ms: number;
  readonly kept: number; // share of tokens
}

/** Nats a token, of the same tokens: behind all in front of them, and behind half of the trained length. */
export interface Loss {
  readonly tokens: number;
  readonly trainedContext: number;
  readonly compared: number;
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
  readonly recall: { readonly full: readonly number[]; readonly int8: readonly number[] };
  readonly loss: { readonly full: number; readonly int8: number };
}

interface Times {
  readonly cpuMs: number;
  readonly wallMs: number;
}

/** As profile.py writes it: one chunk against a full cache; peak in operations a second of one core. */
export interface Graph {
  readonly chunk: number;
  readonly cached: number;
  readonly times: Readonly<Record<'observer1' | 'observer2' | 'memory1' | 'memory2' | 'int81' | 'int82', Times>>;
  readonly parts: Readonly<Record<string, number>>; // ms on one core
  readonly productsMs: number;
  readonly flops: number;
  readonly peak: number;
}

export interface Speed {
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly node: string;
    readonly load: number;
  };
  /** What the host suite says of the extension host. */
  readonly host?: string;
  readonly parts: {
    readonly reading?: readonly Throughput[]; // ours first
    readonly graph?: Graph;
    readonly eviction?: readonly Without[];
    readonly again?: Again;
    readonly start?: { readonly firstMs: readonly number[]; readonly resultMs: readonly number[] };
    readonly commands?: readonly Command[];
    readonly lengths?: readonly Length[];
    readonly loss?: Loss;
    readonly names?: Recall;
    readonly int8?: Int8;
  };
}

const whole = (x: number): string => Math.round(x).toLocaleString('en-US');
const percent = (x: number): string => `${(100 * x).toFixed(1)} %`;
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

export function tables({ machine, host, parts }: Speed): string {
  const lines = [
    `${machine.processor}, ${machine.cores} cores, Node ${machine.node}; load ${machine.load.toFixed(1)} before the run. Every row of one table comes from the same run. Where other processes ran at the same time, the processor time of all threads says more than the clock; ratios are computed from it.`,
  ];
  const table = (...rows: string[]): void => void lines.push('', ...rows);
  const { reading, graph, eviction, again, start, commands, lengths, loss, names, int8 } = parts;
  if (reading) {
    const [ours, ...rivals] = reading;
    table(
      '| reading | tokens/s | characters a token | characters/s | characters a processor second | our speed / theirs |',
      '|---|---|---|---|---|---|',
      ...[ours!, ...rivals].map((t) => {
        const bound = t.atMost ? ' at most' : '';
        const faster =
          t === ours
            ? ''
            : `${(ours!.charsPerCpuSecond / t.charsPerCpuSecond).toFixed(1)}×${t.atMost ? ' at least' : ''}`;
        return `| ${t.name} | ${whole(t.tokensPerSecond)} | ${t.charsPerToken.toFixed(2)}${bound} | ${whole(t.charsPerSecond)}${bound} | ${whole(t.charsPerCpuSecond)}${bound} | ${faster} |`;
      }),
    );
  }
  if (graph) lines.push('', ...graphLines(graph));
  if (eviction)
    table(
      '| tokens read, processor time | with eviction | without | share |',
      '|---|---|---|---|',
      ...eviction.map(
        (w) =>
          `| ${whole(w.tokens)} | ${whole(w.with.cpuMs)} ms | ${whole(w.without.cpuMs)} ms | ${(w.with.cpuMs / w.without.cpuMs).toFixed(2)} |`,
      ),
    );
  if (lengths) {
    const at = (n: number) => lengths.find((l) => Math.abs(l.tokens - n) < 0.2 * n);
    const [short, long, longest] = [at(16_384), at(65_536), at(131_072)];
    table(
      '| tokens, the whole way | time | processor time | of it fitting | another budget | peak memory | mean cache length |',
      '|---|---|---|---|---|---|---|',
      ...lengths.map(
        (l) =>
          `| ${whole(l.tokens)} | ${(l.ms / 1000).toFixed(1)} s | ${(l.cpuMs / 1000).toFixed(1)} s | ${whole(l.fitMs)} ms | ${whole(l.budgetMs)} ms | ${whole(l.peakMB)} MB | ${whole(l.meanCacheLength)} |`,
      ),
    );
    if (short && long)
      table(
        `Processor time at 64k over that at 16k: ${(long.cpuMs / short.cpuMs).toFixed(2)}.${longest ? ` Peak memory at 128k over that at 16k: ${(longest.peakMB / short.peakMB).toFixed(2)}.` : ''}`,
      );
  }
  if (loss)
    table(
      `Loss of the last ${whole(loss.compared)} of ${whole(loss.tokens)} tokens of one text: ${loss.far.toFixed(3)} nats a token where all of the text was read, ${loss.near.toFixed(3)} for the same tokens behind half of the ${whole(loss.trainedContext)} that the model was trained on; difference ${(loss.far - loss.near).toFixed(3)}.`,
    );
  if (names) {
    const long = names.tokens.filter((n) => n > 1024).length;
    table(
      `Needed names that survive: ${whole(names.names)} names that other files use of ${names.files} of the project's own (${whole(median(names.tokens))} tokens in the median, ${long} are longer than 1,024).`,
      '',
      '| needed names kept, at a ratio of | 0.25 | 0.5 |',
      '|---|---|---|',
      `| with eviction | ${names.withEviction.map(percent).join(' | ')} |`,
      `| without | ${names.without.map(percent).join(' | ')} |`,
    );
  }
  if (commands)
    table(
      '| the same files, cold | time | tokens kept |',
      '|---|---|---|',
      ...commands.map((c) => `| ${c.name} | ${(c.ms / 1000).toFixed(2)} s | ${(100 * c.kept).toFixed(0)} % |`),
    );
  if (again ?? start)
    table(
      '| work that is not done twice | |',
      '|---|---|',
      ...(again
        ? [
            `| ten files of 2,000 tokens, cold | ${whole(again.coldMs)} ms |`,
            `| one line changed in one of them | ${whole(median(again.editMs))} ms, ${(again.coldMs / median(again.editMs)).toFixed(0)}× faster (near its start, middle, end: ${again.editMs.map(whole).join(', ')}) |`,
            `| another budget, 10,000 tokens | ${whole(median(again.budgetMs))} ms (${again.budgetMs.map(whole).join(', ')}) |`,
          ]
        : []),
      ...(start
        ? [
            `| start of the engine to its first chunk | ${whole(median(start.firstMs))} ms; to the first result ${whole(median(start.resultMs))} ms |`,
          ]
        : []),
      ...(host ? [`| extension host during a compression | ${host} |`] : []),
    );
  if (int8)
    table(
      `Int8 weights (dynamic, per channel, in every product of the layers) on ${int8.files} files:`,
      '',
      '| | as shipped | int8 |',
      '|---|---|---|',
      ...(graph
        ? [
            `| processor time of a chunk, one thread | ${whole(graph.times.observer1.cpuMs)} ms | ${whole(graph.times.int81.cpuMs)} ms |`,
          ]
        : []),
      `| loss, nats a token | ${int8.loss.full.toFixed(3)} | ${int8.loss.int8.toFixed(3)} |`,
      `| needed names kept at 0.25 and 0.5 | ${int8.recall.full.map(percent).join(', ')} | ${int8.recall.int8.map(percent).join(', ')} |`,
      `| characters that both keep or both drop | | ${int8.agreement.map(percent).join(', ')} |`,
    );
  return lines.join('\n');
}

function graphLines({ chunk, cached, times, parts, productsMs, flops, peak }: Graph): string[] {
  const all = Object.values(parts).reduce((a, b) => a + b, 0);
  const share = flops / (productsMs / 1000) / peak;
  return [
    `One chunk of ${chunk} tokens against ${cached} cached entries, on one core, node by node:`,
    '',
    '| part of the observer | ms | share |',
    '|---|---|---|',
    ...Object.entries(parts)
      .sort((a, b) => b[1] - a[1])
      .map(([name, ms]) => `| ${name} | ${ms.toFixed(1)} | ${percent(ms / all)} |`),
    '',
    `Its matrix products alone are ${(flops / 1e9).toFixed(1)} billion operations in ${productsMs.toFixed(0)} ms: ${percent(share)} of the ${(peak / 1e9).toFixed(0)} billion a second that one large product reaches in the same runtime on the same core. The memory that scores the entries takes another ${times.memory1.cpuMs.toFixed(0)} ms. Observer and memory by the clock: ${whole(times.observer1.wallMs + times.memory1.wallMs)} ms with one thread, ${whole(times.observer2.wallMs + times.memory2.wallMs)} ms with two.`,
  ];
}

/** Bars of characters per second of processor time, and that time against length on logarithmic scales; readable on light and dark pages. */
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

/** `document` with the part between its markers replaced. @throws when it has no markers. */
export function withTables(document: string, text: string): string {
  const parts = /^([\s\S]*<!-- speed:begin -->\n)[\s\S]*(<!-- speed:end -->[\s\S]*)$/.exec(document);
  if (!parts) throw new Error('no <!-- speed:begin --> … <!-- speed:end --> in the document');
  return `${parts[1]}${text}\n${parts[2]}`;
}
