// Computes what tokens cost, if the user has set prices.

export interface Price {
  /** Per million tokens; 0 = unknown. */
  readonly input: number;
  readonly output: number;
  /** ISO 4217, such as "USD". */
  readonly currency: string;
}

/**
 * @param prompt tokens sent. @param completion tokens received
 * @returns a sum in the price's currency; undefined if a price that it needs is unknown, since a partial sum would mislead
 */
export function costOf(
  price: Price,
  { prompt, completion = 0 }: { readonly prompt: number; readonly completion?: number },
): number | undefined {
  if (!(price.input > 0) || (completion > 0 && !(price.output > 0))) return undefined;
  return (prompt * price.input + completion * price.output) / 1e6;
}

/** A sum of money in a locale's format; sums below 1 keep two significant digits. @param currency ISO 4217 */
export function moneyIn(locale: string, currency: string, sum: number): string {
  const digits = {
    minimumFractionDigits: 2,
    maximumFractionDigits: sum >= 1 ? 2 : Math.min(8, Math.max(2, 1 - Math.floor(Math.log10(sum || 1)))),
  };
  try {
    return new Intl.NumberFormat(locale, { style: 'currency', currency, ...digits }).format(sum);
  } catch {
    return `${sum.toFixed(digits.maximumFractionDigits)} ${currency}`; // no such currency code
  }
}
