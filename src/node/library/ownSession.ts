// A session for the user of this machine: the elision store on the disk, the credential guard, any engine.
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { CompressionService } from '../../core/context';
import { CompressionError } from '../../core/errors';
import { textAt } from '../../elisions/elision';
import type { ElisionScope } from '../../elisions/resolve';
import { guardFiles, guardPart } from '../../redact/guard';
import { Session } from '../../session/session';
import { ElisionStore } from '../elisions/elisionStore';
import { stateDir } from '../files/folders';

const NO_ENGINE = { compress: () => Promise.reject(new CompressionError('internal', 'no engine is open')) };

/** @param engine absent for `expand`, which needs no model */
export function sessionOver(engine: Pick<CompressionService, 'compress'> = NO_ENGINE): Session {
  return new Session({
    engine,
    store: new ElisionStore(stateDir()),
    guard: () => Promise.resolve({ guardFiles, guardPart }),
  });
}

/** The user of this machine may have everything; a path means a file from the working folder. */
export const OWN_SCOPE: ElisionScope = {
  mayHave: () => true,
  locate: async (path) => {
    const file = resolve(path);
    return (await stat(file).catch(() => undefined)) === undefined ? undefined : file;
  },
  display: (match) => Promise.resolve(textAt(match) ?? match.path),
};
