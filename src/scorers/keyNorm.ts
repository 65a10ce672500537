// The L2 rule (Devoto et al., arXiv 2406.11430): keys with a small norm attract attention, so they stay.
import { CompressionError } from '../core/errors';
import type { Scorer } from './scorer';

export const keyNorm = (): Scorer => ({
  id: 'keyNorm',
  needs: new Set(['keyNorm']),
  score(seen) {
    if (!seen.keyNorm) throw new CompressionError('internal', 'keyNorm: no norms were observed');
    return { ...seen.keyNorm, data: seen.keyNorm.data.map((x) => -x) };
  },
});
