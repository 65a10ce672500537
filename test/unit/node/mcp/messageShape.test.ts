// Every request is answered, also one that is no valid message.
import { expect, test } from 'vitest';
import { checkMessage } from '../../../../src/node/mcp/messageShape';

const check = (text: string): { line: string; ids: string[] } => {
  const { line, refused } = checkMessage(Buffer.from(`${text}\n`));
  for (const { fault } of refused) expect(fault).toMatch(/\.$/);
  return { line: line.toString(), ids: refused.map((r) => r.id) };
};

test.each([
  '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
  '{"jsonrpc": "2.0", "id": "a", "method": "tools/call", "params": {"name": "x", "arguments": {"query": null}}}',
  '{"jsonrpc":"2.0","method":"notifications/initialized"}',
  '{"jsonrpc":"2.0","id":9,"result":{}}',
])('%s passes as it is', (text) => expect(check(text)).toEqual({ line: `${text}\n`, ids: [] }));

test.each(['not json', '', 'null', '7', '{"jsonrpc":"2.0","method":5}', '{"jsonrpc":"2.0","id":1,"result":null}'])(
  'nobody can be answered for %j, so the protocol notes it',
  (text) => expect(check(text)).toEqual({ line: `${text}\n`, ids: [] }),
);

test.each([
  ['{"jsonrpc":"2.0","id":1,"method":"tools/list","params":null}', { jsonrpc: '2.0', id: 1, method: 'tools/list' }],
  [
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x","arguments":null,"_meta":null}}',
    { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'x' } },
  ],
])('null means none: %s', (text, passed) => {
  const { line, ids } = check(text);
  expect([JSON.parse(line), ids]).toEqual([passed, []]);
});

test.each([
  ['{"jsonrpc":"2.0","id":1,"method":5}', '1'],
  ['{"id":"a\\"b","method":"tools/list"}', '"a\\"b"'],
  ['{"jsonrpc":"2.0","id":2,"method":"tools/list","params":[1]}', '2'],
  ['{"jsonrpc":"2.0","id":3,"method":"tools/list","params":"x"}', '3'],
  ['{"jsonrpc":"2.0","id":1.5,"method":"tools/list"}', '1.5'],
])('%s is refused under its id', (text, id) => expect(check(text)).toEqual({ line: '', ids: [id] }));

test('several requests in one message are refused one by one', () =>
  expect(
    check(
      '[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"x"},7,{"jsonrpc":"2.0","id":2,"method":"ping"}]',
    ),
  ).toEqual({ line: '', ids: ['1', '2'] }));
