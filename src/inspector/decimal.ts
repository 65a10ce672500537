// Formats scores: two decimal places, a real minus sign, and none before a zero.

/** @param language a BCP 47 tag. Example: -1.5 in "de" is −1,50 */
export function decimalIn(language: string): (n: number) => string {
  const format = new Intl.NumberFormat(language, {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
    signDisplay: 'negative',
  });
  return (n) => format.format(n).replace('-', '−');
}
