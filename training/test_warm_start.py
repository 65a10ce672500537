"""Tests that a fit too short for a look at its held-out updates looks once, at its end."""

import numpy as np
import pytest
import torch

from network import BINS
from warm_start import Update, network, start_weights, train


@pytest.mark.parametrize('readings', [0, 4, 204])
def test_a_short_fit_knows_its_held_out_loss(readings: int) -> None:
    random = np.random.default_rng(5)

    def update() -> Update:
        ema = torch.from_numpy(random.normal(size=(2, 6, BINS)).astype(np.float32))
        return ema, torch.ones(2, 6), torch.ones(2, 6), torch.tensor([0.0, 1, 0, 0, 1, -1])

    torch.manual_seed(5)
    updates = [update() for _ in range(20)]
    loss, weights, held, seen = train(
        updates, start_weights(), network, 5, lambda seen: seen / readings if readings else 1
    )
    assert seen == readings
    assert len(held) == 2
    assert np.isfinite(loss)
    assert len(weights) == 6
