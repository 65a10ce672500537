"""Tests that named groups and the flat vector of a search hold the same weights."""

import numpy as np
import pytest

from weights import flatten, unflatten

LAYOUT = {'caches': [0, 2], 'marker': [2, 3]}


def test_groups_go_into_a_vector_and_back() -> None:
    data = {'groups': {'caches': [0.5, -1.25], 'marker': [2.0]}}
    assert flatten(data, LAYOUT).tolist() == [0.5, -1.25, 2.0]
    assert unflatten(flatten(data, LAYOUT), LAYOUT) == data
    assert unflatten(np.array([1.0, 2.0]), {}) == {'weights': [1.0, 2.0]}


@pytest.mark.parametrize('groups', [{}, {'caches': [1.0], 'marker': [2.0, 3.0]}, {'caches': [1, 2], 'other': [3]}])
def test_other_groups_or_sizes_are_refused(groups: dict[str, list[float]]) -> None:
    with pytest.raises(SystemExit, match='wants'):
        flatten({'groups': groups}, LAYOUT)
