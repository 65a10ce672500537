// Measures inside the extension host: processor time, and by a profiler the time in our own code and its longest stretch.
import { Session, type Profiler } from 'node:inspector/promises';
import { join } from 'node:path';

const SAMPLE_US = 200;
const SETTLE_MS = 120; // what an action starts by a timer belongs to it
/** The reading of what the engine sends, which happens before our bundles are called. */
const FROM_ENGINE = /child_process\/serialization$/;
const COLLECTOR = '(garbage collector)';

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

export const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;

/** Processor time of this process alone that an action costs, with what it leaves to timers. @returns ms */
export async function workOf(action: () => Thenable<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await action();
  await pause(SETTLE_MS);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** What an action costs in our functions and in what they call, in ms by the clock: a busy machine adds to it. */
export interface Ours {
  readonly total: number;
  /** The longest time without a pause, in which the extension host could do nothing else. */
  readonly longest: number;
}

/** Profiles an action, and a moment after it. Our bundles are those of the extension at `home`; other extensions have some of these names, too. */
export async function oursOf(home: string, action: () => Thenable<unknown>): Promise<Ours> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_US });
  await session.post('Profiler.start');
  await action();
  await pause(SETTLE_MS);
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  const bundles = join(home, 'dist');
  return oursIn(profile, (url) => url.includes(bundles) || FROM_ENGINE.test(url));
}

function oursIn({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile, isOurs: (url: string) => boolean): Ours {
  const byId = new Map(nodes.map((n) => [n.id, n]));
  const ours = new Set<number>();
  const visit = (id: number, within: boolean): void => {
    const { callFrame, children = [] } = byId.get(id)!;
    const here = within || isOurs(callFrame.url);
    if (here) ours.add(id);
    for (const child of children) visit(child, here);
  };
  if (nodes[0]) visit(nodes[0].id, false);
  let [total, longest, stretch] = [0, 0, 0];
  samples.forEach((id, i) => {
    const delta = (timeDeltas[i + 1] ?? 0) / 1000; // until the next sample
    const collects = stretch > 0 && byId.get(id)!.callFrame.functionName === COLLECTOR;
    stretch = ours.has(id) || collects ? stretch + delta : 0;
    if (stretch > 0) total += delta;
    longest = Math.max(longest, stretch);
  });
  return { total, longest };
}
