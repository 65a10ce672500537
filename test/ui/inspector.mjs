// Tour of the inspector: every card by mouse and by keyboard, in every theme, checked by axe.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { eventually, PATIENCE_MS } from './actions.mjs';
import { LOOKS, namesUsed } from './inspectorHost.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const LONG = 'long-one.ts';
const FONT = /font/; // the tour chooses its own

/** @param tools from the tour: page, run, shots, step, shot, command, openFile, goTo, theme, settle, picture, struck, themes, file, line */
export async function inspectorTour({
  page,
  run,
  shots,
  step,
  shot,
  command,
  openFile,
  goTo,
  theme,
  settle,
  picture,
  status,
  struck,
  themes,
  file,
  line,
}) {
  const inside = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  const faults = [];
  page.on(
    'console',
    (m) =>
      /Content Security Policy|Uncaught/.test(m.text()) &&
      m.location().url.includes('vscode-resource') &&
      faults.push(m.text()),
  );
  const frame = async () => (await inside.locator('body').elementHandle()).ownerFrame();
  const bring = (selector) => inside.locator(selector).evaluate((e) => e.scrollIntoView({ block: 'start' }));
  const token = () => inside.locator('#token .token code').innerText();
  const masked = () => page.locator('.editor-instance .view-overlays .cdr').count();
  const editor = page.locator(`.editor-instance .monaco-editor[data-uri$="/${file}"]`);
  const saved = async (format) => {
    const target = path.join(run.workspace, `${file}.retention.${format}`);
    await inside.getByRole('button', { name: `Save as ${format.toUpperCase()}` }).click();
    const box = page.locator('.quick-input-widget input.input');
    await box.waitFor({ state: 'visible' });
    await page.waitForTimeout(300);
    await box.fill(target);
    await page.waitForTimeout(300);
    await page.keyboard.press('Enter');
    await eventually(() => assert.ok(existsSync(target), `${target} was not written`));
    await page.waitForTimeout(200);
    const bytes = readFileSync(target);
    rmSync(target); // so that the file search does not offer it
    return bytes;
  };

  await step('the inspector', async () => {
    await command('View: Close All Editors').catch(() => undefined);
    await openFile(file);
    await goTo(1); // code near the cursor would stay
    await command('NAMM: Compress Context');
    await eventually(async () => assert.ok((await struck()).length));
    await goTo(line);
    await command('NAMM: Inspect Retention');
    await inside.locator('h1', { hasText: file }).waitFor();
    await inside.locator('#heat button.cell').first().waitFor();
    for (const id of [
      'budget-card',
      'heat',
      'curve',
      'strips',
      'text',
      'token',
      'classes',
      'scores',
      'evictions',
      'compare',
    ])
      assert.equal(await inside.locator(`#${id}:visible`).count(), 1, id);
    assert.equal(await inside.locator('figure svg[role=img][aria-label]').count(), 4);
  });
  for (const key of Object.keys(themes))
    await step(`inspector, ${key}`, async () => {
      await theme(key);
      await settle();
      const at = await frame();
      await at.evaluate(() => window.scrollTo(0, 0));
      await shot(`inspector-${key}`);
      await picture(key, 'inspect', 304, 0);
      await bring('#text');
      await page.waitForTimeout(200);
      await shot(`inspector-${key}-text`);
      await bring('#classes');
      await page.waitForTimeout(200);
      await shot(`inspector-${key}-classes`);
      await at.evaluate(() => window.scrollTo(0, 1e6));
      await page.waitForTimeout(200);
      await shot(`inspector-${key}-end`);
      await at.evaluate(() => window.scrollTo(0, 0));
      const wide = await at.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(wide <= 0, `the page is ${wide} px too wide`);
      // The tests of the page alone use the editor's colours, too.
      const { names, colours } = await at.evaluate(
        (used) => ({
          names: document.body.className,
          colours: used.map((name) => [name, document.documentElement.style.getPropertyValue(name)]),
        }),
        namesUsed(),
      );
      assert.deepEqual(
        Object.fromEntries(colours.filter(([name, value]) => value && !FONT.test(name))),
        LOOKS[key].colours,
      );
      for (const name of LOOKS[key].className.split(' ')) assert.ok(names.split(' ').includes(name), names);
    });
  /** As VS Code's own zoom: the window has fewer pixels of its own, each larger on the screen. */
  const zoomTo = async (zoom) => {
    const { width, height } = page.viewportSize();
    const session = await page.context().newCDPSession(page);
    await session.send('Emulation.setDeviceMetricsOverride', {
      width: width / zoom,
      height: height / zoom,
      deviceScaleFactor: zoom,
      mobile: false,
    });
    await page.waitForTimeout(500);
  };
  for (const zoom of [1, 2])
    await step(`axe finds nothing in any theme at ${100 * zoom} %, all tables open`, async () => {
      const at = await frame();
      const found = [];
      await zoomTo(zoom);
      await at.evaluate(() => document.querySelectorAll('details').forEach((d) => (d.open = true)));
      await page.waitForTimeout(300);
      for (const key of Object.keys(themes).reverse()) {
        await theme(key);
        await at.evaluate(AXE); // a theme change does not reload the page, and loading it twice is harmless
        const { violations } = await at.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
        for (const v of violations)
          found.push(
            `${key}: ${v.id} (${v.impact}) ${v.nodes.slice(0, 3).map((n) => `${n.html.slice(0, 160)} ${n.any[0]?.message ?? ''}`)}`,
          );
        if (zoom > 1) await shot(`inspector-${key}-${100 * zoom}`);
      }
      await shot(`inspector-tables-${100 * zoom}`);
      await at.evaluate(() => document.querySelectorAll('details').forEach((d) => (d.open = false)));
      await zoomTo(1);
      assert.deepEqual(found, []);
    });
  await step('by keyboard alone: from the slider to the heat map, a mask in the editor and out again', async () => {
    await inside.locator('#budget').focus();
    const seen = [];
    for (let i = 0; i < 16 && !seen.at(-1)?.startsWith('Layer'); i++) {
      await page.keyboard.press('Tab');
      seen.push(
        await inside
          .locator(':focus')
          .first()
          .evaluate((e) => e.getAttribute('aria-label') ?? e.textContent),
      );
    }
    assert.match(seen.at(-1), /^Layer 0$/, seen.join(' > '));
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    const focused = inside.locator(':focus').first();
    assert.match(await focused.textContent(), /^\d+ % [\d,.]+ of [\d,.]+ tokens kept by layer 1, head 0$/);
    const before = await struck();
    assert.ok(before.length);
    await page.keyboard.press('Enter');
    await inside.getByRole('button', { name: 'Clear Mask' }).waitFor();
    await eventually(async () => assert.equal((await struck()).length, 0)); // the mask replaces the strikes
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await eventually(async () => assert.ok((await masked()) > 5));
    assert.equal(await focused.getAttribute('aria-pressed'), 'true');
    assert.equal(await inside.locator('#mode').inputValue(), 'scope');
  });
  for (const key of Object.keys(themes))
    await step(`a mask in the editor, ${key}`, async () => {
      await theme(key);
      await settle();
      await shot(`mask-${key}`);
    });
  await step('the mask goes', async () => {
    await inside.getByRole('button', { name: 'Clear Mask' }).click();
    await inside.getByRole('button', { name: 'Clear Mask' }).waitFor({ state: 'hidden' });
    assert.equal(await inside.locator('#heat [aria-pressed=true]').count(), 0);
  });
  await step('a token selected in the text is selected in the editor, and the other way round', async () => {
    await inside.locator('.text').focus();
    for (const key of ['Home', 'ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
    const first = await token();
    await eventually(async () =>
      assert.ok((await editor.locator('.cslr.selected-text').count()) > 0, 'nothing is selected in the editor'),
    );
    const word = editor
      .locator('.view-line')
      .filter({ hasText: /[A-Za-z]{6}/ })
      .last();
    await word.click({ position: { x: 60, y: 8 } });
    const second = await eventually(async () => {
      const now = await token();
      assert.notEqual(now, first);
      assert.ok((await inside.locator('.tk.chosen').count()) > 0);
      return now;
    });
    return [first, second];
  });
  await step('the budget slider: strikes, tokens and spans follow', async () => {
    await bring('#budget-card');
    const result = inside.locator('#budget-result');
    const before = await result.innerText();
    await inside.locator('#budget').focus();
    const times = []; // the host suite measures a change by its processor time
    for (let i = 0; i < 6; i++) {
      const said = await result.innerText();
      const at = await frame();
      const waiting = at.evaluate(
        (was) =>
          new Promise((resolve) => {
            const begun = performance.now();
            const check = () =>
              document.getElementById('budget-result').textContent !== was
                ? requestAnimationFrame(() => resolve(performance.now() - begun))
                : performance.now() - begun > 3000 // two positions can give one text
                  ? resolve(undefined)
                  : setTimeout(check, 1);
            const slider = document.getElementById('budget');
            slider.value = String(Number(slider.value) - 2);
            slider.dispatchEvent(new Event('input', { bubbles: true }));
            check();
          }),
        said,
      );
      times.push(await waiting);
      await page.waitForTimeout(150);
    }
    const after = await eventually(async () => {
      const said = await result.innerText();
      assert.notEqual(said, before);
      assert.match(said, /\d spans? change/);
      return said;
    });
    await shot('inspector-budget');
    const shown = times.filter((ms) => ms !== undefined).sort((a, b) => a - b);
    await inside.getByRole('button', { name: /^Back to/ }).click();
    await inside.getByRole('button', { name: /^Back to/ }).waitFor({ state: 'hidden' });
    return { median: Math.round(shown[shown.length >> 1] ?? NaN), after };
  });
  await step('two scorers compared', async () => {
    await inside.locator('#compare-with').selectOption('h2o');
    await inside.locator('#compare table').first().waitFor();
    await bring('#compare');
    await page.waitForTimeout(200);
    await shot('inspector-compare');
    await bring('#text');
    await inside.locator('#mode').selectOption('difference');
    await inside.locator('.row .tk[class*=less], .row .tk.lv8').first().waitFor();
    await shot('inspector-difference');
  });
  await step('saved as JSON, CSV and PNG', async () => {
    const json = JSON.parse(await saved('json'));
    assert.equal(json.scores.length, json.layers);
    const csv = (await saved('csv')).toString();
    assert.equal(csv.split('\r\n').length, json.ids.length + 2);
    const png = await saved('png');
    assert.equal(png.subarray(1, 4).toString(), 'PNG');
    assert.ok(png.readUInt32BE(16) > 1500 && png.length > 20_000, `${png.readUInt32BE(16)} px, ${png.length} bytes`);
    writeFileSync(path.join(shots, 'inspector-saved.png'), png);
  });
  await step('an edit marks it as stale, and it can be read again', async () => {
    await page.locator('.tab', { hasText: file }).first().click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('\n// a new line');
    const banner = inside.locator('.banner', { hasText: 'has changed since' });
    await banner.waitFor();
    assert.ok(await inside.locator('#budget').isDisabled());
    await settle();
    await shot('inspector-stale');
    await banner.getByRole('button', { name: 'Read Again' }).click();
    await banner.waitFor({ state: 'hidden' });
    assert.ok(await inside.locator('#budget').isEnabled());
    await page.locator('.tab', { hasText: file }).first().click();
    await page.keyboard.press('Control+S');
  });
  await step('after a reload of the window it is back, with what was chosen', async () => {
    await inside.locator('#heat button.cell').nth(3).click();
    const chosen = await inside.locator('#heat [aria-pressed=true]').textContent();
    await eventually(async () => assert.ok((await masked()) > 5));
    await page.waitForTimeout(7000); // the workbench saves its state every few seconds
    await page.reload();
    await page.locator('.monaco-workbench').waitFor();
    await inside.locator('#heat [aria-pressed=true]').waitFor();
    assert.equal(await inside.locator('#heat [aria-pressed=true]').textContent(), chosen);
    assert.equal(await page.locator('.notification-toast', { hasText: 'NAMM' }).count(), 0);
    await page.waitForTimeout(500);
    await shot('inspector-restored');
  });
  await step('30,000 tokens: few elements, fluid', async () => {
    const one = readFileSync(path.join(run.workspace, file), 'utf8');
    writeFileSync(
      path.join(run.workspace, LONG),
      Array.from({ length: Math.ceil(100_000 / one.length) }, (_, i) =>
        one.replaceAll('function ', `function f${i}`),
      ).join('\n'),
    );
    await command('View: Close All Editors');
    await openFile(LONG);
    await command('NAMM: Compress Context');
    await eventually(async () => assert.match(await status().innerText(), /[2-9]\d %/), 5 * PATIENCE_MS);
    await shot('reading');
    await eventually(async () => assert.match(await status().innerText(), /→/), 5 * PATIENCE_MS);
    await command('NAMM: Inspect Retention');
    await inside.locator('h1', { hasText: LONG }).waitFor({ timeout: 5 * PATIENCE_MS });
    const at = await frame();
    await bring('#text');
    const seen = await at.evaluate(async () => {
      const scroller = document.getElementById('text-scroller');
      let worst = 0;
      for (let i = 1; i <= 20; i++) {
        const begun = performance.now();
        scroller.scrollTop = (scroller.scrollHeight * i) / 20;
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        worst = Math.max(worst, performance.now() - begun);
      }
      return {
        rows: scroller.querySelectorAll('.row').length,
        worst: Math.round(worst),
        about: document.querySelector('.about').textContent,
      };
    });
    assert.ok(seen.rows < 120, `${seen.rows} rows`);
    await shot('inspector-long');
    return seen;
  });
  await step('back to the file, with its strikes', async () => {
    await command('View: Close All Editors');
    await page.locator('.explorer-folders-view .monaco-list-row').filter({ hasText: file }).dblclick();
    await editor.locator('.view-line').first().waitFor();
    await editor.click();
    await page.keyboard.press('Control+Home'); // code near the cursor would stay
    await command('NAMM: Compress Context');
    await page
      .locator('.statusbar-item[id="namm-context.namm-context.namm.result"]')
      .filter({ hasText: '→' })
      .waitFor();
  });
  await step('the page broke no rule of its own', () => assert.deepEqual(faults, []));
}
