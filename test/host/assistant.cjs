// Fakes the interfaces of other assistants that we use, and records what was handed over. A test switches each one on.
const vscode = require('vscode');

exports.activate = (context) => {
  const id = context.extension.id.toLowerCase();
  const got = [];
  const door = {
    'saoudrizwan.claude-dev': { startNewTask: async (text) => void got.push(text) },
    'continue.continue': { registerCustomContextProvider: (provider) => void got.push(provider) },
  }[id];
  const command = {
    'rooveterinaryinc.roo-cline': 'roo-cline.addToContext',
    'anthropic.claude-code': 'claude-code.insertAtMentioned',
    'continue.continue': 'continue.focusContinueInputWithoutClear',
  }[id];
  const appear = () => {
    const registered = vscode.commands.registerCommand(
      command,
      (...args) => void got.push(args.length ? args : vscode.window.activeTextEditor?.document.uri.fsPath),
    );
    context.subscriptions.push(registered);
    return registered;
  };
  return { got, appear, ...door };
};
