// Runs the host suite, or another one, inside the extension host of code-server.
// Usage: runCodeServer.mjs [--suite FOLDER] [--result FILE] [--timeout SECONDS] [--grep TEXT] [--soak COMPRESSIONS] [--no-build]. Exit 0 pass, 1 failures, 2 host trouble.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { buildSuite } from './buildSuite.mjs';
import {
  makeRunDir,
  makeTestExtensions,
  makeWorkspace,
  makeWorkspaceFile,
  openWorkbench,
  ROOT,
  startBrowser,
  startServer,
} from './codeServer.mjs';

const args = process.argv.slice(2);
const option = (name, otherwise) => (args.includes(`--${name}`) ? args[args.indexOf(`--${name}`) + 1] : otherwise);
const result = path.resolve(option('result', path.join(ROOT, 'out/host.json')));
const seconds = Number(option('timeout', 3600)); // stops a suite that hangs
mkdirSync(path.dirname(result), { recursive: true });
rmSync(result, { force: true });

const tests = await buildSuite(!args.includes('--no-build'), option('suite'));
const run = makeRunDir();
makeWorkspace(run.workspace);
let server, browser, poll;
let code = 2;
try {
  server = await startServer(run);
  const started = await startBrowser();
  browser = started.browser;
  const page = await started.context.newPage();
  if (process.env.HOST_DEBUG) page.on('console', (m) => console.error('[page]', m.type(), m.text().slice(0, 400)));
  const ended = new Promise((resolve) => {
    page.exposeFunction('codeAutomationExit', (exit) => resolve({ exit, via: 'the workbench' }));
    page.on('crash', () => resolve({ exit: 2, via: 'a page crash' }));
    server.child.once('exit', () => resolve({ exit: 2, via: 'the end of the server' }));
    setTimeout(() => resolve({ exit: 2, via: `the time limit of ${seconds} s` }), seconds * 1000).unref();
  });
  let shown = 0;
  const show = () => {
    if (!existsSync(result)) return undefined;
    const report = JSON.parse(readFileSync(result, 'utf8'));
    for (; shown < report.tests.length; shown++) {
      const t = report.tests[shown];
      console.log(
        `  ${{ passed: '✔', failed: '✖', pending: '-' }[t.state]} ${t.title}${t.ms === undefined ? '' : ` (${t.ms} ms)`}${t.note ? `: ${t.note}` : ''}`,
      );
      if (t.firstTry) console.log(`first try: ${t.firstTry}`.replace(/^/gm, '      '));
      if (t.error) console.log(t.error.replace(/^/gm, '      '));
    }
    return report;
  };
  poll = setInterval(show, 300);
  await openWorkbench(page, server.base, {
    workspaceFile: makeWorkspaceFile(run.dir, run.workspace),
    development: [ROOT, ...makeTestExtensions(run.dir)],
    tests,
    env: {
      NAMM_TEST_RESULT: result,
      ...(option('grep') ? { NAMM_TEST_GREP: option('grep') } : {}),
      ...(option('soak') ? { NAMM_SOAK: option('soak') } : {}),
    },
  });
  const { exit, via } = await ended;
  clearInterval(poll);
  const report = show();
  // The workbench exits with 0 even if the extension host died, so the suite's result file must say that it finished.
  code =
    exit === 2 || !report?.done || !report.tests.length
      ? 2
      : report.tests.some((t) => t.state === 'failed') || exit !== 0
        ? 1
        : 0;
  console.log(
    `ended by ${via}: ${report ? `${report.tests.filter((t) => t.state === 'passed').length} passed, ${report.tests.filter((t) => t.state === 'failed').length} failed` : 'no result'}`,
  );
} finally {
  clearInterval(poll);
  await browser?.close().catch(() => undefined);
  await server?.stop();
  run.remove();
}
process.exit(code);
