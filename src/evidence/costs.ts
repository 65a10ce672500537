// Gives every model token its cost in recipient tokens.
import type { TokenCounter, TokenList } from '../core/token';

/**
 * Counts the recipient tokens of each stretch between two borders (usually a line) and spreads them evenly over the model tokens
 * that begin in the stretch. No recipient token spans a border, so the costs add up to the count of the whole text.
 * Example: a line of 6 recipient tokens and 4 model tokens costs 1.5 for each of the 4.
 * @returns [tokens] recipient tokens per model token
 */
export function costsOf(text: string, { bounds, length }: TokenList, counter: TokenCounter): Float32Array {
  const out = new Float32Array(length);
  let token = 0;
  for (let at = 0; at < text.length;) {
    const end = counter.border(text, at)?.at ?? text.length;
    const first = token;
    while (token < length && bounds[token]! < end) token++;
    const cost = counter.count(text.slice(at, end));
    if (token > first) out.fill(cost / (token - first), first, token);
    else out[token - 1]! += cost; // the token before this stretch covers it as well
    at = end;
  }
  return out;
}
