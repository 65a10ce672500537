"""Builds the ONNX graphs: observer (reads a chunk) and memory (scores cache entries); spectral and bam are for tests.

The graphs are built node by node from the PyTorch weights. The observer reads a chunk against a cache and reduces the
spectrogram of the attention (NAMM.md 1.3-1.4: periodic Hann 32, hop 16, 17 magnitudes, EMA 0.99 per token), so that no
output has the size [heads, U, M + U]. Weights are stored as int8 with a scale per output, or exactly as float32;
either way the graphs compute in float32.

Shapes: U tokens of the chunk, M entries of a cache before it, N = M + U, H KV heads, G query heads per KV head,
T hops of the chunk, C = layers * H caches. A comment `[…]` after a line gives the shape of what it makes.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, ValueInfoProto, helper, numpy_helper

from network import AGE_BASE, BINS, FEATURES, HIDDEN, SHAPES

HOP, WINDOW, GAMMA = 16, 32, 0.99
BLOCKS = 8  # the attention of the memory's network is computed in this many blocks of rows
END = 2**31  # of a slice: to the end of the axis
FLOAT, INT64 = TensorProto.FLOAT, TensorProto.INT64

Name = str  # of a result, an input or an initializer of a graph
Operand = Name | float | list[int] | list[float] | np.ndarray | np.generic | None


class Graph:
    """A list of nodes that grows by calls; every call returns the name of its result.

    `graph.MatMul(a, b, …)` appends a node with that operator; strings are names, numbers and arrays become constants.
    """

    def __init__(self, prefix: str = '', exact: bool = False) -> None:
        self.prefix, self.exact = prefix, exact
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        self.known: dict[tuple[str, tuple[int, ...], bytes], Name] = {}

    def __getattr__(self, operator: str) -> Callable[..., Name]:
        if operator.startswith('_'):
            raise AttributeError(operator)

        def call(*inputs: Operand, name: Name | None = None, **attributes: Any) -> Name:  # noqa: ANN401
            result = name or f'{self.prefix}{operator}_{len(self.nodes)}_0'
            ins = ['' if x is None else x if isinstance(x, str) else self.constant(x) for x in inputs]
            self.nodes.append(helper.make_node(operator, ins, [result], **attributes))
            return result

        return call

    def constant(self, value: Operand) -> Name:
        """Name of an initializer that holds `value`: float32, or int64 if every element is an integer."""
        array = np.asarray(value)
        array = array.astype(np.float32 if array.dtype.kind == 'f' else np.int64)
        key = (array.dtype.str, array.shape, array.tobytes())
        if key not in self.known:
            self.known[key] = f'{self.prefix}c{len(self.known)}'
            self.weights.append(numpy_helper.from_array(array, self.known[key]))
        return self.known[key]

    def weight(self, name: Name, array: np.ndarray) -> Name:
        """array [outputs, inputs], as PyTorch stores it -> name of the same matrix in float32.

        It is stored as int8 with a scale per output, which the runtime multiplies once, when it loads the graph. An
        exact graph stores float32.
        """
        if self.exact:
            self.weights.append(numpy_helper.from_array(array.astype(np.float32), name))
            return name
        levels, scale = quantized(array)
        self.weights += [numpy_helper.from_array(levels, name), numpy_helper.from_array(scale, f'{name}_scale')]
        return self.Mul(self.Cast(name, to=FLOAT), f'{name}_scale')

    def matrix(self, name: Name, array: np.ndarray) -> Name:
        """As `weight`, transposed to [inputs, outputs]: the right operand of a product."""
        return self.Transpose(self.weight(name, array), perm=[1, 0])

    def size(self, x: Name, axis: int) -> Name:
        """Length of an axis, [1]."""
        return self.Shape(x, start=axis, end=axis + 1)

    def slice(self, x: Name, start: Name | int, end: Name | int, axis: int) -> Name:
        """Part of an axis; start and end are numbers or names of [1] tensors."""
        bounds = [[bound] if isinstance(bound, int) else bound for bound in (start, end)]
        return self.Slice(x, *bounds, [axis])

    def concat(self, *xs: Operand, axis: int) -> Name:
        """Tensors joined along an axis."""
        return self.Concat(*xs, axis=axis)

    def reshape(self, x: Name, *dims: Name | int) -> Name:
        """dims: numbers (0 copies, -1 infers) or names of [1] tensors."""
        if all(isinstance(d, int) for d in dims):
            return self.Reshape(x, list(dims))
        return self.Reshape(x, self.concat(*[self.constant([d]) if isinstance(d, int) else d for d in dims], axis=0))

    def count(self, n: Name) -> Name:
        """n [1] -> 0, 1, …, n - 1."""
        return self.Range(self.constant(0), self.Squeeze(n), self.constant(1))


def quantized(array: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """[outputs, inputs] -> nearest int8 levels of the same shape, and their float32 scale [outputs, 1]."""
    scale = (np.abs(array).max(1, keepdims=True) / 127).astype(np.float32)
    scale[scale == 0] = 1
    return np.rint(array / scale).astype(np.int8), scale


def tensors(kind: int, **shapes: Sequence[str | int]) -> list[ValueInfoProto]:
    """Inputs or outputs of a graph: names with their shapes, all of one kind."""
    return [helper.make_tensor_value_info(name, kind, shape) for name, shape in shapes.items()]


def save(graph: Graph, name: str, inputs: list[ValueInfoProto], outputs: list[ValueInfoProto], path: Path) -> None:
    """Checks the graph and writes it as a model."""
    model = helper.make_model(
        helper.make_graph(graph.nodes, name, inputs, outputs, graph.weights),
        opset_imports=[helper.make_opsetid('', 18)],
        ir_version=9,
        producer_name='namm-context',
    )
    onnx.checker.check_model(model, full_check=True)
    path.write_bytes(model.SerializeToString())


def spectral(
    g: Graph,
    attention: Name,
    past_tail: Name,
    past_ema: Name,
    real: Name | None = None,
    frames_name: Name | None = None,
) -> tuple[Name, Name, Name]:
    """Spectrogram of the attention that each entry gets, as an exponential moving average (NAMM.md 1.3-1.4).

    attention [H, U, N], means over the query heads of a KV head; past_tail [H, M, 16] last samples of each entry;
    past_ema [H, M, 17]; real [U]: 1 for a token, 0 for padding (None: all tokens)
    -> ema [H, N, 17], tail [H, N, 16], sums [H, N] of the attention over the real queries

    The attention column of an entry is zero before the entry exists, so its frames are zero and the sum over frames
    needs no mask. Frames overlap by half: the odd ones tile the attention as it lies in memory, the even ones tile the
    same behind the remembered samples, so that each frame is one product with a whole window. The transform is
    multiplied by `real`, which is smaller than the attention, to leave out what padding queries saw.
    """
    n = np.arange(WINDOW)
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * n / WINDOW)
    angle = 2 * np.pi * np.arange(BINS)[:, None] * n / WINDOW
    dft = (np.stack([np.cos(angle), -np.sin(angle)]) * hann).astype(np.float32)  # [2, 17, 32]: real, imaginary
    u, total, old = g.size(attention, 1), g.size(attention, 2), g.size(past_tail, 1)
    heads = g.size(attention, 0)
    new = g.Sub(total, old)
    remembered = g.Transpose(past_tail, perm=[0, 2, 1])
    history = g.concat(remembered, g.Expand(0.0, g.concat(heads, g.constant([HOP]), new, axis=0)), axis=2)  # [H, 16, N]
    blocks = g.Div(u, [HOP])  # T
    odd = g.Div(u, [WINDOW])  # frames 1, 3, …
    even = g.Sub(blocks, odd)  # frames 0, 2, …
    decay = GAMMA**HOP
    age = g.Cast(g.Sub(g.Sub(blocks, [1]), g.count(blocks)), to=FLOAT)
    weights = g.Mul(np.float32(1 - decay), g.Pow(np.float32(decay), age))  # [T], newest last
    seen = real or g.Expand(1.0, u)
    parts, summed = [], []
    for first, count in ((0, even), (1, odd)):
        rows = g.Mul(count, [WINDOW])
        if first:
            start = g.slice(attention, 0, rows, 1)
            mask = g.slice(seen, 0, rows, 0)
        else:
            start = g.concat(history, g.slice(attention, 0, g.Sub(rows, [HOP]), 1), axis=1)
            mask = g.concat(g.constant(np.ones(HOP)), g.slice(seen, 0, g.Sub(rows, [HOP]), 0), axis=0)
        window = g.reshape(start, 0, count, WINDOW, total)  # [H, T/2, 32, N]
        mask = g.reshape(mask, count, 1, WINDOW)
        re, im = (g.MatMul(g.Mul(mask, half), window) for half in dft)  # [H, T/2, 17, N]
        frames = g.Sqrt(g.Add(g.Mul(re, re), g.Mul(im, im)))
        parts.append(frames)
        own = g.Unsqueeze(g.Slice(weights, [first], [END], [0], [2]), [0])  # [1, T/2]
        rows = g.reshape(frames, heads, count, g.Mul(total, [BINS]))  # [H, T/2, 17 N]
        if first:
            # Sixteen queries have no odd frame, and a product over nothing returns stale memory: add a row of zeros.
            own = g.concat(own, g.constant(np.zeros((1, 1))), axis=1)
            rows = g.concat(rows, g.Expand(0.0, g.concat(heads, [1], g.Mul(total, [BINS]), axis=0)), axis=1)
        summed.append(g.MatMul(own, rows))  # [H, 1, 17 N]
    if frames_name:
        both = g.concat(*parts, axis=1)
        order = g.Add(g.Div(g.count(blocks), 2), g.Mul(g.Mod(g.count(blocks), 2), g.Squeeze(even)))
        g.Transpose(g.Gather(both, order, axis=1), perm=[0, 1, 3, 2], name=frames_name)  # [H, T, N, 17]
    faded = g.Mul(past_ema, g.Pow(np.float32(GAMMA), g.Cast(u, to=FLOAT)))
    past = g.concat(faded, g.Expand(0.0, g.concat(heads, new, g.constant([BINS]), axis=0)), axis=1)
    ema = g.Add(g.Transpose(g.reshape(g.Add(*summed), heads, BINS, total), perm=[0, 2, 1]), past)
    last = g.Mul(g.slice(attention, -HOP, END, 1), g.Unsqueeze(g.slice(seen, -HOP, END, 0), [0, 2]))
    sums = g.Squeeze(g.MatMul(g.Unsqueeze(seen, [0]), attention), [1])  # [H, N]
    return ema, g.Transpose(last, perm=[0, 2, 1]), sums


def spectral_graph(path: Path) -> None:
    """Writes the spectrogram alone, for the conformance tests: attn [Hq, U, N] -> frames, ema, tail."""
    g = Graph()
    heads = g.size('past_tail', 0)
    grouped = g.reshape('attn', heads, -1, g.size('attn', 1), g.size('attn', 2))
    mean = g.ReduceMean(grouped, [1], keepdims=0)
    ema, tail, _ = spectral(g, mean, 'past_tail', 'past_ema', frames_name='frames')
    g.Identity(ema, name='ema')
    g.Identity(tail, name='tail')
    inputs = tensors(FLOAT, attn=['Hq', 'U', 'N'], past_tail=['H', 'O', HOP], past_ema=['H', 'O', BINS])
    outputs = tensors(FLOAT, frames=['H', 'T', 'N', BINS], ema=['H', 'N', BINS], tail=['H', 'N', HOP])
    save(g, 'spectral', inputs, outputs, path)


def rms_norm(g: Graph, x: Name, weight: np.ndarray | None, eps: float) -> Name:
    """x [..., size], weight [size] -> x over its root mean square, scaled."""
    mean = g.ReduceMean(g.Mul(x, x), [-1], keepdims=1)
    y = g.Div(x, g.Sqrt(g.Add(mean, np.float32(eps))))
    return y if weight is None else g.Mul(y, weight)


def observer_graph(
    config: dict[str, Any], weights: dict[str, np.ndarray], path: Path, predicts: bool = False, exact: bool = False
) -> None:
    """Writes the base model as it reads: U tokens against M cache entries (docs/method.md gives the contract).

    config, weights: as a checkpoint holds them; predicts: the graph also gives the most probable next token; exact:
    weights are stored as float32.
    """
    layers, heads, kv, size = config['layers'], config['heads'], config['kv_heads'], config['head_size']
    group, eps = heads // kv, config['norm_eps']
    g = Graph(exact=exact)
    table = g.weight('embedding', weights['embedding.weight'])
    u, m = g.size('input_ids', 0), g.size('past_key', 2)
    total = g.Add(m, u)
    half = size // 2
    frequency = (config['rope_base'] ** (-np.arange(half) / half)).astype(np.float32)
    slots = g.Cast(g.count(total), to=FLOAT)
    angle = g.MatMul(g.Unsqueeze(slots, [1]), frequency[None])  # [N, half]
    cos, sin = g.Cos(g.concat(angle, angle, axis=1)), g.Sin(g.concat(angle, angle, axis=1))
    cos_q, sin_q = g.slice(cos, m, END, 0), g.slice(sin, m, END, 0)

    def rotate(x: Name, cos: Name, sin: Name) -> Name:
        turned = g.concat(g.Neg(g.slice(x, half, size, -1)), g.slice(x, 0, half, -1), axis=-1)
        return g.Add(g.Mul(x, cos), g.Mul(turned, sin))

    def split_heads(qkv: Name, start: int, count: int) -> Name:
        """qkv [U, (heads + 2 kv) * size] -> `count` heads from head `start` on, [count, U, size]."""
        part = g.slice(qkv, start * size, (start + count) * size, 1)
        return g.Transpose(g.reshape(part, u, count, size), perm=[1, 0, 2])

    # Additive mask [U, N]: nothing for the cache, -1e9 for later tokens of the chunk; padding comes after every token.
    index = g.count(u)
    future = g.Less(g.Unsqueeze(index, [1]), g.Unsqueeze(index, [0]))
    cache = g.Expand(0.0, g.concat(u, m, axis=0))
    causal = g.concat(cache, g.Where(future, np.float32(-1e9), np.float32(0)), axis=1)
    real = g.Cast(g.Less(index, 'n_valid'), to=FLOAT)  # [U]

    x = g.Gather(table, 'input_ids')
    x = rms_norm(g, x, None, eps)
    stores: dict[str, list[Name]] = {n: [] for n in ('key', 'value', 'ema', 'tail', 'attn_sum', 'key_norm')}
    for i in range(layers):
        prefix = f'blocks.{i}.'
        layer = {n.removeprefix(prefix): w for n, w in weights.items() if n.startswith(prefix)}
        h = rms_norm(g, x, layer['norm1.weight'].astype(np.float32), eps)
        qkv = g.MatMul(h, g.matrix(f'qkv{i}', np.concatenate([layer[f'{n}.weight'] for n in 'qkv'])))
        q, k, v = split_heads(qkv, 0, heads), split_heads(qkv, heads, kv), split_heads(qkv, heads + kv, kv)
        q = g.Mul(rotate(q, cos_q, sin_q), np.float32(size**-0.5))
        all_k = rotate(g.concat(g.Gather('past_key', i, axis=0), k, axis=1), cos, sin)  # [H, N, size]
        all_v = g.concat(g.Gather('past_value', i, axis=0), v, axis=1)
        # One more component of keys and queries hides empty cache entries: -1e9 for an empty one, 0 for others.
        empty = g.Mul(g.Sub(g.Gather('past_valid', i, axis=0), np.float32(1)), np.float32(1e9))
        empty = g.concat(empty, g.Expand(0.0, g.concat(g.constant([kv]), u, axis=0)), axis=1)
        q = g.concat(q, g.Expand(1.0, g.concat(g.constant([heads]), u, g.constant([1]), axis=0)), axis=2)
        all_k = g.concat(all_k, g.Unsqueeze(empty, [2]), axis=2)  # [H, N, size + 1]
        logits = g.MatMul(g.reshape(q, kv, group, u, size + 1), g.Unsqueeze(g.Transpose(all_k, perm=[0, 2, 1]), [1]))
        attention = g.Softmax(g.Add(logits, causal), axis=-1)  # [H, G, U, N]
        mixed = g.reshape(g.MatMul(attention, g.Unsqueeze(all_v, [1])), heads, u, size)
        mixed = g.reshape(g.Transpose(mixed, perm=[1, 0, 2]), u, heads * size)
        x = g.Add(x, g.MatMul(mixed, g.matrix(f'o{i}', layer['o.weight'])))
        h = rms_norm(g, x, layer['norm2.weight'].astype(np.float32), eps)
        gate, up = (g.MatMul(h, g.matrix(f'{n}{i}', layer[f'{n}.weight'])) for n in ('gate', 'up'))
        x = g.Add(x, g.MatMul(g.Mul(g.Mul(gate, g.Sigmoid(gate)), up), g.matrix(f'down{i}', layer['down.weight'])))
        if i + 1 == layers // 2:
            middle = x
        # The mean over the group is taken before the transform: a third of the spectrogram's work.
        mean = g.ReduceMean(attention, [1], keepdims=0)  # [H, U, N]
        ema, tail, sums = spectral(g, mean, g.Gather('past_tail', i, axis=0), g.Gather('past_ema', i, axis=0), real)
        norm = g.Sqrt(g.ReduceSum(g.Mul(k, k), [2], keepdims=0))
        for store, part in zip(stores.values(), (k, v, ema, tail, sums, norm), strict=True):
            store.append(g.Unsqueeze(part, [0]))
    for name, parts in stores.items():
        g.Concat(*parts, axis=0, name=name)

    last = rms_norm(g, x, weights['norm.weight'].astype(np.float32), eps)
    outputs = tensors(
        FLOAT,
        key=[layers, kv, 'U', size],
        value=[layers, kv, 'U', size],
        ema=[layers, kv, 'N', BINS],
        tail=[layers, kv, 'N', HOP],
        attn_sum=[layers, kv, 'N'],
        key_norm=[layers, kv, 'U'],
        log_prob=['U'],
    ) + (tensors(INT64, next=['U']) if predicts else [])
    if 'forecast.up.weight' in weights:
        width = add_forecast(g, g.concat(last, rms_norm(g, middle, None, eps), axis=1), weights)
        outputs += tensors(FLOAT, forecast=['U', width])
    add_head(g, last, table, predicts)
    inputs = [
        *tensors(INT64, input_ids=['U'], targets=['U'], n_valid=[1]),
        *tensors(TensorProto.BOOL, want_log_prob=[1]),
        *tensors(
            FLOAT,
            past_key=[layers, kv, 'M', size],
            past_value=[layers, kv, 'M', size],
            past_valid=[layers, kv, 'M'],
            past_ema=[layers, kv, 'M', BINS],
            past_tail=[layers, kv, 'M', HOP],
        ),
    ]
    save(g, 'observer', inputs, outputs, path)


def add_forecast(g: Graph, states: Name, weights: dict[str, np.ndarray]) -> int:
    """Adds the output `forecast` [U, KINDS * (3 * size + 1)], laid out as in model.py, Forecast -> its width.

    states [U, 2 * d_model]: of the last and of the middle layer.
    """
    h = g.MatMul(states, g.matrix('forecast_up', weights['forecast.up.weight']))
    out = g.MatMul(g.Mul(h, g.Sigmoid(h)), g.matrix('forecast_out', weights['forecast.out.weight']))
    bias = weights['forecast.bias'].astype(np.float32)  # [KINDS]
    own = np.zeros((len(bias), len(weights['forecast.out.weight']) // len(bias)), np.float32)
    own[:, -1] = bias
    g.weights.append(numpy_helper.from_array(own.reshape(1, -1), 'forecast_bias'))
    g.Add(out, 'forecast_bias', name='forecast')
    return own.size


def add_head(g: Graph, last: Name, table: Name, predicts: bool) -> None:
    """Adds the outputs `log_prob` of the targets and, if asked for, `next`.

    The vocabulary head is a third of the model: it is computed only if the input `want_log_prob` is true, else both
    outputs are zero. last [U, d_model], table [vocab, d_model].
    """
    yes, no = Graph('head_'), Graph('none_')
    scores = yes.LogSoftmax(yes.MatMul(last, yes.Transpose(table, perm=[1, 0])), axis=-1)
    yes.Squeeze(yes.GatherElements(scores, yes.Unsqueeze('targets', [1]), axis=1), [1], name='yes_log_prob')
    no.Mul(no.Cast('targets', to=FLOAT), np.float32(0), name='no_log_prob')
    yes_outputs, no_outputs = tensors(FLOAT, yes_log_prob=['U']), tensors(FLOAT, no_log_prob=['U'])
    if predicts:
        yes.ArgMax(scores, axis=-1, keepdims=0, name='yes_next')
        no.Mul('targets', [0], name='no_next')
        yes_outputs += tensors(INT64, yes_next=['U'])
        no_outputs += tensors(INT64, no_next=['U'])
    g.nodes.append(
        helper.make_node(
            'If',
            [g.Squeeze('want_log_prob')],
            ['log_prob', 'next'] if predicts else ['log_prob'],
            then_branch=helper.make_graph(yes.nodes, 'with_head', [], yes_outputs, yes.weights),
            else_branch=helper.make_graph(no.nodes, 'without_head', [], no_outputs, no.weights),
        )
    )


def bam(g: Graph, phi: Name, valid: Name) -> None:
    """Adds the output `scores` [C, N] of the network (NAMM.md 2.1). An entry sees itself and newer ones.

    phi [C, N, 25] features; valid [C, N]: 1 for an entry, 0 for an empty place.
    """
    qkv = g.Add(g.MatMul(phi, 'w_qkv'), 'b_qkv')
    q, k, v = (g.slice(qkv, i * HIDDEN, (i + 1) * HIDDEN, 2) for i in range(3))
    n = g.size(phi, 1)
    index = g.count(n)
    older = g.Where(g.Less(g.Unsqueeze(index, [0]), g.Unsqueeze(index, [1])), np.float32(-1e9), np.float32(0))
    # One more component of queries and keys hides empty places, which costs no pass over the logits.
    q = g.Mul(q, np.float32(HIDDEN**-0.5))
    q = g.concat(q, g.Expand(1.0, g.concat(g.size(phi, 0), n, g.constant([1]), axis=0)), axis=2)
    k = g.concat(k, g.Unsqueeze(g.Mul(g.Sub(valid, np.float32(1)), np.float32(1e9)), [2]), axis=2)
    # Blocks of rows: a block skips the columns of those before it, and its logits fit the processor's cache.
    keys, contexts = g.Transpose(k, perm=[0, 2, 1]), []
    edges = [g.constant([0]), *(g.Div(g.Mul(n, [i]), [BLOCKS]) for i in range(1, BLOCKS)), n]
    for start, end in pairwise(edges):
        mask = g.Slice(older, g.concat(start, start, axis=0), g.concat(end, n, axis=0), [0, 1])
        logits = g.Add(g.MatMul(g.slice(q, start, end, 1), g.slice(keys, start, n, 2)), mask)
        contexts.append(g.MatMul(g.Softmax(logits, axis=-1), g.slice(v, start, n, 1)))
    context = g.concat(*contexts, axis=1)
    out = g.Add(g.MatMul(context, 'w_out'), 'b_out')
    add, gate = g.slice(out, 0, FEATURES, 2), g.slice(out, FEATURES, 2 * FEATURES, 2)
    y = g.Add(g.Mul(phi, g.Add(gate, np.float32(1))), add)
    g.Add(g.Squeeze(g.MatMul(y, g.Unsqueeze('w_score', [1])), [2]), 'b_score', name='scores')


def bam_graph(path: Path) -> None:
    """Writes the network alone, for the conformance tests: features, valid and weights -> scores."""
    g = Graph()
    bam(g, 'features', 'valid')
    inputs = tensors(FLOAT, features=['C', 'N', FEATURES], valid=['C', 'N'], **SHAPES)
    save(g, 'bam', inputs, tensors(FLOAT, scores=['C', 'N']), path)


def memory_graph(path: Path) -> None:
    """Writes the network over all caches at once (NAMM.md 1.6, 2.1); its 4172 weights and the statistics are inputs."""
    g = Graph()
    frequency = (AGE_BASE ** (-np.arange(4) / 4)).astype(np.float32)
    angle = g.Mul(g.Unsqueeze('age', [2]), frequency[None, None])
    z = g.Div(g.Sub('ema', 'mean'), 'std')
    phi = g.concat(g.Sin(angle), g.Cos(angle), z, axis=2)  # [C, N, 25]
    bam(g, phi, 'valid')
    inputs = tensors(FLOAT, ema=['C', 'N', BINS], age=['C', 'N'], valid=['C', 'N'], mean=[BINS], std=[BINS], **SHAPES)
    save(g, 'memory', inputs, tensors(FLOAT, scores=['C', 'N']), path)
