"""Tests that a search returns its start if it finds nothing better, and leaves fixed groups as they are."""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import evolve

# Fitness is the distance to the start, or its negative: then every step away is worse.
PROCESS = """
import json, sys
start, sign, layout = json.loads(sys.argv[1])
say = lambda **answer: print(json.dumps(answer), flush=True)
say(ready=True, dim=len(start), layout=layout, train=1, validation=1)
for line in sys.stdin:
    asked = json.loads(line)
    if asked["op"] == "statistics":
        say(mean=[0.0] * 17, std=[1.0] * 17)
    else:
        say(fitness=[sign * sum((a - b) ** 2 for a, b in zip(c, start)) for c in asked["candidates"]])
"""


def search(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    start: dict[str, Any],
    fitness: tuple[list[float], int, dict[str, list[int]]],
    *options: str,
) -> dict[str, Any]:
    """What ten generations find; fitness: the start as a vector, the sign of the distance, the layout."""
    (folder / 'start.json').write_text(json.dumps(start))
    fixed = ['--out', folder / 'out', '--start', folder / 'start.json', '--population', 8, '--max-generations', 10]
    process = ['--', sys.executable, '-c', PROCESS, json.dumps(fitness)]
    monkeypatch.setattr(sys, 'argv', ['evolve.py', *map(str, fixed), *options, *process])
    evolve.main()
    return json.loads((folder / 'out' / 'memory.json').read_text())


@pytest.mark.parametrize('dim', [8, evolve.FULL_BELOW + 8])  # full and separable
def test_the_start_comes_back_when_nothing_is_better(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dim: int) -> None:
    weights = [round(float(v), 6) for v in np.random.default_rng(3).normal(size=dim)]
    start = {'weights': weights, 'evolution': {'warmStart': {'readings': 4}}}
    found = search(tmp_path, monkeypatch, start, (weights, -1, {}))
    assert found['weights'] == weights
    assert found['evolution']['bestGeneration'] == 0
    assert found['evolution']['warmStart'] == {'readings': 4}


def test_a_fixed_group_stays_and_the_others_move(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    groups = {'focus': [1.0, 2.0], 'marker': [3.0], 'crowd': [4.0, 5.0]}
    layout = {'focus': [0, 2], 'marker': [2, 3], 'crowd': [3, 5]}
    fitness = ([1.0, 2.0, 3.0, 4.0, 5.0], 1, layout)
    found = search(tmp_path, monkeypatch, {'groups': groups}, fitness, '--fixed', 'marker')
    assert found['groups']['marker'] == [3.0]
    assert found['groups']['focus'] != groups['focus']
    assert found['groups']['crowd'] != groups['crowd']
