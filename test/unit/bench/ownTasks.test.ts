// Tests that each question about this repository still has its answer where it says.
import { expect, test } from 'vitest';
import { ownTasks } from '../../../bench/question/ownTasks';

test('every answer is one declaration in a folder of several files', () => {
  const tasks = ownTasks('.');
  expect(tasks.length).toBeGreaterThanOrEqual(20);
  for (const { id, sources, changed } of tasks) {
    const lines = changed.flatMap((own, i) => own.map((line) => sources[i]!.text.split('\n')[line - 1]!));
    expect(sources.length, id).toBeGreaterThan(1);
    expect(lines.length, id).toBeGreaterThan(2);
    expect(lines[0], id).toContain(id.split(': ')[1]);
    expect(lines.at(-1)!.trim(), id).toMatch(/^\}/);
  }
});
