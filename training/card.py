"""Writes the model card, docs/model.md, from what travels with the model.

python card.py --model ../media/model --corpus CORPUS --out ../docs/model.md
"""

import argparse
import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

Json = dict[str, Any]
MACHINES = {'cpu': 'two CPU cores', 'cuda': 'a GPU'}
# As TOKEN_CLASSES in src/core/context.ts and NAME_FEATURES in src/scorers/extended.ts.
CLASSES = 'blank comment docstring import signature body literal punctuation licence generated'.split()
FEATURES = [
    'bias',
    'how often (log)',
    'attention',
    'surprisal of the word at its first occurrence (4 nats)',
    'depth of definition',
    'defined elsewhere',
    'units that use it (log)',
    'length (log; 0 at 8 characters)',
    'spread over the text (share)',
    'near the cursor position (log)',
    'predicted to occur again (log-odds; mean over its occurrences)',
    'predicted to occur again, at its last occurrence',
]
CROWD = 'names in the text (log; 0 at 256)'


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [head, ['---'] * len(head), *rows]
    return '\n'.join('|' + '|'.join(f' {c} ' if c != '---' else c for c in map(str, line)) + '|' for line in lines)


def history(evolution: Json) -> str:
    """What made a set of weights, as one sentence without its full stop."""
    parts = []
    if 'warmStart' in evolution:
        w = evolution['warmStart']
        parts.append(f'first fit over {w["readings"]} updates (validation fitness {w["validationFitness"]:.3f})')
    if 'names' in evolution:
        n = evolution['names']
        mention, definition = (n['rocAuc'][kind] for kind in ('mention', 'definition'))
        parts.append(
            f'names fitted over {n["cases"]} cases (ROC AUC within a validation case, needed names against others: '
            f'{mention:.3f} for mentions, {definition:.3f} for definitions)'
        )
    if 'generations' in evolution:
        e = evolution
        outcome = (
            f'validation fitness {e["startFitness"]:.3f} → {e["validationFitness"]:.3f}, the mean at generation '
            f'{e["bestGeneration"]}'
            if e['bestGeneration']
            else f"none above the start's validation fitness of {e['startFitness']:.3f}, so the start is what ships"
        )
        parts.append(
            f'{e["algorithm"]}, population {e["population"]}, {e["generations"]} generations from `{e["start"]}`: '
            f'{outcome}'
        )
    return '; '.join(parts)


def base_model(manifest: Json) -> str:
    """Size, training and held-out loss."""
    m, t = manifest['model'], manifest['training']
    text = (
        f'## Base model\n\n`{manifest["name"]}`: decoder-only, {m["parameters"] / 1e6:.2f} M parameters, {m["layers"]} '
        f'layers, {m["heads"]} query heads on {m["kvHeads"]} KV heads of {m["headSize"]}, width {m["dModel"]}, '
        f'vocabulary {m["vocab"]}, trained context {m["trainedContext"]}. It saw {t["tokens"] / 1e6:.1f} M tokens in '
        f'{t["minutes"]:.0f} minutes on {MACHINES[t["device"]]}, seed {t["seed"]}. Its held-out loss is '
        f'{t["heldOutLoss"]} nats per token, on repositories that took no part in training'
    )
    if 'meanOf' in t:
        losses = ' and '.join(map(str, t['meanOf']))
        text += f'; the weights are the mean of those at {len(t["meanOf"])} points of the run, where it was {losses}'
    text += '.'
    if p := t.get('probe'):
        text += '\n\n' + table(['position', 'held-out loss'], p['byPosition'].items())
        text += (
            f'\n\nThe 256 tokens after {p["context"]} tokens of context cost {p["afterContext"]} nats each with that '
            f'context and {p["sameTokensWithoutContext"]} without it.'
        )
    return text


def data(manifest: Json, report: Json) -> str:
    """Repositories, licences and languages."""
    licences, splits = (Counter(e[k] for e in manifest['corpus']) for k in ('licence', 'split'))
    characters = sorted(report['characters']['train'].items(), key=lambda x: -x[1])
    return (
        f'## Data\n\n{len(manifest["corpus"])} repositories with permissive licences at pinned commits: '
        f'{splits["train"]} to train on, {splits["validation"]} to choose by and {splits["test"]} to measure on '
        f'(`training/corpus.json`; {", ".join(f"{n} {k}" for k, n in licences.most_common())}). Training characters by '
        'language:\n\n' + table(['language', 'M characters'], [(k, f'{v / 1e6:.1f}') for k, v in characters])
    )


def memory(manifest: Json, namm: Json, extended: Json) -> str:
    """How the weights of the memory came about, and what those of the extended memory say."""
    w, sure = extended['groups'], [math.exp(x) for x in extended['groups']['sure']]
    (repeat_decay,), (shared,), (saved,), (future,) = (w[k] for k in ('repeatDecay', 'shared', 'saved', 'future'))
    mention, definition = ([*w[k], crowd] for k, crowd in zip(('mention', 'definition'), w['crowd'], strict=True))
    rows = zip([*FEATURES, CROWD], mention, definition, strict=True)
    if any(w['classes']):
        worth = '\n\n' + table(
            ['class', 'worth'], [(c, f'{x:+.2f}') for c, x in zip(CLASSES, w['classes'], strict=True)]
        )
    else:
        worth = "none; classes weigh nothing, nor do the network's scores."
    return '\n\n'.join(
        [
            '## Memory',
            f'Network (4172 weights): {history(namm.get("evolution", {}))}.',
            f'Extended ({sum(map(len, w.values()))} weights): {history({**extended, **extended.get("evolution", {})})}.'
            + (f' {extended["chosen"]}' if 'chosen' in extended else ''),
            f'Worth of a token by its class: {worth}',
            'Log-odds that later code needs a mention of a name, or its definition:',
            table(
                ['feature', 'mention', 'definition'],
                # Attention is the sum of what the caches say: without their weights it is zero.
                [(f, f'{a:+.2f}', f'{b:+.2f}') for f, a, b in rows if f != 'attention' or any(w['caches'])],
            ),
            f'A mention that is certainly needed is worth {sure[0]:.1f}, a definition {sure[1]:.1f}, a repeated '
            f'mention {1 / (1 + math.exp(-repeat_decay)):.3f} of the first; a name that another text of the context '
            f'uses is worth {math.exp(shared):.1f} times as much. A pair of tokens is worth {saved:.1f} for each nat '
            f'that it is predicted to save. A token is worth {future:.1f} times the attention that later code is '
            'predicted to give it, relative to the mean of the text.',
        ]
    )


def auto(calibration: Json) -> str:
    """What `--auto` keeps."""
    kept = '; '.join(
        f'`{k}` keeps {v["recall"]:.1%} of them (at least {v["atLeast"]:.1%} in 95 of 100 draws of as many '
        f'repositories) and {v["kept"]:.1%} of the recipient tokens'
        for k, v in calibration.items()
        if isinstance(v, dict)
    )
    c = calibration
    return f'## Auto\n\nCalibrated on {c["cases"]} validation cases for {c["wanted"]:.0%} of needed names: {kept}.'


def files(manifest: Json) -> str:
    """Sizes and hashes."""
    rows = [(name, f['bytes'], f'`{f["sha256"][:16]}…`') for name, f in manifest['files'].items()]
    return '## Files\n\n' + table(['file', 'bytes', 'SHA-256'], rows)


def limits(manifest: Json) -> str:
    """What the base model cannot do."""
    r = manifest['reading']
    return (
        '## Limits\n\nThe base model is small and young: it knows common code and little else. Of the text before the '
        f'chunk of {r["nUp"]} tokens that it reads, it sees what the memory kept: at most {r["cacheSize"]} entries per '
        'head. The held-out losses above are those of full attention in 32 bits. It never writes text; it only ranks '
        'what is there.'
    )


def main() -> None:
    """Writes the card of a model folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--model', required=True, type=Path, help='model folder')
    parser.add_argument('--corpus', required=True, type=Path, help='folder of the corpus, for its report.json')
    parser.add_argument('--out', required=True, type=Path, help='Markdown file to write')
    args = parser.parse_args()
    manifest, namm, extended = (
        json.loads((args.model / f'{n}.json').read_text()) for n in ('manifest', 'namm', 'extended')
    )
    report = json.loads((args.corpus / 'report.json').read_text())
    parts = [
        '# Model card\n\nWritten by `training/card.py` from what travels with the model.',
        base_model(manifest),
        data(manifest, report),
        memory(manifest, namm, extended),
        *([auto(manifest['calibration'])] if 'calibration' in manifest else []),
        files(manifest),
        limits(manifest),
    ]
    args.out.write_text('\n\n'.join(parts) + '\n')


if __name__ == '__main__':
    main()
