#!/usr/bin/env bash
# transformers 5.24.0 with torch 2.13.0: an attention function that is registered under a name of its own gets no mask at all, also
# for a padded batch. It runs without a warning, and the padded row has other logits (by 0.19 here) than with `sdpa`, to which the
# function only hands its arguments on. The mask is made by the registry of masks, which knows no such name; registering
# `sdpa_mask` there under the same name gives the logits of `sdpa`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet torch==2.13.0 transformers==5.24.0
"$folder/venv/bin/python" - <<'PY'
import torch
from transformers import LlamaConfig, LlamaForCausalLM
from transformers.masking_utils import ALL_MASK_ATTENTION_FUNCTIONS, sdpa_mask
from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS

masks = []
sdpa = ALL_ATTENTION_FUNCTIONS['sdpa']


def own(module, query, key, value, mask, **options):
    masks.append(mask is not None)
    return sdpa(module, query, key, value, mask, **options)


torch.manual_seed(0)
size = dict(vocab_size=64, hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4)
weights = LlamaForCausalLM(LlamaConfig(**size)).state_dict()
ids = torch.tensor([[0, 0, 0, 5, 6, 7], [1, 2, 3, 4, 5, 6]])
padding = torch.tensor([[0, 0, 0, 1, 1, 1], [1, 1, 1, 1, 1, 1]])


def logits(attention):
    config = LlamaConfig(**size)
    config._attn_implementation = attention
    model = LlamaForCausalLM(config).eval()
    model.load_state_dict(weights)
    with torch.no_grad():
        return model(ids, attention_mask=padding).logits


ALL_ATTENTION_FUNCTIONS.register('own', own)
expected, alone = logits('sdpa'), logits('own')
unmasked = not any(masks)
ALL_MASK_ATTENTION_FUNCTIONS.register('own', sdpa_mask)
masked = logits('own')
padded, whole = (float((alone - expected)[rows, 3:].abs().max()) for rows in (0, 1))
print(f'no mask: {unmasked}; padded row differs by {padded:.2f}, the other by {whole:.2f}; '
      f'with a mask function by {float((masked - expected)[:, 3:].abs().max()):.2f}')
assert unmasked and padded > 0.01 and whole == 0 and torch.allclose(masked[:, 3:], expected[:, 3:])
PY
