// Random scores: the baseline that every other scorer must beat. The sequence is fixed, so results repeat.
import { emptyGrid } from '../core/observation';
import type { Scorer } from './scorer';

/** @returns a generator of numbers in [0, 1): mulberry32 */
function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const random = (seed = 1): Scorer => ({
  id: 'random',
  needs: new Set(),
  score({ layers, heads, tokens }) {
    const grid = emptyGrid(layers, heads, tokens);
    const next = uniform(seed);
    for (let i = 0; i < grid.data.length; i++) grid.data[i] = next();
    return grid;
  },
});
