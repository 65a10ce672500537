// Which marker a cursor means; the note on markers contains none.
import { expect, test } from 'vitest';
import { markerAt, markersOf } from '../../../src/format/pastedMarkers';
import { contextPrompt } from '../../../src/handover/prompt';
import { formatContext } from '../../../src/format/format';

const TEXT = 'a();\n  //12…\nb();\n/*20…*/ c(); /*30… #k3fa*/\nd();\n';
const idAt = (offset: number): string | undefined => markerAt(TEXT, offset)?.id;

test('a cursor anywhere in the line of one marker means it, beside several none', () => {
  const line = TEXT.indexOf('  //12');
  for (const at of [line, line + 2, line + 5, TEXT.indexOf('\nb()')]) expect(idAt(at), String(at)).toBe('k3fa:12');
  expect(idAt(TEXT.indexOf('20…') + 1)).toBe('k3fa:20');
  expect(idAt(TEXT.indexOf('30…'))).toBe('k3fa:30');
  expect(idAt(TEXT.indexOf('c()'))).toBeUndefined();
  for (const at of [0, TEXT.indexOf('b()'), TEXT.indexOf('d()'), TEXT.length])
    expect(idAt(at), String(at)).toBeUndefined();
});

test('the example of the reading note leads nowhere', () => {
  const file = { path: 'a.ts', languageId: 'typescript', text: 'a();\n//12…\nb();\n//20… #k3fa\n' };
  const context = formatContext([file, { ...file, path: 'b.ts' }]);
  const prompt = contextPrompt(context);
  expect(prompt.match(/120…/g)).toHaveLength(2); // in the prompt, and in the context
  expect(markersOf(prompt).map((m) => m.id)).toEqual(['k3fa:12', 'k3fa:20', 'k3fa:12', 'k3fa:20']);
  expect(markerAt(prompt, prompt.indexOf('120…'))).toBeUndefined();
});
