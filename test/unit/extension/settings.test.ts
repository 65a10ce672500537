// Tests where a setting is written, in a window with one folder and with several.
import { beforeEach, expect, test, vi } from 'vitest';

const editor = vi.hoisted(() => ({
  seen: {} as Record<string, unknown>,
  settings: {} as Record<string, unknown>,
  written: [] as unknown[],
  workspaceFile: undefined as object | undefined,
}));

vi.mock('vscode', () => ({
  ConfigurationTarget: { Global: 1, Workspace: 2, WorkspaceFolder: 3 },
  workspace: {
    get workspaceFile() {
      return editor.workspaceFile;
    },
    getConfiguration: () => ({
      get: (key: string, fallback: unknown) => editor.settings[key] ?? fallback,
      inspect: () => editor.seen,
      update: (...args: unknown[]) => Promise.resolve(editor.written.push(args)),
    }),
  },
}));

const { readSettings, writeSetting } = await import('../../../extension/platform/settings');

beforeEach(() => {
  editor.written = [];
  editor.workspaceFile = undefined;
});

const [GLOBAL, WORKSPACE, FOLDER] = [1, 2, 3];

test('where one folder is the workspace, a key of the window is written to the workspace, whose value is told as the folder’s too', async () => {
  editor.seen = { defaultValue: '', workspaceValue: 'Overview', workspaceFolderValue: 'Overview' };
  await writeSetting('profile', 'Working set');
  expect(editor.written).toEqual([['profile', 'Working set', WORKSPACE, false]]);
});

test('in a workspace of several folders, to the folder that has a value of its own', async () => {
  editor.workspaceFile = {};
  editor.seen = { defaultValue: 0.5, workspaceFolderValue: 0.3 };
  await writeSetting('keepRatio', 0.4);
  editor.seen = { defaultValue: 0.5, workspaceValue: 0.3 };
  await writeSetting('keepRatio', 0.4);
  expect(editor.written).toEqual([
    ['keepRatio', 0.4, FOLDER, false],
    ['keepRatio', 0.4, WORKSPACE, false],
  ]);
});

test('a language’s own value stays the language’s', async () => {
  editor.seen = {
    defaultValue: 0.5,
    workspaceValue: 0.3,
    workspaceFolderValue: 0.3,
    workspaceLanguageValue: 0.2,
    workspaceFolderLanguageValue: 0.2,
  };
  await writeSetting('keepRatio', 0.4);
  expect(editor.written).toEqual([['keepRatio', 0.4, WORKSPACE, true]]);
});

test('else for the user, and not at all where it is what it would be anyway', async () => {
  editor.seen = { defaultValue: 0.5 };
  await writeSetting('keepRatio', 0.4);
  await writeSetting('keepRatio', 0.5);
  expect(editor.written).toEqual([
    ['keepRatio', 0.4, GLOBAL, false],
    ['keepRatio', undefined, GLOBAL, false],
  ]);
});

test('every setting of a profile applies, in place of the window’s own', () => {
  const careful = { scorer: 'namm', counter: 'cl100k', markers: false, keepRatio: 0.8 };
  editor.settings = { scorer: 'h2o', profile: 'Careful', profiles: { Careful: careful } };
  expect(readSettings()).toMatchObject({
    scorer: 'namm',
    counter: 'cl100k',
    markers: false,
    budget: { kind: 'keepRatio', keepRatio: 0.8 },
  });
  editor.settings = { scorer: 'nonsense', counter: 3 };
  expect(readSettings()).toMatchObject({ scorer: 'extended', counter: 'o200k' });
});
