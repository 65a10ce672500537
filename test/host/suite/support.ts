// Helpers of the host tests: the test API, files of the workspace, waiting.
import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { TestApi } from '../../../extension/testApi';

declare global {
  var nammTestNote: string | undefined; // each test file is a separate bundle, so shared state must be global
}

/** Sets a figure that is printed beside the test. */
export function note(text: string): void {
  globalThis.nammTestNote = text;
}

export function takeNote(): string | undefined {
  const text = globalThis.nammTestNote;
  globalThis.nammTestNote = undefined;
  return text;
}

export async function api(): Promise<TestApi> {
  const extension = vscode.extensions.getExtension<TestApi>('namm-context.namm-context');
  assert.ok(extension, 'the extension is installed');
  return extension.activate();
}

export function fileUri(name: string): vscode.Uri {
  return vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, name);
}

export async function open(name: string): Promise<vscode.TextEditor> {
  const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(fileUri(name)), {
    preview: false,
  });
  editor.selection = new vscode.Selection(0, 0, 0, 0);
  return editor;
}

const TICK_MS = 10; // unit of the times in /proc

/** Processor time in ms of this process and, where the system tells it, of another: a busy machine does not count. */
export function processorMs(other?: number): number {
  const { user, system } = process.cpuUsage();
  const own = (user + system) / 1000;
  try {
    const fields = readFileSync(`/proc/${other}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return own + TICK_MS * (Number(fields[11]) + Number(fields[12]));
  } catch {
    return own;
  }
}

export async function until(what: string, holds: () => boolean, ms = 120_000): Promise<void> {
  const end = Date.now() + ms;
  while (!holds()) {
    if (Date.now() > end) assert.fail(`waited ${ms} ms for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

/** Reverts edits, forgets results, closes every tab. */
export async function startClean(): Promise<void> {
  await vscode.commands.executeCommand('namm.cancel');
  const { activity } = await api();
  await until('no run', () => activity() !== 'running');
  await vscode.commands.executeCommand('namm.clear');
  for (const editor of vscode.window.visibleTextEditors) {
    if (!editor.document.isDirty) continue;
    await vscode.window.showTextDocument(editor.document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}
