"""Writes graphs of the size of two encoders that other tools run for every prompt.

Their weights are random: speed does not depend on values.

mbert: bert-base-multilingual (LLMLingua-2 small): 12 layers of 768, 12 heads, 3072 hidden units, windows of 512 tokens,
    two classes per token.
gpt2: GPT-2 small (Selective Context): the same, causal, windows of 1024 tokens, a head over 50257 words.

Attention is the runtime's own fused operator, so that the encoders are as fast as their users can make them. The mBERT
table of word vectors is cut to 8192 rows: a look-up costs the same.

Usage: python graphs.py OUT_DIR   writes {mbert,gpt2}.{fp32,int8}.onnx
"""

import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

LAYERS, WIDTH, HEADS, HIDDEN = 12, 768, 12, 3072


def build(path: Path, words: int, window: int, outputs: int, causal: bool) -> None:
    """Writes an encoder in float32: ids [1, window] -> result [1, window, outputs]."""
    rng = np.random.default_rng(1)
    weights, nodes = [], []

    def weight(name: str, *shape: int) -> str:
        weights.append(numpy_helper.from_array((0.02 * rng.standard_normal(shape, dtype=np.float32)), name))
        return name

    def node(kind: str, inputs: list[str], out: str, **attributes: object) -> str:
        nodes.append(helper.make_node(kind, inputs, [out], name=out, **attributes))
        return out

    def linear(x: str, name: str, rows: int, columns: int) -> str:
        product = node('MatMul', [x, weight(f'{name}.w', rows, columns)], f'{name}.product')
        return node('Add', [product, weight(f'{name}.b', columns)], name)

    def norm(x: str, name: str) -> str:
        return node('LayerNormalization', [x, weight(f'{name}.g', WIDTH), weight(f'{name}.c', WIDTH)], name)

    x = node('Gather', [weight('words', words, WIDTH), 'ids'], 'embedded')
    x = norm(node('Add', [x, weight('places', window, WIDTH)], 'placed'), 'first')
    for i in range(LAYERS):
        q, k, v = (linear(x, f'{part}{i}', WIDTH, WIDTH) for part in 'qkv')
        attended = node(
            'MultiHeadAttention',
            [q, k, v],
            f'attended{i}',
            domain='com.microsoft',
            num_heads=HEADS,
            unidirectional=int(causal),
        )
        x = norm(node('Add', [x, linear(attended, f'out{i}', WIDTH, WIDTH)], f'middle{i}'), f'norm{i}')
        hidden = node('Gelu', [linear(x, f'up{i}', WIDTH, HIDDEN)], f'hidden{i}', domain='com.microsoft')
        x = norm(node('Add', [x, linear(hidden, f'down{i}', HIDDEN, WIDTH)], f'late{i}'), f'end{i}')
    linear(x, 'result', WIDTH, outputs)
    graph = helper.make_graph(
        nodes,
        path.stem,
        [helper.make_tensor_value_info('ids', TensorProto.INT64, [1, window])],
        [helper.make_tensor_value_info('result', TensorProto.FLOAT, [1, window, outputs])],
        weights,
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid('', 17), helper.make_opsetid('com.microsoft', 1)]
    )
    model.ir_version = 9
    onnx.save(model, path)


def main() -> None:
    """Writes both encoders, in float32 and in int8."""
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    for name, words, window, outputs, causal in (('mbert', 8192, 512, 2, False), ('gpt2', 50257, 1024, 50257, True)):
        full, small = out / f'{name}.fp32.onnx', out / f'{name}.int8.onnx'
        if small.exists():
            continue
        build(full, words, window, outputs, causal)
        quantize_dynamic(
            full,
            small.with_suffix('.part'),
            weight_type=QuantType.QInt8,
            extra_options={'DefaultTensorType': TensorProto.FLOAT},
        )
        small.with_suffix('.part').rename(small)


if __name__ == '__main__':
    main()
