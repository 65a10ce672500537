// Counts the executed blocks of a bundle: work that is the same on every machine, however busy.
import { Session } from 'node:inspector/promises';

export interface WorkCounter {
  /** Blocks that this bundle executes while `run` does. What runs outside JavaScript, such as a regular expression, is not counted. */
  of(run: () => unknown): Promise<number>;
}

/** @param bundle file name of the script whose blocks are counted */
export async function openWorkCounter(bundle: string): Promise<WorkCounter> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const take = async (): Promise<number> => {
    const { result } = await session.post('Profiler.takePreciseCoverage');
    return result
      .filter(({ url }) => url.endsWith(bundle))
      .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges.map((r) => r.count)))
      .reduce((sum, n) => sum + n, 0);
  };
  return {
    async of(run) {
      await take(); // sets all counts to zero
      await run();
      return take();
    },
  };
}
