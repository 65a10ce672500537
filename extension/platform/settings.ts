// Reads the settings as one typed snapshot, and writes single keys.
import * as vscode from 'vscode';
import { DEFAULT_BUDGET, LEAST_RATIO, type Budget } from '../../src/core/budget';
import { DEFAULT_SCORER, FORMAT_STYLES, SCORER_IDS, type FormatStyle, type ScorerId } from '../../src/core/context';
import { oneOf } from '../../src/core/oneOf';
import { COUNTER_IDS, type CounterId } from '../../src/core/token';
import { ownValue } from '../../src/core/ownValue';
import { DEFAULT_SECRETS, SECRETS_RULES, type SecretsRule } from '../../src/redact/secretsRule';
import type { Price } from '../../src/handover/price';

export const SECTION = 'namm';

export interface Settings {
  readonly budget: Budget;
  readonly scorer: ScorerId;
  readonly counter: CounterId;
  readonly markers: boolean;
  readonly inlineMarkers: boolean;
  /** Regular expressions, matched against each line. */
  readonly protectedPatterns: readonly string[];
  readonly droppedPatterns: readonly string[];
  /** Globs by the rules of .gitignore: files that stay whole, and files that a run over several files leaves out. */
  readonly pinnedFiles: readonly string[];
  readonly excludedFiles: readonly string[];
  /** Name of the active profile; '' = none. */
  readonly profile: string;
  readonly profiles: Profiles;
  readonly live: boolean;
  /** Context window of the recipient, in tokens. */
  readonly contextWindow: number;
  /** Folder of the local model; undefined = the bundled one. */
  readonly modelPath: string | undefined;
  readonly idleMs: number;
}

/** A named set of settings. They override the settings with the same keys. */
export type Profile = Readonly<Record<string, unknown>>;
type Profiles = Readonly<Record<string, Profile>>;

/** Keys that a profile may contain. A change of one of them changes the result of the same text. */
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
/** Those of them that define the budget. */
export const BUDGET_KEYS = ['keepRatio', 'maxTokens', 'auto'] as const;

/** @param scope the document whose folder and language settings apply; undefined = those of the window */
export function readSettings(scope?: vscode.ConfigurationScope): Settings {
  const userConfig = vscode.workspace.getConfiguration(SECTION, scope ?? null);
  const profiles = userConfig.get<Profiles>('profiles', {});
  const profile = Object.hasOwn(profiles, userConfig.get<string>('profile', ''))
    ? userConfig.get<string>('profile', '')
    : '';
  const config = withProfile(userConfig, ownValue(profiles, profile));
  const maxTokens = config.get<number>('maxTokens', 0);
  const keepRatio = config.get<number>('keepRatio', 0.5);
  // An untrusted workspace must not choose what the native runtime loads.
  const modelPath = vscode.workspace.isTrusted ? userConfig.get<string>('modelPath', '').trim() : '';
  return {
    budget: config.get<boolean>('auto', false)
      ? { kind: 'auto' }
      : maxTokens >= 1
        ? { kind: 'maxTokens', maxTokens: Math.floor(maxTokens) }
        : keepRatio >= LEAST_RATIO && keepRatio <= 1
          ? { kind: 'keepRatio', keepRatio }
          : DEFAULT_BUDGET,
    scorer: oneOf(SCORER_IDS, config.get('scorer', DEFAULT_SCORER)) ?? DEFAULT_SCORER,
    counter: oneOf(COUNTER_IDS, config.get('counter', 'o200k')) ?? 'o200k',
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
    idleMs: Math.max(0.5, userConfig.get<number>('idleMinutes', 5)) * 60_000,
  };
}

/** Writes a setting where it is already set, else for the user. A value of a language stays with the language. */
export async function writeSetting(key: string, value: unknown, scope?: vscode.ConfigurationScope): Promise<void> {
  const config = vscode.workspace.getConfiguration(SECTION, scope ?? null);
  const values = config.inspect(key);
  const { ConfigurationTarget: target } = vscode;
  const language =
    values?.workspaceFolderLanguageValue ?? values?.workspaceLanguageValue ?? values?.globalLanguageValue;
  // If one folder is the whole workspace, the editor reports its values for both, but a window setting may only be written to the workspace.
  const folder =
    vscode.workspace.workspaceFile &&
    (values?.workspaceFolderLanguageValue ?? (language === undefined ? values?.workspaceFolderValue : undefined));
  const workspace = values?.workspaceLanguageValue ?? (language === undefined ? values?.workspaceValue : undefined);
  const configTarget =
    folder !== undefined ? target.WorkspaceFolder : workspace !== undefined ? target.Workspace : target.Global;
  // A value that equals the default needs no entry.
  const written =
    configTarget === target.Global &&
    language === undefined &&
    JSON.stringify(values?.defaultValue) === JSON.stringify(value)
      ? undefined
      : value;
  await config.update(key, written, configTarget, language !== undefined);
}

interface SettingReader {
  get<T>(key: string, fallback: T): T;
}

function withProfile(config: vscode.WorkspaceConfiguration, profile: Profile | undefined): SettingReader {
  if (!profile) return config;
  // A profile with one kind of budget turns the other kinds off.
  const hasBudget = BUDGET_KEYS.some((k) => Object.hasOwn(profile, k));
  return {
    get: <T>(key: string, fallback: T): T => {
      const own = oneOf(SHAPING_KEYS, key) && ownValue(profile, key);
      if (own !== undefined && typeof own === typeof fallback) return own as T;
      if (hasBudget && (key === 'maxTokens' || key === 'auto')) return fallback;
      return config.get<T>(key, fallback);
    },
  };
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string' && v.trim() !== '') : [];
}

const CODE_LENSES = ['off', 'large', 'all'] as const;
const STYLES = ['strike', 'faded'] as const;

/** How the editor shows a result. */
export interface Looks {
  /** Which holes have links above them. */
  readonly codeLens: (typeof CODE_LENSES)[number];
  readonly style: (typeof STYLES)[number];
  readonly gutterIcons: boolean;
  readonly overviewRuler: boolean;
  /** Whether code that stays has a hover, too. */
  readonly hoverOnKept: boolean;
  /** Whether the status bar shows a result, the budget and the offer to compress. */
  readonly statusBar: boolean;
  /** Share of the statements that the heat map colours at each end. */
  readonly heatShare: number;
}

export function readLooks(): Looks {
  const config = vscode.workspace.getConfiguration(SECTION, null);
  return {
    codeLens: oneOf(CODE_LENSES, config.get('codeLens')) ?? 'large',
    style: oneOf(STYLES, config.get('style')) ?? 'strike',
    gutterIcons: config.get<boolean>('gutterIcons', true),
    overviewRuler: config.get<boolean>('overviewRuler', true),
    hoverOnKept: config.get<boolean>('hoverOnKept', true),
    statusBar: config.get<boolean>('statusBar', true),
    heatShare: Math.min(0.5, Math.max(0.01, config.get<number>('heatShare', 0.25))),
  };
}

/** The settings of a hand-over. */
export interface HandoverSettings {
  readonly format: FormatStyle;
  readonly secrets: SecretsRule;
  /** Values that only look random are credentials, too. */
  readonly secretsEntropy: boolean;
  /** Base URL and model of an OpenAI-compatible server; empty = none. */
  readonly endpoint: { readonly url: string; readonly model: string };
  readonly price: Price;
}

export function readHandoverSettings(): HandoverSettings {
  const config = vscode.workspace.getConfiguration(SECTION, null);
  return {
    format: oneOf(FORMAT_STYLES, config.get('format')) ?? 'markdown',
    secrets: oneOf(SECRETS_RULES, config.get('secrets')) ?? DEFAULT_SECRETS,
    secretsEntropy: config.get<boolean>('secretsEntropy', false),
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
