// Mutation testing of the pure rooms (docs/testing.md). `npm run mutation -- src/rank` limits what is mutated.

export default {
  plugins: ['./test/mutation/runner.mjs'],
  testRunner: 'unitRing',
  mutate: ['src/{core,parse,evidence,rank,cut}/**/*.ts'],
  ignorePatterns: [
    '/bench',
    '/extension',
    '/media',
    '/training',
    '/dist',
    '/out',
    '/.host',
    '/test/{golden,host,model,pipeline,ui}',
  ],
  coverageAnalysis: 'perTest',
  ignoreStatic: true,
  incremental: true,
  incrementalFile: 'out/mutation/incremental.json',
  concurrency: 2,
  maxTestRunnerReuse: 300, // a mutant that throws leaves syntax trees in the memory of the grammar runtime
  timeoutMS: 2_000,
  timeoutFactor: 1.5,
  reporters: ['progress-append-only', 'clear-text', 'json', 'html'],
  clearTextReporter: { allowColor: false, logTests: false, reportMutants: false },
  jsonReporter: { fileName: 'out/mutation/mutation.json' },
  htmlReporter: { fileName: 'out/mutation/mutation.html' },
  tempDirName: '.stryker-tmp',
};
