// Checks that the manifest agrees with the code: strings, settings, versions.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { LEAST_RATIO } from '../../src/core/budget';
import { SCORER_IDS } from '../../src/core/context';
import { MAX_ELISION_ID_UNITS, MAX_FILES, MAX_QUERY_UNITS } from '../../src/core/limits';
import { COUNTER_IDS } from '../../src/core/token';
import { contextPrompt } from '../../src/handover/prompt';
import { INSTRUCTIONS } from '../../src/node/mcp/server';
import { HOW_TO_READ } from '../../src/format/format';
import type { Json } from '../support/json';

const MAX_PICTURE_BYTES = 130_000; // there are 28 of them in the package

const text = readFileSync('package.json', 'utf8');
const manifest = JSON.parse(text);
const nls = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Record<string, string>;
const settings: Record<string, Json> = Object.assign(
  {},
  ...manifest.contributes.configuration.map((c: { properties: object }) => c.properties),
);
const code = ['extension', 'src/web/inspector', 'src/why']
  .flatMap((room) => readdirSync(room, { recursive: true, encoding: 'utf8' }).map((f) => path.join(room, f)))
  .filter((f) => f.endsWith('.ts'))
  .map((f) => readFileSync(f, 'utf8'))
  .join('\n');

describe('package.json', () => {
  it('uses every string of package.nls.json, and no other', () => {
    const used = [...text.matchAll(/"%([^%"]+)%"/g)].map((m) => m[1]!);
    expect([...new Set(used)].sort()).toEqual(Object.keys(nls).sort());
  });
  it('offers every scorer and counter there is, each with a description', () => {
    for (const [key, ids] of [
      ['namm.scorer', SCORER_IDS],
      ['namm.counter', COUNTER_IDS],
    ] as const) {
      expect([...settings[key]!.enum].sort()).toEqual([...ids].sort());
      expect(settings[key]!.enum.map((id: string) => `%config.${key.replace('namm.', '')}.${id}%`)).toEqual(
        settings[key]!.markdownEnumDescriptions,
      );
    }
  });
  it('lets a profile choose every scorer and counter', () => {
    const { scorer, counter } = settings['namm.profiles']!.additionalProperties.properties;
    expect(scorer.enum).toEqual(settings['namm.scorer']!.enum);
    expect(counter.enum).toEqual(settings['namm.counter']!.enum);
  });
  it('refuses the shares that lists and tools refuse', () => {
    const profile = settings['namm.profiles']!.additionalProperties.properties.keepRatio;
    const tool = manifest.contributes.languageModelTools.find(
      (x: { name: string }) => x.name === 'namm_compressContext',
    ).inputSchema.properties.keepRatio;
    for (const ratio of [settings['namm.keepRatio']!, profile, tool])
      expect([ratio.minimum, ratio.maximum]).toEqual([LEAST_RATIO, 1]);
  });
  it('limits what models may send as the code does', () => {
    const propertiesOf = (name: string): Json =>
      manifest.contributes.languageModelTools.find((x: { name: string }) => x.name === name).inputSchema.properties;
    expect(propertiesOf('namm_compressContext').question.maxLength).toBe(MAX_QUERY_UNITS);
    expect(propertiesOf('namm_compressContext').paths.maxItems).toBe(MAX_FILES);
    expect(propertiesOf('namm_expandElision').id.maxLength).toBe(MAX_ELISION_ID_UNITS);
  });
  it('describes every setting and gives it a scope and a default', () => {
    for (const [key, s] of Object.entries(settings))
      for (const field of ['markdownDescription', 'scope', 'default']) expect(s, key).toHaveProperty(field);
  });
  it('declares every setting that is read, and no other', () => {
    const read = [
      ...readFileSync('extension/platform/settings.ts', 'utf8').matchAll(
        /(?:config|userConfig)\.get(?:<[^>]*>)?\('([\w.]+)'/g,
      ),
    ].map((m) => `namm.${m[1]!}`);
    expect([...new Set(read)].sort()).toEqual(Object.keys(settings).sort());
  });
  it('has a small picture of each step of the walkthrough for every kind of theme, says what it shows, and packs it', () => {
    const packed = readFileSync('.vscodeignore', 'utf8');
    for (const { steps } of manifest.contributes.walkthroughs)
      for (const { id, media } of steps) {
        expect(Object.keys(media.image).sort(), id).toEqual(['dark', 'hc', 'hcLight', 'light']);
        expect(new Set(Object.values(media.image)).size, id).toBe(4);
        expect(nls[media.altText.slice(1, -1)]?.length, id).toBeGreaterThan(30);
        for (const file of Object.values(media.image) as string[]) {
          const bytes = readFileSync(file);
          expect(bytes.subarray(1, 4).toString(), file).toBe('PNG');
          expect(bytes.length, file).toBeLessThan(MAX_PICTURE_BYTES);
          expect(packed).toContain(`!${path.posix.dirname(file)}/*.png`);
        }
      }
  });
  it('names only commands of its own in menus, keys and the palette', () => {
    const known = new Set(manifest.contributes.commands.map((c: { command: string }) => c.command));
    const { menus, keybindings } = manifest.contributes;
    const used = [...Object.values(menus).flat(), ...keybindings]
      .map((m: { command?: string }) => m.command)
      .filter(Boolean);
    expect(used.filter((c) => !known.has(c))).toEqual([]);
  });
  it('leaves out of the palette only what *More…* lists, and what the Explorer or a row of the view is needed for', () => {
    const { menus } = manifest.contributes;
    const listed = [...readFileSync('extension/moreCommands.ts', 'utf8').matchAll(/^ +'(namm\.\w+)':/gm)].map(
      (m) => m[1]!,
    );
    const hidden = menus.commandPalette
      .filter((m: { when: string }) => m.when === 'false')
      .map((m: { command: string }) => m.command);
    expect(hidden.sort()).toEqual([...listed, 'namm.compressSelected', 'namm.contextRemove'].sort());
  });
  it('names first in the palette what is used first', () => {
    const { menus, commands } = manifest.contributes;
    const when = new Map<string, string>(
      menus.commandPalette.map((m: { command: string; when: string }) => [m.command, m.when]),
    );
    const titles = commands
      .filter((c: { command: string }) => !['false', 'namm.running'].includes(when.get(c.command)!))
      .map((c: { title: string }) => nls[c.title.slice(1, -1)])
      .sort((a: string, b: string) => a.localeCompare(b, 'en'));
    expect(titles[0]).toBe(nls['command.compress']); // the editor sorts by title
    // The editor makes a command for each view; its category would come before ours.
    for (const { name } of Object.values(manifest.contributes.views).flat() as { name: string }[])
      expect(nls[name.slice(1, -1)]).not.toMatch(/namm/i);
  });
  it('shows in the palette only what can be done from there, all in one category', () => {
    const { menus, commands } = manifest.contributes;
    const when = new Map<string, string>(
      menus.commandPalette.map((m: { command: string; when: string }) => [m.command, m.when]),
    );
    // What is done with all files of the view needs one; the view itself may be closed.
    const ofTheView = menus['view/title']
      .filter((m: { command: string; when: string }) => m.when.includes('namm.hasContext'))
      .map((m: { command: string }) => m.command);
    expect(ofTheView.length).toBeGreaterThan(4);
    for (const c of ofTheView) expect(['namm.hasContext', 'false'], c).toContain(when.get(c));
    for (const c of commands)
      expect([c.category, c.icon], c.command).toEqual(['NAMM', expect.stringMatching(/^\$\([a-z-]+\)$/)]);
    const titles = commands.map((c: { title: string }) => nls[c.title.slice(1, -1)]);
    expect(new Set(titles).size).toBe(titles.length);
  });
  it('tells models how to read a marker in the words that everybody is told', () => {
    for (const tool of manifest.contributes.languageModelTools)
      expect(tool.modelDescription, tool.name).toContain(HOW_TO_READ);
    expect(INSTRUCTIONS).toContain(HOW_TO_READ);
    expect(contextPrompt('')).toContain(HOW_TO_READ);
  });
  it('is typed by the lowest editor that it claims to run in', () => {
    expect(manifest.engines.vscode).toBe(`^${manifest.devDependencies['@types/vscode']}`);
    const [, minor] = manifest.devDependencies['@types/vscode'].split('.').map(Number);
    expect(minor).toBeLessThanOrEqual(104);
  });
});

describe('l10n', () => {
  it('holds every sentence of the code, and no other', () => {
    const used = [...code.matchAll(/\bt\(\s*'((?:[^'\\]|\\.)*)'/g)].map((m) => m[1]!.replace(/\\(.)/g, '$1'));
    expect([...new Set(used)].sort()).toEqual(
      Object.keys(JSON.parse(readFileSync('l10n/bundle.l10n.json', 'utf8'))).sort(),
    );
  });
});
