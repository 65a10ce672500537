"""Defines the base model: a decoder for code with RoPE, grouped-query attention, SwiGLU and a forecast.

Shapes: B batch, T tokens, V vocabulary. References: RoFormer (arXiv 2104.09864), GQA (arXiv 2305.13245),
GLU variants (arXiv 2002.05202).
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# What the forecast predicts: log-odds that a word occurs again, and the log of the nats that a pair of tokens saves.
KINDS = 2


@dataclass(frozen=True)
class Config:
    """Sizes of a base model."""

    vocab: int = 8192
    d_model: int = 192
    layers: int = 6
    heads: int = 6  # query heads
    kv_heads: int = 2  # caches per layer: the memory decides once per cache
    head_size: int = 32
    d_ff: int = 512
    rope_base: float = 10000.0
    norm_eps: float = 1e-6
    forecast: int = 0  # numbers in a key of the forecast (forecast.py); 0: no forecast

    def as_dict(self) -> dict[str, float]:
        """The fields by name, as a checkpoint stores them."""
        return asdict(self)


SIZES = {
    # Two CPU cores train it in a few hours.
    'base': Config(forecast=64),
    # Needs a GPU.
    'release': Config(d_model=384, head_size=64, d_ff=1024, forecast=64),
    # Differs in depth, width and seed: gives a second opinion, and shows whether the memory transfers to another model.
    'judge': Config(d_model=256, layers=4, heads=8),
    # A minute of training: tests the pipeline.
    'mini': Config(vocab=2048, d_model=64, layers=2, heads=4, head_size=16, d_ff=160, forecast=16),
}


class RMSNorm(nn.Module):
    """Root-mean-square norm with a learned scale."""

    def __init__(self, size: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))  # [size]
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        """x [..., size] -> [..., size]."""
        return F.rms_norm(x, (x.shape[-1],), self.weight, self.eps)


def rope_tables(positions: Tensor, config: Config) -> tuple[Tensor, Tensor]:
    """positions [T] -> cos, sin [T, head_size] each, in the rotate-half layout."""
    half = config.head_size // 2
    frequency = config.rope_base ** (-torch.arange(half, dtype=torch.float32, device=positions.device) / half)
    angle = positions.float()[:, None] * frequency
    angle = torch.cat([angle, angle], -1)
    return angle.cos(), angle.sin()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """x [..., T, head_size] -> the same shape, rotated by position."""
    a, b = x.chunk(2, -1)
    return x * cos + torch.cat([-b, a], -1) * sin


class Block(nn.Module):
    """One layer: causal grouped-query attention, then SwiGLU, each behind a norm and added to the residual stream."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        c = self.config = config
        self.norm1 = RMSNorm(c.d_model, c.norm_eps)
        self.q = nn.Linear(c.d_model, c.heads * c.head_size, bias=False)
        self.k = nn.Linear(c.d_model, c.kv_heads * c.head_size, bias=False)
        self.v = nn.Linear(c.d_model, c.kv_heads * c.head_size, bias=False)
        self.o = nn.Linear(c.heads * c.head_size, c.d_model, bias=False)
        self.norm2 = RMSNorm(c.d_model, c.norm_eps)
        self.up = nn.Linear(c.d_model, c.d_ff, bias=False)
        self.gate = nn.Linear(c.d_model, c.d_ff, bias=False)
        self.down = nn.Linear(c.d_ff, c.d_model, bias=False)
        for m in (self.q, self.k, self.v, self.up, self.gate):
            nn.init.normal_(m.weight, std=c.d_model**-0.5)
        nn.init.zeros_(self.o.weight)
        nn.init.zeros_(self.down.weight)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        """x [B, T, d_model], cos and sin [T, head_size] -> [B, T, d_model]."""
        c = self.config
        b, t, _ = x.shape
        h = self.norm1(x)
        q = rotate(self.q(h).view(b, t, c.heads, c.head_size).transpose(1, 2), cos, sin)  # [B, heads, T, head_size]
        k = rotate(
            self.k(h).view(b, t, c.kv_heads, c.head_size).transpose(1, 2), cos, sin
        )  # [B, kv_heads, T, head_size]
        v = self.v(h).view(b, t, c.kv_heads, c.head_size).transpose(1, 2)
        group = c.heads // c.kv_heads  # query heads h * group to (h + 1) * group - 1 share KV head h
        q, k = q.to(v.dtype), k.to(v.dtype)
        k, v = k.repeat_interleave(group, 1), v.repeat_interleave(group, 1)
        a = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.o(a.transpose(1, 2).reshape(b, t, -1))
        h = self.norm2(x)
        return x + self.down(F.silu(self.gate(h)) * self.up(h))


ForecastParts = tuple[Tensor, Tensor, Tensor, Tensor]


class Forecast(nn.Module):
    """Predicts which tokens of a context later code repeats (docs/method.md, Forecast).

    For each of KINDS every token gives a key, its share of the query of the whole context, its share of the query at
    the cursor position, and log-odds of its own.
    """

    HIDDEN = 256

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.size = config.forecast
        self.up = nn.Linear(2 * config.d_model, self.HIDDEN, bias=False)
        self.out = nn.Linear(self.HIDDEN, KINDS * (3 * self.size + 1), bias=False)
        self.bias = nn.Parameter(torch.tensor([-1.0, -1.0]))  # [KINDS] near the usual rate
        nn.init.normal_(self.up.weight, std=(2 * config.d_model) ** -0.5)
        nn.init.normal_(self.out.weight, std=0.02)

    def forward(self, states: Tensor, middle: Tensor) -> ForecastParts:
        """states, middle [B, T, d_model] -> key, context query, cursor query [B, T, KINDS, size], own [B, T, KINDS]."""
        out = self.out(F.silu(self.up(torch.cat([states, middle], -1)))).unflatten(-1, (KINDS, 3 * self.size + 1))
        key, context_query, cursor_query, own = out.split([self.size, self.size, self.size, 1], -1)
        return key, context_query, cursor_query, own.squeeze(-1) + self.bias

    def odds(self, parts: ForecastParts, context: Tensor, cursor: Tensor) -> Tensor:
        """Log-odds of every token, given which tokens ask.

        parts as `forward` returns them; context, cursor [B, T]: 1 where a token belongs to the context, and to the
        stretch before the cursor position -> [B, T, KINDS]
        """
        key, context_query, cursor_query, own = (p.float() for p in parts)
        weight = context / context.sum(1, keepdim=True).clamp_min(1)
        near = cursor / cursor.sum(1, keepdim=True).clamp_min(1)
        query = torch.einsum('btks,bt->bks', context_query, weight) + torch.einsum('btks,bt->bks', cursor_query, near)
        return torch.einsum('btks,bks->btk', key, query) * self.size**-0.5 + own


class Decoder(nn.Module):
    """The base model; the output matrix is the embedding."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocab, config.d_model)
        nn.init.normal_(self.embedding.weight, std=0.02)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.norm = RMSNorm(config.d_model, config.norm_eps)
        if config.forecast:
            self.forecast = Forecast(config)

    def states(self, ids: Tensor, blocks: Sequence[Callable[..., Tensor]] | None = None) -> tuple[Tensor, Tensor]:
        """ids [B, T] -> normed states of the last layer, and of the middle one, [B, T, d_model] each.

        blocks: the same layers, compiled.
        """
        cos, sin = rope_tables(torch.arange(ids.shape[1], device=ids.device), self.config)
        x = F.rms_norm(self.embedding(ids), (self.config.d_model,), None, self.config.norm_eps)
        for i, block in enumerate(blocks or self.blocks, 1):
            x = block(x, cos, sin)
            if i == self.config.layers // 2:
                middle = F.rms_norm(x, (self.config.d_model,), None, self.config.norm_eps)
        return self.norm(x), middle

    def hidden(self, ids: Tensor, blocks: Sequence[Callable[..., Tensor]] | None = None) -> Tensor:
        """ids [B, T] -> normed states of the last layer [B, T, d_model]."""
        return self.states(ids, blocks)[0]

    def forward(self, ids: Tensor) -> Tensor:
        """ids [B, T] -> logits [B, T, V]."""
        return F.linear(self.hidden(ids), self.embedding.weight)
