// Answers `namm stats`: what was saved, in tokens and in money.
import { moneyFor, PRICES, PRICES_OF } from '../usage/prices';
import type { Arm, Savings } from '../usage/savings';
import type { StatsCommand } from './setupArguments';

const number = (n: number): string => n.toLocaleString('en-US');
const share = (part: number, of: number): string => `${Math.round((100 * part) / Math.max(1, of))} %`;
const dollars = (n: number): string => `${n < 0 ? '-' : ''}$${Math.abs(n).toFixed(2)}`;
const many = (n: number, what: string): string => `${number(n)} ${what}${n === 1 ? '' : 's'}`;

/** @param isWritten whether uses are written down at present */
export function statsOf(savings: Savings, { json, turns }: StatsCommand, isWritten: boolean): string {
  return json ? asJson(savings, turns) : inWords(savings, turns, isWritten);
}

function asJson({ since, ...savings }: Savings, turns: number): string {
  const prices = PRICES.map((price) => ({ ...price, saved: moneyFor(savings.saved, price, turns) }));
  const start = since === undefined ? {} : { since: new Date(since).toISOString() };
  return `${JSON.stringify({ ...start, ...savings, turns, pricesOf: PRICES_OF, prices }, null, 1)}\n`;
}

function inWords(savings: Savings, turns: number, isWritten: boolean): string {
  const { since, compressed, whole, expansions, expandedTokens, saved } = savings;
  const off = isWritten ? [] : ['NAMM_STATS=off: what is done now is not written down.'];
  if (since === undefined) return [...off, 'Nothing was compressed yet.', ''].join('\n');
  const { answers, before, after, again } = compressed;
  return [
    ...off,
    `Since ${new Date(since).toISOString().slice(0, 10)}: ${many(answers, 'answer')}, of ${number(before)} recipient tokens ${number(after)} were handed over.`,
    ...(again ? [`  given again  ${many(again, 'token')} of these, in texts that had been given before`] : []),
    `  expanded     ${many(expansions, 'part')}, about ${many(expandedTokens, 'token')}`,
    `  saved        ${many(saved, 'token')} (${share(saved, before)}), with what was expanded or given again charged`,
    ...(whole.answers ? holdout(compressed, whole, expandedTokens) : []),
    '',
    `What these tokens would have cost, in this turn and ${turns === 1 ? '1 later one' : `${turns} later ones`} (--turns):`,
    ...table(saved, turns),
    `Prices of ${PRICES_OF}; --json names their sources. Each model counts tokens its own way, so the sums are estimates.`,
    '',
  ].join('\n');
}

function table(saved: number, turns: number): string[] {
  const rows = PRICES.map((price) => ({ price, ...moneyFor(saved, price, turns) }));
  const wide = PRICES.reduce((most, { model }) => Math.max(most, model.length), 0);
  return [
    `  ${''.padEnd(wide)}  ${'with a prompt cache'.padStart(20)}  ${'without'.padStart(10)}`,
    ...rows.map(
      ({ price, cached, uncached }) =>
        `  ${price.model.padEnd(wide)}  ${dollars(cached).padStart(20)}  ${dollars(uncached).padStart(10)}`,
    ),
  ];
}

/** For 100 tokens of source, what was handed over in the end. */
function holdout(compressed: Arm, whole: Arm, expandedTokens: number): string[] {
  const cost = (arm: Arm, more: number): string => share(arm.after + more, arm.before);
  return [
    `  holdout      ${many(whole.answers, 'answer')} given whole: ${cost(whole, 0)} of their source was handed over in the end, ${cost(compressed, expandedTokens)} of what was compressed`,
  ];
}
