// Chooses the answers that stay whole, so that what compression saves can be compared with what happens without.

/**
 * One in n, by what is in the texts: the same texts get the same answer, so a prompt cache is not broken.
 * @param digests SHA-256 of each text, hexadecimal @param n whole number of at least 2; absent: none
 */
export function isHeldOut(digests: readonly string[], n: number | undefined): boolean {
  if (n === undefined) return false;
  const sum = digests.reduce((total, hash) => total + Number.parseInt(hash.slice(0, 8), 16), 0);
  return sum % n === 0;
}
