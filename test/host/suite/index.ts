// Runs every test file inside an extension host and writes the result of each test to a file.
import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Mocha from 'mocha';
import { takeNote } from './support';

interface Written {
  tests: {
    title: string;
    state: 'passed' | 'failed' | 'pending';
    ms?: number | undefined;
    note?: string | undefined;
    error?: string;
    firstTry?: string | undefined;
  }[];
  done: boolean;
}

export function run(): Promise<void> {
  const file = process.env.NAMM_TEST_RESULT;
  const written: Written = { tests: [], done: false };
  const save = (): void => {
    if (!file) return;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.tmp`, JSON.stringify(written, null, 1));
    renameSync(`${file}.tmp`, file); // so that nobody reads half a file
  };
  const mocha = new Mocha({
    ui: 'tdd',
    color: false,
    timeout: 600_000, // ends what hangs; a busy machine never comes near it
    retries: 1,
    ...(process.env.NAMM_TEST_GREP ? { grep: process.env.NAMM_TEST_GREP } : {}),
  });
  for (const f of readdirSync(__dirname).sort()) if (f.endsWith('.test.js')) mocha.addFile(join(__dirname, f));
  // An editor on a busy machine can fail by chance: each test has two tries, and the first failure is reported, too.
  const firstTries = new Map<string, string>();
  const firstTry = (t: Mocha.Test): { firstTry?: string | undefined } =>
    firstTries.has(t.fullTitle()) ? { firstTry: firstTries.get(t.fullTitle()) } : {};
  return new Promise((resolve, reject) => {
    const runner = mocha.run((failures) => {
      written.done = true;
      save();
      if (failures) reject(new Error(`${failures} tests failed`));
      else resolve();
    });
    runner.on('retry', (t, e: Error) => void firstTries.set(t.fullTitle(), e.stack ?? String(e)));
    runner.on(
      'pass',
      (t) =>
        void (
          written.tests.push({
            title: t.fullTitle(),
            state: 'passed',
            ms: t.duration,
            note: takeNote(),
            ...firstTry(t),
          }),
          save()
        ),
    );
    runner.on(
      'fail',
      (t, e: Error) =>
        void (
          written.tests.push({
            title: t.fullTitle(),
            state: 'failed',
            note: takeNote(),
            error: e.stack ?? String(e),
            ...firstTry(t),
          }),
          save()
        ),
    );
    runner.on('pending', (t) => void (written.tests.push({ title: t.fullTitle(), state: 'pending' }), save()));
  });
}
