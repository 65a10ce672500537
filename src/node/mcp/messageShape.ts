// Looks at a message before the protocol does, which drops what is no valid message without a word: then the client would wait
// for ever. Such a request gets an error; `null` for parameters that may be absent means none.
import { JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js';

/** A request that is refused: its id as JSON, and a sentence. */
export interface Refused {
  readonly id: string;
  readonly fault: string;
}

/** @returns the message for the protocol, and what is to be answered in its place */
export function checkMessage(line: Buffer): { readonly line: Buffer; readonly refused: readonly Refused[] } {
  const message = parsed(line);
  if (Array.isArray(message)) return { line: NOTHING, refused: message.flatMap((m) => refusal(m, BATCH) ?? []) };
  if (typeof message !== 'object' || message === null) return { line, refused: [] };
  const changed = dropNulls(message as Fields);
  if (JSONRPCMessageSchema.safeParse(message).success)
    return { line: changed ? Buffer.from(`${JSON.stringify(message)}\n`) : line, refused: [] };
  const refused = refusal(message, INVALID);
  return refused ? { line: NOTHING, refused: [refused] } : { line, refused: [] };
}

type Fields = Record<string, unknown>;

const NOTHING = Buffer.alloc(0);
const BATCH = 'Several requests in one message are not taken: send each in a message of its own.';
const INVALID =
  'This is no valid request: it needs "jsonrpc": "2.0", a "method" that is a text, an "id" that is a text or a whole number, and "params" that is an object or absent.';

function parsed(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString());
  } catch {
    return undefined; // without an id nobody can be answered; the protocol notes it
  }
}

/** @returns whether there were any */
function dropNulls(message: Fields): boolean {
  if (!Object.hasOwn(message, 'method')) return false;
  const params = message.params as Fields | null | undefined;
  if (params === null) {
    delete message.params;
    return true;
  }
  if (typeof params !== 'object') return false;
  const nulls = (['arguments', '_meta'] as const).filter((key) => params[key] === null);
  for (const key of nulls) delete params[key];
  return nulls.length > 0;
}

/** @returns undefined for what no client waits for */
function refusal(message: unknown, fault: string): Refused | undefined {
  if (typeof message !== 'object' || message === null || !Object.hasOwn(message, 'method')) return undefined;
  const { id } = message as Fields;
  return typeof id === 'string' || typeof id === 'number' ? { id: JSON.stringify(id), fault } : undefined;
}
