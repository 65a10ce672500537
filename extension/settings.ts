// Knows setting keys: one typed snapshot, read through one door.
import * as vscode from 'vscode';
import { DEFAULT_BUDGET, type Budget } from '../src/core/budget';
import { DEFAULT_SCORER, SCORER_IDS, type ScorerId } from '../src/core/context';
import { COUNTER_IDS, type CounterId } from '../src/core/token';

export const SECTION = 'namm';

export interface Settings {
  readonly budget: Budget;
  readonly scorer: ScorerId;
  readonly counter: CounterId;
  readonly markers: boolean;
  /** Folder of the model; undefined = the bundled one. */
  readonly modelPath: string | undefined;
  readonly idleMs: number;
}

/** @param scope document whose folder and language settings count */
export function readSettings(scope?: vscode.ConfigurationScope): Settings {
  const config = vscode.workspace.getConfiguration(SECTION, scope ?? null);
  const maxTokens = config.get<number>('maxTokens', 0);
  const keepRatio = config.get<number>('keepRatio', 0.5);
  // A workspace nobody trusts must not choose what a native runtime loads.
  const modelPath = vscode.workspace.isTrusted ? config.get<string>('modelPath', '').trim() : '';
  return {
    budget:
      maxTokens >= 1
        ? { kind: 'maxTokens', maxTokens: Math.floor(maxTokens) }
        : keepRatio > 0 && keepRatio <= 1
          ? { kind: 'keepRatio', keepRatio }
          : DEFAULT_BUDGET,
    scorer: oneOf(SCORER_IDS, config.get('scorer'), DEFAULT_SCORER),
    counter: oneOf(COUNTER_IDS, config.get('counter'), 'o200k'),
    markers: config.get<boolean>('markers', true),
    modelPath: modelPath || undefined,
    idleMs: Math.max(0.5, config.get<number>('idleMinutes', 5)) * 60_000,
  };
}

function oneOf<T extends string>(known: readonly T[], value: unknown, otherwise: T): T {
  return known.find((k) => k === value) ?? otherwise;
}
