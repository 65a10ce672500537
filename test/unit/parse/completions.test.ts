// Tests which text a cut-off text is completed with, if a grammar accepts it.
import { expect, test } from 'vitest';
import { COMPLETE, complete, completionOf } from '../../../src/parse/completion';

/** What stands before and behind a text in its completion, for a grammar that accepts these two and nothing else. */
function around(languageId: string, text: string, front: string, back: string): [string, string] {
  const parts = (whole: string): [string, string] => {
    const at = whole.indexOf(text);
    return [whole.slice(0, at), whole.slice(at + text.length)];
  };
  const errorCost = (whole: string): number => {
    const [before, behind] = parts(whole);
    return Number(before !== front) + Number(behind !== back) + Number(whole === text);
  };
  return parts(complete(text, languageId, completionOf(text, languageId, errorCost)).text);
}

test.each([
  ['typescript', 'a block', 'f();\n}\n', '{\n', ''],
  ['typescript', 'a method', '  }\n}\n', 'class x_ {x_() {\n', ''],
  ['typescript', 'a member of an interface', '  };\n}\n', 'interface x_ {x_: {\n', ''],
  ['typescript', 'a record', '  },\n}\n', 'x_ = {x_: {\n', ''],
  ['typescript', 'three blocks', '}\n}\n}\n', '{{{\n', ''],
  ['typescript', 'a list', '1,\n];\n', 'x_ = [\n', ''],
  ['typescript', 'a list in a list', '1\n]\n]\n', 'x_ = [[\n', ''],
  ['typescript', 'a list in a block', ']\n}\n', '{x_ = [\n', ''],
  ['typescript', 'arguments', '2);\n', 'x_(\n', ''],
  ['typescript', 'a function among arguments', '}\n);\n', 'x_(() => {\n', ''],
  ['typescript', 'a record among arguments', '}\n);\n', 'x_({\n', ''],
  ['typescript', 'a record in a list', '}\n]\n', 'x_ = [{\n', ''],
  ['typescript', 'a list among arguments', ']\n);\n', 'x_([\n', ''],
  ['typescript', 'the end of a branch', '} else {\n}\n', 'if (x_) {\n', ''],
  ['typescript', 'what is caught', '} catch (e) {\n}\n', 'try {\n', ''],
  ['typescript', 'what is done at last', '} finally {\n}\n', 'try {\n', ''],
  ['typescript', 'the end of a loop', '} while (a(b));\n', 'do {\n', ''],
  ['typescript', 'the end of an import', "} from 'a';\n", 'import {\n', ''],
  ['typescript', 'a chain', '.then(a);\n', 'x_\n', ''],
  ['typescript', 'a chain in a call', '?.a()\n});\n', 'x_(() => {\nx_\n', ''],
  ['typescript', 'the start of a comment', ' a ( {\n*/\nf();\n', '/*\n', ''],
  ['typescript', 'a value', 'a = b +\n', '', 'x_'],
  ['typescript', 'the end of a statement', 'a = b\n', '', ';'],
  ['typescript', 'a body', 'if (a)\n', '', '{}'],
  ['typescript', 'the end of a call', 'f(a,\n', '', 'x_);'],
  ['typescript', 'the end of a call in an expression', 'f(a\n', '', ')'],
  ['typescript', 'a body in a call', 'f(() =>\n', '', '{});'],
  ['typescript', 'a body behind a head', 'if (a\n', '', '){}'],
  ['typescript', 'the end of a list', 'a = [1,\n', '', '];'],
  ['typescript', 'the end of a block', 'if (a) {\n', '', '}'],
  ['typescript', 'the end of a record', 'a = {\n', '', '};'],
  ['typescript', 'the end of a function in a call', 'f(() => {\n', '', '});'],
  ['typescript', 'the end of a call in a block', 'g() {\n  f(\n', '', ');}'],
  ['typescript', 'a handler', 'try {\n', '', '} finally {}'],
  ['typescript', 'a condition', 'do {\n', '', '} while (x_);'],
  ['typescript', 'the end of a template', 'a = `b (\n', '', '`;'],
  ['typescript', 'the end of a template in a call', 'f(`b\n', '', '`);'],
  ['typescript', 'the end of a comment', 'f();\n  /* a (\n', '', '*/'],
  ['typescript', 'a line break as well', 'f(a', '', '\n);'],
  ['typescript', 'both ends', '}\nif (a) {\n', '{\n', '}'],
  ['go', 'a function among arguments', '})\n', 'x_(func() {\n', ''],
  ['go', 'a literal among arguments', '})\n', 'x_(x_{\n', ''],
  ['go', 'the end of a function', 'func f() {\n', '', '}'],
  ['java', 'a handler', 'try {\n', '', '} finally {}'],
  ['cpp', 'a handler', 'try {\n', '', '} catch (...) {}'],
  ['c', 'a list', '1];\n', 'x_[\n', ''],
  ['c', 'a condition of the preprocessor', 'int a;\n#endif\n', '\n#if x_\n\n', ''],
  ['c', 'the first branch', '# else\nint a;\n  #endif\n', '\n#if x_\n\n', ''],
  ['c', 'the end of a condition', '#if A\nint a;\n', '', '\n#endif\n'],
  ['c', 'the end of a block in a condition', '#if A\nint f() {\n', '', '}\n#endif\n'],
  ['c', 'no bracket of a closed condition', 'int f() {\n#if A\ng(\n#endif\n', '', '}'],
  ['c', 'no macro', '#define A {\nint f() {\n', '', '}'],
  ['rust', 'no bracket of a string or a character', 'f(r#"("#, \'(\', "\n(", \'a);\nif a {\n', '', '}'],
  ['csharp', 'no bracket of a string', 'f(@"("")", """(\n""", $@"{");\nif (a) {\n', '', '}'],
  ['typescript', 'no bracket of a regular expression', 'a = /[/(]\\(/;\nif (a) {\n', '', '}'],
  ['json', 'a record in a record', '1\n}\n}\n', '{"x_": {\n', ''],
  ['json', 'the end of a list', '[1\n', '', ']'],
  ['python', 'a block', '    a()\nb()\n', 'if x_:\n', ''],
  ['python', 'two blocks', '        a()\n    b()\nc()\n', 'if x_:\n    if x_:\n', ''],
  ['python', 'what is caught', '    a()\nexcept B:\n    c()\n', 'try:\n', ''],
  ['python', 'arguments', ')\nb()\n', 'x_ = x_(\n', ''],
  ['python', 'a list', '  1,\n]\n', 'x_ = [\n', ''],
  ['python', 'arguments in a block', '  1)\n    b()\nc()\n', 'if x_:\n    x_ = x_(\n', ''],
  ['python', 'the start of a string', 'a (\n"""\nb()\n', '"""\n', ''],
  ['python', 'the end of a string', "a = '''b (\n", '', "'''"],
  ['python', 'the end of a string in a block', 'def f():\n    """A\n', '', '    """'],
  ['python', 'a value', 'a = \\\n', '', '\nx_'],
  ['python', 'a body', 'def f():\n', '', '    pass'],
  ['python', 'a body further in', 'if a:\n    if b:\n', '', '        pass'],
  ['python', 'a function', '@a\n', '', 'def x_(): pass'],
  ['python', 'the end of a call', 'f([1,\n', '', '])'],
  ['python', 'the end of a head', 'def f(a,\n', '', '): pass'],
])('%s: %s', (languageId, _, text, front, back) => {
  expect(around(languageId, text, front, back)).toEqual([front, back]);
});

test('a text that the grammar reads, or of a language without completions, stays as it is', () => {
  expect(completionOf('f(\n', 'typescript', () => 0)).toBe(COMPLETE);
  expect(completionOf('f(\n', 'ruby', () => 1)).toBe(COMPLETE);
  expect(completionOf('f(\n', 'typescript', () => 1)).toBe(COMPLETE); // nothing is better
  expect(complete('f(\n', 'typescript', COMPLETE)).toEqual({ front: 0, text: 'f(\n' });
});

test('a text that ends with a statement and closes what it opens is tried once, a long one never', () => {
  const tries = (text: string, languageId = 'typescript'): number => {
    let count = 0;
    completionOf(text, languageId, () => ++count);
    return count;
  };
  expect([tries('a;\n'), tries('a(b); // (\n'), tries('if (a) {}\n/* b */\n'), tries('a;\n#x\n')]).toEqual([
    1, 1, 1, 1,
  ]);
  for (const text of ['a\n', '.a();\n', '};\n', '{\na;\n', 'a */\nb;\n', 'a;\n/* b\n', 'a = `;\n'])
    expect(tries(text)).toBeGreaterThan(2);
  expect(tries('a;\n', 'go')).toBeGreaterThan(2); // statements may end without a sign
  expect(tries('('.repeat(400_001))).toBe(0);
});

test('the first of equal completions is taken, and a better one later', () => {
  const cost = (accepted: readonly string[]) => (text: string) => (accepted.includes(text) ? 1 : 2);
  expect(completionOf('f(\n', 'typescript', cost(['f(\nx_);', 'f(\n;);'])).after).toBe('x_);');
  const better = (text: string): number => (text === 'f(\nx_);' ? 1 : text === 'f(\n)' ? 0.5 : 2);
  expect(completionOf('f(\n', 'typescript', better).after).toBe(')');
});

test('after a cut, a comment is completed only if it is still cut off', () => {
  const completion = completionOf(' a\n*/\nf();\n', 'typescript', (text) => Number(!text.startsWith('/*')));
  expect(completion).toEqual({ before: '', after: '', begins: true, ends: false });
  expect(complete('f();\n', 'typescript', completion)).toEqual({ front: 0, text: 'f();\n' });
  expect(complete(' a\n*/\n', 'typescript', completion)).toEqual({ front: 3, text: '/*\n a\n*/\n' });
  const open = completionOf('f();\n/* a\n', 'typescript', (text) => Number(!text.endsWith('*/')));
  expect(complete('f();\n', 'typescript', open).text).toBe('f();\n');
  expect(complete('f();\n/* b\n', 'typescript', open).text).toBe('f();\n/* b\n*/');
});
