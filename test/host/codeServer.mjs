// Starts a real VS Code server and a headless browser on it, and cleans up afterwards.
import { spawn } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';

export const ROOT = path.resolve(import.meta.dirname, '../..');
const HOST = process.env.VSCODE_HOST_DIR ?? path.join(ROOT, '.host');
export const NODE = path.join(HOST, 'node24/bin/node');
export const ENTRY = path.join(HOST, 'code-server/node_modules/code-server/out/node/entry.js');

const HANG_MS = 600_000; // ends what hangs; a busy machine never comes near it
const QUIET = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'telemetry.telemetryLevel': 'off',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'editor.minimap.enabled': false,
  // Without a graphics card each frame costs processor time.
  'editor.cursorBlinking': 'solid',
  'workbench.reduceMotion': 'on',
  'window.commandCenter': false,
  'files.autoSave': 'off',
  // Its background process needs packages that setupHost.sh leaves out.
  'chat.disableAIFeatures': true,
};

/** The folders of one run, with a home folder of its own, so that nothing is written to the user's. */
export function makeRunDir(settings = {}) {
  const dir = mkdtempSync(path.join(tmpdir(), 'namm-host-'));
  const at = {
    dir,
    userData: path.join(dir, 'user-data'),
    extensions: path.join(dir, 'extensions'),
    workspace: path.join(dir, 'workspace'),
  };
  mkdirSync(path.join(at.userData, 'User'), { recursive: true });
  mkdirSync(path.join(dir, 'tmp'), { recursive: true });
  mkdirSync(at.workspace);
  writeFileSync(path.join(at.userData, 'User/settings.json'), JSON.stringify({ ...QUIET, ...settings }, null, 1));
  writeFileSync(path.join(dir, 'server.yaml'), 'auth: none\n');
  return {
    ...at,
    remove: () =>
      process.env.KEEP_RUN_DIR ? console.error(`kept ${dir}`) : rmSync(dir, { recursive: true, force: true }),
  };
}

/** A workspace of real files: the licensed samples, a file of more than 5,000 tokens, and files that must be skipped. */
export function makeWorkspace(dir) {
  for (const f of readdirSync(path.join(ROOT, 'test/samples')))
    if (f !== 'README.md') cpSync(path.join(ROOT, 'test/samples', f), path.join(dir, f));
  const long = ['core', 'parse', 'cut'].flatMap((room) =>
    readdirSync(path.join(ROOT, 'src', room))
      .filter((f) => f.endsWith('.ts'))
      .sort()
      .map((f) => readFileSync(path.join(ROOT, 'src', room, f), 'utf8')),
  );
  let text = '';
  for (const t of long) if (text.length < 22_000) text += `${t}\n`;
  writeFileSync(path.join(dir, 'long.ts'), text);
  mkdirSync(path.join(dir, 'folder/generated'), { recursive: true });
  mkdirSync(path.join(dir, 'folder/node_modules/dep'), { recursive: true });
  copyFileSync(path.join(dir, 'background.py'), path.join(dir, 'folder/background.py'));
  copyFileSync(path.join(dir, 'view.js'), path.join(dir, 'folder/view.js'));
  writeFileSync(path.join(dir, 'folder/.gitignore'), 'generated/\n');
  writeFileSync(path.join(dir, 'folder/generated/ignored.js'), 'const ignored = 1;\n');
  writeFileSync(path.join(dir, 'folder/node_modules/dep/index.js'), 'const vendored = 1;\n');
  writeFileSync(path.join(dir, 'folder/picture.bin'), Buffer.from([0x89, 0x50, 0, 0, 1, 2, 3]));
  writeFileSync(path.join(dir, 'empty.ts'), '');
  writeFileSync(path.join(dir, 'huge.ts'), 'export const value = 123456;\n'.repeat(10_000_000 / 29));
  writeFileSync(
    path.join(dir, 'recipe.unknown'),
    'take flour\n  sift it\n  add salt\n\ntake water\n  warm it\n  add yeast and wait\n\n'.repeat(20),
  );
}

/** A workspace file with one folder. Tests can add folders to it without restarting the extensions. @returns the file */
export function makeWorkspaceFile(dir, workspace) {
  const file = path.join(dir, 'suite.code-workspace');
  writeFileSync(file, JSON.stringify({ folders: [{ path: workspace }] }));
  return file;
}

/** Test extensions: a scripted chat model and fakes of other assistants. @returns their folders */
export function makeTestExtensions(dir) {
  const assistants = [
    'saoudrizwan.claude-dev',
    'RooVeterinaryInc.roo-cline',
    'Continue.continue',
    'Anthropic.claude-code',
  ].map((id) => {
    const [publisher, name] = id.split('.');
    const at = path.join(dir, 'assistants', name);
    mkdirSync(at, { recursive: true });
    copyFileSync(path.join(ROOT, 'test/host/assistant.cjs'), path.join(at, 'extension.cjs'));
    writeFileSync(
      path.join(at, 'package.json'),
      JSON.stringify({
        name,
        publisher,
        version: '0.0.1',
        engines: { vscode: '^1.90.0' },
        main: './extension.cjs',
        extensionKind: ['workspace'],
        activationEvents: [],
      }),
    );
    return at;
  });
  return [path.join(ROOT, 'test/host/fakeLm'), ...assistants];
}

export function serverEnv(dir) {
  const env = {
    ...process.env,
    NAMM_PRIORITY: 'normal', // on a busy machine the engine would hardly get any time
    HOME: dir,
    XDG_CONFIG_HOME: path.join(dir, 'xdg-config'),
    XDG_DATA_HOME: path.join(dir, 'xdg-data'),
    XDG_CACHE_HOME: path.join(dir, 'xdg-cache'),
    TMPDIR: path.join(dir, 'tmp'), // VS Code creates its sockets there
  };
  for (const k of Object.keys(env)) if (/^(VSCODE_|ELECTRON_|CODE_SERVER_|PASSWORD$|PORT$)/.test(k)) delete env[k];
  env.PATH = path.dirname(NODE) + path.delimiter + env.PATH;
  return env;
}

export async function startServer(run, extra = []) {
  if (!existsSync(ENTRY)) throw new Error('No host: run test/host/setupHost.sh first.');
  const args = [
    ...[ENTRY, '--auth', 'none', '--bind-addr', '127.0.0.1:0', '--config', path.join(run.dir, 'server.yaml')],
    ...[
      '--user-data-dir',
      run.userData,
      '--extensions-dir',
      run.extensions,
      '--disable-telemetry',
      '--disable-update-check',
    ],
    ...['--disable-workspace-trust', '--disable-getting-started-override', '--ignore-last-opened', ...extra],
  ];
  const child = spawn(NODE, args, { env: serverEnv(run.dir), stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let said = '';
  const base = await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`the server did not listen in 10 minutes\n${said}`)), HANG_MS);
    const hear = (data) => {
      said += data;
      const found = /HTTP server listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(said);
      if (found) {
        clearTimeout(late);
        resolve(found[1]);
      }
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', (code) => reject(new Error(`the server ended (${code})\n${said}`)));
  });
  const signal = (name) => {
    try {
      process.kill(-child.pid, name); // the whole process group
    } catch {
      // it has ended already
    }
  };
  return {
    base,
    child,
    stop: async () => {
      if (child.exitCode === null) {
        const gone = new Promise((resolve) => child.once('exit', resolve));
        signal('SIGTERM');
        const hard = setTimeout(() => signal('SIGKILL'), 5000);
        await gone;
        clearTimeout(hard);
      }
      signal('SIGKILL');
    },
  };
}

export async function startBrowser(viewport = { width: 1400, height: 900 }) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    timeout: HANG_MS,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-dev-shm-usage',
    ],
  });
  return {
    browser,
    context: await browser.newContext({ viewport, permissions: ['clipboard-read', 'clipboard-write'] }),
  };
}

/**
 * Opens the workbench on a folder. With `tests`, the page gets the options of a development build: which extension to load
 * from source and which suite to run. The page reads them from one attribute, so that one read is patched. A rewritten
 * response would lose its address space and with it the web socket.
 */
export async function openWorkbench(page, base, { folder, workspaceFile, development, tests, env }) {
  const uri = (p) => ({ $mid: 1, scheme: 'vscode-remote', authority: new URL(base).host, path: p });
  if (tests)
    await page.addInitScript(
      (options) => {
        if (window.top !== window) return;
        const original = Element.prototype.getAttribute;
        Element.prototype.getAttribute = function (name) {
          const value = original.call(this, name);
          if (name !== 'data-settings' || this.id !== 'vscode-workbench-web-configuration') return value;
          const config = JSON.parse(value);
          return JSON.stringify({ ...config, developmentOptions: { ...config.developmentOptions, ...options } });
        };
      },
      { enableSmokeTestDriver: true, extensions: development.map(uri), extensionTestsPath: uri(tests) },
    );
  const url = new URL(`${base}/`);
  if (workspaceFile) url.searchParams.set('workspace', workspaceFile);
  else url.searchParams.set('folder', folder);
  url.searchParams.set(
    'payload',
    JSON.stringify([
      ...(env ? [['extensionEnvironment', JSON.stringify(env)]] : []),
      ['skipWelcome', 'true'],
      ['skipReleaseNotes', 'true'],
    ]),
  );
  await page.goto(url.href, { waitUntil: 'commit', timeout: HANG_MS });
}
