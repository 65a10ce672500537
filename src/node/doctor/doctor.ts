// Looks at the whole installation: what works, what does not, what is worth knowing.
import type { CompressionService } from '../../core/context';
import type { Machine } from '../clients/clients';
import { isWritten } from '../usage/ledger';
import { checkClients } from './clients';
import type { Finding } from './finding';
import { checkFolder } from './folders';
import { checkEngine, checkGrammars, checkModel, checkVersions } from './parts';

export interface Places {
  readonly version: string;
  readonly model: string;
  readonly grammars: string;
  readonly state: string;
  readonly cache: string;
  readonly machine: Machine;
}

/** Variables that change where things lie or what is done. */
const VARIABLES = ['NAMM_MODEL_DIR', 'NAMM_STATE_DIR', 'NAMM_CACHE_DIR', 'NAMM_PRIORITY', 'NAMM_DEBUG'] as const;

/** @param engine absent: no text is read */
export async function examine(places: Places, engine?: Pick<CompressionService, 'compress'>): Promise<Finding[]> {
  const { env } = places.machine;
  return [
    ...checkVersions(places.version, process.versions.node),
    ...VARIABLES.filter((name) => env[name]).map((name) => ({ code: 'variable', name }) as const),
    await checkModel(places.model),
    await checkGrammars(places.grammars),
    ...(engine ? [await checkEngine(engine)] : []),
    ...(await checkFolder('state', places.state)),
    ...(await checkFolder('cache', places.cache)),
    ...(isWritten() ? [] : [{ code: 'statsOff' } as const]),
    ...(await checkClients(places.machine)),
  ];
}
