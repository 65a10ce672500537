// A message of any size is refused, wherever its id stands and however it is split into chunks.
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { Intake } from '../../../../src/node/mcp/messageLimit';

async function through(
  text: string,
  chunk: number,
  limit: number,
): Promise<{ lines: string[]; refused: [string | undefined, number][] }> {
  const refused: [string | undefined, number][] = [];
  const bytes = Buffer.from(text);
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, i) =>
    bytes.subarray(i * chunk, (i + 1) * chunk),
  );
  const out: Buffer[] = [];
  for await (const part of Readable.from(chunks, { objectMode: false }).pipe(
    new Intake((id, size) => refused.push([id, size]), limit),
  ))
    out.push(part as Buffer);
  return { lines: Buffer.concat(out).toString().split('\n').slice(0, -1), refused };
}

const x = 'x'.repeat(10_000);
test.each([1, 7, 1000, 100_000])('chunks of %i bytes', async (chunk) => {
  const small = ['{"a":"é😀"}', '', '{"b":1}'];
  const long = [
    `{"method":"tools/call","params":{"text":"${x}"},"jsonrpc":"2.0","id":7}`,
    `{"jsonrpc":"2.0","id":"s-1","method":"tools/call","params":{"text":"${x}"}}`,
    `{"jsonrpc":"2.0","method":"tools/call","params":{"id":3,"text":"${x}"}}`,
    `{"params":{"text":"${x}\\",\\"id\\":9}"}}`,
  ];
  const all = [small[0], long[0], small[1], long[1], long[2], long[3], small[2]];
  const { lines, refused } = await through(`${all.join('\n')}\n`, chunk, 5000);
  expect(lines).toEqual(small);
  expect(refused.map(([id]) => id)).toEqual(['7', '"s-1"', undefined, undefined]);
  expect(refused.map(([, size]) => size)).toEqual(long.map((l) => l.length + 1));
});
