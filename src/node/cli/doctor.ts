// Answers `namm doctor`: a plain sentence for each finding.
import type { CompressionService } from '../../core/context';
import { oneLine, printable } from '../../core/printable';
import { clientAt, thisMachine } from '../clients/clients';
import { examine } from '../doctor/doctor';
import { LEVELS, type Finding, type Held, type Level } from '../doctor/finding';
import { cacheDir, stateDir } from '../files/folders';
import { version } from '../files/version';
import { sentenceFor } from './messages';
import type { DoctorCommand } from './setupArguments';

/** @param engine absent: no text is read. @returns what to print, and whether all works */
export async function doctor(
  { json }: DoctorCommand,
  folders: { readonly model: string; readonly grammars: string },
  engine?: Pick<CompressionService, 'compress'>,
): Promise<{ readonly text: string; readonly isSound: boolean }> {
  const places = { ...folders, version: version(), state: stateDir(), cache: cacheDir(), machine: thisMachine() };
  const findings = await examine(places, engine);
  const isSound = findings.every(({ code }) => LEVELS[code] !== 'fault');
  const text = json
    ? `${JSON.stringify({ isSound, findings: findings.map((f) => ({ level: LEVELS[f.code], ...f, says: sentenceOf(f) })) }, null, 1)}\n`
    : report(findings);
  return { text, isSound };
}

const SIGNS: Readonly<Record<Level, string>> = { ok: 'ok   ', note: 'note ', fault: 'FAULT' };

export function report(findings: readonly Finding[]): string {
  const faults = findings.filter(({ code }) => LEVELS[code] === 'fault').length;
  const lines = findings.map((finding) => `${SIGNS[LEVELS[finding.code]]}  ${printable(sentenceOf(finding))}`);
  const sum = faults === 0 ? 'All that was checked works.' : faults === 1 ? '1 fault.' : `${faults} faults.`;
  return [...lines, '', sum, ''].join('\n');
}

const HELD: Readonly<Record<Held, string>> = { state: 'ids and figures', cache: 'readings' };

/** One sentence: what is so, and what to do if it should not be. */
export function sentenceOf(finding: Finding): string {
  return oneLine(words(finding));
}

function words(f: Finding): string {
  switch (f.code) {
    case 'versions':
      return `namm ${f.namm}, Node.js ${f.node}, ${f.platform}.`;
    case 'nodeTooOld':
      return `Node.js ${f.node} is too old: namm needs ${f.least} or newer.`;
    case 'model':
      return `The model ${f.name} is whole (${f.folder}).`;
    case 'grammars':
      return `All ${f.files} grammars are whole.`;
    case 'grammarFault':
      return `Grammars are missing or damaged in ${f.folder}: ${f.files.join(', ')}; reinstall namm.`;
    case 'engine':
      return `The engine started and read a text in ${f.seconds.toFixed(1)} s.`;
    case 'modelFault':
    case 'engineFault':
      return sentenceFor(f.reason, f.detail);
    case 'folder':
      return `${f.folder} holds ${HELD[f.holds]}, ${(f.bytes / 1e6).toFixed(1)} MB.`;
    case 'folderAbsent':
      return `${f.folder} will hold ${HELD[f.holds]}; it is made when it is needed.`;
    case 'folderFault':
      return `${f.folder} cannot be written, so ${HELD[f.holds]} are not kept; mend its permissions, or set ${f.holds === 'state' ? 'NAMM_STATE_DIR' : 'NAMM_CACHE_DIR'}.`;
    case 'openToOthers':
      return `Others can read ${f.file}; run chmod 600 on it.`;
    case 'statsOff':
      return 'NAMM_STATS=off: namm stats counts nothing new.';
    case 'variable':
      return `${f.name} is set.`;
    case 'client':
      return `${nameOf(f)} starts the server, for ${f.scope === 'user' ? 'you' : 'this project'} (${f.file}).`;
    case 'clientUnknown':
      return `${f.file} of ${nameOf(f)} is no JSON that namm understands, so it was not looked at.`;
    case 'clientBroken':
      return `${nameOf(f)} would start ${f.missing}, which is not there; run namm install ${f.client}${f.scope === 'project' ? ' --project' : ''}.`;
    case 'noClient':
      return 'No client that namm knows starts its server; namm install CLIENT changes that.';
  }
}

const nameOf = ({ client }: Extract<Finding, { code: 'client' | 'clientUnknown' | 'clientBroken' }>): string =>
  clientAt(client, 'user', thisMachine()).name;
