// The rooms of the source tree: which layer each stands on and which runtime it may use. ESLint and the import picture read it.

/**
 * Lowest layer first. A room imports rooms of lower layers only.
 * - pure: text in, values out; no disk, no process, no editor. `node:crypto` alone is allowed, as a hash function.
 * - node: Node.js. web: a browser page. vscode: the extension host.
 */
const LAYERS = [
  { runtime: 'pure', rooms: ['src/core'] },
  {
    runtime: 'pure',
    rooms: ['src/tokens', 'src/scorers', 'src/files', 'src/elisions', 'src/inspector', 'src/redact', 'src/why'],
  },
  { runtime: 'pure', rooms: ['src/languages'] },
  { runtime: 'pure', rooms: ['src/texts'] },
  { runtime: 'pure', rooms: ['src/parse', 'src/format'] },
  { runtime: 'pure', rooms: ['src/question'] },
  { runtime: 'pure', rooms: ['src/evidence', 'src/rank', 'src/handover'] },
  { runtime: 'pure', rooms: ['src/cut'] },
  { runtime: 'pure', rooms: ['src/session'] },
  { runtime: 'node', rooms: ['src/node/files'] },
  { runtime: 'node', rooms: ['src/node/elisions', 'src/node/model', 'src/node/usage', 'src/node/clients'] },
  { runtime: 'node', rooms: ['src/node/engine'] },
  { runtime: 'node', rooms: ['src/node/mcp', 'src/node/library', 'src/node/doctor'] },
  { runtime: 'node', rooms: ['src/node/cli'] },
  { runtime: 'web', rooms: ['src/web/inspector'] },
  { runtime: 'vscode', rooms: ['extension/platform'] },
  { runtime: 'vscode', rooms: ['extension/session'] },
  { runtime: 'vscode', rooms: ['extension/context', 'extension/inspector', 'extension/handover'] },
  { runtime: 'vscode', rooms: ['extension/holes'] },
  { runtime: 'vscode', rooms: ['extension/editor'] },
  { runtime: 'vscode', rooms: ['extension'] },
];

/** Packages that only one room may load, whatever its layer: the native runtime, the tokenizer, the protocol. */
const OWNED = [
  { packages: /^onnxruntime|^@huggingface\//, room: 'src/node/model' },
  { packages: /^@modelcontextprotocol\//, room: 'src/node/mcp' },
];

/** Each runtime may import what matches. */
const ALLOWED = {
  pure: (name) => name === 'node:crypto' || !/^(node:|vscode$)/.test(name),
  node: (name) => name !== 'vscode',
  web: (name) => !/^(node:|vscode$)/.test(name),
  vscode: () => true,
};

const layers = new Map(LAYERS.flatMap(({ runtime, rooms }, layer) => rooms.map((room) => [room, { layer, runtime }])));

/** The folder of a file is its room. @param path with forward slashes, from the root of the repository */
export const roomOf = (path) => path.slice(0, path.lastIndexOf('/'));

/** @returns undefined for a folder that is no room */
export const layerOf = (room) => layers.get(room)?.layer;

/** Why `room` may not import the file `path`; undefined if it may. */
export function faultOfImport(room, path) {
  const target = roomOf(path);
  if (target === room) return undefined;
  if (layerOf(target) === undefined) return `${target} is no room: name it in scripts/rooms.mjs`;
  return layerOf(target) < layerOf(room) ? undefined : `${room} stands below or beside ${target}`;
}

/** Why `room` may not import the package `name`; undefined if it may. */
export function faultOfPackage(room, name) {
  const { runtime } = layers.get(room);
  if (!ALLOWED[runtime](name)) return `${room} is ${runtime}: it cannot use ${name}`;
  const owner = OWNED.find(({ packages }) => packages.test(name))?.room;
  return owner === undefined || owner === room ? undefined : `only ${owner} loads ${name}`;
}
