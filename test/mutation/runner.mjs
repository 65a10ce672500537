// Test runner of Stryker: runs the unit ring of the pure rooms inside Stryker's worker process.
// A process and its grammars are used for many mutants, so that a mutant costs milliseconds instead of seconds.
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { INSTRUMENTER_CONSTANTS } from '@stryker-mutator/api/core';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  determineHitLimitReached,
  DryRunStatus,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import { build } from 'esbuild';

const ROOMS = ['core', 'parse', 'evidence', 'rank', 'cut'];
const LEFT_OUT = ['long.test.ts']; // takes seconds

/** Puts the collecting `vitest` and a tokenizer without tables in the place of the real ones. */
const standIns = {
  name: 'stand-ins',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^vitest$/ }, () => ({ path: resolve('test/mutation/vitest.mjs') }));
    onResolve({ filter: /^gpt-tokenizer\// }, () => ({ path: resolve('test/mutation/tokenizer.mjs') }));
  },
};

class UnitRing {
  /** What the mutated code shares with Stryker. */
  stryker = (globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {});

  capabilities() {
    return { reloadEnvironment: false };
  }

  /** Bundles and collects the tests of the sandbox, which is the working directory. */
  async init() {
    process.env.NAMM_BRIEF_TESTS = '1';
    const files = ROOMS.map((room) => `test/unit/${room}`).flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.test.ts') && !LEFT_OUT.includes(name))
        .map((name) => `./${folder}/${name}`),
    );
    const outfile = resolve(`mutation-ring-${process.pid}.cjs`);
    const contents = [
      `const { collected, enter } = require('vitest');`,
      ...files.map((file) => `enter('${file}'); require('${file}');`),
      'exports.collected = collected;',
    ].join('\n');
    await build({
      stdin: { contents, resolveDir: process.cwd() },
      bundle: true,
      format: 'cjs',
      platform: 'node',
      define: { 'import.meta.url': '__url' },
      banner: { js: "const __url = require('node:url').pathToFileURL(__filename).href;" },
      plugins: [standIns],
      outfile,
      logLevel: 'error',
    });
    this.tests = createRequire(outfile)(outfile).collected;
  }

  async dryRun() {
    const tests = [];
    for (const test of this.tests) {
      this.stryker.currentTestId = idOf(test);
      tests.push(await resultOf(test));
      this.stryker.currentTestId = undefined;
    }
    return { status: DryRunStatus.Complete, tests, mutantCoverage: this.stryker.mutantCoverage };
  }

  /** Runs the tests that cover the mutant, up to the first that fails. */
  async mutantRun({ activeMutant, hitLimit, testFilter }) {
    Object.assign(this.stryker, { hitLimit, hitCount: hitLimit ? 0 : undefined, activeMutant: activeMutant.id });
    const filter = testFilter && new Set(testFilter);
    const tests = [];
    for (const test of this.tests) {
      if (filter && !filter.has(idOf(test))) continue;
      tests.push(await resultOf(test));
      if (tests.at(-1).status === TestStatus.Failed) break;
    }
    this.stryker.activeMutant = undefined;
    return toMutantRunResult(
      determineHitLimitReached(this.stryker.hitCount, hitLimit) ?? { status: DryRunStatus.Complete, tests },
    );
  }
}

const idOf = ({ file, name }) => `${file}#${name}`;

async function resultOf(test) {
  const begun = performance.now();
  const result = { id: idOf(test), name: test.name, fileName: resolve(test.file) };
  try {
    await test.body();
    return { ...result, timeSpentMs: performance.now() - begun, status: TestStatus.Success };
  } catch (error) {
    return {
      ...result,
      timeSpentMs: performance.now() - begun,
      status: TestStatus.Failed,
      failureMessage: String(error?.message ?? error),
    };
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'unitRing', UnitRing)];
