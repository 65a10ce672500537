// Tests which lines of a text without a grammar lie inside comments, strings and here-documents, and which brackets count.
import { expect, test } from 'vitest';
import { Lines } from '../../../src/core/lines';
import { stretchesOf } from '../../../src/parse/stretches';

/** The numbers of the lines that lie inside, from 1. */
function inside(languageId: string, text: string): number[] {
  const lines = new Lines(text);
  const { inside: isInside } = stretchesOf(text, languageId, lines);
  return lines.starts.flatMap((start, i) => (start < text.length && isInside(start) ? [i + 1] : []));
}

test.each([
  ['a glob', 'shellscript', 'rm -rf lists/*\na\nb */\n'],
  ['a glob', 'dockerfile', 'RUN rm -rf /var/lib/apt/lists/*\nCOPY a b\n'],
  ['a glob', 'makefile', 'SRC := $(wildcard src/*.c)\na: b\n'],
  ['a glob', 'yaml', 'paths:\n  - src/*.ts\n  - b\n'],
  ['a glob', 'ignore', 'src/*.ts\na\n'],
  ['a shift', 'shellscript', 'mask=$(( 1 << bits ))\na\nb\n'],
  ['a string instead of a document', 'shellscript', 'cat <<< "x"\na <<< EOF\nEOF\n'],
  ['a shift', 'ruby', 'a << b\nlist <<item\nitem\n'],
  ['an apostrophe in a comment', 'shellscript', "# it isn't\na\n# don't\n"],
  ['an apostrophe in a comment', 'sql', "-- it isn't\nselect 1;\n-- don't\n"],
  ['an apostrophe in a comment', 'perl', "# isn't\nmy $a;\n# don't\n"],
  ['a key of a hash', 'perl', '$h{q} = $h{s}{y};\n%h = (s => 1, y  => 2, m=> 3);\n$h{m} = 1;\n'],
  ['a variable', 'perl', '$q{a} = 1;\n%s = (@y);\n$s{b} = $#{y};\n&m(1);\n$m[0] = $y / 2;\n}\n'],
  ['the name of a function', 'perl', 'sub q {\n  1;\n}\nA->y(\n  1);\nA::s(\n  2);\n-s (\n  $f);\n'],
  ['a slash that divides', 'perl', '$a = $b / 2;\n$c = f() / 3;\n$d //= 1;\n$e = $f || g() / 2;\n'],
  ['an operator that does not close', 'perl', 'q{ a\nb;\nq{ c\n'],
  ['an apostrophe in a word', 'yaml', "a: it's\nb: don't\n"],
  ['an apostrophe in a word', 'plaintext', "it's\ndon't\n"],
  ['a quote that is hidden', 'shellscript', 'a=\\"\nb\nc=\\"\n'],
  ['three quotes', 'shellscript', "echo '''a'''\nb\n"],
  ['an open quote on a line', 'lua', 'a = "x\nb\n"\n'],
  ['two slashes of an address', 'scss', "@import url(http://a.b/c);\n.a { b: 'c'; }\n"],
  ['a sign in a string', 'css', '.a { b: "/*"; }\n.c { d: e; }\n'],
  ['a sign in a comment', 'php', '// /*\nf();\n'],
  ['two angles in a Dockerfile', 'dockerfile', 'RUN echo $((1 <<n))\nCOPY a b\n'],
])('nothing opens: %s in %s', (_, languageId, text) => expect(inside(languageId, text)).toEqual([]));

test.each([
  ['a single-quoted string', 'shellscript', "a 'b\nc \"\nd'\ne\n", [2, 3]],
  ['a double-quoted string', 'shellscript', 'a "b\n\\"\nit\'s"\ne\n', [2, 3]],
  ['a here-document', 'shellscript', 'cat <<-EOF | a\n\tb\n\tEOF\nc\n', [2, 3]],
  ['a here-document with a quoted word', 'shellscript', "cat <<'END'\n\"\nEND\nc\n", [2, 3]],
  ['two here-documents', 'shellscript', 'a <<A <<B\n1\nA\n2\nB\nc\n', [2, 3, 4, 5]],
  ['a here-document', 'dockerfile', 'RUN <<EOF\na\nEOF\nCOPY <<B c\nB\n', [2, 3, 5]],
  ['a here-document in small letters', 'ruby', 'f(<<~text)\n  a\n  text\nb\n', [2, 3]],
  ['a comment', 'ruby', '=begin\na\n=end\nb\n', [2, 3]],
  ['what is behind the program', 'ruby', 'a\n__END__\nb\n\nc\n', [3, 4, 5]],
  ['documentation', 'perl', "a;\n\n=head1 A\n\nisn't\n\n=cut\n\nb;\n", [4, 5, 6, 7]],
  ['a string with a word', 'perl', "my $a = q{\n{ it's }\n};\nb(qq [\n\\]\n]);\nc;\n", [2, 3, 5, 6]],
  ['a string with a sign', 'perl', 'my $a = q!\nb\n!;\nm,\n,;\nq|\n|;\nc;\n', [2, 3, 5, 7]],
  ['a list of words', 'perl', 'use A qw(\n  # b\n  s\n);\nc qw /\n/;\n', [2, 3, 4, 6]],
  ['an expression', 'perl', 'a =~ m{\n  \\} #"\n}x;\nb if /\n"/x;\nc;\n', [2, 3, 5]],
  ['a replacement', 'perl', 's{a}\n  # b\n {\nc}ge;\ns/d\n/e\n/;\ntr(f)\n[g];\ny/h/\n/;\ni;\n', [2, 3, 4, 6, 7, 9, 11]],
  ['an expression with a quote', 'perl', 'split /"/, $a; $b =~ s/\'//; q{\n"\n};\nc;\n', [2, 3]],
  ['a nested comment', 'kotlin', '/* a /* b */\nc */\nd\n', [2]],
  ['a comment', 'php', '/* a\n/* b */\nc */\nd\n', [2]],
  ['an open comment', 'css', '/* a\n.b {}\n', [2]],
  ['a comment', 'lua', '--[==[ a ]]\n]==]\nb\n', [2]],
  ['a string', 'lua', 'a = [[b\n"\n]]\nc\n', [2, 3]],
  ['a string', 'sql', "select 'a''\n;b'\n;c\n", [2]],
  ['a body', 'sql', "do $$\n'\n$$;\nc\n", [2, 3]],
  ['a quoted scalar', 'yaml', "a: \"b\n  \\\" c\"\nd: 'e\n  '' f'\ng: 1\n", [2, 4]],
  ['a string', 'toml', 'a = """\nb\n"""\nc = \'\'\'\n"""\n\'\'\'\n', [2, 3, 5, 6]],
  ['a string', 'r', "a <- 'b\nc'\nd\n", [2]],
  ['a string', 'elixir', 'a = "b\nc"\n@d """\ne\n"""\n', [2, 4, 5]],
  ['lines of a string', 'zig', 'const a =\n    \\\\b\n    \\\\c\n;\nd();\n', [3, 4]],
  ['a comment', 'haskell', '{- a {- b -}\nc -}\nd\n', [2]],
  ['a here-string', 'powershell', "$a = @'\r\n\"\r\n'@\r\nb\r\n", [2, 3]],
])('%s in %s', (_, languageId, text, lines) => expect(inside(languageId, text)).toEqual(lines));

test('brackets in comments and strings do not count', () => {
  const text = 'a(")") // (\n/* [ */ b[1]\n';
  expect(stretchesOf(text, 'php', new Lines(text)).brackets.within(0, text.length)).toBe(true);
  expect(stretchesOf(text, 'php', new Lines(text)).brackets.within(0, 2)).toBe(false);
});

test('the code of a line ends before its comment, and its words stand outside of strings', () => {
  const text = "a('--', /* b */ 1) -- c 'd'\ne\n";
  const { code, words } = stretchesOf(text, 'sql', new Lines(text));
  expect([code(0, text.indexOf('\n')), code(text.indexOf('e\n'), text.length)]).toEqual(["a('--', /* b */ 1) ", 'e\n']);
  expect(words(0, text.indexOf('\n'))).toBe('a( ,   1) ');
});

test('a part in another language is read by its signs', () => {
  const text = "it's\n<x>\n/* a\nb */\n</x>\ndon't\n";
  const [start, end] = [text.indexOf('/*'), text.indexOf('</x>')];
  const { inside: isInside } = stretchesOf(text, 'vue', new Lines(text), [{ start, end, language: 'css' }]);
  expect([isInside(text.indexOf('b */')), isInside(text.indexOf("don't"))]).toEqual([true, false]);
});
