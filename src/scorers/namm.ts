// NAMM (arXiv 2410.13166): the score that the evolved memory gave the token during the reading.
import { observed, type Scorer } from './scorer';

export const namm = (): Scorer => ({
  id: 'namm',
  needs: new Set(['nammScore']),
  threshold: 0,
  score: (seen) => observed(seen, 'nammScore'),
});
