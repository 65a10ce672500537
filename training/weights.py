"""Converts the weights of a memory between its JSON file and the flat vector that is searched.

extended.json holds named groups; namm.json holds the network's 4172 weights without groups. The fitness process says
where each group lies in the vector, as its `layout` (name -> [start, end]; empty without groups), because only
src/scorers/extended.ts knows the order.
"""

from typing import Any

import numpy as np

Layout = dict[str, list[int]]


def flatten(data: dict[str, Any], layout: Layout) -> np.ndarray:
    """The weights of a file as a vector [dim]; ends with an error if a group is missing, unknown or of another length.

    >>> flatten({'groups': {'b': [3.0], 'a': [1.0, 2.0]}}, {'a': [0, 2], 'b': [2, 3]})
    array([1., 2., 3.])
    """
    if not layout:
        return np.array(data['weights'], float)
    groups, sizes = data.get('groups', {}), {name: end - start for name, (start, end) in layout.items()}
    if sizes != (found := {name: len(group) for name, group in groups.items()}):
        raise SystemExit(f'groups of weights and their sizes are {found}, the fitness process wants {sizes}')
    flat = np.zeros(sum(sizes.values()))
    for name, (start, end) in layout.items():
        flat[start:end] = groups[name]
    return flat


def unflatten(flat: np.ndarray, layout: Layout) -> dict[str, Any]:
    """The inverse of `flatten`, rounded to six decimals: the field `groups` or `weights` of a file."""
    rounded = [round(float(v), 6) for v in flat]
    if not layout:
        return {'weights': rounded}
    return {'groups': {name: rounded[start:end] for name, (start, end) in layout.items()}}
