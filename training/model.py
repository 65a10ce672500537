"""Knows the base model: a decoder-only transformer for code with RoPE, grouped-query attention and SwiGLU."""

from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import nn

KINDS = 2  # of forecast: log-odds that a word comes again, and log of the nats that a pair of tokens saves where it comes again


@dataclass(frozen=True)
class Config:
    vocab: int = 8192
    d_model: int = 192
    layers: int = 6
    heads: int = 6  # query heads
    kv_heads: int = 2  # caches per layer: what the memory decides about
    head_size: int = 32
    d_ff: int = 512
    rope_base: float = 10000.0
    norm_eps: float = 1e-6
    forecast: int = 0  # numbers in a key of the forecast; 0: none (forecast.py)

    as_dict = asdict


SIZES = {
    'base': Config(forecast=64),  # trained by two cores in some hours
    'release': Config(d_model=384, head_size=64, d_ff=1024, forecast=64),  # wants a GPU
    'judge': Config(
        d_model=256, layers=4, heads=8
    ),  # another depth, width and seed: a second opinion, and what the memory is carried over to
    'mini': Config(
        vocab=2048, d_model=64, layers=2, heads=4, head_size=16, d_ff=160, forecast=16
    ),  # a minute of training: tries the pipeline
}


class RMSNorm(nn.Module):
    def __init__(self, size, eps):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.eps = eps

    def forward(self, x):  # [..., size] -> [..., size]
        return F.rms_norm(x, (x.shape[-1],), self.weight, self.eps)


def rope_tables(positions, config):
    """positions [T] -> cos, sin [T, head_size], rotate-half layout."""
    half = config.head_size // 2
    frequency = config.rope_base ** (-torch.arange(half, dtype=torch.float32, device=positions.device) / half)
    angle = positions.float()[:, None] * frequency
    angle = torch.cat([angle, angle], -1)
    return angle.cos(), angle.sin()


def rotate(x, cos, sin):
    """x [..., T, head_size] -> the same, rotated by position."""
    a, b = x.chunk(2, -1)
    return x * cos + torch.cat([-b, a], -1) * sin


class Block(nn.Module):
    def __init__(self, config):
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

    def forward(self, x, cos, sin):  # x [B, T, d_model]
        c = self.config
        b, t, _ = x.shape
        h = self.norm1(x)
        q = rotate(self.q(h).view(b, t, c.heads, c.head_size).transpose(1, 2), cos, sin)
        k = rotate(self.k(h).view(b, t, c.kv_heads, c.head_size).transpose(1, 2), cos, sin)
        v = self.v(h).view(b, t, c.kv_heads, c.head_size).transpose(1, 2)
        group = c.heads // c.kv_heads  # query heads h*group … share KV head h
        q, k = q.to(v.dtype), k.to(v.dtype)
        k, v = k.repeat_interleave(group, 1), v.repeat_interleave(group, 1)
        a = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.o(a.transpose(1, 2).reshape(b, t, -1))
        h = self.norm2(x)
        return x + self.down(F.silu(self.gate(h)) * self.up(h))


class Forecast(nn.Module):
    """What each token says of what comes again: for each of KINDS a key, what it adds to the question that the whole context
    asks, what it adds to the one asked at the place of work, and its own log-odds."""

    HIDDEN = 256

    def __init__(self, config):
        super().__init__()
        self.size = config.forecast
        self.up = nn.Linear(2 * config.d_model, self.HIDDEN, bias=False)
        self.out = nn.Linear(self.HIDDEN, KINDS * (3 * self.size + 1), bias=False)
        self.bias = nn.Parameter(torch.tensor([-1.0, -1.0]))  # about what is usual
        nn.init.normal_(self.up.weight, std=(2 * config.d_model) ** -0.5)
        nn.init.normal_(self.out.weight, std=0.02)

    def forward(self, states, middle):
        """states, middle [B, T, d_model] -> key, everywhere, here [B, T, KINDS, size], own [B, T, KINDS]"""
        out = self.out(F.silu(self.up(torch.cat([states, middle], -1)))).unflatten(-1, (KINDS, 3 * self.size + 1))
        key, everywhere, here, own = out.split([self.size, self.size, self.size, 1], -1)
        return key, everywhere, here, own.squeeze(-1) + self.bias

    def odds(self, parts, context, here):
        """context, here [B, T]: 1 where a token is part of the context, and of the place of work -> [B, T, KINDS]"""
        key, everywhere, at, own = (p.float() for p in parts)
        weight = context / context.sum(1, keepdim=True).clamp_min(1)
        near = here / here.sum(1, keepdim=True).clamp_min(1)
        question = torch.einsum('btks,bt->bks', everywhere, weight) + torch.einsum('btks,bt->bks', at, near)
        return torch.einsum('btks,bks->btk', key, question) * self.size**-0.5 + own


class Decoder(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocab, config.d_model)
        nn.init.normal_(self.embedding.weight, std=0.02)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.norm = RMSNorm(config.d_model, config.norm_eps)
        if config.forecast:
            self.forecast = Forecast(config)

    def states(self, ids, blocks=None):
        """ids [B, T] -> normed states in front of the vocabulary head, and those half way up, [B, T, d_model] each.
        `blocks`: the same, compiled."""
        cos, sin = rope_tables(torch.arange(ids.shape[1], device=ids.device), self.config)
        x = F.rms_norm(self.embedding(ids), (self.config.d_model,), None, self.config.norm_eps)
        for i, block in enumerate(blocks or self.blocks, 1):
            x = block(x, cos, sin)
            if i == self.config.layers // 2:
                middle = F.rms_norm(x, (self.config.d_model,), None, self.config.norm_eps)
        return self.norm(x), middle

    def hidden(self, ids, blocks=None):
        return self.states(ids, blocks)[0]

    def forward(self, ids):
        """ids [B, T] -> logits [B, T, vocab]; the output matrix is the embedding."""
        return F.linear(self.hidden(ids), self.embedding.weight)
