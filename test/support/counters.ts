// A counter with plain figures for tests: every UTF-16 unit is one recipient token.
import type { TokenCounter } from '../../src/core/token';

/** Every line break is a border. */
export const lengthCounter: TokenCounter = {
  id: 'o200k',
  count: (text) => text.length,
  border(text, from) {
    const at = text.indexOf('\n', from) + 1;
    return at > 0 && at < text.length ? { at, start: at - 1, end: at + 1 } : undefined;
  },
  innerBorder: () => undefined,
};
