// User actions in the workbench: commands, files, settings, themes; and reading what the editor shows.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

/** How long something that must come is waited for: the end of what hangs. A busy machine never comes near it. */
export const PATIENCE_MS = 120_000;

const KINDS = { dark: 'vs-dark', light: 'vs', contrast: 'hc-black', contrastLight: 'hc-light' };
const KEYS = {
  dark: 'Control+Alt+Shift+F1',
  light: 'Control+Alt+Shift+F2',
  contrast: 'Control+Alt+Shift+F3',
  contrastLight: 'Control+Alt+Shift+F4',
};

/** Makes a new text: in a browser, Ctrl+N belongs to the browser. */
export const NEW_TEXT = 'Control+Alt+Shift+F5';

const TRY_MS = 10_000;

/** Repeats `work` until it does not fail. @param patience ms @returns what it returns */
export async function eventually(work, patience = PATIENCE_MS) {
  for (const end = Date.now() + patience; ; await new Promise((resolve) => setTimeout(resolve, 50)))
    try {
      return await work();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
}

const written = (keys) => keys.toLowerCase().replace('control', 'ctrl');

/** Key bindings that change to one of the themes, which the test extension has a command for, and one for a new text. */
export const themeKeys = (themes) => [
  ...Object.entries(themes).map(([key, name]) => ({
    key: written(KEYS[key]),
    command: 'fakelm.set',
    args: ['workbench.colorTheme', name],
  })),
  { key: written(NEW_TEXT), command: 'workbench.action.files.newUntitledFile' },
];

/** @param settingsFile the user's settings.json @param shot makes a screenshot of a name */
export function actionsOf(page, settingsFile, shot) {
  /**
   * Opens the quick input with a key, fills it in and does `choose`; again, if the workbench closes it meanwhile, as it does
   * when something else takes the focus.
   */
  const inQuickInput = (key, text, choose, patience) =>
    eventually(async () => {
      const box = page.locator('.quick-input-widget input.input');
      await page.keyboard.press(key);
      try {
        await box.fill(text, { timeout: TRY_MS });
        await choose();
      } catch (error) {
        await page.keyboard.press('Escape'); // one that stays open would not list what is offered since
        throw error;
      }
    }, patience);
  const rows = page.locator('.quick-input-widget .quick-input-list .monaco-list-row');
  const clickRow = (text) => rows.filter({ hasText: text }).first().click({ timeout: TRY_MS });

  /** @param patience how long it may take until the command is offered, ms */
  const command = (title, patience) => inQuickInput('F1', `>${title}`, () => clickRow(title), patience);

  /** The commands that the palette lists for a text, in its order. @param picture name of a screenshot of them */
  async function offered(text, picture) {
    const listed = await eventually(async () => {
      const box = page.locator('.quick-input-widget input.input');
      await page.keyboard.press('F1');
      await box.fill(`>${text}`, { timeout: TRY_MS });
      await rows.first().waitFor({ timeout: TRY_MS });
      await page.waitForTimeout(300);
      return rows.allInnerTexts();
    });
    if (picture) await shot(picture);
    await page.keyboard.press('Escape');
    return listed.map((row) => row.split('\n')[0]);
  }

  /** A command that stands in the list *More…*, not in the palette. */
  async function more(title) {
    // What it lists is decided when it opens: after a reload some of it comes late.
    await eventually(async () => {
      await command('NAMM: More');
      try {
        await rows.filter({ hasText: title }).first().waitFor({ timeout: TRY_MS });
      } catch (error) {
        await page.keyboard.press('Escape');
        throw error;
      }
    });
    await rows.filter({ hasText: title }).first().click();
  }

  async function openFile(file) {
    await inQuickInput('Control+P', file, () => clickRow(file)); // Enter would pick the file that was open before
    await page.locator(`.editor-instance .monaco-editor[data-uri$="/${file}"] .view-line`).first().waitFor();
  }

  /** Edits the settings file in the editor, because the editor does not notice outside changes in every environment. */
  async function setting(key, value) {
    const before = readFileSync(settingsFile, 'utf8');
    const text = JSON.stringify({ ...JSON.parse(before), [key]: value }, null, 1);
    if (text === before) return;
    await command('Preferences: Open User Settings (JSON)');
    const editor = page.locator('.monaco-editor[data-uri$="/User/settings.json"]');
    await editor.locator('.view-line').first().waitFor();
    await page.evaluate((t) => navigator.clipboard.writeText(t), text);
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Control+V');
    await page.keyboard.press('Control+S');
    await eventually(() => assert.equal(readFileSync(settingsFile, 'utf8'), text));
    // Escape may close a widget of the editor first.
    for (let i = 0; i < 5 && (await editor.isVisible()); i++) {
      await page.keyboard.press('Escape');
      await page.waitForTimeout(300);
    }
    await editor.waitFor({ state: 'hidden' });
  }

  async function goTo(line) {
    await inQuickInput('Control+G', `:${line}`, () => page.keyboard.press('Enter'));
    await page.waitForTimeout(300);
  }

  async function theme(key) {
    const shown = page.locator(`.monaco-workbench.${KINDS[key]}`);
    if (await shown.count()) return;
    await eventually(async () => {
      await page.keyboard.press(KEYS[key]);
      await shown.waitFor({ timeout: 5000 });
    });
    await page.waitForTimeout(600); // the colours fade in
  }

  /** Struck-through text of the visible editor with its styles. */
  const struck = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('.editor-instance .view-line span > span')]
        .map((s) => ({ text: s.textContent, style: getComputedStyle(s) }))
        .filter((s) => s.style.textDecorationLine.includes('line-through'))
        .map((s) => ({ text: s.text, opacity: Number(s.style.opacity) })),
    );
  const status = () => page.locator('.statusbar-item[id="namm-context.namm-context.namm.result"]');
  const settle = async () => {
    // Notifications of the editor itself, such as about the TypeScript server that this host lacks.
    if (await page.locator('.notification-toast').count()) await command('Notifications: Clear All Notifications');
    await page
      .locator('.notification-toast')
      .waitFor({ state: 'hidden', timeout: 20_000 })
      .catch(() => undefined);
    await page.mouse.move(700, 20);
    await page.waitForTimeout(300);
  };

  return { command, offered, more, openFile, setting, goTo, theme, struck, status, settle };
}
