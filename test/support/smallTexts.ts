// Small texts of 10 to 150 tokens: files of several languages, and the cells of a notebook.
export const SMALL_FILES: readonly (readonly [path: string, text: string])[] = [
  ['a.ts', 'export const a = 1;\nexport const b = 2;\n'],
  ['b.ts', '// Shows the first value.\nimport { a } from "./a";\n\nconsole.log(a);\n'],
  ['package.json', '{"name":"x","version":"1.0.0"}\n'],
  ['c.py', 'import os\n\n\ndef size(path):\n    """The size of a file."""\n    return os.stat(path).st_size\n'],
  ['d.sh', '#!/bin/sh\nset -e\ncd "$1"\nmake\nmake install\n'],
  ['e.md', '# Title\n\nOne sentence.\n\n- one\n- two\n'],
  ['f.ts', Array.from({ length: 9 }, (_, i) => `export const value${i} = compute(${i}, "text ${i}");\n`).join('')],
];

/** Cells of a notebook in Python. */
export const SMALL_CELLS: readonly string[] = [
  'import pandas as pd\nfrom pathlib import Path\n',
  'frame = pd.read_csv(Path("data") / "sales.csv")\nframe.head()',
  'def total(frame, column):\n    return frame[column].sum()\n\ntotal(frame, "price")',
  'for name, group in frame.groupby("shop"):\n    print(name, total(group, "price"))',
];
