"""Tests ROC AUC against its definition by pairs."""

import numpy as np
import pytest

from roc_auc import mean_roc_auc, roc_auc


@pytest.mark.parametrize('levels', [2, 5, 1000])  # few levels: many ties
def test_it_is_the_share_of_pairs_in_order(levels: int) -> None:
    rng = np.random.default_rng(levels)
    scores, labels = rng.integers(0, levels, 300).astype(float), rng.random(300) < 0.2
    pairs = np.sign(scores[labels][:, None] - scores[~labels][None]) / 2 + 0.5
    assert roc_auc(scores, labels) == pytest.approx(pairs.mean(), abs=1e-12)


def test_order_ties_and_reversal() -> None:
    labels = np.array([0, 0, 1, 1])
    assert roc_auc(np.array([1, 2, 3, 4]), labels) == 1
    assert roc_auc(np.array([4, 3, 2, 1]), labels) == 0
    assert roc_auc(np.zeros(4), labels) == 0.5


def test_one_class_alone_has_no_auc() -> None:
    with pytest.raises(ValueError, match='both classes'):
        roc_auc(np.array([1.0, 2.0]), np.array([1, 1]))
    assert mean_roc_auc([(np.array([1.0, 2.0]), np.array([1, 1])), (np.array([1.0, 2.0]), np.array([0, 1]))]) == 1
