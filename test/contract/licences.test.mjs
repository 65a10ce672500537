// Checks that a model without the licences of its corpus is never packaged, and that the bundled model has them.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkLicences } from '../../scripts/licences.mjs';

const good = { repo: 'a/b', licence: 'MIT' };

describe('licences of the corpus', () => {
  it('lets the bundled model pass', () => {
    const { repos, fault } = checkLicences(JSON.parse(readFileSync('media/model/manifest.json', 'utf8')));
    expect(fault).toBeUndefined();
    expect(repos).toBeGreaterThan(0);
  });
  it('knows expressions', () =>
    expect(checkLicences({ corpus: [good, { repo: 'c/d', licence: 'MIT OR Apache-2.0' }] })).toEqual({ repos: 2 }));
  it.each([[{}], [{ corpus: [] }], [{ corpus: 'MIT' }]])('refuses a model without a corpus: %j', (manifest) =>
    expect(checkLicences(manifest).fault).toMatch(/names no corpus/),
  );
  it.each([[undefined], [''], ['NOASSERTION'], ['none'], ['see LICENSE']])(
    'refuses a repository with the licence %j',
    (licence) =>
      expect(checkLicences({ corpus: [good, { repo: 'c/d', licence }] }).fault).toMatch(
        /c\/d, which has no SPDX licence/,
      ),
  );
});
