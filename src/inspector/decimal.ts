// Knows how a score is written: two places, a real minus, and none before what is rounded to zero.

/** @param language a BCP 47 tag */
export function decimalIn(language: string): (n: number) => string {
  const format = new Intl.NumberFormat(language, {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
    signDisplay: 'negative',
  });
  return (n) => format.format(n).replace('-', '−');
}
