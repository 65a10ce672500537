// Lets the user pick the budget, and names a budget in words.
import * as vscode from 'vscode';
import { LEAST_RATIO, type Budget } from '../../src/core/budget';
import { ownValue } from '../../src/core/ownValue';
import { count, percent } from '../platform/messages';
import { pickOne, type PickItem } from '../platform/quickPick';
import { BUDGET_KEYS, readSettings, writeSetting } from '../platform/settings';

const { t } = vscode.l10n;
const RATIOS = [0.1, 0.25, 0.5, 0.75, 0.9, 1];

interface Choice extends PickItem {
  readonly choose?: () => Promise<Budget | undefined>;
}

export function budgetInWords(budget: Budget): string {
  switch (budget.kind) {
    case 'keepRatio':
      return percent(budget.keepRatio);
    case 'maxTokens':
      return t('{0} tokens', count(budget.maxTokens));
    case 'auto':
      return t('auto');
  }
}

/** Asks for a budget and writes it to the settings. @param scope the document whose settings apply */
export async function pickBudget(scope: vscode.ConfigurationScope | undefined): Promise<void> {
  const { budget, profile, profiles } = readSettings(scope);
  const row = (label: string, b: Budget, detail?: string): Choice => ({
    label,
    ...(detail ? { description: detail } : {}),
    choose: () => Promise.resolve(b),
    isCurrent: JSON.stringify(b) === JSON.stringify(budget),
  });
  const ratios = [...new Set([...RATIOS, ...(budget.kind === 'keepRatio' ? [budget.keepRatio] : [])])].sort(
    (a, b) => a - b,
  );
  const items: Choice[] = [
    { label: t('Share of the tokens'), kind: vscode.QuickPickItemKind.Separator },
    ...ratios.map((keepRatio) => row(percent(keepRatio), { kind: 'keepRatio', keepRatio })),
    { label: t('Another share…'), choose: askRatio },
    { label: t('Number of tokens'), kind: vscode.QuickPickItemKind.Separator },
    {
      label: budget.kind === 'maxTokens' ? `${budgetInWords(budget)}…` : t('A limit in tokens…'),
      choose: askTokens,
      isCurrent: budget.kind === 'maxTokens',
    },
    { label: t('As much as matters'), kind: vscode.QuickPickItemKind.Separator },
    row(t('Auto'), { kind: 'auto' }, t('what adds too little goes, whatever that leaves')),
  ];
  const setByProfile = profile && BUDGET_KEYS.some((k) => Object.hasOwn(ownValue(profiles, profile) ?? {}, k));
  const picked = await pickOne(items, {
    title: t('How Much to Keep'),
    placeholder: setByProfile
      ? t('Now {0}, from the profile {1}; another choice leaves the profile', budgetInWords(budget), profile)
      : t('Now {0}', budgetInWords(budget)),
  });
  const chosen = await picked?.choose?.();
  if (!chosen) return;
  if (setByProfile) await writeSetting('profile', '', scope);
  await writeBudget(chosen, scope);
}

async function writeBudget(budget: Budget, scope: vscode.ConfigurationScope | undefined): Promise<void> {
  if (budget.kind === 'keepRatio') await writeSetting('keepRatio', budget.keepRatio, scope);
  await writeSetting('maxTokens', budget.kind === 'maxTokens' ? budget.maxTokens : 0, scope);
  await writeSetting('auto', budget.kind === 'auto', scope);
}

async function askRatio(): Promise<Budget | undefined> {
  const answer = await vscode.window.showInputBox({
    title: t('How Much to Keep'),
    prompt: t('Percent of the tokens, from 1 to 100'),
    validateInput: (v) => (percentOf(v) ? undefined : t('A number from 1 to 100.')),
  });
  const share = answer && percentOf(answer);
  return share ? { kind: 'keepRatio', keepRatio: share } : undefined;
}

function percentOf(text: string): number | undefined {
  const m = /^\s*(\d{1,3}(?:[.,]\d+)?)\s*(?:%\s*)?$/.exec(text);
  const value = m ? Number(m[1]!.replace(',', '.')) / 100 : 0;
  return value >= LEAST_RATIO && value <= 1 ? value : undefined;
}

async function askTokens(): Promise<Budget | undefined> {
  const answer = await vscode.window.showInputBox({
    title: t('How Much to Keep'),
    prompt: t('Most tokens that the whole context may have'),
    validateInput: (v) => (/^\s*[1-9]\d{0,8}\s*$/.test(v) ? undefined : t('A whole number of at least 1.')),
  });
  return answer ? { kind: 'maxTokens', maxTokens: Number(answer) } : undefined;
}
