// Shows white space as signs: a token may be nothing else.

/** Example: "a b\n" gives "a␣b⏎". */
export function visible(token: string): string {
  return token
    .replaceAll(' ', '␣')
    .replaceAll('\t', '⇥')
    .replace(/\r\n|\r|\n/g, '⏎');
}
