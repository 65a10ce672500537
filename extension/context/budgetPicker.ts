// Knows the two lists to choose from: how much stays, and which profile counts.
import * as vscode from 'vscode';
import { LEAST_RATIO, type Budget } from '../../src/core/budget';
import { count, percent } from '../platform/messages';
import { pickOne } from '../platform/quickPick';
import { BUDGET_KEYS, readSettings, SHAPING_KEYS, writeSetting, type Profile } from '../platform/settings';

const { t } = vscode.l10n;
const RATIOS = [0.1, 0.25, 0.5, 0.75, 0.9, 1];

interface Choice extends vscode.QuickPickItem {
  readonly choose?: () => Promise<Budget | undefined>;
  /** What counts now. */
  readonly now?: boolean;
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

/** @param scope document whose settings count */
export async function pickBudget(scope: vscode.ConfigurationScope | undefined): Promise<void> {
  const { budget, profile, profiles } = readSettings(scope);
  const here = (b: Budget): boolean => JSON.stringify(b) === JSON.stringify(budget);
  const row = (label: string, b: Budget, detail?: string): Choice => ({
    label: `${here(b) ? '$(check) ' : ''}${label}`,
    ...(detail ? { description: detail } : {}),
    choose: () => Promise.resolve(b),
    now: here(b),
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
      label: budget.kind === 'maxTokens' ? `$(check) ${budgetInWords(budget)}…` : t('A limit in tokens…'),
      choose: askTokens,
      now: budget.kind === 'maxTokens',
    },
    { label: t('As much as matters'), kind: vscode.QuickPickItemKind.Separator },
    row(t('Auto'), { kind: 'auto' }, t('what adds too little goes, whatever that leaves')),
  ];
  const leaves = profile && BUDGET_KEYS.some((k) => Object.hasOwn(profiles[profile]!, k));
  const picked = await pickOne(
    items,
    items.find((i) => i.now),
    {
      title: t('How Much to Keep'),
      placeholder: leaves
        ? t('Now {0}, from the profile {1}; another choice leaves the profile', budgetInWords(budget), profile)
        : t('Now {0}', budgetInWords(budget)),
    },
  );
  const chosen = await picked?.choose?.();
  if (!chosen) return;
  if (leaves) await writeSetting('profile', '', scope);
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
  const m = /^\s*(\d{1,3}(?:[.,]\d+)?)\s*%?\s*$/.exec(text);
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

/** Chooses among the profiles, saves the present settings as a new one, or goes to where they are written. */
export async function pickProfile(scope: vscode.ConfigurationScope | undefined): Promise<void> {
  const { profile, profiles } = readSettings(scope);
  const row = (
    name: string,
    label: string,
    description: string,
  ): vscode.QuickPickItem & { run: () => Promise<unknown>; now?: boolean } => ({
    label: `${name === profile ? '$(check) ' : ''}${label}`,
    description,
    run: () => writeSetting('profile', name, scope),
    now: name === profile,
  });
  const items = [
    row('', t('No profile'), t('the settings as they are')),
    ...Object.entries(profiles).map(([name, p]) => row(name, name, inWords(p))),
    { label: '', kind: vscode.QuickPickItemKind.Separator, run: () => Promise.resolve() },
    { label: `$(add) ${t('Save the present settings as a profile…')}`, run: () => saveProfile(scope) },
    {
      label: `$(gear) ${t('Edit profiles…')}`,
      run: async () => vscode.commands.executeCommand('workbench.action.openSettings', 'namm.profiles'),
    },
  ];
  const picked = await pickOne(
    items,
    items.find((i) => i.now),
    { title: t('Profile'), placeholder: t('Settings that have a name together') },
  );
  await picked?.run();
}

function inWords(profile: Profile): string {
  return Object.entries(profile)
    .map(([key, value]) => `${key}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(', ');
}

async function saveProfile(scope: vscode.ConfigurationScope | undefined): Promise<void> {
  const name = (
    await vscode.window.showInputBox({ title: t('Save as a Profile'), prompt: t('Name of the profile') })
  )?.trim();
  if (!name) return;
  const config = vscode.workspace.getConfiguration('namm', scope ?? null);
  const { profiles, budget } = readSettings(scope);
  const own: Record<string, unknown> = {};
  // What differs from the defaults is what the name stands for; the budget always is.
  for (const key of SHAPING_KEYS) {
    const value = config.get<unknown>(key);
    if (
      JSON.stringify(value) !== JSON.stringify(config.inspect(key)?.defaultValue) &&
      !(BUDGET_KEYS as readonly string[]).includes(key)
    )
      own[key] = value;
  }
  if (budget.kind === 'keepRatio') own.keepRatio = budget.keepRatio;
  else if (budget.kind === 'maxTokens') own.maxTokens = budget.maxTokens;
  else own.auto = true;
  await writeSetting('profiles', { ...profiles, [name]: own }, scope);
  await writeSetting('profile', name, scope);
}
