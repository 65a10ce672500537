// The process that measures: gets its tasks from the environment, sends one message for each, and ends.
import { measure, type Settings, type Task } from './measure';

const { settings, tasks } = JSON.parse(process.env.QUALITY_SHARE!) as { settings: Settings; tasks: Task[] };
measure(settings, tasks, (m) => void process.send!(m)).then(
  () => process.disconnect(),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
