// What the doctor can find: a closed list. The words belong to the command line.
import type { FailureReason } from '../../core/errors';
import type { ClientId, Scope } from '../clients/clients';

export type Finding =
  | { readonly code: 'versions'; readonly namm: string; readonly node: string; readonly platform: string }
  | { readonly code: 'nodeTooOld'; readonly node: string; readonly least: number }
  | { readonly code: 'model'; readonly name: string; readonly folder: string }
  | { readonly code: 'modelFault'; readonly reason: FailureReason; readonly detail: string }
  | { readonly code: 'grammars'; readonly files: number }
  | { readonly code: 'grammarFault'; readonly files: readonly string[]; readonly folder: string }
  | { readonly code: 'engine'; readonly seconds: number }
  | { readonly code: 'engineFault'; readonly reason: FailureReason; readonly detail: string }
  | { readonly code: 'folder'; readonly holds: Held; readonly folder: string; readonly bytes: number }
  | { readonly code: 'folderAbsent'; readonly holds: Held; readonly folder: string }
  | { readonly code: 'folderFault'; readonly holds: Held; readonly folder: string }
  | { readonly code: 'openToOthers'; readonly file: string }
  | { readonly code: 'statsOff' }
  | { readonly code: 'variable'; readonly name: string }
  | { readonly code: 'client'; readonly client: ClientId; readonly scope: Scope; readonly file: string }
  | { readonly code: 'clientUnknown'; readonly client: ClientId; readonly file: string }
  | {
      readonly code: 'clientBroken';
      readonly client: ClientId;
      readonly scope: Scope;
      readonly file: string;
      readonly missing: string;
    }
  | { readonly code: 'noClient' };

export type Code = Finding['code'];

/** What a folder holds: ids and figures, or readings. */
export type Held = 'state' | 'cache';

/** `fault`: something does not work. `note`: worth knowing. */
export type Level = 'ok' | 'note' | 'fault';

export const LEVELS: Readonly<Record<Code, Level>> = {
  versions: 'ok',
  nodeTooOld: 'fault',
  model: 'ok',
  modelFault: 'fault',
  grammars: 'ok',
  grammarFault: 'fault',
  engine: 'ok',
  engineFault: 'fault',
  folder: 'ok',
  folderAbsent: 'ok',
  folderFault: 'fault',
  openToOthers: 'fault',
  statsOff: 'note',
  variable: 'note',
  client: 'ok',
  clientUnknown: 'note',
  clientBroken: 'fault',
  noClient: 'note',
};
