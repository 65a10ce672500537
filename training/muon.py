"""Implements the optimiser Muon (momentum, then the nearest orthogonal matrix) in float32.

Torch's own Muon runs its Newton-Schulz steps in bfloat16, which takes ten times longer on a CPU without bfloat16 units.
Source: K. Jordan and others, "Muon: An optimizer for hidden layers in neural networks", 2024.
"""

from collections.abc import Iterable

import torch
from torch import Tensor


def orthogonal(g: Tensor, steps: int = 5) -> Tensor:
    """g [..., rows, columns] -> close to U V^T of its singular value decomposition (quintic Newton-Schulz)."""
    a, b, c = 3.4445, -4.7750, 2.0315
    tall = g.shape[-2] > g.shape[-1]
    x = g.transpose(-1, -2) if tall else g
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(steps):
        s = x @ x.transpose(-1, -2)
        x = a * x + (b * s + c * s @ s) @ x
    return x.transpose(-1, -2) if tall else x


class Muon(torch.optim.Optimizer):
    """Nesterov momentum on matrices; those of equal shape are orthogonalised together."""

    def __init__(
        self, parameters: Iterable[Tensor], lr: float, momentum: float = 0.95, weight_decay: float = 0.01
    ) -> None:
        super().__init__(list(parameters), {'lr': lr, 'momentum': momentum, 'weight_decay': weight_decay})

    @torch.no_grad()
    def step(self) -> None:
        """Moves every matrix that has a gradient."""
        for group in self.param_groups:
            shapes: dict[torch.Size, list[Tensor]] = {}
            for p in (p for p in group['params'] if p.grad is not None):
                shapes.setdefault(p.shape, []).append(p)
            for shape, parameters in shapes.items():
                updates = []
                for p in parameters:
                    buffer = self.state[p].setdefault('momentum', torch.zeros_like(p))
                    buffer.lerp_(p.grad, 1 - group['momentum'])
                    updates.append(p.grad.lerp(buffer, group['momentum']))
                directions = orthogonal(torch.stack(updates))
                scale = group['lr'] * max(1.0, shape[0] / shape[1]) ** 0.5
                for p, direction in zip(parameters, directions, strict=True):
                    p.mul_(1 - group['lr'] * group['weight_decay']).add_(direction, alpha=-scale)
