// Finds the pairs of neighbouring model tokens in the code of a text.
import { TOKEN_CLASSES } from '../core/context';
import type { PairTable } from '../core/evidence';
import { NO_CODE } from '../parse/classes';

/**
 * Numbers the different pairs in the order in which they first occur. The first token of a text forms a pair with nothing.
 * @param ids [n] vocabulary ids of the model tokens
 * @param classes [n] index into TOKEN_CLASSES; a token that is no code ends no pair
 */
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
