// Measures the extension in a real editor: start, keys, longest block of the extension host, hover, CodeLens, redraw of a budget.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { table, writePart } from '../markdown';
import { flag, optional, runBench } from '../options';

const RESULT = 'out/editor.json';

const spec = {
  name: 'editor',
  about:
    'Measures the extension inside the extension host of code-server, which `bash test/host/setupHost.sh` installs. VSCODE_HOST_DIR names another place of it.',
  inputs: {},
  options: {
    only: optional('TEXT', 'measures only the rows with this text in their titles'),
    noBuild: flag('measures the bundles in dist/ as they are'),
    out: optional('DIR', 'writes the table into speed.md in this folder'),
  },
};

interface Row {
  readonly title: string;
  readonly state: string;
  readonly note?: string;
}

runBench(spec, async ({ only, noBuild, out }) => {
  const load = loadavg()[0]!;
  const { status } = spawnSync(
    process.execPath,
    [
      'test/host/runCodeServer.mjs',
      ...['--suite', 'bench/editor', '--result', RESULT],
      ...(only === undefined ? [] : ['--grep', only]),
      ...(noBuild ? ['--no-build'] : []),
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  if (status !== 0) throw new Error(`the suite ended with exit code ${status}`);
  const { tests } = JSON.parse(readFileSync(RESULT, 'utf8')) as { readonly tests: readonly Row[] };
  const text = [
    `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores; load ${load.toFixed(1)} before the run.`,
    '',
    ...table(
      ['in the editor', 'it takes'],
      tests.map(({ title, note = '' }) => [title.replace(/^editor (keys )?/, ''), note]),
    ),
  ].join('\n');
  console.log(text);
  if (out !== undefined) writePart(join(out, 'speed.md'), 'editor', text);
});
