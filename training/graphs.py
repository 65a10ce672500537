"""Builds the ONNX graphs: observer (reads a chunk) and memory (scores cache entries); spectral and bam are for tests.

The graphs are built node by node from the PyTorch weights. The observer reads a chunk against a cache and reduces the
spectrogram of the attention (NAMM.md 1.3-1.4: periodic Hann 32, hop 16, 17 magnitudes, EMA 0.99 per token), so that no
output has the size [heads, U, M + U]. Weights are stored as int8 with a scale per output, or exactly as float32. The
products of the layers are computed in float32, or in int8: the same weights, and activations rounded to 256 levels.

Shapes: U tokens of the chunk, M entries of a cache before it, N = M + U, H KV heads, G query heads per KV head,
T hops of the chunk, C = layers * H caches. A comment `[…]` after a line gives the shape of what it makes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, ValueInfoProto, helper, numpy_helper

from network import AGE_BASE, BINS, FEATURES, HIDDEN, SHAPES

HOP, WINDOW, GAMMA = 16, 32, 0.99
BLOCKS = 8  # the attention of the memory's network is computed in this many blocks of rows
ROWS = 64  # the attention of the model is computed in blocks of this many rows, which fit the processor's cache
HIDES = np.float32(-1e9)  # added to a logit that must not count
END = 2**31  # of a slice: to the end of the axis
FLOAT, INT64 = TensorProto.FLOAT, TensorProto.INT64

Name = str  # of a result, an input or an initializer of a graph
Operand = Name | float | list[int] | list[float] | np.ndarray | np.generic | None


@dataclass
class Weights:
    """The bytes of weights that several graphs share, in a file beside them."""

    file: str
    data: bytearray = field(default_factory=bytearray)
    known: dict[Name, tuple[int, int]] = field(default_factory=dict)  # offset and length

    def keep(self, tensor: onnx.TensorProto) -> onnx.TensorProto:
        """Moves the bytes of a tensor here, unless a tensor of its name is here already."""
        if tensor.name not in self.known:
            self.known[tensor.name] = (len(self.data), len(tensor.raw_data))
            self.data += tensor.raw_data
        offset, length = self.known[tensor.name]
        tensor.ClearField('raw_data')
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in (('location', self.file), ('offset', offset), ('length', length)):
            tensor.external_data.add(key=key, value=str(value))
        return tensor


class Graph:
    """A list of nodes that grows by calls; every call returns the name of its result.

    `graph.MatMul(a, b, …)` appends a node with that operator; strings are names, numbers and arrays become constants.

    exact: weights are stored as float32; int8: products are computed in int8; shared: where weights are stored, if not
    in the graph itself.
    """

    def __init__(
        self, prefix: str = '', exact: bool = False, int8: bool = False, shared: Weights | None = None
    ) -> None:
        self.prefix, self.exact, self.int8, self.shared = prefix, exact, int8, shared
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        self.known: dict[tuple[str, tuple[int, ...], bytes], Name] = {}
        self.rounded: dict[Name, tuple[Name, Name, Name]] = {}

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

    def levels(self, name: Name, array: np.ndarray) -> tuple[Name, Name]:
        """array [outputs, inputs], as PyTorch stores it -> names of its int8 levels and of their scale [outputs, 1]."""
        levels, scale = quantized(array)
        tensor = numpy_helper.from_array(levels, name)
        self.weights.append(self.shared.keep(tensor) if self.shared else tensor)
        self.weights.append(numpy_helper.from_array(scale, f'{name}_scale'))
        return name, f'{name}_scale'

    def weight(self, name: Name, array: np.ndarray) -> Name:
        """array [outputs, inputs], as PyTorch stores it -> name of the same matrix in float32.

        It is stored as int8 with a scale per output, which the runtime multiplies once, when it loads the graph. An
        exact graph stores float32.
        """
        if self.exact:
            self.weights.append(numpy_helper.from_array(array.astype(np.float32), name))
            return name
        levels, scale = self.levels(name, array)
        return self.Mul(self.Cast(levels, to=FLOAT), scale)

    def product(self, x: Name, name: Name, array: np.ndarray, by_row: bool = False) -> Name:
        """x [U, inputs], array [outputs, inputs] -> x times its transpose, [U, outputs].

        by_row: in int8, each row of x is divided by its largest value before x is rounded, because few rows are far
        larger than the others and would leave these hardly a level.
        """
        if not self.int8:
            return self.MatMul(x, self.Transpose(self.weight(name, array), perm=[1, 0]))
        largest = self.Max(self.ReduceMax(self.Abs(x), [-1], keepdims=1), np.float32(1e-30)) if by_row else None
        levels, scale = self.levels(name, array)
        y = self.int8_product(self.Div(x, largest) if largest else x, levels, scale)
        return self.Mul(y, largest) if largest else y

    def int8_product(self, x: Name, levels: Name, scale: Name) -> Name:
        """x [U, inputs], which is rounded; levels [outputs, inputs] and their scale [outputs, 1] -> [U, outputs]."""
        rounded, x_scale, zero = self.round(x)
        sums = self.MatMulInteger(rounded, self.Transpose(levels, perm=[1, 0]), zero)
        return self.Mul(self.Cast(sums, to=FLOAT), self.Mul(x_scale, self.Squeeze(scale, [1])))

    def round(self, x: Name) -> tuple[Name, Name, Name]:
        """Names of the levels of x in uint8, of their scale and of the level of zero."""
        if x not in self.rounded:
            self.rounded[x] = (f'{x}_levels', f'{x}_levels_scale', f'{x}_levels_zero')
            self.nodes.append(helper.make_node('DynamicQuantizeLinear', [x], self.rounded[x]))
        return self.rounded[x]

    def loop(
        self,
        trips: Name,
        carried: dict[str, tuple[Name, Sequence[int | str | None]]],
        body: Callable[..., Sequence[Name]],
    ) -> list[Name]:
        """Runs a part of the graph `trips` [1] times -> names of what it carries, after the last time.

        carried: a first value and a shape of each; body(graph, index [1], *carried) -> their next values.
        """
        inner = Graph(prefix=f'{self.prefix}loop{len(self.nodes)}_', exact=self.exact, int8=self.int8)
        index, again = f'{inner.prefix}index', f'{inner.prefix}again'
        names = [f'{inner.prefix}{name}' for name in carried]
        results = body(inner, inner.Unsqueeze(index, [0]), *names)
        outputs = [inner.Identity(again), *(inner.Identity(r) for r in results)]
        value = helper.make_tensor_value_info
        shapes = [shape for _, shape in carried.values()]
        graph = helper.make_graph(
            inner.nodes,
            'loop',
            [
                value(index, INT64, []),
                value(again, TensorProto.BOOL, []),
                *(value(n, FLOAT, s) for n, s in zip(names, shapes, strict=True)),
            ],
            [
                value(outputs[0], TensorProto.BOOL, []),
                *(value(n, FLOAT, s) for n, s in zip(outputs[1:], shapes, strict=True)),
            ],
            inner.weights,
        )
        last = [f'{n}_end' for n in names]
        firsts = [first for first, _ in carried.values()]
        self.nodes.append(helper.make_node('Loop', [self.Squeeze(trips), '', *firsts], last, body=graph))
        return last

    def zeros(self, *dims: Name | int) -> Name:
        """Zeros of a shape; dims as for `reshape`."""
        return self.Expand(0.0, self.dims(*dims))

    def dims(self, *dims: Name | int) -> Name:
        """Numbers and names of [1] tensors, joined."""
        return self.concat(*[self.constant([d]) if isinstance(d, int) else d for d in dims], axis=0)

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
        return self.Reshape(x, self.dims(*dims), allowzero=1)

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
    """Writes the graph as a model, its shared weights beside it, and checks it."""
    model = helper.make_model(
        helper.make_graph(graph.nodes, name, inputs, outputs, graph.weights),
        opset_imports=[helper.make_opsetid('', 18)],
        ir_version=9,
        producer_name='namm-context',
    )
    path.write_bytes(model.SerializeToString())
    if graph.shared:
        (path.parent / graph.shared.file).write_bytes(graph.shared.data)
    onnx.checker.check_model(str(path), full_check=True)


def windowed_transform() -> tuple[np.ndarray, np.ndarray]:
    """Real and imaginary rows of the windowed Fourier transform of 32 samples, [17, 32] each (NAMM.md 1.3)."""
    n = np.arange(WINDOW)
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * n / WINDOW)
    angle = 2 * np.pi * np.arange(BINS)[:, None] * n / WINDOW
    return (np.cos(angle) * hann).astype(np.float32), (-np.sin(angle) * hann).astype(np.float32)


@dataclass
class Chunk:
    """What every block of rows of a chunk needs to know; rows are queries."""

    u: Name  # [1] rows
    seen: Name  # [16 + U] 1 for a token, 0 for padding; the 16 rows before the chunk count as tokens
    fading: Name  # [T] weight of each frame in the moving average at the end of the chunk

    def rows_of(self, b: Graph, block: Name) -> tuple[Name, Name, Name]:
        """block [1] its number -> its first row, the row behind its last, its number of rows; [1] each."""
        start = b.Mul(block, [ROWS])
        end = b.Min(b.Add(start, [ROWS]), self.u)
        return start, end, b.Sub(end, start)


def chunk_of(g: Graph, u: Name, real: Name | None) -> Chunk:
    """u [1] rows, a multiple of 16; real [U]: 1 for a token, 0 for padding (None: all tokens)."""
    hops, decay = g.Div(u, [HOP]), GAMMA**HOP
    age = g.Cast(g.Sub(g.Sub(hops, [1]), g.count(hops)), to=FLOAT)
    fading = g.Mul(np.float32(1 - decay), g.Pow(np.float32(decay), age))  # newest last
    return Chunk(u, g.concat(g.constant(np.ones(HOP)), real or g.Expand(1.0, u), axis=0), fading)


def block_spectrum(
    b: Graph, chunk: Chunk, mean: Name, before: Name, start: Name, end: Name, frames: bool = False
) -> tuple[Name, Name, Name | None]:
    """Spectrogram of a block of rows of the attention, faded as it will be at the end of the chunk (NAMM.md 1.3-1.4).

    mean [H, rows, W]: attention that W entries get, as a mean over the query heads of a KV head; before [H, 16, W]: the
    16 rows above; start, end [1]: its rows in the chunk
    -> sum over its frames [H, 17, W], its last 16 rows [H, 16, W], and if asked for each frame [H, frames, 17, W]

    Frames overlap by half: the odd ones tile the block as it lies in memory, the even ones tile the same behind the
    rows above, so that each frame is one product with a whole window. The transform is multiplied by `seen` and by the
    weight of the frame, because it is smaller than the attention and than the frames. The attention column of an entry
    is zero before the entry exists, so its frames are zero and the sum over frames needs no mask.
    """
    heads, width, rows = b.size(mean, 0), b.size(mean, 2), b.Sub(end, start)
    fading = b.slice(chunk.fading, b.Div(start, [HOP]), b.Div(end, [HOP]), 0)
    both = b.concat(before, mean, axis=1)
    odd = b.Div(rows, [WINDOW])
    even = b.Sub(b.Div(rows, [HOP]), odd)
    parts, single = [], []
    for first, count, source in ((0, even, both), (1, odd, mean)):
        height = b.Mul(count, [WINDOW])
        top = b.Add(start, [HOP]) if first else start
        seen = b.reshape(b.slice(chunk.seen, top, b.Add(top, height), 0), count, 1, WINDOW)
        own = b.reshape(b.Slice(fading, [first], [END], [0], [2]), count, 1, 1)
        window = b.reshape(b.slice(source, 0, height, 1), heads, count, WINDOW, width)
        scaled = b.Mul(seen, own)
        re, im = (b.MatMul(b.Mul(scaled, part), window) for part in windowed_transform())  # [H, frames, 17, W]
        magnitude = b.Sqrt(b.Add(b.Mul(re, re), b.Mul(im, im)))
        parts.append(b.ReduceSum(magnitude, [1], keepdims=0))
        single.append(magnitude)
    each = None
    if frames:
        index = b.count(b.Add(even, odd))
        order = b.Add(b.Div(index, 2), b.Mul(b.Mod(index, 2), b.Squeeze(even)))
        each = b.Gather(b.concat(*single, axis=1), order, axis=1)
    return b.Add(*parts), b.slice(both, -HOP, END, 1), each


def wider(b: Graph, x: Name, width: Name) -> Name:
    """x [H, rows, W] with zeros for the entries up to `width` [1]."""
    return b.concat(x, b.zeros(b.size(x, 0), b.size(x, 1), b.Sub(width, b.size(x, 2))), axis=2)


def ends(g: Graph, chunk: Chunk, past_ema: Name, summed: Name, last: Name) -> tuple[Name, Name]:
    """The moving average and the remembered samples after the chunk.

    past_ema [H, M, 17]; summed [H, 17, N] over the frames of the chunk; last [H, 16, N] rows -> [H, N, 17], [H, N, 16]
    """
    new = g.Sub(g.size(summed, 2), g.size(past_ema, 1))
    faded = g.Mul(past_ema, g.Pow(np.float32(GAMMA), g.Cast(chunk.u, to=FLOAT)))
    past = g.concat(faded, g.zeros(g.size(past_ema, 0), new, BINS), axis=1)
    last = g.Mul(last, g.Unsqueeze(g.slice(chunk.seen, -HOP, END, 0), [0, 2]))
    return g.Add(g.Transpose(summed, perm=[0, 2, 1]), past), g.Transpose(last, perm=[0, 2, 1])


def spectral_graph(path: Path) -> None:
    """Writes the spectrogram alone, for the conformance tests: attn [Hq, U, N] -> frames, ema, tail."""
    g = Graph()
    heads, u, total = g.size('past_tail', 0), g.size('attn', 1), g.size('attn', 2)
    chunk = chunk_of(g, u, None)
    even = replace(chunk, fading=g.Expand(1.0, g.Div(u, [HOP])))  # so that each frame is as it is before it fades
    mean = g.ReduceMean(g.reshape('attn', heads, -1, u, total), [1], keepdims=0)

    def block(b: Graph, index: Name, before: Name, summed: Name, frames: Name) -> list[Name]:
        start, end, _ = chunk.rows_of(b, index)
        own = b.slice(mean, start, end, 1)
        part, last, _ = block_spectrum(b, chunk, own, before, start, end)
        each = block_spectrum(b, even, own, before, start, end, frames=True)[2]
        return [last, b.Add(summed, part), b.concat(frames, each, axis=1)]

    remembered = wider(g, g.Transpose('past_tail', perm=[0, 2, 1]), total)
    carried = {
        'before': (remembered, [None, HOP, None]),
        'summed': (g.zeros(heads, BINS, total), [None, BINS, None]),
        'frames': (g.zeros(heads, 0, BINS, total), [None, None, BINS, None]),
    }
    last, summed, frames = g.loop(g.Div(g.Add(u, [ROWS - 1]), [ROWS]), carried, block)
    g.Transpose(frames, perm=[0, 1, 3, 2], name='frames')  # [H, T, N, 17]
    ema, tail = ends(g, chunk, 'past_ema', summed, last)
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


def attend(
    g: Graph, chunk: Chunk, q: Name, all_k: Name, all_v: Name, past_tail: Name, past_ema: Name
) -> tuple[Name, Name, Name, Name]:
    """Attention of a chunk in blocks of rows, with its spectrogram.

    q [H, G, U, size + 1], all_k [H, N, size + 1], all_v [H, N, size]; past_tail [H, M, 16] last samples of each entry;
    past_ema [H, M, 17]
    -> mixed values [H, G, U, size], ema [H, N, 17], tail [H, N, 16], sums [H, N] of the attention over the real queries

    A block needs no entry behind its last row, and what it computes stays in the processor's cache.
    """
    heads, group, size = (g.size(q, 0), g.size(q, 1), g.size(all_v, 2))
    total, old = g.size(all_k, 1), g.size(past_tail, 1)
    keys = g.Transpose(all_k, perm=[0, 2, 1])
    future = np.triu(np.full((ROWS, ROWS), HIDES, np.float32), 1)

    def block(b: Graph, index: Name, mixed: Name, before: Name, summed: Name, sums: Name) -> list[Name]:
        start, end, rows = chunk.rows_of(b, index)
        width = b.Add(old, end)
        own = b.reshape(b.slice(q, start, end, 2), heads, b.Mul(group, rows), g.size(q, 3))
        logits = b.reshape(b.MatMul(own, b.slice(keys, 0, width, 2)), heads, group, rows, width)
        corner = b.Slice(future, [0, 0], b.dims(rows, rows), [0, 1])
        mask = b.concat(b.zeros(rows, b.Add(old, start)), corner, axis=1)
        attention = b.Softmax(b.Add(logits, mask), axis=-1)  # [H, G, rows, W]
        flat = b.reshape(attention, heads, b.Mul(group, rows), width)
        values = b.reshape(b.MatMul(flat, b.slice(all_v, 0, width, 1)), heads, group, rows, size)
        # The mean over the group is taken before the transform: a third of the spectrogram's work.
        mean = b.ReduceMean(attention, [1], keepdims=0)  # [H, rows, W]
        part, last, _ = block_spectrum(b, chunk, mean, wider(b, before, width), start, end)
        top = b.Add(start, [HOP])
        seen = b.Unsqueeze(b.slice(chunk.seen, top, b.Add(top, rows), 0), [0])
        return [
            b.concat(mixed, values, axis=2),
            last,
            b.Add(summed, wider(b, part, total)),
            b.Add(sums, wider(b, b.MatMul(seen, mean), total)),
        ]

    carried = {
        'mixed': (g.zeros(heads, group, 0, size), [None, None, None, None]),
        'before': (g.Transpose(past_tail, perm=[0, 2, 1]), [None, HOP, None]),
        'summed': (g.zeros(heads, BINS, total), [None, BINS, None]),
        'sums': (g.zeros(heads, 1, total), [None, 1, None]),
    }
    mixed, last, summed, sums = g.loop(g.Div(g.Add(chunk.u, [ROWS - 1]), [ROWS]), carried, block)
    return mixed, *ends(g, chunk, past_ema, summed, last), g.Squeeze(sums, [1])


def observer_graph(
    config: dict[str, Any],
    weights: dict[str, np.ndarray],
    path: Path,
    predicts: bool = False,
    exact: bool = False,
    int8: bool = False,
    shared: Weights | None = None,
) -> None:
    """Writes the base model as it reads: U tokens against M cache entries (docs/method.md gives the contract).

    config, weights: as a checkpoint holds them; predicts: the graph also gives the most probable next token; exact:
    weights are stored as float32; int8: products are computed in int8; shared: where weights are stored, if not in the
    graph itself.
    """
    layers, heads, kv, size = config['layers'], config['heads'], config['kv_heads'], config['head_size']
    group, eps = heads // kv, config['norm_eps']
    g = Graph(exact=exact, int8=int8, shared=shared)
    table = None if int8 else g.weight('embedding', weights['embedding.weight'])
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

    # Padding comes after every token, so a causal mask hides it.
    chunk = chunk_of(g, u, g.Cast(g.Less(g.count(u), 'n_valid'), to=FLOAT))
    if table:
        x = g.Gather(table, 'input_ids')
    else:  # rows are scaled after they are chosen: the table in float32 would take four times the memory
        x, scale = (g.Gather(part, 'input_ids') for part in g.levels('embedding', weights['embedding.weight']))
        x = g.Mul(g.Cast(x, to=FLOAT), scale)
    x = rms_norm(g, x, None, eps)
    stores: dict[str, list[Name]] = {n: [] for n in ('key', 'value', 'ema', 'tail', 'attn_sum', 'key_norm')}
    for i in range(layers):
        prefix = f'blocks.{i}.'
        layer = {n.removeprefix(prefix): w for n, w in weights.items() if n.startswith(prefix)}
        h = rms_norm(g, x, layer['norm1.weight'].astype(np.float32), eps)
        qkv = g.product(h, f'qkv{i}', np.concatenate([layer[f'{n}.weight'] for n in 'qkv']))
        q, k, v = split_heads(qkv, 0, heads), split_heads(qkv, heads, kv), split_heads(qkv, heads + kv, kv)
        q = g.Mul(rotate(q, cos_q, sin_q), np.float32(size**-0.5))
        all_k = rotate(g.concat(g.Gather('past_key', i, axis=0), k, axis=1), cos, sin)  # [H, N, size]
        all_v = g.concat(g.Gather('past_value', i, axis=0), v, axis=1)
        # One more component of keys and queries hides empty cache entries: -1e9 for an empty one, 0 for others.
        empty = g.Mul(g.Sub(np.float32(1), g.Gather('past_valid', i, axis=0)), HIDES)
        empty = g.concat(empty, g.zeros(kv, u), axis=1)
        q = g.concat(q, g.Expand(1.0, g.dims(heads, u, 1)), axis=2)
        all_k = g.concat(all_k, g.Unsqueeze(empty, [2]), axis=2)  # [H, N, size + 1]
        past_tail, past_ema = (g.Gather(f'past_{n}', i, axis=0) for n in ('tail', 'ema'))
        grouped = g.reshape(q, kv, group, u, size + 1)
        mixed, ema, tail, sums = attend(g, chunk, grouped, all_k, all_v, past_tail, past_ema)
        mixed = g.Transpose(g.reshape(mixed, heads, u, size), perm=[1, 0, 2])
        x = g.Add(x, g.product(g.reshape(mixed, u, heads * size), f'o{i}', layer['o.weight']))
        h = rms_norm(g, x, layer['norm2.weight'].astype(np.float32), eps)
        gate, up = (g.product(h, f'{n}{i}', layer[f'{n}.weight']) for n in ('gate', 'up'))
        hidden = g.Mul(g.Mul(gate, g.Sigmoid(gate)), up)
        x = g.Add(x, g.product(hidden, f'down{i}', layer['down.weight'], by_row=True))
        if i + 1 == layers // 2:
            middle = x
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
    if int8:
        outputs += add_check(g)
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


def add_check(g: Graph) -> list[ValueInfoProto]:
    """Adds the output `int8_check` [64, 64]: sums of 384 products of 255 and 127, the largest there are.

    Processors without instructions for it add two products in 16 bits, which cannot hold them. The engine uses the
    graph only if each sum is 12435840. The input keeps the runtime from computing it when it loads the graph.
    """
    most = g.Cast(g.Add(g.Mul('n_valid', [0]), [255]), to=TensorProto.UINT8)
    g.weights.append(numpy_helper.from_array(np.full((384, 64), 127, np.int8), 'int8_check_right'))
    g.MatMulInteger(g.Expand(most, [64, 384]), 'int8_check_right', name='int8_check')
    return tensors(TensorProto.INT32, int8_check=[64, 64])


def add_forecast(g: Graph, states: Name, weights: dict[str, np.ndarray]) -> int:
    """Adds the output `forecast` [U, KINDS * (3 * size + 1)], laid out as in model.py, Forecast -> its width.

    states [U, 2 * d_model]: of the last and of the middle layer.
    """
    h = g.product(states, 'forecast_up', weights['forecast.up.weight'])
    out = g.product(g.Mul(h, g.Sigmoid(h)), 'forecast_out', weights['forecast.out.weight'])
    bias = weights['forecast.bias'].astype(np.float32)  # [KINDS]
    own = np.zeros((len(bias), len(weights['forecast.out.weight']) // len(bias)), np.float32)
    own[:, -1] = bias
    g.weights.append(numpy_helper.from_array(own.reshape(1, -1), 'forecast_bias'))
    g.Add(out, 'forecast_bias', name='forecast')
    return own.size


def add_head(g: Graph, last: Name, table: Name | None, predicts: bool) -> None:
    """Adds the outputs `log_prob` of the targets and, if asked for, `next`.

    The vocabulary head is a third of the model: it is computed only if the input `want_log_prob` is true, else both
    outputs are zero. last [U, d_model], table [vocab, d_model] (None: the levels of the embedding).
    """
    yes, no = Graph('head_'), Graph('none_')
    # What depends on nothing stands outside of the branch, where the runtime computes it once.
    if table is None:
        rounded, x_scale, zero = g.round(last)
        right, scale = g.Transpose('embedding', perm=[1, 0]), g.Squeeze('embedding_scale', [1])
        products = yes.Cast(yes.MatMulInteger(rounded, right, zero), to=FLOAT)
        logits = yes.Mul(products, yes.Mul(x_scale, scale))
    else:
        logits = yes.MatMul(last, g.Transpose(table, perm=[1, 0]))
    scores = yes.LogSoftmax(logits, axis=-1)
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
