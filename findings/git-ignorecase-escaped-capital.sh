#!/usr/bin/env bash
# git 2.39.5: with core.ignorecase=true the pattern `A` of a .gitignore ignores the file `a`, but `\A`, which means the same
# letter, ignores neither `a` nor `A`: the path is folded to lower case, the escaped letter of the pattern is not.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
git init -q .
touch a
ignored() {
  printf '%s\n' "$1" >.gitignore
  git -c core.ignorecase=true check-ignore --no-index "$2" || echo none
}
plain=$(ignored 'A' a)
escaped=$(ignored '\A' a)
capital=$(ignored '\A' A)
echo "A on a: $plain; \\A on a: $escaped; \\A on A: $capital"
[ "$plain" = a ] && [ "$escaped" = none ] && [ "$capital" = none ]
