// A scripted chat model: a test sets its answer to a list of texts and tool calls, or to an error. And a
// command for key bindings of the tour: it sets a setting, faster than a user types it.
const vscode = require('vscode');

const words = (part) =>
  part instanceof vscode.LanguageModelTextPart
    ? part.value
    : part instanceof vscode.LanguageModelToolResultPart
      ? part.content.map(words).join('')
      : '';
const textOf = (message) => message.content.map(words).join('');

/** Default answer: asks for the first elision in the context, then quotes the result. */
function curious({ messages, tools }) {
  const got = messages.at(-1).content.filter((p) => p instanceof vscode.LanguageModelToolResultPart);
  if (got.length) return ['What was left out is:\n\n', words(got[0])];
  const [, line, tag] = /```[^]*?(\d+)… #([a-z2-7]{4})/.exec(textOf(messages[0])) ?? []; // after the explanation, which contains an example
  const id = tag && `${tag}:${line}`;
  return id && tools.some((t) => t.name === 'namm_expandElision')
    ? ['I look at what was left out. ', { tool: 'namm_expandElision', input: { id } }]
    : ['There is nothing to ask for.'];
}

exports.activate = (context) => {
  const model = (id, name, maxInputTokens) => ({
    id,
    name,
    family: 'fake',
    version: '1',
    maxInputTokens,
    maxOutputTokens: 1000,
    capabilities: { toolCalling: true },
    isUserSelectable: true,
    isDefault: id === 'fake-large',
  });
  const api = { requests: [], respond: curious, curious };
  let calls = 0;
  context.subscriptions.push(
    vscode.commands.registerCommand('fakelm.set', ([key, value]) =>
      vscode.workspace.getConfiguration().update(key, value, vscode.ConfigurationTarget.Global),
    ),
    vscode.lm.registerLanguageModelChatProvider('fakelm', {
      provideLanguageModelChatInformation: async () => [
        model('fake-large', 'Fake Large', 32000),
        model('fake-small', 'Fake Small', 700),
        model('fake-tiny', 'Fake Tiny', 60),
      ],
      provideLanguageModelChatResponse: async ({ id }, messages, options, progress, token) => {
        const request = { model: id, messages, texts: messages.map(textOf), tools: [...(options.tools ?? [])] };
        api.requests.push(request);
        for (const step of await api.respond(request, token)) {
          if (step instanceof Error) throw step;
          progress.report(
            typeof step === 'string'
              ? new vscode.LanguageModelTextPart(step)
              : new vscode.LanguageModelToolCallPart(`call-${++calls}`, step.tool, step.input),
          );
        }
      },
      provideTokenCount: async (_, text) => Math.ceil((typeof text === 'string' ? text : textOf(text)).length / 4),
    }),
  );
  // Resolves the models once, so that they appear in the chat's list.
  setTimeout(() => void vscode.lm.selectChatModels({ vendor: 'fakelm' }), 500);
  return api;
};
