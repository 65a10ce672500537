"""Makes a folder for `transformers` (bfloat16) of a llama or qwen2 model in a GGUF file.

    python convert.py MODEL.gguf FOLDER

Weights only: nothing of the file is run.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import torch
from gguf import GGUFReader
from gguf.quants import dequantize
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM

TOP = {'token_embd': 'model.embed_tokens', 'output_norm': 'model.norm', 'output': 'lm_head'}
BLOCK = {
    'attn_norm': 'input_layernorm',
    'ffn_norm': 'post_attention_layernorm',
    'attn_q': 'self_attn.q_proj',
    'attn_k': 'self_attn.k_proj',
    'attn_v': 'self_attn.v_proj',
    'attn_output': 'self_attn.o_proj',
    'ffn_gate': 'mlp.gate_proj',
    'ffn_up': 'mlp.up_proj',
    'ffn_down': 'mlp.down_proj',
}
CLASSES = {'llama': (LlamaConfig, LlamaForCausalLM), 'qwen2': (Qwen2Config, Qwen2ForCausalLM)}


def name_of(tensor: str) -> str:
    """Name in `transformers` of a tensor of the file."""
    parts = tensor.split('.')
    if parts[0] == 'blk':
        return f'model.layers.{parts[1]}.{BLOCK[parts[2]]}.{parts[3]}'
    return f'{TOP[parts[0]]}.{parts[1]}'


def halves(weight: np.ndarray, heads: int) -> np.ndarray:
    """Puts the two halves of each rotated head one behind the other: the file has them in turn."""
    return (
        weight.reshape(heads, weight.shape[0] // heads // 2, 2, *weight.shape[1:]).swapaxes(1, 2).reshape(weight.shape)
    )


def convert(path: Path, out: Path) -> None:
    """Writes model and tokenizer into the folder `out`."""
    gguf = GGUFReader(path)

    def field(key: str) -> Any:  # noqa: ANN401
        return gguf.fields[key].contents()

    kind = field('general.architecture')
    heads, caches = field(f'{kind}.attention.head_count'), field(f'{kind}.attention.head_count_kv')
    make_config, make_model = CLASSES[kind]
    config = make_config(
        vocab_size=len(gguf.fields['tokenizer.ggml.tokens'].data),
        hidden_size=field(f'{kind}.embedding_length'),
        intermediate_size=field(f'{kind}.feed_forward_length'),
        num_hidden_layers=field(f'{kind}.block_count'),
        num_attention_heads=heads,
        num_key_value_heads=caches,
        max_position_embeddings=field(f'{kind}.context_length'),
        rope_theta=field(f'{kind}.rope.freq_base'),
        rms_norm_eps=field(f'{kind}.attention.layer_norm_rms_epsilon'),
        tie_word_embeddings=False,
    )
    state = {}
    for tensor in gguf.tensors:
        weight = np.array(dequantize(tensor.data, tensor.tensor_type), dtype=np.float32)
        if kind == 'llama' and '.attn_q.' in tensor.name:
            weight = halves(weight, heads)
        if kind == 'llama' and '.attn_k.' in tensor.name:
            weight = halves(weight, caches)
        state[name_of(tensor.name)] = torch.from_numpy(weight).to(torch.bfloat16)
    state.setdefault('lm_head.weight', state['model.embed_tokens.weight'].clone())
    model = make_model(config).to(torch.bfloat16)
    model.load_state_dict(state)
    model.save_pretrained(out)
    AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name).save_pretrained(out)


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description='Makes a folder for transformers of a GGUF file.')
    parser.add_argument('gguf', type=Path)
    parser.add_argument('folder', type=Path)
    arguments = parser.parse_args()
    convert(arguments.gguf, arguments.folder)
