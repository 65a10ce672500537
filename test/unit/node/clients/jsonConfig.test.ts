// One entry of a configuration is put in and taken out; nothing else changes.
import { describe, expect, test } from 'vitest';
import { readConfig, withEntry } from '../../../../src/node/clients/jsonConfig';

const ENTRY = { command: 'node', args: ['cli.js', 'mcp'] };
const TABS = '{\n\t"a": 1, // keep\n\t"mcpServers": {\n\t\t"other": {"command":"x"}, // why\n\t},\n}\n';
const SPACES = '{\r\n    "theme":"dark",\r\n    "mcpServers": { }\r\n}';

describe('an entry', () => {
  test.each([
    ['with comments, tabs and trailing commas', TABS],
    [
      'among others',
      '{\n  "mcpServers": {\n    "a": {"command":"x","args":[1,2]},\n    "b": {}\n  },\n  "z": [1,2]\n}\n',
    ],
    ['with a byte order mark', '\ufeff{ "mcpServers": { "other": {} } }'],
    ['with empty servers and lines of Windows', SPACES],
    ['with null in another place', '{"x":null,"mcpServers":{"y":null}}'],
  ])('%s: taken out again, the text is what it was', (_, text) => {
    const added = withEntry(text, 'mcpServers', ENTRY)!;
    expect(readConfig(added, 'mcpServers')).toMatchObject({ kind: 'known', entry: ENTRY });
    const without = withEntry(added, 'mcpServers', undefined)!;
    const bare = (given: string): string => given.replace(/\s+(?=\})/g, ''); // a line before a brace may remain
    expect(bare(without)).toBe(bare(text));
  });

  test('is laid out as the file is; no other line changes', () => {
    const added = withEntry(TABS, 'mcpServers', ENTRY)!;
    expect(added).toContain('\t\t"other": {"command":"x"},\n\t\t"namm": {\n\t\t\t"command": "node",');
    expect(withEntry(SPACES, 'mcpServers', ENTRY)).toContain('\r\n        "namm": {\r\n            "command": "node",');
  });

  test('is replaced where it stands', () => {
    const old = withEntry(TABS, 'mcpServers', { command: 'node', args: ['old/cli.js', 'mcp'] })!;
    expect(withEntry(old, 'mcpServers', ENTRY)).toBe(withEntry(TABS, 'mcpServers', ENTRY));
    expect(withEntry(withEntry(TABS, 'mcpServers', ENTRY)!, 'mcpServers', ENTRY)).toBe(
      withEntry(TABS, 'mcpServers', ENTRY),
    );
  });

  test('a file of its own is made, and goes with the entry', () => {
    const made = withEntry('', 'servers', ENTRY)!;
    expect(made).toBe(`${JSON.stringify({ servers: { namm: ENTRY } }, null, 2)}\n`);
    expect(withEntry(made, 'servers', undefined)).toBeUndefined();
  });

  test('a file with something else, or with a comment, stays', () => {
    const other = withEntry('{"inputs":[]}', 'servers', ENTRY)!;
    expect(withEntry(other, 'servers', undefined)).toContain('"inputs"');
    const noted = withEntry('{ // mine\n}', 'servers', ENTRY)!;
    expect(withEntry(noted, 'servers', undefined)).toContain('// mine');
  });
});

test.each(['{', '[]', '"x"', '{"mcpServers": []}', '{"mcpServers": {"a": }}', '{} {}', 'mcpServers:\n  - a'])(
  'what is no such configuration is not touched: %s',
  (text) => {
    expect(readConfig(text, 'mcpServers')).toEqual({ kind: 'unknown' });
    expect(() => withEntry(text, 'mcpServers', ENTRY)).toThrow();
  },
);
