// Tour of the packaged extension: installs the .vsix in a real VS Code, does the main tasks as a user, checks pixels.
// Usage: tour.mjs [--vsix FILE] [--shots DIR] [--result FILE] [--file NAME] [--line N] [--only REGEXP] [--pictures DIR], where DIR gets the pictures of the walkthrough and the page
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { actionsOf, eventually, PATIENCE_MS, themeKeys } from './actions.mjs';
import { contextTour } from './contextView.mjs';
import { firstUseTour } from './firstUse.mjs';
import { handOverTour, ownServer } from './handOver.mjs';
import { inspectorTour } from './inspector.mjs';
import { newUserTour } from './newUser.mjs';
import { reloadTour } from './reload.mjs';
import {
  ENTRY,
  makeRunDir,
  NODE,
  openWorkbench,
  ROOT,
  serverEnv,
  startBrowser,
  startServer,
} from '../host/codeServer.mjs';

const args = process.argv.slice(2);
const option = (name, otherwise) => (args.includes(`--${name}`) ? args[args.indexOf(`--${name}`) + 1] : otherwise);
const { name, version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
const vsix = path.resolve(
  option('vsix', path.join(ROOT, `out/${name}-${process.platform}-${process.arch}-${version}.vsix`)),
);
const shots = path.resolve(option('shots', path.join(ROOT, 'out/shots')));
const result = path.resolve(option('result', path.join(ROOT, 'out/ui.json')));
const FILE = option('file', 'createAction.ts');
const LINE = option('line', '52'); // an empty line
const HEAT_LINE = 265; // statements worth most and much are in view
const TRIES = 2; // a click can get lost; the first failure is reported, too
const THEMES = {
  dark: 'Dark Modern',
  light: 'Light Modern',
  contrast: 'Default High Contrast',
  contrastLight: 'Default High Contrast Light',
};
if (!existsSync(vsix)) throw new Error(`${vsix} is missing: run "npm run package" first`);
mkdirSync(shots, { recursive: true });
mkdirSync(path.dirname(result), { recursive: true });

const settings = {
  'window.title': 'NAMM Context',
  'editor.fontFamily': "'DejaVu Sans Mono', monospace",
  'editor.hover.delay': 100,
  'breadcrumbs.enabled': false,
  'chat.commandCenter.enabled': false,
  'workbench.colorTheme': THEMES.dark,
  'workbench.activityBar.location': 'hidden',
};
const run = makeRunDir(settings);
for (const f of readdirSync(path.join(ROOT, 'test/samples')))
  if (f !== 'README.md') cpSync(path.join(ROOT, 'test/samples', f), path.join(run.workspace, f));
const settingsFile = path.join(run.userData, 'User/settings.json');
writeFileSync(path.join(run.userData, 'User/keybindings.json'), JSON.stringify(themeKeys(THEMES)));
const tally = { passed: 0, failed: 0, steps: [] };
const own = await ownServer();
let server, browser, page;

/** Whether a position can be seen and clicked and no panel covers it. */
const inSight = (box) => box.y > 150 && box.y < 620;
const shot = (label) => page.screenshot({ path: path.join(shots, `${label}.png`) });
/** The names of the themes in a walkthrough. */
const MEDIA = { dark: 'dark', light: 'light', contrast: 'hc', contrastLight: 'hcLight' };
/** A picture for the walkthrough in one theme. @param x, y where it begins: by default beside the Explorer, down to the status bar */
async function picture(key, name, x = 304, y = 240) {
  if (option('pictures'))
    await page.screenshot({
      path: path.resolve(option('pictures'), `walkthrough/${name}-${MEDIA[key]}.png`),
      clip: { x, y, width: 976, height: 560 },
    });
}
async function step(title, work) {
  if (option('only') && !new RegExp(option('only')).test(title)) return;
  if (tally.failed > 2) return; // after several failures the rest would only time out
  const begun = Date.now();
  const errors = [];
  while (errors.length < TRIES) {
    try {
      const seen = await work();
      tally.passed++;
      tally.steps.push({ title, ok: true, ms: Date.now() - begun, errors });
      console.log(
        `  ✔ ${title} (${Date.now() - begun} ms${errors.length ? ', second try' : ''})${seen === undefined ? '' : `: ${JSON.stringify(seen)}`}`,
      );
      return;
    } catch (error) {
      errors.push(String(error.stack ?? error).slice(0, 2000));
      console.log(`  ${errors.length < TRIES ? '…' : '✖'} ${title}\n${errors.at(-1).replace(/^/gm, '      ')}`);
      await shot(`failed-${title.replace(/\W+/g, '-')}-${errors.length}`).catch(() => undefined);
      await page.keyboard.up('Control').catch(() => undefined);
      await page.keyboard.press('Escape').catch(() => undefined); // closes an open menu or input
    }
  }
  tally.failed++;
  tally.steps.push({ title, ok: false, errors });
}

/** The scripted chat model, installed as an extension. */
function packFakeModel() {
  const out = path.join(run.dir, 'fake-lm.vsix');
  const vsce = createRequire(import.meta.url).resolve('@vscode/vsce/vsce');
  execFileSync(process.execPath, [vsce, 'package', '--allow-missing-repository', '--skip-license', '--out', out], {
    cwd: path.join(ROOT, 'test/host/fakeLm'),
    stdio: 'pipe',
  });
  return out;
}

try {
  mkdirSync(path.join(run.userData, 'Machine'), { recursive: true });
  writeFileSync(
    path.join(run.userData, 'Machine/settings.json'),
    JSON.stringify({ 'namm.endpoint.url': own.url, 'namm.endpoint.model': 'small-coder' }),
  );
  const installBegun = Date.now();
  execFileSync(
    NODE,
    [
      ENTRY,
      '--config',
      path.join(run.dir, 'server.yaml'),
      '--user-data-dir',
      run.userData,
      '--extensions-dir',
      run.extensions,
      '--install-extension',
      vsix,
      '--install-extension',
      packFakeModel(),
    ],
    {
      env: serverEnv(run.dir),
      stdio: 'pipe',
    },
  );
  const installMs = Date.now() - installBegun;
  server = await startServer(run);
  const started = await startBrowser({ width: 1280, height: 800 });
  browser = started.browser;
  page = await started.context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const actions = actionsOf(page, settingsFile, shot);
  const { command, offered, more, openFile, setting, goTo, theme, struck, status, settle } = actions;
  const contextPane = page.locator('.pane', { has: page.locator('.pane-header', { hasText: 'Context Files' }) });
  await openWorkbench(page, server.base, { folder: run.workspace });

  /** What every part of the tour works with. */
  const tools = { ...actions, page, pane: contextPane, step, shot, picture, file: FILE };
  await newUserTour(tools);
  await firstUseTour({ ...tools, pictures: option('pictures'), installMs });
  await step('the workbench opens a real file', async () => {
    await page.locator('.monaco-workbench').waitFor();
    await page.locator('.explorer-folders-view .monaco-list-row').filter({ hasText: FILE }).waitFor();
    await openFile(FILE);
  });
  await step('Compress Context from the palette', async () => {
    await goTo(1); // the budget spares what is around the cursor
    await command('NAMM: Compress Context');
    await status().filter({ hasText: '→' }).waitFor();
    return (await status().innerText()).trim();
  });
  await step('dropped text is struck through and still readable', async () => {
    // A place where kept and dropped lines alternate, with the cursor away from words, which it would highlight.
    await goTo(LINE);
    return eventually(async () => {
      const found = await struck();
      assert.ok(found.length > 3, `${found.length} struck pieces`);
      for (const s of found) assert.ok(s.opacity >= 0.6 && s.opacity < 1, JSON.stringify(s));
      return { pieces: found.length, opacity: found[0].opacity };
    });
  });
  const themeOrder = Object.keys(THEMES);
  const back = [...themeOrder].reverse(); // every other view in reverse order, for fewer theme changes
  for (const key of themeOrder)
    await step(`strikethrough, ${key}`, async () => {
      await theme(key);
      await settle();
      await eventually(async () => {
        const found = await struck();
        assert.ok(found.length);
        const faded = !key.startsWith('contrast'); // high contrast keeps the opacity; strike and bar need no colour
        for (const s of found) assert.equal(s.opacity < 1, faded, JSON.stringify(s));
        const bars = await page.evaluate(
          () =>
            [...document.querySelectorAll('.editor-instance .view-overlays .cdr')]
              .map((e) => parseFloat(getComputedStyle(e).borderLeftWidth))
              .filter((w) => w >= 2).length,
        );
        assert.ok(bars > 0);
      });
      await shot(`strikethrough-${key}`);
      await picture(key, 'compress');
    });
  for (const key of back)
    await step(`hover, ${key}`, async () => {
      await theme(key);
      await page.mouse.move(700, 20);
      const target = page
        .locator('.editor-instance .view-line span > span[class*="TextEditorDecorationType"]')
        .filter({ hasText: /[A-Za-z]{5}/ })
        .last();
      const box = await target.boundingBox();
      await page.mouse.move(box.x + Math.min(30, box.width / 2), box.y + box.height / 2, { steps: 3 });
      const hover = page
        .locator('.monaco-hover:not(.hidden) .hover-contents', { hasText: 'How the model read it' })
        .first();
      await hover.waitFor();
      await page.waitForTimeout(400);
      await shot(`hover-${key}`);
      await picture(key, 'why');
      return (await hover.innerText()).replace(/\s+/g, ' ').slice(0, 160);
    });
  /** Names of the icons beside the lines. */
  const signs = () =>
    page
      .locator('.editor-instance .glyph-margin-widgets .cgmr')
      .evaluateAll((all) =>
        all.map((e) => /(pin|drop|dropped)-(?:light|dark)\.svg/.exec(getComputedStyle(e).backgroundImage)?.[1]),
      );
  await step('lines to keep and to leave out, marked beside the numbers', async () => {
    await theme('dark');
    await page.keyboard.press('Escape');
    await goTo(`${Number(LINE) - 5}`);
    await command('NAMM: Keep These Lines');
    await goTo(`${Number(LINE) + 1}`);
    await command('NAMM: Leave Out These Lines');
    await page.locator('.editor-instance .glyph-margin-widgets .cgmr').first().waitFor();
    const removing = async () => (await offered('NAMM: Remove')).includes('NAMM: Remove Mark');
    await eventually(async () => assert.ok(await removing(), 'Remove Mark where there is one'));
    await goTo(1);
    await eventually(async () => assert.ok(!(await removing()), 'Remove Mark where there is none'));
    // The budget spares what is around the cursor, so it is put far from the marks before it decides again.
    await command('NAMM: Compress Context');
    await status().filter({ hasText: '→' }).waitFor();
    await goTo(`${Number(LINE) + 1}`);
  });
  for (const key of themeOrder)
    await step(`marks, ${key}`, async () => {
      await theme(key);
      await settle();
      await eventually(async () => {
        // One icon per line: that of a mark also where the line is dropped.
        const shown = await signs();
        for (const sign of ['pin', 'drop', 'dropped']) assert.ok(shown.includes(sign), `${sign}: ${shown.join()}`);
      });
      await shot(`marks-${key}`);
      await picture(key, 'shape');
    });
  await step('marks go away again', async () => {
    await more('Remove All Marks of the File');
    await eventually(async () => {
      const shown = await signs();
      assert.ok(!shown.includes('pin') && !shown.includes('drop'), shown.join());
    });
    // The signs of the model's own cuts stay, though perhaps none is in view: it spares what is around the cursor.
    let scrolled = 0;
    await page.mouse.move(700, 400);
    await eventually(async () => {
      if ((await signs()).includes('dropped')) return;
      scrolled += 200;
      await page.mouse.wheel(0, 200);
      assert.fail('no sign of a dropped line');
    });
    await page.mouse.wheel(0, -scrolled);
  });
  /** How many backgrounds and underlines the heat map uses. */
  const heat = () =>
    page.evaluate(() => ({
      backgrounds: new Set(
        [...document.querySelectorAll('.editor-instance .view-overlays .cdr')].map(
          (e) => getComputedStyle(e).backgroundColor,
        ),
      ).size,
      underlines: new Set(
        [...document.querySelectorAll('.editor-instance .view-line span > span')]
          .map((e) => getComputedStyle(e))
          .filter((s) => s.textDecorationLine.includes('underline'))
          .map((s) => `${s.textDecorationStyle} ${s.textDecorationThickness}`),
      ).size,
    }));
  for (const key of back)
    await step(`heat map, ${key}`, async () => {
      await theme(key);
      if (key === back[0]) {
        await goTo(HEAT_LINE);
        await command('NAMM: Toggle Heat Map of Worth');
      }
      await settle();
      const looks = await eventually(async () => {
        assert.equal((await struck()).length, 0);
        const seen = await heat();
        assert.ok(key.startsWith('contrast') ? seen.underlines >= 2 : seen.backgrounds >= 2, JSON.stringify(seen));
        return seen;
      });
      await shot(`heat-${key}`);
      if (key === back.at(-1)) await command('NAMM: Toggle Heat Map of Worth');
      return looks;
    });
  await step('faded instead of struck, and no icons', async () => {
    await goTo(1); // the marks were set around LINE, and code near the cursor stays
    await command('NAMM: Compress Context');
    await goTo(LINE);
    await eventually(async () => assert.ok((await struck()).length));
    await setting('namm.gutterIcons', false);
    await setting('namm.style', 'faded');
    try {
      return await eventually(async () => {
        assert.equal((await struck()).length, 0);
        assert.deepEqual(await signs(), []);
        const opacities = await page.evaluate(() =>
          [...document.querySelectorAll('.editor-instance .view-line span > span')].map((s) =>
            Number(getComputedStyle(s).opacity),
          ),
        );
        const faded = opacities.filter((o) => o < 0.6);
        assert.ok(faded.length > 3, `opacities: ${[...new Set(opacities)]}`);
        return faded.length;
      });
    } finally {
      await shot('faded');
      await setting('namm.style', 'strike');
      await setting('namm.gutterIcons', true);
      await eventually(async () => assert.ok((await struck()).length));
    }
  });
  await step('links above what goes, and from one place to the next by keys', async () => {
    await setting('namm.codeLens', 'all');
    await goTo(1);
    const place = /(\d+) of (\d+): (?:1 line|\d+ lines) · [\d,]+ tokens?/;
    const went = async () => {
      const said = page.locator('.statusbar-item', { hasText: place }).first();
      await said.waitFor();
      return place.exec(await said.innerText())[1];
    };
    const go = async (key) => {
      await page.keyboard.press('Control+K');
      await page.keyboard.press(key);
      await page.locator('.monaco-hover:not(.hidden) .hover-contents', { hasText: 'Left out' }).first().waitFor();
    };
    // Those of lines that were in view before stay in the page, hidden.
    const links = page.locator('.editor-instance .codelens-decoration').filter({ visible: true });
    await links
      .filter({ hasText: /lines? · [\d,]+ tokens?.*Keep.*Peek.*Why/ })
      .first()
      .waitFor();
    await go('Alt+N');
    const first = await went();
    await go('Alt+N');
    await eventually(async () => assert.notEqual(await went(), first));
    await shot('next');
    await go('Alt+P');
    await eventually(async () => assert.equal(await went(), first));
    await page.keyboard.press('Escape');
    await setting('namm.codeLens', 'large');
  });
  await step('split editors: both have the strikes', async () => {
    await goTo(1); // code near the cursor would stay
    await command('NAMM: Compress Context');
    await goTo(LINE);
    await command('View: Split Editor Right');
    const perEditor = await eventually(async () => {
      const counts = await page.evaluate(() =>
        [...document.querySelectorAll('.editor-instance')].map(
          (e) =>
            [...e.querySelectorAll('.view-line span > span')].filter((s) =>
              getComputedStyle(s).textDecorationLine.includes('line-through'),
            ).length,
        ),
      );
      assert.ok(counts.length === 2 && counts.every((n) => n > 0), JSON.stringify(counts));
      return counts;
    });
    await shot('split');
    await command('View: Close All Editors in Group');
    await eventually(async () => assert.equal(await page.locator('.editor-instance').count(), 1));
    return perEditor;
  });
  await step('the palette offers what can be done now', async () => {
    const listed = await offered('NAMM: ', 'palette');
    assert.ok(!listed.some((l) => /Context Files to|Remove (?:from|Mark)|Expand|Show Log/.test(l)), listed.join());
  });
  await step('what goes can be folded', async () => {
    await command('NAMM: Fold Dropped Code');
    await page
      .locator('.editor-instance .folded-background, .editor-instance .codicon-folding-manual-collapsed')
      .first()
      .waitFor();
    await shot('folded');
    await command('NAMM: Unfold Dropped Code');
  });
  await step('how much to keep: chosen in the status bar, and what is shown follows', async () => {
    const before = (await status().innerText()).trim();
    await page.locator('.statusbar-item[id="namm-context.namm-context.namm.budget"]').click();
    const row = page.locator('.quick-input-widget .monaco-list-row').filter({ hasText: '75 %' });
    await row.waitFor();
    await page.waitForTimeout(500); // it fades in
    await shot('budget');
    const box = page.locator('.quick-input-widget input.input');
    await box.fill('12');
    const typed = page.locator('.quick-input-widget .monaco-list-row');
    await typed.filter({ hasText: 'Keep 12 %' }).waitFor();
    await page.waitForTimeout(300);
    await shot('budget-typed');
    const focused = page.locator('.quick-input-widget .monaco-list-row.focused');
    await focused.filter({ hasText: 'Keep 12 %' }).waitFor();
    assert.ok(await typed.filter({ hasText: 'Keep at most 12 tokens' }).count());
    await box.fill('');
    await row.waitFor();
    await focused.filter({ hasText: '50 %' }).waitFor(); // the list opens on the current choice
    await row.click();
    const another = (than) =>
      eventually(async () => {
        const said = (await status().innerText()).trim();
        assert.ok(said !== than && said.includes('→'), said);
        return said;
      });
    const after = await another(before);
    await page.locator('.statusbar-item[id="namm-context.namm-context.namm.budget"]').click();
    await page.locator('.quick-input-widget .monaco-list-row').filter({ hasText: '50 %' }).click();
    await another(after);
    return { before, after };
  });
  await contextTour({ ...tools, themes: themeOrder });
  /** The position of a visible marker link. Scrolls the compressed side of the diff from its top until there is one. */
  const markerInSight = () => eventually(scrollToMarker);
  const scrollToMarker = async () => {
    const links = page.locator('.monaco-diff-editor .editor.modified .detected-link', { hasText: '…' });
    await page.mouse.move(1000, 400);
    await page.mouse.wheel(0, -100_000);
    for (let i = 0; i < 40; i++) {
      await page.waitForTimeout(300); // links appear after the text, and the diff scrolls to its first change by itself
      const boxes = await links.evaluateAll((all) => all.map((link) => link.getBoundingClientRect().toJSON()));
      const box = boxes.find(inSight);
      if (box) return box;
      await page.mouse.wheel(0, 220); // text dropped from comments leaves no marker
    }
    throw new Error('no marker in sight');
  };
  await step('the diff against the original', async () => {
    await page.keyboard.press('Escape');
    await command('NAMM: Show Compressed Context');
    await page.locator('.monaco-diff-editor .editor.modified .view-line').first().waitFor();
    await markerInSight();
  });
  for (const key of themeOrder)
    await step(`diff, ${key}`, async () => {
      await theme(key);
      await settle();
      await page.waitForTimeout(500);
      // A result is no dead end: its size is in the status bar, and its title has what to do with it.
      await status().filter({ hasText: '→' }).waitFor();
      // The editor has room for nine buttons; Inspect is the first of ours behind "…".
      for (const label of ['Copy Compressed Context', 'Send Compressed', 'Hand Over'])
        await page.locator(`.editor-actions .action-label[aria-label^="${label}"]`).first().waitFor();
      await shot(`diff-${key}`);
      await picture(key, 'show');
    });
  await step('a marker leads to what it stands for', async () => {
    const box = await markerInSight(); // the link is redrawn when Control is pressed, so click a position, not an element
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.keyboard.down('Control');
    await page.locator('.monaco-diff-editor .editor.modified .detected-link-active').waitFor();
    await page.mouse.down();
    await page.mouse.up();
    await page.keyboard.up('Control');
    await page.locator('.tab.active', { hasText: /:\d+(-\d+)?\./ }).waitFor();
    await page.waitForTimeout(500);
    await shot('original');
  });
  await inspectorTour({ ...tools, run, shots, themes: THEMES, line: LINE });
  await step('an edit takes every strike away', async () => {
    await page.locator('.tab', { hasText: FILE }).first().click();
    await eventually(async () => assert.ok((await struck()).length));
    await page.keyboard.press('End');
    await page.keyboard.type(' ');
    await page.waitForFunction(
      () =>
        ![...document.querySelectorAll('.editor-instance .view-line span > span')].some((s) =>
          getComputedStyle(s).textDecorationLine.includes('line-through'),
        ),
    );
    await status().filter({ hasText: 'edited' }).waitFor();
    await page.waitForTimeout(300);
    await shot('edited-status');
    await status().click(); // one click compresses it again
    await status().filter({ hasText: '→' }).waitFor();
    await page.locator('.tab', { hasText: FILE }).first().click();
    await page.locator('.view-line').first().click(); // the status bar had the focus, and a tab does not always take it back
    await page.locator('.monaco-editor.focused').waitFor();
    await page.keyboard.type(' ');
    await status().filter({ hasText: 'edited' }).waitFor();
  });
  await step('an edit while it works: no strike, one sentence', async () => {
    await command('NAMM: Compress Context');
    await status().locator('.codicon-sync').waitFor();
    await page.keyboard.type(' ');
    await page
      .locator('.notification-toast', { hasText: 'The text was edited meanwhile. Run the command again.' })
      .waitFor();
    assert.equal((await struck()).length, 0);
    await page.waitForTimeout(500); // it slides in
    await shot('edited');
    await settle();
  });
  await handOverTour({ ...tools, themes: themeOrder, own });
  await reloadTour({ ...tools, line: `${Number(LINE) - 5}` });
} catch (error) {
  tally.failed++;
  tally.steps.push({ title: 'the tour', ok: false, errors: [String(error.stack ?? error)] });
  console.error(error);
} finally {
  await browser?.close().catch(() => undefined);
  await server?.stop();
  own.close();
  run.remove();
  writeFileSync(result, JSON.stringify(tally, null, 1));
  console.log(
    `${tally.passed} passed, ${tally.failed} failed; screenshots in ${path.relative(process.cwd(), shots) || '.'}`,
  );
}
process.exit(tally.failed ? 1 : 0);
