// Selective Context (arXiv 2310.06201): scores a token by its surprisal in nats, the same for every cache.
import { emptyGrid } from '../core/observation';
import { CompressionError } from '../core/errors';
import type { Scorer } from './scorer';

export const surprisal = (): Scorer => ({
  id: 'surprisal',
  needs: new Set(['logProb']),
  score(seen) {
    if (!seen.logProb) throw new CompressionError('internal', 'surprisal: no log-probabilities were observed');
    const { layers, heads, tokens, logProb } = seen;
    const grid = emptyGrid(layers, heads, tokens);
    for (let i = 0; i < grid.data.length; i++) grid.data[i] = -logProb[i % tokens]!; // nats; the same for every cache
    return grid;
  },
});
