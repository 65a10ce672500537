// Lets the user pick a profile, or save the present settings as one.
import * as vscode from 'vscode';
import { oneOf } from '../../src/core/oneOf';
import { pickOne, type PickItem } from '../platform/quickPick';
import { BUDGET_KEYS, readSettings, SHAPING_KEYS, writeSetting, type Profile } from '../platform/settings';

const { t } = vscode.l10n;

/** Offers the profiles, saving the present settings as a new one, and editing them. @param scope the document whose settings apply */
export async function pickProfile(scope: vscode.ConfigurationScope | undefined): Promise<void> {
  const { profile, profiles } = readSettings(scope);
  const row = (name: string, label: string, description: string): PickItem & { run: () => Promise<unknown> } => ({
    label,
    description,
    run: () => writeSetting('profile', name, scope),
    isCurrent: name === profile,
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
  const picked = await pickOne(items, { title: t('Profile'), placeholder: t('Settings that have a name together') });
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
  const values: Record<string, unknown> = {};
  // A profile contains the settings that differ from the defaults, and always the budget.
  for (const key of SHAPING_KEYS) {
    const value = config.get<unknown>(key);
    if (
      JSON.stringify(value) !== JSON.stringify(config.inspect(key)?.defaultValue) &&
      oneOf(BUDGET_KEYS, key) === undefined
    )
      values[key] = value;
  }
  if (budget.kind === 'keepRatio') values.keepRatio = budget.keepRatio;
  else if (budget.kind === 'maxTokens') values.maxTokens = budget.maxTokens;
  else values.auto = true;
  await writeSetting('profiles', { ...profiles, [name]: values }, scope);
  await writeSetting('profile', name, scope);
}
