// Recency: a later token scores higher (StreamingLLM, arXiv 2309.17453, without its sinks).
import { emptyGrid } from '../core/observation';
import type { Scorer } from './scorer';

export const recency = (): Scorer => ({
  id: 'recency',
  needs: new Set(),
  score({ layers, heads, tokens }) {
    const grid = emptyGrid(layers, heads, tokens);
    for (let i = 0; i < grid.data.length; i++) grid.data[i] = (i % tokens) / tokens;
    return grid;
  },
});
