// Selective Context (arXiv 2310.06201): scores a token by its surprisal in nats, the same for every cache.
import { emptyGrid } from '../core/observation';
import { observed, type Scorer } from './scorer';

export const surprisal = (): Scorer => ({
  id: 'surprisal',
  needs: new Set(['logProb']),
  score(seen) {
    const { layers, heads, tokens } = seen;
    const logProb = observed(seen, 'logProb');
    const grid = emptyGrid(layers, heads, tokens);
    for (let i = 0; i < grid.data.length; i++) grid.data[i] = -logProb[i % tokens]!; // nats; the same for every cache
    return grid;
  },
});
