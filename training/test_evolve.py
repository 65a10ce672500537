"""Tests that a search that finds nothing better returns its start."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

import evolve

# Fitness is the distance to where the search begins, so every step away is worse.
PROCESS = """
import json, sys
start = json.load(open(sys.argv[1]))["weights"]
say = lambda **answer: print(json.dumps(answer), flush=True)
say(ready=True, dim=len(start), train=1, validation=1)
for line in sys.stdin:
    asked = json.loads(line)
    if asked["op"] == "statistics":
        say(mean=[0.0] * 17, std=[1.0] * 17)
    else:
        say(fitness=[-sum((a - b) ** 2 for a, b in zip(c, start)) for c in asked["candidates"]])
"""


@pytest.mark.parametrize('dim', [8, evolve.FULL_BELOW + 8])  # full and separable
def test_the_start_comes_back_when_nothing_is_better(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dim: int) -> None:
    start = {
        'weights': [round(float(v), 6) for v in np.random.default_rng(3).normal(size=dim)],
        'evolution': {'warmStart': {'readings': 4}},
    }
    (tmp_path / 'start.json').write_text(json.dumps(start))
    (tmp_path / 'process.py').write_text(PROCESS)
    monkeypatch.setattr(
        sys,
        'argv',
        [
            'evolve.py',
            '--out',
            str(tmp_path / 'out'),
            '--start',
            str(tmp_path / 'start.json'),
            '--population',
            '8',
            '--max-generations',
            '10',
            sys.executable,
            str(tmp_path / 'process.py'),
            str(tmp_path / 'start.json'),
        ],
    )
    evolve.main()
    found = json.loads((tmp_path / 'out' / 'memory.json').read_text())
    assert found['weights'] == start['weights']
    assert found['evolution']['bestGeneration'] == 0
    assert found['evolution']['warmStart'] == {'readings': 4}
