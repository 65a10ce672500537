// Knows which pairs of neighbouring tokens a text holds in its code, and which of them are the same.
import { TOKEN_CLASSES } from '../core/context';
import type { PairTable } from '../core/evidence';
import { NO_CODE } from '../parse/classes';

/** @param ids [n] model tokens. @param classes [n] */
export function pairsOf(ids: Int32Array, classes: Uint8Array): PairTable {
  const known = new Map<number, number>();
  const pairs = Int32Array.from(ids, (id, t) => {
    if (NO_CODE.has(TOKEN_CLASSES[classes[t]!]!)) return -1;
    const key = (t ? ids[t - 1]! + 1 : 0) * 2 ** 24 + id;
    let pair = known.get(key);
    if (pair === undefined) known.set(key, (pair = known.size));
    return pair;
  });
  return { count: known.size, pairs };
}
