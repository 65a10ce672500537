// Measures how the memory of the MCP server and of its engine grows over many calls and many readings, and where it levels off.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { tmpdir } from 'node:os';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { table, writePart } from '../markdown';
import { count, optional, runBench, text } from '../options';
import { progress } from '../setup';
import { longText, sourcePaths } from '../speed/texts';

const FILES = 20; // of the first part
const ROWS = 10; // of a table
const PATIENT = { timeout: 600_000 }; // ms, ends what hangs

const spec = {
  name: 'memory',
  about:
    'Measures the resident memory of one MCP server and its engine: over calls of every tool on the same files, then over readings of texts that are new each time. Needs `ps`.',
  inputs: {},
  options: {
    calls: count(600, 'calls', 'calls of every tool on the same files'),
    readings: count(400, 'readings', 'texts that are new each time'),
    units: count(6000, 'UTF-16 units', 'length of such a text'),
    model: text('DIR', 'model folder', 'media/model'),
    out: optional('DIR', 'writes the tables into speed.md in this folder'),
  },
};

/** Resident memory after so many calls, in megabytes. */
interface Point {
  readonly calls: number;
  readonly server: number;
  readonly engine: number;
}

/** @returns resident memory in megabytes of a process and of its child, 0 without one */
function memoryOf(server: number): Omit<Point, 'calls'> {
  const processes = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number) as [pid: number, parent: number, kilobytes: number]);
  const megabytes = (of: (p: (typeof processes)[number]) => boolean): number => (processes.find(of)?.[2] ?? 0) / 1024;
  return { server: megabytes(([pid]) => pid === server), engine: megabytes(([, parent]) => parent === server) };
}

/** Makes `calls` calls one after the other. @returns the memory at the start, and after every tenth of them */
async function follow(
  server: number,
  calls: number,
  call: (i: number) => Promise<unknown>,
  what: string,
): Promise<Point[]> {
  const points: Point[] = [];
  const every = Math.max(1, Math.round(calls / ROWS));
  for (let i = 0; i < calls; i++) {
    await call(i);
    progress(i + 1, calls, what);
    if (i === 0 || (i + 1) % every === 0) points.push({ calls: i + 1, ...memoryOf(server) });
  }
  return points;
}

const mb = (x: number): string => `${x.toFixed(0)} MB`;

/** A table, and what was added in each half of the calls behind the first tenth, where everything is loaded. */
function tableOf(points: readonly Point[], what: string): string[] {
  const [from, middle, to] = [points[1], points[(points.length >> 1) + 1], points.at(-1)];
  const added = (of: 'server' | 'engine'): string =>
    from && middle && to
      ? `${of} ${(middle[of] - from[of]).toFixed(0)}, then ${(to[of] - middle[of]).toFixed(0)} MB`
      : '';
  return [
    ...table(
      [what, 'server', 'engine'],
      points.map((p) => [p.calls.toLocaleString('en'), mb(p.server), mb(p.engine)]),
    ),
    '',
    ...(from && middle && to && middle !== to
      ? [
          `Added from ${from.calls} to ${middle.calls} and from there to ${to.calls}: ${added('server')}; ${added('engine')}.`,
        ]
      : []),
  ];
}

runBench(spec, async ({ calls, readings, units, model, out }) => {
  const dir = mkdtempSync(join(tmpdir(), 'namm-memory-'));
  const work = join(dir, 'work');
  mkdirSync(work);
  const names = sourcePaths()
    .slice(0, FILES)
    .map((path, i) => {
      const name = `${i}-${basename(path)}`;
      writeFileSync(join(work, name), readFileSync(path));
      return name;
    });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [join(__dirname, 'cli.js'), 'mcp', '--root', work],
    cwd: work,
    env: {
      ...(process.env as Record<string, string>),
      NAMM_MODEL_DIR: resolve(model),
      NAMM_STATE_DIR: join(dir, 'state'),
      NAMM_CACHE_DIR: join(dir, 'cache'),
    },
    stderr: 'inherit',
  });
  const client = new Client({ name: 'memory', version: '1' });
  try {
    await client.connect(transport, PATIENT);
    const server = transport.pid!;
    const ask = async (name: string, args: Record<string, unknown>): Promise<string> => {
      const result = await client.callTool({ name, arguments: args }, undefined, PATIENT);
      const content = result.content as readonly { readonly type: string; readonly text?: string }[];
      const said = content.map((c) => c.text ?? '').join('\n');
      if (result.isError) throw new Error(`${name}: ${said}`);
      return said;
    };
    let elision: string | undefined; // the last one seen
    const ofEveryTool = async (i: number): Promise<void> => {
      const path = names[i % names.length]!;
      const keepRatio = 0.2 + (i % 13) / 20;
      const kind = i % 5;
      if (kind === 0) await ask('compress_files', { paths: names.slice(i % 7, (i % 7) + 8), keepRatio });
      else if (kind === 1) {
        const said = await ask('read_file_compressed', { path, keepRatio, query: i % 2 ? 'where is the limit' : '' });
        elision = /"id":"([\w:]+)"/.exec(said)?.[1] ?? /\/\/(\d+)…/.exec(said)?.[1] ?? elision;
      } else if (kind === 2) await ask('compress_text', { text: `${longText(1500)}// ${i}\n`, name: path, keepRatio });
      else if (kind === 3 && elision) await client.listResources(undefined, PATIENT);
      else await ask('retention', { path });
    };
    const ofCalls = await follow(server, calls, ofEveryTool, 'calls');
    const source = longText(units * readings);
    const ofReadings = await follow(
      server,
      readings,
      (i) =>
        ask('compress_text', {
          text: source.slice(i * units, (i + 1) * units),
          name: `part${i}.ts`,
          language: 'typescript',
          keepRatio: 0.5,
        }),
      'readings',
    );
    const tables = [...tableOf(ofCalls, 'calls'), '', ...tableOf(ofReadings, 'readings')].join('\n');
    process.stdout.write(`${tables}\n`);
    if (out !== undefined) writePart(join(out, 'speed.md'), 'memory', tables);
  } finally {
    await client.close();
    rmSync(dir, { recursive: true, force: true });
  }
});
