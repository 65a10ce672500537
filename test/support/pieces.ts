// Knows scraps of every language, and noise: texts that nobody would write are made of them.

/** Pieces of each language, some of them nothing but noise to it; `·` is an indentation. */
export const PIECES: Readonly<Record<string, readonly string[]>> = {
  'a.ts': ['const a = 1;', 'function f() {\n·return a;\n}', '@D()\nclass C {\n·m() {}\n\n·x = 2;\n}', 'switch (a) {\n·case 1:\n··f();\n·default:\n}', '// note', 'if (a)\n·f();\nelse {\n·g();\n}', "'use strict';"],
  'a.tsx': ['const e = (\n·<A>\n··<B x={1} />\n··text\n··{/* c */}\n·</A>\n);', 'const o = {\n·a: 1,\n·b() {},\n};'],
  'a.js': ['var x = `\n·${y}\n`;', 'let o = [\n·1,\n·2\n]', 'export default {}', 'for (;;) {\n·break\n}', '/* a\n b */'],
  'a.py': ['def f(a):\n·"""Doc."""\n·return a', 'class A:\n·x = 1\n\n·def g(self): pass', 'if a:\n·pass\nelif b:\n·# why\n·c()\nelse:\n·d()', 'x = [\n·1,\n·2,\n]', 'match a:\n·case 1:\n··b()\n·case _:\n··c()', 's = """\n·raw\n"""', '# coding: utf-8'],
  'a.go': ['package a', 'import (\n·"fmt"\n·"os"\n)', 'const (\n·A = iota\n·B\n)', 'func f() {\n·switch x {\n·case 1:\n··g()\n·default:\n·}\n}', '//go:build linux', 'var s = []int{\n·1,\n·2,\n}'],
  'a.rs': ['#![allow(dead_code)]', '#[test]\nfn f() -> u8 {\n·let a = 1;\n·a\n}', '/// Doc.\nstruct S {\n·a: u8,\n·b: u8,\n}', 'enum E {\n·A,\n·B,\n}', 'const R: &str = r#"\n·raw"#;', 'match a {\n·1 => f(),\n·_ => {}\n}'],
  'a.java': ['package a;', 'import b.C;', 'class A {\n·@Override\n·void f() {\n··g();\n·}\n\n·int x = 1;\n}', 'enum E {\n·A,\n·B;\n}'],
  'a.c': ['#include <a.h>', '#ifdef A\nint a;\n#else\nint b;\n#endif', 'int f(void)\n{\n·return M(1);\n}', 'enum e {\n·A,\n·B\n};', '#define M(x) \\\n·(x)', 'struct s {\n·int a;\n};'],
  'a.cc': ['namespace n {\nclass A {\n public:\n·void f();\n};\n}', 'template <class T>\nT g() {\n·return T{};\n}', '#pragma once', 'auto s = R"(\n·raw)";'],
  'a.cs': ['using System;', 'namespace N;', 'class A\n{\n·[Fact]\n·public void F()\n··=> G();\n\n·#region r\n·int x = 1;\n·#endregion\n}', 'enum E\n{\n·A,\n·B,\n}'],
  'a.json': ['{\n·"a": 1,\n·"b": [\n··1,\n··2\n·]\n}'],
  'a.sh': ['if a; then\n·# why\n·b\nelif c; then\n·d\nfi', 'f() {\n·for x in "$@"; do\n··echo "$x"\n·done\n}', 'case "$1" in\n·a) b ;;\n·*)\n··c\n··;;\nesac', 'cat <<EOF\n·raw\nEOF', 'a=(\n·1\n·2\n)'],
  'a.rb': ['class A\n·def f\n··g 1,\n··  2\n·rescue B\n··h\n·end\nend', 'x = y.map do |z|\n·z\nend'],
  'a.yaml': ['a:\n·b: 1\n·c:\n··- d\n··- e', 't: |\n·raw\n·\n·text'],
  'a.md': ['# A', 'text', '```\n·code\n\nmore\n```', '- a\n·- b', '## B\n\n| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |', '<details>\n\n- c\n\n</details>', `\`\`\`js\n${'a();\n\nb(\n\n1);\n'.repeat(3)}\`\`\``],
  'a.html': ['<div>\n·<p>a</p>\n·<!-- b\n c -->\n</div>'],
  'a.vue': ['<script setup>\nconst a = 1;\nf(a);\n</script>', '<template>\n·<a\n··b="c"\n·>\n··<br>\n·</a>\n</template>', '<style>\n.a,\n.b {\n·c: 1;\n}\n</style>'],
  'a.scss': ['// a\n// b\n.a,\n.b {\n·c: 1;\n·.d {\n··e: f;\n·}\n}', '/* a\n b */', '$a: 1;'],
  'a.xyz': ['alpha', '·beta', '(', '}'],
};
export const NOISE = ['', '', '·', '\t x', '😀 = "e\u0301";', '\ud800', '\udc00\ud800', '\u0000', '}', '(', '"', "'''", '/*', '`', '\\', '<', '\u2028', '\f', 'x'.repeat(5000), `${'ab '.repeat(2000)};`];
