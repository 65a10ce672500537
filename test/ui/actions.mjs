// User actions in the workbench: commands, files, settings, themes; and reading what the editor shows.
import { readFileSync } from 'node:fs';

/** @param settingsFile the user's settings.json @param themes names of themes by key */
export function actionsOf(page, settingsFile, themes) {
  async function command(title) {
    await page.keyboard.press('F1');
    const box = page.locator('.quick-input-widget input.input');
    await box.waitFor({ state: 'visible' });
    await box.fill(`>${title}`);
    const row = page
      .locator('.quick-input-widget .quick-input-list .monaco-list-row')
      .filter({ hasText: title })
      .first();
    await row.waitFor();
    await row.click();
  }

  async function openFile(file) {
    await page.keyboard.press('Control+P');
    const box = page.locator('.quick-input-widget input.input');
    await box.waitFor({ state: 'visible' });
    await box.fill(file);
    await page.locator('.quick-input-widget .monaco-list-row').filter({ hasText: file }).first().click(); // Enter would pick the file that was open before
    await page.locator(`.editor-instance .monaco-editor[data-uri$="/${file}"] .view-line`).first().waitFor();
  }

  /** Edits the settings file in the editor, because the editor does not notice outside changes in every environment. */
  async function setting(key, value) {
    const text = JSON.stringify({ ...JSON.parse(readFileSync(settingsFile, 'utf8')), [key]: value }, null, 1);
    await command('Preferences: Open User Settings (JSON)');
    const editor = page.locator('.monaco-editor[data-uri$="/User/settings.json"]');
    await editor.locator('.view-line').first().waitFor();
    await page.evaluate((t) => navigator.clipboard.writeText(t), text);
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Control+V');
    await page.keyboard.press('Control+S');
    for (let i = 0; readFileSync(settingsFile, 'utf8') !== text; i++) {
      if (i > 100) throw new Error('the setting was not saved');
      await page.waitForTimeout(50);
    }
    // Escape may close a widget of the editor first.
    for (let i = 0; i < 5 && (await editor.isVisible()); i++) {
      await page.keyboard.press('Escape');
      await page.waitForTimeout(300);
    }
    await editor.waitFor({ state: 'hidden' });
  }

  async function goTo(line) {
    await page.keyboard.press('Control+G');
    const box = page.locator('.quick-input-widget input.input');
    await box.waitFor({ state: 'visible' });
    await box.fill(`:${line}`);
    await page.keyboard.press('Enter');
    await page.waitForTimeout(300);
  }

  const KINDS = { dark: 'vs-dark', light: 'vs', contrast: 'hc-black', contrastLight: 'hc-light' };
  async function theme(key) {
    const shown = page.locator(`.monaco-workbench.${KINDS[key]}`);
    if (await shown.count()) return;
    await setting('workbench.colorTheme', themes[key]);
    await shown.waitFor();
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
      .waitFor({ state: 'hidden' })
      .catch(() => undefined);
    await page.mouse.move(700, 20);
    await page.waitForTimeout(300);
  };

  return { command, openFile, setting, goTo, theme, struck, status, settle };
}
