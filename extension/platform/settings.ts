// Knows setting keys: one typed snapshot, read through one door.
import * as vscode from 'vscode';
import { DEFAULT_BUDGET, LEAST_RATIO, type Budget } from '../../src/core/budget';
import { DEFAULT_SCORER, FORMAT_STYLES, SCORER_IDS, type FormatStyle, type ScorerId } from '../../src/core/context';
import { COUNTER_IDS, type CounterId } from '../../src/core/token';
import { DEFAULT_SECRETS, SECRETS_RULES, type SecretsRule } from '../../src/redact/secretsRule';
import type { Price } from '../../src/handover/price';

export const SECTION = 'namm';

export interface Settings {
  readonly budget: Budget;
  readonly scorer: ScorerId;
  readonly counter: CounterId;
  readonly markers: boolean;
  readonly inlineMarkers: boolean;
  /** Regular expressions over lines. */
  readonly protectedPatterns: readonly string[];
  readonly droppedPatterns: readonly string[];
  /** Globs by the rules of .gitignore: whole files that stay, files that a run over several leaves out. */
  readonly pinnedFiles: readonly string[];
  readonly excludedFiles: readonly string[];
  /** Name of the profile that these settings come from; '' without one. */
  readonly profile: string;
  readonly profiles: Profiles;
  readonly live: boolean;
  /** Tokens that the model which reads the context can take. */
  readonly contextWindow: number;
  /** Folder of the model; undefined = the bundled one. */
  readonly modelPath: string | undefined;
  readonly idleMs: number;
}

/** Settings that have a name together: they win over those of the same key. */
export type Profile = Readonly<Record<string, unknown>>;
export type Profiles = Readonly<Record<string, Profile>>;

/** Keys that a profile may hold, and whose change makes another result of the same text. */
export const SHAPING_KEYS = [
  'keepRatio',
  'maxTokens',
  'auto',
  'scorer',
  'counter',
  'markers',
  'inlineMarkers',
  'protectedPatterns',
  'droppedPatterns',
  'pinnedFiles',
] as const;
/** Those of them that make the budget. */
export const BUDGET_KEYS = ['keepRatio', 'maxTokens', 'auto'] as const;

/** @param scope document whose folder and language settings count */
export function readSettings(scope?: vscode.ConfigurationScope): Settings {
  const own = vscode.workspace.getConfiguration(SECTION, scope ?? null);
  const profiles = own.get<Profiles>('profiles', {});
  const profile = Object.hasOwn(profiles, own.get<string>('profile', '')) ? own.get<string>('profile', '') : '';
  const config = withProfile(own, profiles[profile]);
  const maxTokens = config.get<number>('maxTokens', 0);
  const keepRatio = config.get<number>('keepRatio', 0.5);
  // A workspace nobody trusts must not choose what a native runtime loads.
  const modelPath = vscode.workspace.isTrusted ? own.get<string>('modelPath', '').trim() : '';
  return {
    budget: config.get<boolean>('auto', false)
      ? { kind: 'auto' }
      : maxTokens >= 1
        ? { kind: 'maxTokens', maxTokens: Math.floor(maxTokens) }
        : keepRatio >= LEAST_RATIO && keepRatio <= 1
          ? { kind: 'keepRatio', keepRatio }
          : DEFAULT_BUDGET,
    scorer: oneOf(SCORER_IDS, config.get('scorer', DEFAULT_SCORER), DEFAULT_SCORER),
    counter: oneOf(COUNTER_IDS, config.get('counter', 'o200k'), 'o200k'),
    markers: config.get<boolean>('markers', true),
    inlineMarkers: config.get<boolean>('inlineMarkers', true),
    protectedPatterns: strings(config.get<unknown>('protectedPatterns', [])),
    droppedPatterns: strings(config.get<unknown>('droppedPatterns', [])),
    pinnedFiles: strings(config.get<unknown>('pinnedFiles', [])),
    excludedFiles: strings(config.get<unknown>('excludedFiles', [])),
    profile,
    profiles,
    live: config.get<boolean>('live', false),
    contextWindow: Math.max(1, config.get<number>('contextWindow', 128_000)),
    modelPath: modelPath || undefined,
    idleMs: Math.max(0.5, own.get<number>('idleMinutes', 5)) * 60_000,
  };
}

/** Writes where the key is set already, else for the user; a language's own value stays the language's. */
export async function writeSetting(key: string, value: unknown, scope?: vscode.ConfigurationScope): Promise<void> {
  const config = vscode.workspace.getConfiguration(SECTION, scope ?? null);
  const seen = config.inspect(key);
  const { ConfigurationTarget: target } = vscode;
  const language = seen?.workspaceFolderLanguageValue ?? seen?.workspaceLanguageValue ?? seen?.globalLanguageValue;
  // Where one folder is the whole workspace its values are told of both, but a key of the window may be written to the workspace alone.
  const folder =
    vscode.workspace.workspaceFile &&
    (seen?.workspaceFolderLanguageValue ?? (language === undefined ? seen?.workspaceFolderValue : undefined));
  const workspace = seen?.workspaceLanguageValue ?? (language === undefined ? seen?.workspaceValue : undefined);
  const where =
    folder !== undefined ? target.WorkspaceFolder : workspace !== undefined ? target.Workspace : target.Global;
  const plain = seen?.defaultValue;
  // Back at what it would be anyway, nothing needs to be written down.
  const written =
    where === target.Global && language === undefined && JSON.stringify(plain) === JSON.stringify(value)
      ? undefined
      : value;
  await config.update(key, written, where, language !== undefined);
}

interface Reader {
  get<T>(key: string, otherwise: T): T;
}

function withProfile(config: vscode.WorkspaceConfiguration, profile: Profile | undefined): Reader {
  if (!profile) return config;
  // A profile that names one kind of budget means no other.
  const budgeted = BUDGET_KEYS.some((k) => Object.hasOwn(profile, k));
  return {
    get: <T>(key: string, otherwise: T): T => {
      const known = (SHAPING_KEYS as readonly string[]).includes(key);
      if (known && Object.hasOwn(profile, key) && typeof profile[key] === typeof otherwise) return profile[key] as T;
      if (budgeted && (key === 'maxTokens' || key === 'auto')) return otherwise;
      return config.get<T>(key, otherwise);
    },
  };
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string' && v.trim() !== '') : [];
}

/** What a hand-over needs to know. */
export interface HandoverSettings {
  readonly format: FormatStyle;
  readonly secrets: SecretsRule;
  /** Base address and model of an OpenAI-compatible server; empty = none. */
  readonly endpoint: { readonly url: string; readonly model: string };
  readonly price: Price;
}

export function readHandoverSettings(): HandoverSettings {
  const config = vscode.workspace.getConfiguration(SECTION, null);
  return {
    format: oneOf(FORMAT_STYLES, config.get('format'), 'markdown'),
    secrets: oneOf(SECRETS_RULES, config.get('secrets'), DEFAULT_SECRETS),
    endpoint: {
      url: config.get<string>('endpoint.url', '').trim(),
      model: config.get<string>('endpoint.model', '').trim(),
    },
    price: {
      input: config.get<number>('price.input', 0),
      output: config.get<number>('price.output', 0),
      currency: config.get<string>('price.currency', 'USD'),
    },
  };
}

function oneOf<T extends string>(known: readonly T[], value: unknown, otherwise: T): T {
  return known.find((k) => k === value) ?? otherwise;
}
