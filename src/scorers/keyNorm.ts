// The L2 rule (Devoto et al., arXiv 2406.11430): keys with a small norm attract attention, so they stay.
import { observed, type Scorer } from './scorer';

export const keyNorm = (): Scorer => ({
  id: 'keyNorm',
  needs: new Set(['keyNorm']),
  score(seen) {
    const norms = observed(seen, 'keyNorm');
    return { ...norms, data: norms.data.map((x) => -x) };
  },
});
