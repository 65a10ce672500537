// Tests the page of the package: its pictures and links resolve, and faults are found.
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { pageFaults, pageOf, targetsOf } from '../../../scripts/page.mjs';

const REPOSITORY = 'https://example.org/a/b';
const own = JSON.parse(readFileSync('package.json', 'utf8')) as { repository: { url: string }; [key: string]: unknown };
const repository = own.repository.url.replace(/\.git$/, '');

describe('the page of the package', () => {
  test.each([false, true])('has no picture and no link that does not resolve; linked pictures: %s', (linked) => {
    const page = pageOf('media/marketplace/README.md', repository, linked);
    expect(pageFaults(page, repository)).toEqual([]);
    // The view loads none from the package, so without a public repository there is none.
    expect(targetsOf(page).pictures.length).toBe(linked ? 2 : 0);
    for (const picture of targetsOf(page).pictures) expect(picture.startsWith(`${repository}/raw/`)).toBe(true);
  });
  test('speaks to who installs it, not to who builds it', () => {
    const page = readFileSync('media/marketplace/README.md', 'utf8');
    expect(page).not.toMatch(/npm |from a clone|\.vsix/);
    expect(page).toMatch(/^## What leaves your machine\n\nNothing/m);
    expect(page.split('\n').length).toBeLessThan(60);
  });
  test('the manifest has what a gallery shows', () => {
    expect(own).toMatchObject({ pricing: 'Free', preview: true, qna: `${repository}/issues` });
    expect(own.categories).not.toContain('Other');
    expect((own.keywords as string[]).length).toBeLessThanOrEqual(30);
  });
});

describe('faults of a page', () => {
  test.each([
    ['![x](media/x.png)', 'picture media/x.png'],
    ['![x](http://example.org/a/b/x.png)', 'picture http://example.org/a/b/x.png'],
    ['[x](docs/x.md)', 'link docs/x.md'],
    ['[x](https://example.org/a/bc)', 'link https://example.org/a/bc'],
    ['[x](#nowhere)\n\n## Somewhere', 'link #nowhere'],
    ['<img src="x">', 'HTML, which the view may not show'],
  ])('%j', (page, fault) => expect(pageFaults(page, REPOSITORY)).toEqual([fault]));
  test.each(['[x](#some-where)\n\n## Some where', `[x](${REPOSITORY}/blob/HEAD/x.md)`, '`<div>`'])('none: %j', (page) =>
    expect(pageFaults(page, REPOSITORY)).toEqual([]),
  );
});

describe('making a page', () => {
  const folder = mkdtempSync(join(tmpdir(), 'namm-page-'));
  const before = process.cwd();
  afterAll(() => rmSync(folder, { recursive: true }));
  const pageFrom = (text: string, linked?: boolean): string => {
    mkdirSync(join(folder, 'media'), { recursive: true });
    writeFileSync(join(folder, 'media/page.md'), text);
    writeFileSync(join(folder, 'a.md'), '');
    writeFileSync(join(folder, 'media/x.png'), 'x');
    try {
      process.chdir(folder);
      return pageOf('media/page.md', REPOSITORY, linked);
    } finally {
      process.chdir(before);
    }
  };
  test('links the repository, also for pictures if it is public', () => {
    const text = 'A\n\n![x](x.png)\n\n[a](../a.md#b) [c](#c)';
    const links = `[a](${REPOSITORY}/blob/HEAD/a.md#b) [c](#c)`;
    expect(pageFrom(text)).toBe(`A\n\n${links}`);
    expect(pageFrom(text, true)).toBe(`A\n\n![x](${REPOSITORY}/raw/HEAD/media/x.png)\n\n${links}`);
  });
  test.each(['![x](y.png)', '[a](b.md)'])('refuses what is not there: %j', (text) =>
    expect(() => pageFrom(text)).toThrow(/there is no/),
  );
});
