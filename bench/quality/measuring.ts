// Knows the process that measures: it is given tasks, answers with one message a task, and ends when it is through.
import { measure, type Settings, type Task } from './measure';

const { settings, tasks } = JSON.parse(process.env.QUALITY_SHARE!) as { settings: Settings; tasks: Task[] };
measure(settings, tasks, (m) => void process.send!(m)).then(
  () => process.disconnect(),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
