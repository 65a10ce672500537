"""Tests that a merge of two runs has their mean weights and reports the runs."""

from argparse import Namespace
from pathlib import Path

import numpy as np
import pytest
import torch

from model import Config, Decoder
from train import held_out, merge

CONFIG = Config(vocab=300, layers=2)


def test_a_merge_has_the_mean_weights_and_says_whose(tmp_path: Path) -> None:
    np.random.default_rng(1).integers(0, CONFIG.vocab, 4096).astype(np.uint16).tofile(tmp_path / 'validation.bin')
    models = []
    for i, loss in enumerate((2.5, 2.25)):
        torch.manual_seed(i)
        models.append(Decoder(CONFIG))
        (tmp_path / f'{i}').mkdir()
        torch.save(
            {
                'model': models[-1].state_dict(),
                'state': {'config': CONFIG.as_dict(), 'heldOutLoss': loss, 'tokens': 10 * (i + 1)},
            },
            tmp_path / f'{i}' / 'checkpoint.pt',
        )
    merge(
        Namespace(
            threads=1, runs=[tmp_path / '0', tmp_path / '1'], corpus=tmp_path, tokenizer=None, out=tmp_path / 'mean'
        )
    )
    saved = torch.load(tmp_path / 'mean' / 'checkpoint.pt', weights_only=False)
    first, second = (m.state_dict() for m in models)
    for name, weight in saved['model'].items():
        assert torch.allclose(weight, (first[name] + second[name]) / 2), name
    assert saved['state']['meanOf'] == [2.5, 2.25]
    assert saved['state']['tokens'] == 20
    mean = Decoder(CONFIG)
    mean.load_state_dict(saved['model'])
    with torch.no_grad():
        assert saved['state']['heldOutLoss'] == pytest.approx(
            held_out(mean, tmp_path / 'validation.bin', windows=48), abs=1e-4
        )
