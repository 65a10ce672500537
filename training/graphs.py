"""Knows the ONNX graphs that the engine runs: observer (reads a chunk), memory (scores cache entries), spectral and bam (tests).

They are built node by node from the PyTorch weights: chunk reading with a cache, the spectrogram reduced inside
the graph (NAMM.md 1.3-1.4: periodic Hann 32, hop 16, 17 magnitudes, EMA 0.99 a token) and nothing of size
[heads, U, M + U] among the outputs. Weights are stored as int8 with a scale for each output, unless exactness is asked for, and computed with as float32.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HOP, WINDOW, BINS, GAMMA = 16, 32, 17, 0.99
FEATURES, HIDDEN, AGE_BASE = 25, 32, 50000.0
BLOCKS = 8  # the memory's own attention is computed in as many blocks of rows


class Graph:
    """A list of nodes that grows by calls; every call returns the name of its (first) result."""

    def __init__(self, prefix='', exact=False):
        self.prefix, self.exact, self.nodes, self.weights, self.known = prefix, exact, [], [], {}

    def __getattr__(self, operator):
        """graph.MatMul(a, b, …) appends a node; names are strings, numbers and arrays become constants."""
        if operator.startswith('_'):
            raise AttributeError(operator)

        def call(*inputs, outputs=1, name=None, **attributes):
            names = [name] if name else [f'{self.prefix}{operator}_{len(self.nodes)}_{i}' for i in range(outputs)]
            ins = ['' if x is None else x if isinstance(x, str) else self.constant(x) for x in inputs]
            self.nodes.append(helper.make_node(operator, ins, names, **attributes))
            return names[0] if len(names) == 1 else names

        return call

    def constant(self, value):
        """Name of an initializer holding `value`: float32, or int64 when every element is an integer."""
        array = np.asarray(value)
        array = array.astype(np.float32 if array.dtype.kind == 'f' else np.int64)
        key = (array.dtype.str, array.shape, array.tobytes())
        if key not in self.known:
            self.known[key] = f'{self.prefix}c{len(self.known)}'
            self.weights.append(numpy_helper.from_array(array, self.known[key]))
        return self.known[key]

    def weight(self, name, array):
        """array [outputs, inputs], as PyTorch has it: stored so as int8 with a scale for each output, handed out as float32
        (the runtime computes it once, when it loads). An exact graph has float32 instead."""
        if self.exact:
            self.weights.append(numpy_helper.from_array(array.astype(np.float32), name))
            return name
        levels, scale = quantized(array)
        self.weights += [numpy_helper.from_array(levels, name), numpy_helper.from_array(scale, f'{name}_scale')]
        return self.Mul(self.Cast(name, to=TensorProto.FLOAT), f'{name}_scale')

    def matrix(self, name, array):
        """The same, to multiply with from the right: [inputs, outputs]."""
        return self.Transpose(self.weight(name, array), perm=[1, 0])

    def size(self, x, axis):
        return self.Shape(x, start=axis, end=axis + 1)  # [1]

    def slice(self, x, start, end, axis):
        return self.Slice(
            x, start if isinstance(start, str) else [start], end if isinstance(end, str) else [end], [axis]
        )

    def concat(self, *xs, axis):
        return self.Concat(*xs, axis=axis)

    def reshape(self, x, *dims):
        """dims: numbers (0 copies, -1 infers) or names of [1] tensors."""
        if all(isinstance(d, int) for d in dims):
            return self.Reshape(x, list(dims))
        return self.Reshape(x, self.concat(*[d if isinstance(d, str) else self.constant([d]) for d in dims], axis=0))


def quantized(array):
    """[outputs, inputs] -> int8 of the same shape, float32 scale [outputs, 1]; their product is nearest to it."""
    scale = (np.abs(array).max(1, keepdims=True) / 127).astype(np.float32)
    scale[scale == 0] = 1
    return np.rint(array / scale).astype(np.int8), scale


def value(name, kind, shape):
    return helper.make_tensor_value_info(name, kind, shape)


def save(graph, name, inputs, outputs, path):
    model = helper.make_model(
        helper.make_graph(graph.nodes, name, inputs, outputs, graph.weights),
        opset_imports=[helper.make_opsetid('', 18)],
        ir_version=9,
        producer_name='namm-context',
    )
    onnx.checker.check_model(model, full_check=True)
    path.write_bytes(model.SerializeToString())


def spectral(g, attention, past_tail, past_ema, real=None, frames_name=None):
    """attention [H, U, N] (KV-head means), past_tail [H, O, 16], past_ema [H, O, 17], real [U] or None: 1 for real queries, 0
    for padding -> ema [H, N, 17], tail [H, N, 16], sums [H, N] over the real queries.

    Frames before a new entry exists are zero because its attention column is, so the sum over frames needs no mask. Frames
    overlap by half: the odd ones tile the attention as it lies in memory, the even ones the same behind the remembered
    samples, so that each is one product with a whole window. What padding queries saw is left out by the small factors.
    """
    n = np.arange(WINDOW)
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * n / WINDOW)
    angle = 2 * np.pi * np.arange(BINS)[:, None] * n / WINDOW
    dft = (np.stack([np.cos(angle), -np.sin(angle)]) * hann).astype(np.float32)  # [2, 17, 32]: real, imaginary
    u, total, old = g.size(attention, 1), g.size(attention, 2), g.size(past_tail, 1)
    heads = g.size(attention, 0)
    new = g.Sub(total, old)
    history = g.concat(
        g.Transpose(past_tail, perm=[0, 2, 1]), g.Expand(0.0, g.concat(heads, g.constant([HOP]), new, axis=0)), axis=2
    )  # [H, 16, N]
    blocks = g.Div(u, [HOP])  # T
    odd = g.Div(u, [WINDOW])  # frames 1, 3, …
    even = g.Sub(blocks, odd)  # frames 0, 2, …
    decay = GAMMA**HOP
    age = g.Cast(
        g.Sub(g.Sub(blocks, [1]), g.Range(g.constant(0), g.Squeeze(blocks), g.constant(1))), to=TensorProto.FLOAT
    )
    weights = g.Mul(np.float32(1 - decay), g.Pow(np.float32(decay), age))  # [T], newest last
    seen = real if real else g.Expand(1.0, u)
    parts, summed = [], []
    for first, count in ((0, even), (1, odd)):
        rows = g.Mul(count, [WINDOW])
        start = (
            g.slice(attention, 0, rows, 1)
            if first
            else g.concat(history, g.slice(attention, 0, g.Sub(rows, [HOP]), 1), axis=1)
        )
        mask = (
            g.slice(seen, 0, rows, 0)
            if first
            else g.concat(g.constant(np.ones(HOP)), g.slice(seen, 0, g.Sub(rows, [HOP]), 0), axis=0)
        )
        window = g.reshape(start, 0, count, WINDOW, total)  # [H, T/2, 32, N]
        mask = g.reshape(mask, count, 1, WINDOW)
        re, im = (g.MatMul(g.Mul(mask, half), window) for half in dft)  # [H, T/2, 17, N]
        frames = g.Sqrt(g.Add(g.Mul(re, re), g.Mul(im, im)))
        parts.append(frames)
        own = g.Unsqueeze(g.Slice(weights, [first], [2**31], [0], [2]), [0])  # [1, T/2]
        rows = g.reshape(frames, heads, count, g.Mul(total, [BINS]))  # [H, T/2, 17 N]
        if first:  # sixteen queries have no odd frame, and a product over nothing is whatever lay in memory: one row of zeros more
            own = g.concat(own, g.constant(np.zeros((1, 1))), axis=1)
            rows = g.concat(rows, g.Expand(0.0, g.concat(heads, [1], g.Mul(total, [BINS]), axis=0)), axis=1)
        summed.append(g.MatMul(own, rows))  # [H, 1, 17 N]
    if frames_name:
        both = g.concat(*parts, axis=1)
        order = g.Add(
            g.Div(g.Range(g.constant(0), g.Squeeze(blocks), g.constant(1)), 2),
            g.Mul(g.Mod(g.Range(g.constant(0), g.Squeeze(blocks), g.constant(1)), 2), g.Squeeze(even)),
        )
        g.Transpose(g.Gather(both, order, axis=1), perm=[0, 1, 3, 2], name=frames_name)  # [H, T, N, 17]
    faded = g.Mul(past_ema, g.Pow(np.float32(GAMMA), g.Cast(u, to=TensorProto.FLOAT)))
    carried = g.concat(faded, g.Expand(0.0, g.concat(heads, new, g.constant([BINS]), axis=0)), axis=1)
    ema = g.Add(g.Transpose(g.reshape(g.Add(*summed), heads, BINS, total), perm=[0, 2, 1]), carried)
    last = g.Mul(g.slice(attention, -HOP, 2**31, 1), g.Unsqueeze(g.slice(seen, -HOP, 2**31, 0), [0, 2]))
    sums = g.Squeeze(g.MatMul(g.Unsqueeze(seen, [0]), attention), [1])  # [H, N]
    return ema, g.Transpose(last, perm=[0, 2, 1]), sums


def spectral_graph(path):
    """Stand-alone form for the conformance tests: attn [Hq, U, N] -> frames, ema, tail."""
    g = Graph()
    heads = g.size('past_tail', 0)
    grouped = g.reshape('attn', heads, -1, g.size('attn', 1), g.size('attn', 2))
    mean = g.ReduceMean(grouped, [1], keepdims=0)
    ema, tail, _ = spectral(g, mean, 'past_tail', 'past_ema', frames_name='frames')
    g.Identity(ema, name='ema')
    g.Identity(tail, name='tail')
    f = TensorProto.FLOAT
    save(
        g,
        'spectral',
        [
            value('attn', f, ['Hq', 'U', 'N']),
            value('past_tail', f, ['H', 'O', HOP]),
            value('past_ema', f, ['H', 'O', BINS]),
        ],
        [
            value('frames', f, ['H', 'T', 'N', BINS]),
            value('ema', f, ['H', 'N', BINS]),
            value('tail', f, ['H', 'N', HOP]),
        ],
        path,
    )


def rms_norm(g, x, weight, size, eps):
    mean = g.ReduceMean(g.Mul(x, x), [-1], keepdims=1)
    y = g.Div(x, g.Sqrt(g.Add(mean, np.float32(eps))))
    return y if weight is None else g.Mul(y, weight)


def observer_graph(config, weights, path, predicts=False, exact=False):
    """Reads U tokens against M cache entries; see docs/method.md for the contract. `predicts`: it also says the next token.
    `exact`: weights are stored as float32."""
    c = config
    layers, heads, kv, size = c['layers'], c['heads'], c['kv_heads'], c['head_size']
    group = heads // kv
    g = Graph(exact=exact)
    table = g.weight('embedding', weights['embedding.weight'])
    u, m = g.size('input_ids', 0), g.size('past_key', 2)
    total = g.Add(m, u)
    half = size // 2
    frequency = (c['rope_base'] ** (-np.arange(half) / half)).astype(np.float32)
    slots = g.Cast(g.Range(g.constant(0), g.Squeeze(total), g.constant(1)), to=TensorProto.FLOAT)
    angle = g.MatMul(g.Unsqueeze(slots, [1]), frequency[None])  # [M + U, half]
    cos, sin = g.Cos(g.concat(angle, angle, axis=1)), g.Sin(g.concat(angle, angle, axis=1))
    cos_q, sin_q = g.slice(cos, m, 2**31, 0), g.slice(sin, m, 2**31, 0)

    def rotate(x, cos, sin):
        turned = g.concat(g.Neg(g.slice(x, half, size, -1)), g.slice(x, 0, half, -1), axis=-1)
        return g.Add(g.Mul(x, cos), g.Mul(turned, sin))

    # Additive mask [U, U] for the chunk, and for each cache [1, M]; padding keys stand behind every real query.
    index = g.Range(g.constant(0), g.Squeeze(u), g.constant(1))
    future = g.Less(g.Unsqueeze(index, [1]), g.Unsqueeze(index, [0]))
    causal = g.concat(
        g.Expand(0.0, g.concat(u, m, axis=0)), g.Where(future, np.float32(-1e9), np.float32(0)), axis=1
    )  # [U, M + U]
    real = g.Cast(g.Less(index, 'n_valid'), to=TensorProto.FLOAT)  # [U]

    x = g.Gather(table, 'input_ids')
    x = rms_norm(g, x, None, c['d_model'], c['norm_eps'])
    keys, values, emas, tails, sums, norms = [], [], [], [], [], []
    for i in range(layers):

        def w(name):
            return weights[f'blocks.{i}.{name}.weight']

        def pick(name):
            return g.Gather(name, i, axis=0)

        h = rms_norm(g, x, w('norm1').astype(np.float32), c['d_model'], c['norm_eps'])
        qkv = g.MatMul(h, g.matrix(f'qkv{i}', np.concatenate([w('q'), w('k'), w('v')])))
        q = g.Transpose(g.reshape(g.slice(qkv, 0, heads * size, 1), u, heads, size), perm=[1, 0, 2])
        k = g.Transpose(g.reshape(g.slice(qkv, heads * size, (heads + kv) * size, 1), u, kv, size), perm=[1, 0, 2])
        v = g.Transpose(
            g.reshape(g.slice(qkv, (heads + kv) * size, (heads + 2 * kv) * size, 1), u, kv, size), perm=[1, 0, 2]
        )
        q = g.Mul(rotate(q, cos_q, sin_q), np.float32(size**-0.5))
        all_k = rotate(g.concat(pick('past_key'), k, axis=1), cos, sin)  # [H, M + U, size]
        all_v = g.concat(pick('past_value'), v, axis=1)
        # What is not there is hidden by one more factor of keys and queries: -1e9 for it, 0 for what is there.
        absent = g.concat(
            g.Mul(g.Sub(pick('past_valid'), np.float32(1)), np.float32(1e9)),
            g.Expand(0.0, g.concat(g.constant([kv]), u, axis=0)),
            axis=1,
        )
        q = g.concat(q, g.Expand(1.0, g.concat(g.constant([heads]), u, g.constant([1]), axis=0)), axis=2)
        all_k = g.concat(all_k, g.Unsqueeze(absent, [2]), axis=2)  # [H, M + U, size + 1]
        logits = g.MatMul(g.reshape(q, kv, group, u, size + 1), g.Unsqueeze(g.Transpose(all_k, perm=[0, 2, 1]), [1]))
        attention = g.Softmax(g.Add(logits, causal), axis=-1)  # [H, G, U, M + U]
        mixed = g.reshape(g.MatMul(attention, g.Unsqueeze(all_v, [1])), heads, u, size)
        x = g.Add(
            x, g.MatMul(g.reshape(g.Transpose(mixed, perm=[1, 0, 2]), u, heads * size), g.matrix(f'o{i}', w('o')))
        )
        h = rms_norm(g, x, w('norm2').astype(np.float32), c['d_model'], c['norm_eps'])
        gate, up = g.MatMul(h, g.matrix(f'gate{i}', w('gate'))), g.MatMul(h, g.matrix(f'up{i}', w('up')))
        x = g.Add(x, g.MatMul(g.Mul(g.Mul(gate, g.Sigmoid(gate)), up), g.matrix(f'down{i}', w('down'))))
        if i + 1 == layers // 2:
            middle = x
        # The group is averaged before the transform: a third of the spectrogram's work.
        mean = g.ReduceMean(attention, [1], keepdims=0)  # [H, U, M + U]
        ema, tail, seen = spectral(g, mean, pick('past_tail'), pick('past_ema'), real)
        for store, part in (
            (keys, k),
            (values, v),
            (emas, ema),
            (tails, tail),
            (sums, seen),
            (norms, g.Sqrt(g.ReduceSum(g.Mul(k, k), [2], keepdims=0))),
        ):
            store.append(g.Unsqueeze(part, [0]))
    for name, parts in (
        ('key', keys),
        ('value', values),
        ('ema', emas),
        ('tail', tails),
        ('attn_sum', sums),
        ('key_norm', norms),
    ):
        g.Concat(*parts, axis=0, name=name)

    # The vocabulary head is a third of the model: only computed when somebody asks for surprisal.
    last = rms_norm(g, x, weights['norm.weight'].astype(np.float32), c['d_model'], c['norm_eps'])
    foretells = 'forecast.up.weight' in weights
    if foretells:
        known = g.concat(last, rms_norm(g, middle, None, c['d_model'], c['norm_eps']), axis=1)
        h = g.MatMul(known, g.matrix('forecast_up', weights['forecast.up.weight']))
        said = g.MatMul(g.Mul(h, g.Sigmoid(h)), g.matrix('forecast_out', weights['forecast.out.weight']))
        bias = weights['forecast.bias'].astype(np.float32)
        own = np.zeros((len(bias), len(weights['forecast.out.weight']) // len(bias)), np.float32)
        own[:, -1] = bias
        g.weights.append(numpy_helper.from_array(own.reshape(1, -1), 'forecast_bias'))
        g.Add(said, 'forecast_bias', name='forecast')  # [U, KINDS * (3 * size + 1)], as model.py, Forecast
    yes = Graph('head_')
    scores = yes.LogSoftmax(yes.MatMul(last, yes.Transpose(table, perm=[1, 0])), axis=-1)
    taken = yes.Squeeze(yes.GatherElements(scores, yes.Unsqueeze('targets', [1]), axis=1), [1], name='yes_log_prob')
    no = Graph('none_')
    none = no.Mul(no.Cast('targets', to=TensorProto.FLOAT), np.float32(0), name='no_log_prob')
    f, i64 = TensorProto.FLOAT, TensorProto.INT64
    ends = [[value(taken, f, ['U'])], [value(none, f, ['U'])]]
    if predicts:
        ends[0].append(value(yes.ArgMax(scores, axis=-1, keepdims=0, name='yes_next'), i64, ['U']))
        ends[1].append(value(no.Mul('targets', [0], name='no_next'), i64, ['U']))
    branches = [
        helper.make_graph(b.nodes, n, [], e, b.weights)
        for b, n, e in ((yes, 'with_head', ends[0]), (no, 'without_head', ends[1]))
    ]
    g.nodes.append(
        helper.make_node(
            'If',
            [g.Squeeze('want_log_prob')],
            ['log_prob', 'next'][: len(ends[0])],
            then_branch=branches[0],
            else_branch=branches[1],
        )
    )
    save(
        g,
        'observer',
        [
            value('input_ids', i64, ['U']),
            value('targets', i64, ['U']),
            value('n_valid', i64, [1]),
            value('want_log_prob', TensorProto.BOOL, [1]),
            value('past_key', f, [layers, kv, 'M', size]),
            value('past_value', f, [layers, kv, 'M', size]),
            value('past_valid', f, [layers, kv, 'M']),
            value('past_ema', f, [layers, kv, 'M', BINS]),
            value('past_tail', f, [layers, kv, 'M', HOP]),
        ],
        [
            value('key', f, [layers, kv, 'U', size]),
            value('value', f, [layers, kv, 'U', size]),
            value('ema', f, [layers, kv, 'N', BINS]),
            value('tail', f, [layers, kv, 'N', HOP]),
            value('attn_sum', f, [layers, kv, 'N']),
            value('key_norm', f, [layers, kv, 'U']),
            value('log_prob', f, ['U']),
        ]
        + ([value('next', i64, ['U'])] if predicts else [])
        + ([value('forecast', f, ['U', own.size])] if foretells else []),
        path,
    )


def bam(g, phi, valid):
    """phi [C, N, 25], valid [C, N] -> name of scores [C, N] (NAMM.md 2.1); an entry sees itself and newer ones."""
    qkv = g.Add(g.MatMul(phi, 'w_qkv'), 'b_qkv')
    q, k, v = (g.slice(qkv, i * HIDDEN, (i + 1) * HIDDEN, 2) for i in range(3))
    n = g.size(phi, 1)
    index = g.Range(g.constant(0), g.Squeeze(n), g.constant(1))
    older = g.Where(g.Less(g.Unsqueeze(index, [0]), g.Unsqueeze(index, [1])), np.float32(-1e9), np.float32(0))
    # What is not there is hidden by one more factor of queries and keys, which costs no pass over the logits.
    q = g.concat(
        g.Mul(q, np.float32(HIDDEN**-0.5)), g.Expand(1.0, g.concat(g.size(phi, 0), n, g.constant([1]), axis=0)), axis=2
    )
    k = g.concat(k, g.Unsqueeze(g.Mul(g.Sub(valid, np.float32(1)), np.float32(1e9)), [2]), axis=2)
    # In blocks of rows: none looks at the columns of those before it, and the logits of one block stay in the cache.
    keys, contexts = g.Transpose(k, perm=[0, 2, 1]), []
    edges = [g.constant([0])] + [g.Div(g.Mul(n, [i]), [BLOCKS]) for i in range(1, BLOCKS)] + [n]
    for start, end in zip(edges, edges[1:]):
        mask = g.Slice(older, g.concat(start, start, axis=0), g.concat(end, n, axis=0), [0, 1])
        logits = g.Add(g.MatMul(g.slice(q, start, end, 1), g.slice(keys, start, n, 2)), mask)
        contexts.append(g.MatMul(g.Softmax(logits, axis=-1), g.slice(v, start, n, 1)))
    context = g.concat(*contexts, axis=1)
    out = g.Add(g.MatMul(context, 'w_out'), 'b_out')
    add, gate = g.slice(out, 0, FEATURES, 2), g.slice(out, FEATURES, 2 * FEATURES, 2)
    y = g.Add(g.Mul(phi, g.Add(gate, np.float32(1))), add)
    return g.Add(g.Squeeze(g.MatMul(y, g.Unsqueeze('w_score', [1])), [2]), 'b_score', name='scores')


NETWORK = [
    ('w_qkv', [FEATURES, 3 * HIDDEN]),
    ('b_qkv', [3 * HIDDEN]),
    ('w_out', [HIDDEN, 2 * FEATURES]),
    ('b_out', [2 * FEATURES]),
    ('w_score', [FEATURES]),
    ('b_score', [1]),
]


def bam_graph(path):
    """The network alone, on given features, for the conformance tests."""
    g, f = Graph(), TensorProto.FLOAT
    bam(g, 'features', 'valid')
    save(
        g,
        'bam',
        [value('features', f, ['C', 'N', FEATURES]), value('valid', f, ['C', 'N'])]
        + [value(n, f, d) for n, d in NETWORK],
        [value('scores', f, ['C', 'N'])],
        path,
    )


def memory_graph(path):
    """BAM over every cache at once (NAMM.md 1.6, 2.1); the 4172 weights and the statistics are inputs."""
    g = Graph()
    frequency = (AGE_BASE ** (-np.arange(4) / 4)).astype(np.float32)
    angle = g.Mul(g.Unsqueeze('age', [2]), frequency[None, None])
    z = g.Div(g.Sub('ema', 'mean'), 'std')
    phi = g.concat(g.Sin(angle), g.Cos(angle), z, axis=2)  # [C, N, 25]
    bam(g, phi, 'valid')
    f = TensorProto.FLOAT
    save(
        g,
        'memory',
        [
            value('ema', f, ['C', 'N', BINS]),
            value('age', f, ['C', 'N']),
            value('valid', f, ['C', 'N']),
            value('mean', f, [BINS]),
            value('std', f, [BINS]),
        ]
        + [value(n, f, d) for n, d in NETWORK],
        [value('scores', f, ['C', 'N'])],
        path,
    )
