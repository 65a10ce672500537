// Takes the place of vitest in mutation testing: collects the tests, so that the runner can call each of them directly.
import { format } from 'node:util';
import { chai, JestAsymmetricMatchers, JestChaiExpect, JestExtend } from '@vitest/expect';

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);
export const { expect } = chai;

/** The collected tests in the order of their files; `name` begins with the names of the suites around the test. */
export const collected = [];
let file;
let suites = [];

/** Begins a file: the tests that follow are in it. */
export function enter(path) {
  file = path;
}

const title = (name, values) => {
  const given = name.includes('%') ? format(name, ...values.slice(0, name.split('%').length - 1)) : name;
  return [...suites, given].join(' ');
};
const each = (declare) => (rows) => (name, body, timeout) => {
  rows.forEach((row) => {
    const values = Array.isArray(row) ? row : [row];
    declare(name, () => body(...values), timeout, values);
  });
};
function withModifiers(declare) {
  const none = Object.assign(() => {}, { each: () => () => {} });
  return Object.assign((name, body) => declare(name, body), {
    each: each(declare),
    skipIf: (skip) => (skip ? none : withModifiers(declare)),
  });
}

export const test = withModifiers((name, body, _, values = []) =>
  collected.push({ file, name: title(name, values), body }),
);
export const describe = withModifiers((name, body, _, values = []) => {
  const outer = suites;
  suites = [title(name, values)];
  body();
  suites = outer;
});
