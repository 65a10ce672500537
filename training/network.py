"""Describes the memory's network: sizes of its features and weights (NAMM.md 1.6, 2.1)."""

import numpy as np

BINS = 17  # magnitudes of the spectrogram
FEATURES = 25  # of a cache entry: 4 sines and 4 cosines of its age, then BINS
HIDDEN = 32
AGE_BASE = 50000.0
SHAPES: dict[str, tuple[int, ...]] = {
    'w_qkv': (FEATURES, 3 * HIDDEN),
    'b_qkv': (3 * HIDDEN,),
    'w_out': (HIDDEN, 2 * FEATURES),
    'b_out': (2 * FEATURES,),
    'w_score': (FEATURES,),
    'b_score': (1,),
}


def unflatten(flat: np.ndarray) -> dict[str, np.ndarray]:
    """The 4172 weights, in the order of namm.json -> arrays by name, with the shapes of SHAPES."""
    ends = np.cumsum([np.prod(shape) for shape in SHAPES.values()])
    parts = np.split(flat, ends[:-1])
    return {name: part.reshape(shape) for (name, shape), part in zip(SHAPES.items(), parts, strict=True)}
