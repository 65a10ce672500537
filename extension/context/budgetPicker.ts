// Lets the user pick the budget, and names a budget in words.
import * as vscode from 'vscode';
import type { Budget } from '../../src/core/budget';
import { ownValue } from '../../src/core/ownValue';
import { count, percent } from '../platform/messages';
import { pickOne, type PickItem } from '../platform/quickPick';
import { shareIn, tokensIn, typedBudgets } from '../platform/typedBudget';
import { BUDGET_KEYS, readSettings, writeSetting } from '../platform/settings';

const { t } = vscode.l10n;
const RATIOS = [0.1, 0.25, 0.5, 0.75, 0.9, 1];

interface Choice extends PickItem {
  readonly budget?: Budget;
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

/**
 * Asks for a budget and writes it to the settings. A share or a number of tokens can be typed.
 * @param scope the document whose settings apply
 * @param override the budget of the inspector's slider, by which the result in front was made
 * @param preview hears the budget under the bar, and undefined at the end
 * @returns whether one was picked
 */
export async function pickBudget(
  scope: vscode.ConfigurationScope | undefined,
  override: Budget | undefined,
  preview: (budget: Budget | undefined) => void,
): Promise<boolean> {
  const { budget: set, profile, profiles } = readSettings(scope);
  const budget = override ?? set;
  const row = (label: string, b: Budget, detail?: string): Choice => ({
    label,
    ...(detail ? { description: detail } : {}),
    budget: b,
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
    onActive: (item) => preview(item?.budget),
    typed: (text) =>
      typedBudgets(text).map((b) => ({
        ...row(b.kind === 'keepRatio' ? t('Keep {0}', budgetInWords(b)) : t('Keep at most {0}', budgetInWords(b)), b),
        isCurrent: false,
      })),
    placeholder: setByProfile
      ? t('Now {0}, from the profile {1}; another choice leaves the profile', budgetInWords(budget), profile)
      : t('Now {0}. Type a share such as 12 % or a number of tokens such as 3000', budgetInWords(budget)),
  });
  const chosen = await picked?.choose?.();
  if (!chosen) return false;
  if (setByProfile) await writeSetting('profile', '', scope);
  await writeBudget(chosen, scope);
  return true;
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
    validateInput: (v) => (shareIn(v) ? undefined : t('A number from 1 to 100.')),
  });
  const keepRatio = answer && shareIn(answer);
  return keepRatio ? { kind: 'keepRatio', keepRatio } : undefined;
}

async function askTokens(): Promise<Budget | undefined> {
  const answer = await vscode.window.showInputBox({
    title: t('How Much to Keep'),
    prompt: t('Most tokens that the whole context may have'),
    validateInput: (v) => (tokensIn(v) ? undefined : t('A whole number of at least 1.')),
  });
  const maxTokens = answer && tokensIn(answer);
  return maxTokens ? { kind: 'maxTokens', maxTokens } : undefined;
}
