"""Knows that a fit too short for a look at its held-out readings is looked at once, at its end."""

import numpy as np
import torch

from imitate import BINS, network, start_weights, train


def test_a_short_fit_knows_its_held_out_loss():
    random = np.random.default_rng(5)
    row = lambda: (
        torch.from_numpy(random.normal(size=(2, 6, BINS)).astype(np.float32)),
        torch.ones(2, 6),
        torch.ones(2, 6),
        torch.tensor([0.0, 1, 0, 0, 1, -1]),
    )
    torch.manual_seed(5)
    for readings in (0, 4, 204):
        loss, weights, held, seen = train(
            [row() for _ in range(20)], start_weights(), network, 5, lambda seen: seen / readings if readings else 1
        )
        assert seen == readings and len(held) == 2
        assert np.isfinite(loss)
        assert len(weights) == 6
