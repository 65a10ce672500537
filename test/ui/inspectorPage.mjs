// Tests the inspector's page in a plain browser: 6 and 30 layers, every theme, narrow and wide, at 100 and 200 %.
// Usage: inspectorPage.mjs [--shots DIR] [--result FILE] [--only REGEXP]. It needs the bundles (node esbuild.mjs).
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { ROOT, startBrowser } from '../host/codeServer.mjs';
import { changeLook, LOOKS, openInspector } from './inspectorHost.mjs';

const args = process.argv.slice(2);
const option = (name, otherwise) => (args.includes(`--${name}`) ? args[args.indexOf(`--${name}`) + 1] : otherwise);
const shots = path.resolve(option('shots', path.join(ROOT, 'out/shots')));
const result = path.resolve(option('result', path.join(ROOT, 'out/inspectorPage.json')));
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TEXT = readFileSync(path.join(ROOT, 'test/samples/createAction.ts'), 'utf8');
const MODELS = { small: { layers: 6, heads: 2 }, large: { layers: 30, heads: 8 } };
/** Widths of the panel on the screen. At 200 % the page has half as many of its own pixels, as VS Code's zoom does it. */
const WIDTHS = [400, 640, 1000, 1600];
const ZOOMS = [1, 2];
mkdirSync(shots, { recursive: true });
mkdirSync(path.dirname(result), { recursive: true });

const tally = { passed: 0, failed: 0, steps: [] };
async function step(title, work) {
  if (option('only') && !new RegExp(option('only')).test(title)) return;
  const begun = Date.now();
  try {
    const seen = await work();
    tally.passed++;
    tally.steps.push({ title, ok: true });
    console.log(`  ✔ ${title} (${Date.now() - begun} ms)${seen === undefined ? '' : `: ${JSON.stringify(seen)}`}`);
  } catch (error) {
    tally.failed++;
    tally.steps.push({ title, ok: false, errors: [String(error.stack ?? error).slice(0, 3000)] });
    console.log(`  ✖ ${title}\n${String(error.stack ?? error).replace(/^/gm, '      ')}`);
  }
}

const { browser } = await startBrowser();
/** A page of a model at a zoom; `width` is that of the panel on the screen. */
const contexts = {};
for (const zoom of ZOOMS) contexts[zoom] = await browser.newContext({ deviceScaleFactor: zoom });
const pages = {};
async function pageOf(model, zoom) {
  pages[`${model}${zoom}`] ??= await openInspector(contexts[zoom], { look: 'dark', text: TEXT, ...MODELS[model] });
  return pages[`${model}${zoom}`];
}
async function resized(page, width, zoom) {
  await page.setViewportSize({ width: width / zoom, height: 900 / zoom });
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50)))),
  );
}
const whole = (page, name) => page.screenshot({ path: path.join(shots, `${name}.png`), fullPage: true });

/** Runs in the page: what is too wide, shrunk, or stands on something else. */
function faultsOfLayout() {
  const faults = [];
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) {
    const wide = [...document.querySelectorAll('body *')].filter(
      (e) => e.getBoundingClientRect().right > clientWidth + 1 && !e.closest('.scroll, .text'),
    );
    faults.push(
      `the page is ${scrollWidth - clientWidth} px too wide: ${wide.slice(0, 3).map((e) => e.outerHTML.slice(0, 80))}`,
    );
  }
  const meet = (a, b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
  const visible = [...document.querySelectorAll('section.card')].filter((c) => c.offsetParent);
  const boxes = visible.map((c) => c.getBoundingClientRect());
  boxes.forEach((a, i) =>
    boxes
      .slice(i + 1)
      .forEach((b, j) => meet(a, b) && faults.push(`${visible[i].id} and ${visible[i + 1 + j].id} overlap`)),
  );
  for (const picture of document.querySelectorAll('svg')) {
    const own = picture.getBoundingClientRect();
    const name = picture.closest('section').id;
    const scale = own.width / picture.viewBox.baseVal.width;
    if (Math.abs(scale - 1) > 0.02) faults.push(`${name}: drawn at ${scale.toFixed(2)} of its size`);
    const words = [...picture.querySelectorAll('text')].map((e) => ({
      text: e.textContent,
      box: e.getBoundingClientRect(),
    }));
    words.forEach(({ text, box }, i) => {
      if (box.left < own.left - 1 || box.right > own.right + 1 || box.top < own.top - 2 || box.bottom > own.bottom + 2)
        faults.push(`${name}: "${text}" is cut off`);
      for (const other of words.slice(i + 1))
        if (meet(box, other.box)) faults.push(`${name}: "${text}" and "${other.text}" collide`);
    });
  }
  for (const e of document.querySelectorAll('.heat button'))
    if (e.scrollWidth > e.clientWidth + 1) faults.push(`heat: "${e.textContent.slice(0, 12)}" does not fit`);
  return [...new Set(faults)];
}

/** Opens everything that the page can show, or closes it again. */
async function everything(page, open) {
  await page.locator('#compare-with').selectOption(open ? 'h2o' : '');
  await page.locator('#masks').waitFor({ state: open ? 'visible' : 'hidden' });
  if (open) {
    await page.locator('.row .tk').nth(3).click();
    await page.locator('#heat .cell').nth(1).click();
    await page.locator('#strips figure').press('End');
    await page.locator('#moment').press('ArrowLeft');
  } else {
    await page.locator('#heat .cell').nth(1).click();
    await page.locator('#strips figure').press('Escape');
    await page.getByRole('button', { name: 'Leave the Timeline' }).click();
  }
  await page.evaluate((o) => document.querySelectorAll('details').forEach((d) => (d.open = o)), open);
  await page.waitForTimeout(100);
}

for (const model of Object.keys(MODELS))
  for (const zoom of ZOOMS)
    for (const width of WIDTHS)
      await step(`layout of ${MODELS[model].layers} layers, ${width} px at ${100 * zoom} %`, async () => {
        const page = await pageOf(model, zoom);
        await resized(page, width, zoom);
        assert.deepEqual(await page.evaluate(faultsOfLayout), []);
      });

// Colours depend on the theme alone; each theme is looked at once with each model and at each zoom.
for (const [zoom, model] of [
  [1, 'large'],
  [2, 'small'],
])
  for (const look of Object.keys(LOOKS))
    await step(`axe: ${MODELS[model].layers} layers, ${look} at ${100 * zoom} %`, async () => {
      const page = await pageOf(model, zoom);
      await resized(page, 1000, zoom);
      await changeLook(page, look);
      await whole(page, `page-${model}-${look}-${100 * zoom}`);
      await everything(page, true);
      if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE);
      const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
      await everything(page, false);
      assert.deepEqual(
        violations.map(
          (v) =>
            `${v.id} (${v.impact}): ${v.nodes
              .slice(0, 3)
              .map((n) => `${n.html.slice(0, 140)} ${n.any[0]?.message ?? ''}`)
              .join(' | ')}`,
        ),
        [],
      );
    });

const large = await pageOf('large', 1);
await resized(large, 1000, 1);
await changeLook(large, 'dark');
const last = (kind) => large.evaluate((k) => globalThis.sent.findLast((m) => m.kind === k), kind);
const lineOf = (offset) => TEXT.slice(0, offset).split('\n').length;

await step('the layers are sorted by what they kept, in the heat map and along the text', async () => {
  const shares = async () => {
    const cells = await large
      .locator('#heat tbody tr')
      .evaluateAll((rows) => rows.map((r) => [...r.querySelectorAll('.cell')].map((c) => parseInt(c.textContent))));
    return cells.map((row) => row.reduce((a, b) => a + b, 0) / row.length);
  };
  await large.locator('#order').selectOption('most');
  const most = await shares();
  assert.equal(most.length, 30);
  assert.ok(
    most.every((s, i) => i === 0 || s <= most[i - 1] + 1),
    most.join(),
  );
  const inHeat = await large.locator('#heat .head').allInnerTexts();
  const along = await large.locator('#strips svg text').allTextContents();
  assert.deepEqual(
    along.filter((w) => w.startsWith('Layer')),
    inHeat,
  );
  await whole(large, 'page-sorted');
  await large.locator('#order').selectOption('layer');
  assert.equal((await large.locator('#heat .head').first().innerText()).trim(), 'Layer 0');
});

await step('lines are chosen by dragging: text and editor follow', async () => {
  const figure = large.locator('#strips figure');
  await figure.scrollIntoViewIfNeeded();
  const box = await figure.boundingBox();
  await large.evaluate(() => globalThis.sent.splice(0)); // of the steps before
  await large.mouse.move(box.x + box.width * 0.4, box.y + 60);
  await large.mouse.down();
  await large.mouse.move(box.x + box.width * 0.5, box.y + 90, { steps: 5 });
  assert.equal(await last('span'), undefined, 'the editor does not follow while it is dragged');
  await large.mouse.up();
  const span = await last('span');
  const said = await large.locator('#choice').innerText();
  const [first, end] = [lineOf(span.start), lineOf(span.end - 1)];
  assert.ok(end > first + 5, `${first} to ${end}`);
  assert.match(said, new RegExp(`^Lines ${first} to ${end} · [\\d,]+ tokens · \\d+ % stay · the caches kept \\d+ %$`));
  assert.equal(await large.locator('#first-line').inputValue(), String(first));
  assert.ok((await large.locator('.row.inside').count()) > 3);
  assert.equal((await large.locator('.row.inside .number').first().textContent()).trim(), String(first));
  await whole(large, 'page-brushed');
  return said;
});

await step('and by keys and numbers, with zoom', async () => {
  const figure = large.locator('#strips figure');
  await figure.focus();
  await large.keyboard.press('Escape');
  assert.equal(await large.locator('#choice').innerText(), 'No lines are chosen.');
  await large.keyboard.press('Home');
  await large.keyboard.press('ArrowRight');
  for (let i = 0; i < 3; i++) await large.keyboard.press('Shift+ArrowRight');
  const span = await last('span');
  assert.deepEqual([lineOf(span.start), lineOf(span.end - 1)], [2, 5]);
  await large.locator('#first-line').fill('40');
  await large.keyboard.press('Tab');
  await large.locator('#last-line').fill('79');
  await large.keyboard.press('Tab');
  const chosen = await last('span');
  assert.deepEqual([lineOf(chosen.start), lineOf(chosen.end - 1)], [40, 79]);
  await large.getByRole('button', { name: 'Zoom to Lines' }).click();
  assert.match(await large.locator('#strips svg').getAttribute('aria-label'), /from line 40 to line 79\.$/);
  await whole(large, 'page-zoomed');
  await figure.focus();
  await large.keyboard.press('-');
  assert.doesNotMatch(await large.locator('#strips svg').getAttribute('aria-label'), /from line 40 /);
  await large.getByRole('button', { name: 'Whole Text' }).click();
  assert.match(await large.locator('#strips svg').getAttribute('aria-label'), /from line 1 to line 324\.$/);
});

await step('the evictions are played, stepped and left; the text shows what was held', async () => {
  const small = await pageOf('small', 1);
  await resized(small, 1000, 1);
  await changeLook(small, 'dark');
  const said = small.locator('#moment-said');
  await small.locator('#moment').focus();
  await small.keyboard.press('Home');
  assert.equal(await said.innerText(), 'Before the first chunk: nothing is read.');
  assert.equal(await small.locator('.row .tk:not(.unread)').count(), 0);
  await small.keyboard.press('ArrowRight');
  const first = await said.innerText();
  assert.match(
    first,
    /^After chunk 1 of 7 · 506 of 3,470 tokens read · [\d,]+ entries held · ([\d,]+) evicted, \1 of them now$/,
  );
  assert.match(await small.locator('#strips svg').getAttribute('aria-label'), /held along the text after chunk 1,/);
  await small.locator('#heat .cell').first().click(); // of one cache: every entry is held or evicted
  const [, held, gone] = /([\d,]+) entries held · ([\d,]+) evicted/.exec(await said.innerText());
  assert.equal(Number(held) + Number(gone), 506);
  assert.ok((await small.locator('.row .tk.out').count()) > 0);
  await whole(small, 'page-timeline');
  await small.locator('#heat .cell').first().click();
  await small.getByRole('button', { name: 'Play' }).click();
  await said.filter({ hasText: 'After chunk 3 of 7' }).waitFor();
  await small.getByRole('button', { name: 'Pause' }).click();
  const paused = await said.innerText();
  await small.waitForTimeout(1500);
  assert.equal(await said.innerText(), paused);
  await small.getByRole('button', { name: 'One chunk on' }).click();
  assert.notEqual(await said.innerText(), paused);
  await small.emulateMedia({ reducedMotion: 'reduce' });
  await small.getByRole('button', { name: 'Play' }).waitFor({ state: 'hidden' });
  await small.emulateMedia({ reducedMotion: 'no-preference' });
  await small.getByRole('button', { name: 'Play' }).waitFor();
  await small.getByRole('button', { name: 'Leave the Timeline' }).click();
  assert.equal(await small.locator('.row .tk.unread').count(), 0);
  return first;
});

await step('two scorers side by side: what differs is counted and stands beside each other', async () => {
  const small = await pageOf('small', 1);
  await small.locator('#compare-with').selectOption('h2o');
  await small.locator('#masks').waitFor();
  assert.deepEqual(
    (await small.locator('#masks svg text.strong').allTextContents()).filter((w) => !w.includes('%')),
    ['extended', 'h2o', 'differ'],
  );
  const places = Number(/They differ in (\d+) places\./.exec(await small.locator('#compare').innerText())[1]);
  await small.locator('#compare').screenshot({ path: path.join(shots, 'page-compare.png') });
  await small.locator('#masks').screenshot({ path: path.join(shots, 'page-masks.png') });
  await small.getByRole('button', { name: `Show all ${places} places` }).click();
  assert.equal(await small.locator('#compare .two').count(), places);
  const rows = await small.locator('#compare table').first().locator('tbody tr').allInnerTexts();
  const only = rows.slice(1, 3).map((row) => Number(/\t([\d,]+)/.exec(row)[1].replace(',', '')));
  const counted = await small.locator('.place').allInnerTexts();
  for (const [i, name] of ['extended', 'h2o'].entries()) {
    const sum = counted.reduce((n, p) => n + Number(new RegExp(`(\\d+) tokens only by ${name}`).exec(p)?.[1] ?? 0), 0);
    assert.ok(sum > 0 && sum <= only[i], `${sum} of ${only[i]}`); // the table counts blank tokens, too
  }
  const [left, right] = await small.locator('#compare .two').first().locator('.side').all();
  assert.ok((await left.locator('.alone').count()) + (await right.locator('.alone').count()) > 0);
  const sides = await Promise.all([left, right].map((side) => side.boundingBox()));
  assert.equal(sides[0].y, sides[1].y, 'beside each other');
  await small.locator('.place button').first().click();
  assert.match(await small.locator('#choice').innerText(), /^Lines? \d/);
  for (const zoom of ZOOMS)
    for (const width of WIDTHS) {
      await resized(small, width / zoom, 1);
      assert.deepEqual(await small.evaluate(faultsOfLayout), [], `${width} px at ${100 * zoom} %`);
    }
  await resized(small, 1000, 1);
  return { places, only };
});

await step('the budget bar is dragged: what goes next is named, and goes', async () => {
  const small = await pageOf('small', 1);
  await resized(small, 1000, 1);
  const bar = small.locator('.budget-bar');
  const stay = async () =>
    Number(/^(\d+) of \d+ statements/.exec(await bar.locator('svg').getAttribute('aria-label'))[1]);
  const struck = (line) =>
    small.evaluate(
      (n) =>
        [...document.querySelectorAll('.row')]
          .find((r) => r.querySelector('.number').textContent === n)
          ?.querySelector('.gone') != null,
      line,
    );
  const before = await stay();
  const next = small.locator('.next-list .side').first().locator('li').first();
  const line = /Line (\d+)/.exec(await next.innerText())[1];
  await next.getByRole('button').click(); // brings the line into view
  assert.equal(await struck(line), false);
  assert.ok((await small.locator('.tk.next').count()) > 0);
  await small.locator('#budget-card').screenshot({ path: path.join(shots, 'page-budget.png') });
  await bar.scrollIntoViewIfNeeded();
  const box = await bar.boundingBox();
  await small.mouse.move(box.x + box.width * 0.5, box.y + 10);
  await small.mouse.down();
  await small.mouse.move(box.x + box.width * 0.3, box.y + 10, { steps: 8 });
  await small.mouse.up();
  await small.waitForFunction(() =>
    /at 30 %/.test(document.querySelector('.budget-bar svg').getAttribute('aria-label')),
  );
  assert.ok((await stay()) < before);
  assert.equal(await struck(line), true, 'what was named as next is gone');
  assert.equal(await small.locator('#budget').inputValue(), '30');
  await small.locator('#budget').press('ArrowRight');
  await small.waitForFunction(() => document.getElementById('budget').getAttribute('aria-valuetext') === '31 %');
  await small.getByRole('button', { name: 'Back to 50 %' }).click();
  await small.waitForFunction(
    (n) => document.querySelector('.budget-bar svg').getAttribute('aria-label').startsWith(`${n} of`),
    before,
  );
  return { before, line };
});

await browser.close();
writeFileSync(result, JSON.stringify(tally, null, 1));
console.log(
  `${tally.passed} passed, ${tally.failed} failed; screenshots in ${path.relative(process.cwd(), shots) || '.'}`,
);
process.exit(tally.failed ? 1 : 0);
