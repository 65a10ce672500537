// SnapKV (arXiv 2404.14469): attention from an observation window at the end, max-pooled so that neighbours stay
// together.
import { emptyGrid } from '../core/observation';
import { observed, type Scorer } from './scorer';

const KERNEL = 7; // of the paper's pooling. The paper's window is 16 to 64 queries; ours is the 16 that the caches remember

export const snapKV = (): Scorer => ({
  id: 'snapKV',
  needs: new Set(['windowAttention']),
  score(seen) {
    const { layers, heads, tokens, data } = observed(seen, 'windowAttention');
    const grid = emptyGrid(layers, heads, tokens);
    const reach = (KERNEL - 1) / 2;
    for (let row = 0; row < layers * heads; row++)
      for (let t = 0; t < tokens; t++) {
        let most = 0;
        for (let i = Math.max(0, t - reach); i <= Math.min(tokens - 1, t + reach); i++)
          most = Math.max(most, data[row * tokens + i]!);
        grid.data[row * tokens + t] = most;
      }
    return grid;
  },
});
