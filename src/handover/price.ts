// Knows what tokens cost, when somebody has said so.

export interface Price {
  /** Per million tokens; 0 = unknown. */
  readonly input: number;
  readonly output: number;
  /** ISO 4217, such as "USD". */
  readonly currency: string;
}

/** @returns undefined where a price is unknown of what was sent or received: a part of the sum would pass for all of it */
export function costOf(
  price: Price,
  { prompt, completion = 0 }: { readonly prompt: number; readonly completion?: number },
): number | undefined {
  if (!(price.input > 0) || (completion > 0 && !(price.output > 0))) return undefined;
  return (prompt * price.input + completion * price.output) / 1e6;
}

/** Small sums keep two digits that say something. */
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
