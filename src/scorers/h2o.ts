// H2O, the Heavy-Hitter Oracle (arXiv 2306.14048): scores a token by the attention that it received in total.
import { observed, type Scorer } from './scorer';

export const h2o = (): Scorer => ({
  id: 'h2o',
  needs: new Set(['attentionSum']),
  score: (seen) => observed(seen, 'attentionSum'),
});
