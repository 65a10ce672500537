"""Computes ROC AUC: how well scores separate two classes."""

from collections.abc import Iterable
from statistics import fmean

import numpy as np


def roc_auc(scores: np.ndarray, labels: np.ndarray) -> float:
    """Share of the pairs of a positive and a negative in which the positive scores higher; a tie counts as one half.

    scores [n]; labels [n]: nonzero for a positive. By ranks (the Mann-Whitney U), in O(n log n).
    ValueError if there is no positive or no negative.

    >>> roc_auc(np.array([3.0, 2.0, 2.0, 1.0]), np.array([1, 1, 0, 0]))
    0.875
    """
    positive = np.asarray(labels, bool)
    positives = int(positive.sum())
    negatives = len(positive) - positives
    if not positives or not negatives:
        raise ValueError('ROC AUC needs both classes')
    _, index, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = np.cumsum(counts) - (counts - 1) / 2  # from 1; equal scores share the mean of their ranks
    return float((ranks[index][positive].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def mean_roc_auc(cases: Iterable[tuple[np.ndarray, np.ndarray]]) -> float:
    """Mean of `roc_auc` over the cases (scores, labels) that have both classes; StatisticsError if none has."""
    return fmean(roc_auc(scores, labels) for scores, labels in cases if 0 < np.count_nonzero(labels) < len(labels))
