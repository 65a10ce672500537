"""Knows Muon (momentum, then the nearest orthogonal matrix) in float32: torch's own runs its Newton-Schulz steps in
bfloat16, which takes ten times longer on a CPU without bfloat16 units."""

import torch


def orthogonal(g, steps=5):
    """g [..., rows, columns] -> close to U V^T of its singular value decomposition (quintic Newton-Schulz)."""
    a, b, c = 3.4445, -4.7750, 2.0315
    wide = g.shape[-2] > g.shape[-1]
    x = g.transpose(-1, -2) if wide else g
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(steps):
        s = x @ x.transpose(-1, -2)
        x = a * x + (b * s + c * s @ s) @ x
    return x.transpose(-1, -2) if wide else x


class Muon(torch.optim.Optimizer):
    """Nesterov momentum on matrices of equal shape, orthogonalised together."""

    def __init__(self, parameters, lr, momentum=0.95, weight_decay=0.01):
        super().__init__(list(parameters), dict(lr=lr, momentum=momentum, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            shapes = {}
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
                for p, direction in zip(parameters, directions):
                    p.mul_(1 - group['lr'] * group['weight_decay']).add_(direction, alpha=-scale)
