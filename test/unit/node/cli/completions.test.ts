// The completion scripts: bash runs its own, and every shell is offered every command.
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { SCORER_IDS } from '../../../../src/core/context';
import { completionsFor } from '../../../../src/node/cli/completions';
import { COMMAND_NAMES, SHELLS } from '../../../../src/node/cli/setupArguments';

/** What bash offers for the last word of a line. */
function offered(...line: string[]): string[] {
  const words = line.map((word) => `'${word}'`).join(' ');
  const script = `${completionsFor('bash')}\nCOMP_WORDS=(${words}); COMP_CWORD=${line.length - 1}; _namm; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.split('\n').filter(Boolean);
}

describe.skipIf(process.platform === 'win32')('bash', () => {
  test.each([
    [['namm', 'un'], ['uninstall']],
    [['namm', 'compress', '--keep'], ['--keep-ratio']],
    [['namm', 'stats', '--t'], ['--turns']],
    [
      ['namm', 'install', 'c'],
      ['claude-code', 'cursor', 'codex', 'continue'],
    ],
    [['namm', 'compress', '--secrets', 'b'], ['block']],
    [['namm', 'stats', '--keep'], []],
    [
      ['namm', 'help', 'ins'],
      ['inspect', 'install'],
    ],
  ])('%j', (line, words) => expect(offered(...line)).toEqual(words));

  test('a value of which there are a few, all of them', () =>
    expect(offered('namm', 'compress', '--scorer', '')).toEqual([...SCORER_IDS]));
});

test.each(SHELLS)('%s: every command', (shell) => {
  const script = completionsFor(shell);
  for (const name of COMMAND_NAMES) expect(script).toMatch(new RegExp(`\\b${name}\\b`));
});
