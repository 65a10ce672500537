// Makes the table of commands in docs/editor.md from the manifest: where each is offered, when, and by which keys.
//   node scripts/commandTable.mjs          writes the table; scripts/checkDocs.mjs checks that it is current
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const DOCUMENT = 'docs/editor.md';
const BLOCK = /(<!-- commands: [^\n]*-->\n)[\s\S]*?(<!-- end of commands -->)/;

/** What each condition of the palette means. A new condition needs words here. */
const WHEN = {
  'resourceScheme != namm-compressed': 'always',
  'editorIsOpen && !namm.noText': 'a text is open',
  'editorIsOpen && !namm.noText && resourceScheme != namm-compressed': 'a text is open',
  'editorIsOpen && !namm.noText || namm.hasResults': 'a text is open, or there is a result',
  'workspaceFolderCount > 0': 'a folder is open',
  'notebookEditorFocused || activeEditor == workbench.editor.notebook': 'a notebook is active',
  'namm.hasContext': 'the view has a file',
  'namm.running': 'a compression runs',
  'namm.hasResults': 'there is a result',
  'namm.activeHasResult': 'the active text has a result',
  'namm.onMark': 'the cursor is on a mark',
  'namm.folded': 'the extension has folded code of the active text',
  'editorIsOpen && !namm.noText && resourceScheme != namm-compressed || namm.onResult': 'a text is open',
  'config.namm.endpoint.url': '`namm.endpoint.url` is set',
};
const MENUS = {
  'namm.editor': 'editor menu',
  'namm.result': 'menu of a result',
  'editor/title': 'editor title',
  'namm.explorer': 'Explorer menu',
  'editor/title/context': 'tab menu',
  'view/title': 'view *Context Files*',
  'view/item/context': 'rows of the view',
  'notebook/toolbar': 'notebook toolbar',
};

/** Keys as the documents write them: `ctrl+k alt+c` → `Ctrl+K Alt+C`. */
const written = (keys) => keys.replace(/[a-z]+/g, (k) => k[0].toUpperCase() + k.slice(1));

function keysOf({ key, mac }) {
  const shown = `\`${written(key)}\``;
  return mac && mac !== key.replace('ctrl', 'cmd') ? `${shown} (macOS: \`${written(mac)}\`)` : shown;
}

/** @returns the table; throws if a command cannot be reached by keyboard, or a condition has no words */
export function commandTable() {
  const { contributes } = JSON.parse(readFileSync('package.json', 'utf8'));
  const nls = JSON.parse(readFileSync('package.nls.json', 'utf8'));
  const more = new Set(
    [...readFileSync('extension/moreCommands.ts', 'utf8').matchAll(/^ +'(namm\.\w+)':/gm)].map((m) => m[1]),
  );
  const palette = new Map(contributes.menus.commandPalette.map((m) => [m.command, m.when]));
  const rows = contributes.commands.map(({ command, title }) => {
    const when = palette.get(command);
    const keys = contributes.keybindings.filter((k) => k.command === command).map(keysOf);
    const menus = Object.keys(MENUS).filter((id) => contributes.menus[id].some((m) => m.command === command));
    if (when !== undefined && when !== 'false' && !WHEN[when])
      throw new Error(`${command}: scripts/commandTable.mjs has no words for "${when}"`);
    const offered = when === 'false' ? (more.has(command) ? 'More…' : '') : when === undefined ? 'always' : WHEN[when];
    if (!offered && !keys.length && !menus.includes('namm.explorer'))
      throw new Error(`${command} cannot be reached by keyboard`);
    const name = nls[title.slice(1, -1)];
    return [name, keys.join(', '), offered || '–', menus.map((id) => MENUS[id]).join(', ') || '–'];
  });
  rows.sort(([a], [b]) => a.localeCompare(b, 'en'));
  return [['command', 'keys', 'in the palette', 'elsewhere'], ['---', '---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`.replace(/ +\|/g, ' |'))
    .join('\n');
}

/** @returns the document with the table of today */
export function withTable(text) {
  if (!BLOCK.test(text)) throw new Error(`${DOCUMENT} has no place for the table of commands`);
  return text.replace(BLOCK, (_, head, end) => `${head}\n${commandTable()}\n${end}`);
}

/** What is wrong with the table in the document; none if it is current. */
export function commandTableFaults() {
  const text = readFileSync(DOCUMENT, 'utf8');
  try {
    return withTable(text) === text
      ? []
      : [`${DOCUMENT}: the table of commands is not that of the manifest: node scripts/commandTable.mjs`];
  } catch (error) {
    return [error.message];
  }
}

if (import.meta.filename === path.resolve(process.argv[1] ?? ''))
  writeFileSync(DOCUMENT, withTable(readFileSync(DOCUMENT, 'utf8')));
