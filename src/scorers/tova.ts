// TOVA, Token Omission Via Attention (arXiv 2401.06104): scores a token by the attention of the latest query.
import { emptyGrid } from '../core/observation';
import { observed, type Scorer } from './scorer';

export const tova = (): Scorer => ({
  id: 'tova',
  needs: new Set(['lastAttention']),
  score(seen) {
    // One decision for all heads of a layer: their mean.
    const { layers, heads, tokens, data } = observed(seen, 'lastAttention');
    const grid = emptyGrid(layers, heads, tokens);
    for (let layer = 0; layer < layers; layer++)
      for (let t = 0; t < tokens; t++) {
        let sum = 0;
        for (let h = 0; h < heads; h++) sum += data[(layer * heads + h) * tokens + t]!;
        for (let h = 0; h < heads; h++) grid.data[(layer * heads + h) * tokens + t] = sum / heads;
      }
    return grid;
  },
});
