// Searches a text by the table of rules.
import type { Span } from '../core/span';
import { isPlaceholder } from './placeholders';
import { RULES, type Rule } from './rules';

/** What a rule found: the range of the secret value. */
export interface PatternFinding extends Span {
  readonly rule: Rule;
}

/** What the rules find, rule by rule, without placeholders. */
export function findByPatterns(text: string): PatternFinding[] {
  const found: PatternFinding[] = [];
  let lower: string | undefined;
  for (const rule of RULES) {
    const anyCase = rule.pattern.flags.includes('i');
    const searched = anyCase ? (lower ??= text.toLowerCase()) : text;
    if (!rule.near.some((n) => searched.includes(anyCase ? n.toLowerCase() : n))) continue;
    for (const match of text.matchAll(rule.pattern)) {
      const inner = match.indices?.groups?.secret;
      const [start, end] = unquoted(text, ...(inner ?? [match.index, match.index + match[0].length]));
      if (!inner && !beginsToken(text, start)) continue;
      const value = text.slice(start, end);
      if (isPlaceholder(value, rule.form) || rule.holds?.(value) === false) continue;
      found.push({ start, end, rule });
    }
  }
  return found;
}

/** Whether no letter or digit stands before, other than that of an escape like `\n` or `%3D`. */
function beginsToken(text: string, at: number): boolean {
  return (
    !/[A-Za-z0-9]/.test(text.charAt(at - 1)) ||
    /\\[nrtbfv0]$|%[0-9A-Fa-f]{2}$|\\u[0-9A-Fa-f]{4}$|\\x[0-9A-Fa-f]{2}$/.test(text.slice(Math.max(0, at - 6), at))
  );
}

/** The range without quotes around it. */
function unquoted(text: string, start: number, end: number): [number, number] {
  const quote = text.charAt(start);
  return end - start > 2 && (quote === '"' || quote === "'") && text.charAt(end - 1) === quote
    ? [start + 1, end - 1]
    : [start, end];
}
