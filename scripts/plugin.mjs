// Makes the plugin for coding agents: one folder with one skill and one server, under the manifests of Agent Plugins 1.0 and of Claude Code.
// Usage: node scripts/plugin.mjs [--target linux-x64] [--out out/plugin] [--no-build] [--no-server]
// --no-server: manifests and skill alone
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { copyRuntime, nativeOf } from './nativeRuntime.mjs';

const SCHEMAS = 'https://agent-plugins.org/schemas/1.0.0';
const SERVER = 'server/dist/cli.js'; // in the plugin
/** What the server needs of the package. */
const SERVED = [
  ...['cli', 'mcp', 'engine', 'counters'].map((name) => `dist/${name}.js`),
  ...['dist/grammars', 'dist/ThirdPartyNotices.txt', 'media/model', 'LICENSE'],
];

/**
 * The manifests, by path in the plugin.
 * @param own the manifest of this package
 */
export function manifestsOf({ name, displayName, version, description, license, repository, homepage }) {
  const author = { name: displayName, url: homepage };
  const about = {
    name,
    version,
    description,
    author,
    license,
    homepage,
    repository: repository.url.replace(/\.git$/, ''),
  };
  /** Each format has a word of its own for the folder of the plugin. */
  const server = (root) => ({ command: 'node', args: [`\${${root}}/${SERVER}`, 'mcp'] });
  return {
    'plugin.json': { $schema: `${SCHEMAS}/plugin.schema.json`, ...about },
    'mcp.json': {
      $schema: `${SCHEMAS}/mcp.schema.json`,
      mcpServers: { namm: { type: 'stdio', ...server('PLUGIN_ROOT') } },
    },
    '.claude-plugin/plugin.json': about,
    '.mcp.json': { mcpServers: { namm: server('CLAUDE_PLUGIN_ROOT') } },
  };
}

function writeJson(file, value) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}

/** @param target platform of the server's runtime, such as linux-x64; undefined: no server. @throws Error if something is missing */
export function makePlugin(out, target) {
  const own = JSON.parse(readFileSync('package.json', 'utf8'));
  rmSync(out, { recursive: true, force: true });
  cpSync('media/plugin', out, { recursive: true });
  for (const [file, manifest] of Object.entries(manifestsOf(own))) writeJson(path.join(out, file), manifest);
  cpSync('LICENSE', path.join(out, 'LICENSE'));
  if (target === undefined) return;
  if (!existsSync(nativeOf(target))) throw new Error(`onnxruntime-node has no runtime for ${target}`);
  const server = path.join(out, 'server');
  for (const file of SERVED) cpSync(file, path.join(server, file), { recursive: true });
  const { name, version, license, engines } = own;
  writeJson(path.join(server, 'package.json'), { name, version, license, engines: { node: engines.node } });
  copyRuntime(target, server);
}

if (import.meta.filename === path.resolve(process.argv[1] ?? '')) {
  process.chdir(path.resolve(import.meta.dirname, '..'));
  const { values } = parseArgs({
    options: {
      target: { type: 'string', default: `${process.platform}-${process.arch}` },
      out: { type: 'string', default: 'out/plugin' },
      'no-build': { type: 'boolean', default: false },
      'no-server': { type: 'boolean', default: false },
    },
  });
  const run = (...args) => execFileSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (!values['no-server'] && !values['no-build']) run('esbuild.mjs', '--production');
  if (!values['no-server']) run('scripts/notices.mjs');
  makePlugin(values.out, values['no-server'] ? undefined : values.target);
  console.log(values.out);
}
