// Knows what each of the model's tokens costs a reader, who has others.
import type { TokenCounter, TokenList } from '../core/token';

/**
 * Recipient tokens, dealt out evenly over the model's tokens that begin between two borders which no recipient token spans: a line, as a rule.
 * @returns [tokens] their sum is what the reader counts in the text
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
    else out[token - 1]! += cost; // one token of the model covers it all, and what is in front of it
    at = end;
  }
  return out;
}
