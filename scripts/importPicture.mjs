// Draws which room imports which, and checks it: no circle between rooms or files, no room above 20 files, no import against the layers.
//   node scripts/importPicture.mjs [--root FOLDER] [--out docs/imports.svg] [--check]
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Graphviz } from '@hpcc-js/wasm-graphviz';
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { layerOf, roomOf } from './rooms.mjs';

const MAX_FILES = 20;
const { values } = parseArgs({
  options: {
    root: { type: 'string', default: '.' },
    out: { type: 'string' },
    check: { type: 'boolean', default: false },
  },
});

/** Strongly connected components with more than one member (Tarjan). @param edges Map of node -> Set of nodes */
function circles(edges) {
  const state = new Map();
  const stack = [];
  const found = [];
  let counter = 0;
  const visit = (node) => {
    const own = { index: counter, low: counter++, onStack: true };
    state.set(node, own);
    stack.push(node);
    for (const next of edges.get(node) ?? []) {
      if (!state.has(next)) visit(next);
      if (state.get(next).onStack) own.low = Math.min(own.low, state.get(next).low);
    }
    if (own.low !== own.index) return;
    const members = stack.splice(stack.indexOf(node));
    for (const member of members) state.get(member).onStack = false;
    if (members.length > 1) found.push(members.sort());
  };
  for (const node of edges.keys()) if (!state.has(node)) visit(node);
  return found;
}

process.chdir(resolve(values.root));
const { output } = await cruise(
  ['src', 'extension'],
  { tsPreCompilationDeps: true, exclude: { path: '\\.d\\.ts$' }, doNotFollow: { path: 'node_modules' } },
  {},
  { tsConfig: extractTSConfig(join(process.cwd(), 'tsconfig.json')) },
);
const files = output.modules.filter((m) => /^(src|extension)\/.*\.ts$/.test(m.source));
const fileEdges = new Map(
  files.map((m) => [
    m.source,
    new Set(m.dependencies.map((d) => d.resolved).filter((to) => /^(src|extension)\/.*\.ts$/.test(to))),
  ]),
);
const rooms = new Map();
for (const { source } of files) rooms.set(roomOf(source), (rooms.get(roomOf(source)) ?? 0) + 1);
const weights = new Map();
for (const [from, tos] of fileEdges)
  for (const to of tos)
    if (roomOf(from) !== roomOf(to)) {
      const edge = `${roomOf(from)} ${roomOf(to)}`;
      weights.set(edge, (weights.get(edge) ?? 0) + 1);
    }
const roomEdges = new Map([...rooms.keys()].map((room) => [room, new Set()]));
for (const edge of weights.keys()) roomEdges.get(edge.split(' ')[0]).add(edge.split(' ')[1]);

const roomCircles = circles(roomEdges);
const fileCircles = circles(fileEdges);
const upward = [...weights.keys()].filter((edge) => {
  const [from, to] = edge.split(' ').map(layerOf);
  return from !== undefined && to !== undefined && from <= to;
});
const large = [...rooms].filter(([, count]) => count > MAX_FILES);
const bad = new Set([...upward, ...roomCircles.flatMap((c) => c.flatMap((a) => c.map((b) => `${a} ${b}`)))]);

console.log(`${rooms.size} rooms, ${files.length} files, ${weights.size} arrows between rooms`);
console.log(`circles between rooms: ${roomCircles.map((c) => c.join(' – ')).join('; ') || 'none'}`);
console.log(`circles between files: ${fileCircles.map((c) => c.join(' – ')).join('; ') || 'none'}`);
console.log(`arrows against the layers: ${upward.join('; ') || 'none'}`);
console.log(
  `rooms above ${MAX_FILES} files: ${large.map(([room, count]) => `${room} (${count})`).join(', ') || 'none'}`,
);

if (values.out) {
  const lines = [
    'digraph imports {',
    'rankdir=TB; nodesep=0.25; ranksep=0.5; bgcolor="white"; node [shape=box, style="rounded,filled", fillcolor="#f4f6f8", color="#8a94a0", fontname="Helvetica", fontsize=11]; edge [color="#8a94a0", arrowsize=0.6];',
    ...[...rooms].map(
      ([room, count]) =>
        `"${room}" [label="${room}\\n${count} files"${count > MAX_FILES ? ', fillcolor="#ffd7d5"' : ''}];`,
    ),
    ...[...weights].map(([edge, n]) => {
      const [from, to] = edge.split(' ');
      return `"${from}" -> "${to}" [penwidth=${(0.6 + Math.log2(n) * 0.5).toFixed(1)}${bad.has(edge) ? ', color="#c62828"' : ''}];`;
    }),
    '}',
  ];
  const graphviz = await Graphviz.load();
  writeFileSync(values.out, `${graphviz.dot(lines.join('\n'))}`);
}
if (values.check) process.exitCode = roomCircles.length || fileCircles.length || upward.length || large.length ? 1 : 0;
