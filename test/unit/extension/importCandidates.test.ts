// Tests the imported files of each language. Imports that names cannot resolve are left out.
import { describe, expect, test } from 'vitest';
import { goPackages, importCandidates } from '../../../extension/context/importCandidates';

/** The first candidate of each import that is among the files. */
function resolved(
  languageId: string,
  text: string,
  path: string,
  files: readonly string[],
  roots: readonly string[] = ['/w'],
): string[] {
  return importCandidates(languageId, text, path, roots).flatMap((list) =>
    list.filter((c) => files.includes(c)).slice(0, 1),
  );
}

describe('imports lead to files', () => {
  test('TypeScript: as written, as compiled, an index, a package, a type, a call', () => {
    const text =
      "import a from './a';\nimport { b } from '../b.js';\nexport * from './dir';\nimport 'react';\nimport type { C } from \"./c.d\";\nconst d = await import('./d.json');\nconst e = require('./e');\n";
    const files = ['/w/src/a.ts', '/w/b.ts', '/w/src/dir/index.tsx', '/w/src/c.d.ts', '/w/src/d.json', '/w/src/e.js'];
    expect(resolved('typescript', text, '/w/src/x.ts', files)).toEqual(files);
    expect(resolved('javascript', "import a from './a.js'", '/w/x.js', ['/w/a.js'])).toEqual(['/w/a.js']);
    const odd = ['/w/a.constructor', '/w/b.__proto__'];
    expect(resolved('javascript', "import './a.constructor';\nimport './b.__proto__'", '/w/x.js', odd)).toEqual(odd);
  });
  test('Python: relative, absolute, from the root, a module or something in one', () => {
    const text =
      'from . import one\nfrom ..two import thing\nimport pkg.three\nfrom pkg.four import (\n  five,\n  Six,\n)\nimport os, pkg.seven as s\n';
    const files = [
      '/w/pkg/sub/one.py',
      '/w/pkg/two.py',
      '/w/pkg/three.py',
      '/w/pkg/four/five.py',
      '/w/pkg/four/__init__.py',
      '/w/pkg/seven.py',
    ];
    expect(new Set(resolved('python', text, '/w/pkg/sub/x.py', files))).toEqual(new Set(files));
  });
  test('C: beside, under the root, under include; no system header', () => {
    expect(
      resolved('c', '#include "a.h"\n#include <stdio.h>\n#  include "lib/b.h"\n', '/w/src/x.c', [
        '/w/src/a.h',
        '/w/include/lib/b.h',
      ]),
    ).toEqual(['/w/src/a.h', '/w/include/lib/b.h']);
  });
  test('Rust: modules beside and inside, and what the crate names', () => {
    expect(
      resolved('rust', 'pub mod net;\nmod io;\nuse crate::util::text::trim;\n', '/w/src/main.rs', [
        '/w/src/net/mod.rs',
        '/w/src/io.rs',
        '/w/src/util/text.rs',
      ]),
    ).toEqual(['/w/src/net/mod.rs', '/w/src/io.rs', '/w/src/util/text.rs']);
    expect(resolved('rust', 'mod part;\n', '/w/src/net.rs', ['/w/src/net/part.rs', '/w/src/part.rs'])).toEqual([
      '/w/src/net/part.rs',
    ]);
  });
  test('Java: classes of the same source tree, a nested one too', () => {
    const text =
      'package org.app.core;\nimport org.app.util.Text;\nimport static org.app.Main.run;\nimport java.util.List;\n';
    expect(
      resolved('java', text, '/w/src/main/java/org/app/core/X.java', [
        '/w/src/main/java/org/app/util/Text.java',
        '/w/src/main/java/org/app/Main.java',
      ]),
    ).toEqual(['/w/src/main/java/org/app/util/Text.java', '/w/src/main/java/org/app/Main.java']);
  });
  test('Go: packages of the same module', () => {
    expect(
      goPackages(
        'package x\nimport (\n\t"fmt"\n\tu "example.org/m/util"\n)\nimport "example.org/m"\nimport "example.org/more"\n',
        'example.org/m',
        '/w',
      ),
    ).toEqual(['/w/util', '/w']);
  });
  test('style sheets, Ruby, PHP; nothing where no rule is known', () => {
    expect(resolved('scss', "@use './mixins';", '/w/a.scss', ['/w/_mixins.scss'])).toEqual(['/w/_mixins.scss']);
    expect(resolved('ruby', "require_relative 'lib/a'\nrequire 'json'", '/w/x.rb', ['/w/lib/a.rb'])).toEqual([
      '/w/lib/a.rb',
    ]);
    expect(resolved('php', "require_once __DIR__ . '/a.php';", '/w/x.php', ['/w/a.php'])).toEqual(['/w/a.php']);
    expect(importCandidates('plaintext', 'import x', '/w/a.txt', ['/w'])).toEqual([]);
  });
});
