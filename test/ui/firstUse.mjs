// The first use, from the open window to the pasted result: by keyboard alone, recorded as the animations of the page, and by mouse alone.
import assert from 'node:assert/strict';
import path from 'node:path';
import { eventually, NEW_TEXT } from './actions.mjs';

const MOST_ACTIONS = 6;
const FREE_X = 320; // px right of a tab, left of the buttons
const CLIP = { x: 304, y: 0, width: 976, height: 800 };

/** @param tools from the tour: page, step, shot, command, status, struck, settle, theme, pictures (a folder, or none), file, installMs (how long the installation took) */
export async function firstUseTour(tools) {
  const { page, step, shot, command, status, struck, settle, theme, pictures, file, installMs } = tools;
  const text = (name) => page.locator(`.editor-instance .monaco-editor[data-uri$="/${name}"] .view-line`).first();
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  const compressed = /\d+… #[a-z2-7]{4}/;
  const offer = () => status().filter({ hasText: 'Compress' });

  /** Counts what the user does. */
  const counter = () => {
    const counted = {
      actions: 0,
      action: (work) => {
        counted.actions++;
        return work();
      },
    };
    return counted;
  };
  const emptyClipboard = () => page.evaluate(() => navigator.clipboard.writeText(''));
  const untilPasted = async () => {
    await page.locator('.tab.active', { hasText: 'A comment like' }).waitFor(); // the editor pastes some moments later
    await page.keyboard.press('Control+Home'); // the note on markers is at the top
    await page.locator('.editor-instance .view-line', { hasText: '…' }).first().waitFor();
  };
  const discardPasted = async () => {
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Delete');
    await command('View: Close Editor');
  };

  /** @param film name of the animation that is recorded; none without */
  const byKeyboard = async (film) => {
    const { Recording } = film && pictures ? await import('./animation.mjs') : {};
    const recording = Recording && new Recording(page, CLIP);
    await emptyClipboard();
    const begun = Date.now();
    const user = counter();
    await user.action(async () => {
      await page.keyboard.press('Control+P');
      await page.locator('.quick-input-widget input.input').fill(file);
      await page.locator('.quick-input-widget .monaco-list-row').filter({ hasText: file }).first().waitFor();
      await page.waitForTimeout(300);
      await page.keyboard.press('Enter');
    });
    await text(file).waitFor();
    await offer().waitFor();
    await page.waitForTimeout(500);
    await shot('first-use-offer');
    await recording?.frame(1600);
    await user.action(async () => {
      await page.keyboard.press('Control+K');
      await page.keyboard.press('Alt+C');
    });
    await status().filter({ hasText: '→' }).waitFor();
    await eventually(async () => assert.ok((await struck()).length));
    await page.waitForTimeout(300);
    await shot('first-use-struck');
    await recording?.frame(2600);
    await user.action(() => command('NAMM: Show Why Code Is Left Out'));
    await page.locator('.monaco-hover:not(.hidden) .hover-contents').first().waitFor();
    await page.waitForTimeout(500);
    await shot('first-use-why');
    await recording?.frame(2600);
    await page.keyboard.press('Escape');
    await user.action(() => command('NAMM: Copy Compressed Context'));
    await eventually(async () => assert.match(await clipboard(), compressed));
    await recording?.frame(1200);
    await user.action(() => page.keyboard.press(NEW_TEXT));
    await page.locator('.tab.active', { hasText: 'Untitled' }).waitFor();
    await user.action(() => page.keyboard.press('Control+V'));
    await untilPasted();
    const ms = Date.now() - begun;
    await page.waitForTimeout(300);
    await shot('first-use-pasted');
    await recording?.frame(2600);
    await recording?.write(path.resolve(pictures, `marketplace/${film}.gif`));
    await discardPasted();
    assert.ok(user.actions <= MOST_ACTIONS, `${user.actions} actions`);
    return { actions: user.actions, ms, installMs };
  };
  const anew = async () => {
    await command('NAMM: Remove All Results').catch(() => undefined);
    // The editor would open the file where it was left, and code near the cursor stays.
    await text(file).click();
    await page.keyboard.press('Control+Home');
    await command('View: Close All Editors');
  };

  await step('first use, by keyboard alone', () => byKeyboard('first-use'));
  if (pictures)
    await step('first use, by keyboard alone, in a light theme', async () => {
      await anew();
      await theme('light');
      const seen = await byKeyboard('first-use-light');
      await theme('dark');
      return seen;
    });
  await step('first use, by mouse alone', async () => {
    await anew();
    await emptyClipboard();
    const begun = Date.now();
    const user = counter();
    await user.action(() =>
      page.locator('.explorer-folders-view .monaco-list-row').filter({ hasText: file }).first().dblclick(),
    );
    await text(file).waitFor();
    await user.action(() => offer().click());
    await status().filter({ hasText: '→' }).waitFor();
    await settle();
    const tooltip = page.locator('.monaco-hover:not(.hidden)', { hasText: 'Next:' }).first();
    await user.action(async () => {
      await status().hover();
      await tooltip.waitFor();
      await page.waitForTimeout(400);
      await shot('first-use-tooltip');
      await tooltip.locator('a', { hasText: 'Hand Over' }).click();
    });
    const row = page.locator('.quick-input-widget .monaco-list-row', { hasText: 'Clipboard' });
    await row.waitFor();
    await page.waitForTimeout(500);
    await user.action(() => row.click());
    await eventually(async () => assert.match(await clipboard(), compressed));
    await user.action(async () => {
      const { x, y, height } = await page.locator('.tabs-container .tab').last().boundingBox();
      await page.mouse.dblclick(x + FREE_X, y + height / 2); // where no tab is
    });
    await page.locator('.tab.active', { hasText: 'Untitled' }).waitFor();
    await user.action(async () => {
      await page
        .locator('.editor-instance .view-lines')
        .first()
        .click({ button: 'right', position: { x: 200, y: 80 } });
      const paste = page.locator('.monaco-menu .action-item', { hasText: 'Paste' }).first();
      await paste.waitFor();
      await page.waitForTimeout(400); // a menu that has just opened ignores clicks
      await paste.click();
    });
    await untilPasted();
    const ms = Date.now() - begun;
    await page.waitForTimeout(300);
    await shot('first-use-pasted-by-mouse');
    await discardPasted();
    assert.ok(user.actions <= MOST_ACTIONS, `${user.actions} actions`);
    return { actions: user.actions, ms, installMs };
  });
  for (const key of ['light', 'contrast', 'dark'])
    await step(`what the status bar says next, ${key}`, async () => {
      await theme(key);
      await settle();
      await status().hover();
      await page.locator('.monaco-hover:not(.hidden)', { hasText: 'Next:' }).first().waitFor();
      await page.waitForTimeout(400);
      await shot(`status-${key}`);
      await page.mouse.move(700, 20);
    });
  await step('the page of the package: every picture is there, and nothing about building', async () => {
    await command('View: Close All Editors');
    await command('Extensions: Show Installed Extensions');
    const row = page.locator('.extensions-list .monaco-list-row', { hasText: 'NAMM Context' }).first();
    await row.click();
    await page.locator('.extension-editor .name', { hasText: 'NAMM Context' }).waitFor();
    const content = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
    await content.locator('h2', { hasText: 'Three steps' }).waitFor();
    const widths = await eventually(async () => {
      const all = await content.locator('img').evaluateAll((images) => images.map((i) => i.naturalWidth));
      assert.ok(
        all.every((w) => w > 0),
        JSON.stringify(all),
      );
      return all;
    });
    assert.doesNotMatch(await content.locator('body').innerText(), /npm |from a clone/);
    await page.waitForTimeout(500);
    await shot('page');
    const tabs = await page.locator('.extension-editor .navbar .action-label').allInnerTexts();
    assert.ok(
      tabs.some((t) => /changelog/i.test(t)),
      tabs.join(),
    );
    await command('View: Show Explorer');
    return { widths, tabs };
  });
  await command('View: Close All Editors');
}
