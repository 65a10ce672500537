"""Counts the names that Python texts use, and those of them that nothing in the text defines or imports any more.

    python undefined.py FILE.py…    prints "undefined used" for each file, or "error" for one that does not parse

Needs pyflakes (bench/reader/requirements.txt).
"""

import ast
import sys
from pathlib import Path

from pyflakes import checker, messages

for path in sys.argv[1:]:
    try:
        tree = ast.parse(Path(path).read_text())
    except SyntaxError:
        print('error')
        continue
    used = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    found = checker.Checker(tree, path).messages
    kinds = (messages.UndefinedName, messages.UndefinedLocal)
    print(len({m.message_args[0] for m in found if isinstance(m, kinds)}), len(used))
