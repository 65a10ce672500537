// The engine process: the main thread does the jobs, a second thread watches it.
import { isMainThread, workerData } from 'node:worker_threads';
import { serve } from './jobs';
import { startWatchdog, watch, type Watched } from './watchdog';

if (isMainThread) serve(startWatchdog(__filename));
else watch(workerData as Watched);
