// Tells, language by language, which lines of a text without a grammar are one statement or one section with their neighbours.

/** A line that belongs to the statement that an earlier line of the same depth began. */
export const CLOSES =
  /^\s*([)\]}]|\{\s*$|<\/|\/>|(end|fi|done|esac|else|elif|elsif|elseif|rescue|ensure|except|catch|finally|then|do|until|when|default|EOF|EOT)\b|;[;&])/;
/** The same in a language without statements. */
export const CLOSES_DATA = /^\s*([)\]}]|<\/|\/>|\.\.\.\s*$)/;
export const DATA = new Set([
  'yaml',
  'toml',
  'ini',
  'properties',
  'css',
  'makefile',
  'dockerfile',
  'jsonl',
  'latex',
  'ignore',
]);
/** How a line ends, or begins, that is one statement with its neighbour, in languages without braces. */
export const ENDS_OPEN: Readonly<Record<string, RegExp>> = {
  r: /(\|>|%[^%\s]{0,20}%|[-+*/^&|~=,(]|<-)\s*$/,
  elixir: /(\|>|<>|\+\+|&&|\|\||[=,|(])\s*$/,
  lua: /(\.\.|[-+*/=,({]|\b(and|or|not))\s*$/,
  julia: /(\|>|&&|\|\||[-+*/=,(])\s*$/,
  // A statement ends with one of these signs, an element with a comma; `=cut` and the end of a here-document are none.
  perl: /^(?!=cut\b|[A-Z_]+$).*([^\s;{}([,:]|[\w>]\{[\w$'"-]+\})\s*$/,
};
export const BEGINS_OPEN: Readonly<Record<string, RegExp>> = {
  elixir: /^\s*(\|>|<>|\+\+|&&|\|\||\||(and|or|in)\b)/,
  lua: /^\s*(\.\.|[-+*/:]|(and|or)\b)/,
  haskell: /^\s*(\|{1,2}|[.$<>&]+|,|then|else|of|in|where)(\s|$)/,
  elm: /^\s*(\|>|,|\|\||&&)/,
  ocaml: /^\s*(\||;|in\b|\|>)/,
  fsharp: /^\s*(\|>|\|)/,
  julia: /^\s*(\|>)/,
  perl: /^\s*(\?|:(?!:)|\.|\|\||&&|=~|->|(and|or|xor)\b)/,
};

/** The head of a section: what stands below belongs to it, up to the next head. */
export const SECTION: Readonly<Record<string, RegExp>> = {
  ini: /^\s*\[[^\]]*\]\s*([;#][^]*)?$/,
  properties: /^\s*\[[^\]]*\]\s*([;#][^]*)?$/,
  toml: /^\s*\[{1,2}(?:[^[\]"']|"(?:[^"\\]|\\[^])*"|'[^']*')*\]{1,2}\s*$/,
  yaml: /^---(\s|$)/,
  dockerfile: /^\s*FROM\s/i,
};

/**
 * The column beyond which a line goes on with the plain scalar of this line of YAML; Infinity if it has none that is open.
 * A list item holds a mapping or a scalar: `- a: b` goes on beyond `a`, `- a` beyond the dash.
 */
export function plainScalarColumn(code: string): number {
  const dashes = /^\s*(?:-\s+)*/.exec(code)![0];
  const item = code.slice(dashes.length);
  const quoted = /^(?:"[^"]*"|'[^']*')\s*:(?=\s|$)/.exec(item)?.[0].length;
  const plain = /^[^"'[{#]/.test(item) ? /:(?=\s|$)/.exec(item)?.index : undefined;
  const key = quoted ?? (plain === undefined ? undefined : plain + 1);
  const value = item.slice(key ?? 0).replace(/^\s*(?:[&!]\S*\s+)*/, '');
  if (/^(?:$|["'[{|>*#?&!%@`]|-+(?:\s|$))/.test(value)) return Infinity;
  return key === undefined ? dashes.lastIndexOf('-') : dashes.length;
}
