"""Knows the model card: docs/model.md, written from what travels with the model.

python card.py --model ../media/model --corpus CORPUS --out ../docs/model.md
"""

import argparse
import json
import math
from collections import Counter
from pathlib import Path

MACHINES = {'cpu': 'two CPU cores', 'cuda': 'a GPU'}
CLASSES = [
    'blank',
    'comment',
    'docstring',
    'import',
    'signature',
    'body',
    'literal',
    'punctuation',
    'licence',
    'generated',
]
FEATURES = [
    'bias',
    'how often (log)',
    'attention',
    'surprisal of the word where it first stands (4 nats)',
    'depth of definition',
    'defined elsewhere',
    'units that use it (log)',
    'length (log; 0 at 8 characters)',
    'spread over the text (share)',
    'near the place of work (log)',
    'foretold to come again (log-odds; mean of its places)',
    'the same at its last place',
]


def table(head, rows):
    return '\n'.join(
        ['| ' + ' | '.join(head) + ' |', '|' + '---|' * len(head)]
        + ['| ' + ' | '.join(str(c) for c in r) + ' |' for r in rows]
    )


def history(evolution):
    """One sentence of what made a set of weights."""
    text = ''
    if 'imitation' in evolution:
        i = evolution['imitation']
        text += f'first fit over {i["readings"]} readings (validation fitness {i["validationFitness"]:.3f}); '
    if 'names' in evolution:
        n = evolution['names']
        text += (
            f'names fitted over {n["cases"]} cases (of two names of a validation case, one needed and one not, the right one is ahead in {n["toldApart"]["mention"]:.1%} of mentions, '
            f'{n["toldApart"]["definition"]:.1%} of definitions); '
        )
    if 'generations' in evolution:
        text += f'{evolution["algorithm"]}, population {evolution["population"]}, {evolution["generations"]} generations from `{evolution["start"]}`: '
        text += (
            f'validation fitness {evolution["startFitness"]:.3f} → {evolution["validationFitness"]:.3f}, the mean at generation {evolution["bestGeneration"]}'
            if evolution['bestGeneration']
            else f"none with more than the start's validation fitness of {evolution['startFitness']:.3f}, so the start is what ships"
        )
    return text.rstrip('; ')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--model', required=True, type=Path)
    parser.add_argument('--corpus', required=True, type=Path)
    parser.add_argument('--out', required=True, type=Path)
    args = parser.parse_args()
    manifest, namm, extended = (
        json.loads((args.model / f'{n}.json').read_text()) for n in ('manifest', 'namm', 'extended')
    )
    report = json.loads((args.corpus / 'report.json').read_text())
    m, t = manifest['model'], manifest['training']
    caches = m['layers'] * m['kvHeads']
    w = extended['weights']
    at = caches + 3
    groups = iter(w[at:])
    classes, mention, definition, (again, *sure) = (
        [next(groups) for _ in range(n)] for n in (len(CLASSES), len(FEATURES), len(FEATURES), 3)
    )
    shared, *crowd, near, wide, saved = w[-6:]
    known = [
        row
        for row in zip([*FEATURES, 'names in the text (log; 0 at 256)'], [*mention, crowd[0]], [*definition, crowd[1]])
        if row[0] != 'attention' or any(w[:caches])
    ]
    characters = report['characters']['train']
    licences, splits = (Counter(e[k] for e in manifest['corpus']) for k in ('licence', 'split'))
    r = manifest['reading']
    parts = [
        '# Model card\n\nWritten by `training/card.py` from what travels with the model.',
        f'## Base model\n\n`{manifest["name"]}`: decoder-only, {m["parameters"] / 1e6:.2f} M parameters, {m["layers"]} layers, {m["heads"]} query heads on '
        f'{m["kvHeads"]} KV heads of {m["headSize"]}, width {m["dModel"]}, vocabulary {m["vocab"]}, trained context {m["trainedContext"]}. '
        f'Seen: {t["tokens"] / 1e6:.1f} M tokens in {t["minutes"]:.0f} minutes on {MACHINES[t["device"]]}, seed {t["seed"]}. '
        f'Held-out loss {t["heldOutLoss"]} nats a token on repositories that took no part in training'
        + (
            f'; the weights are the mean of those at {len(t["meanOf"])} points of the run, where it was {" and ".join(map(str, t["meanOf"]))}.'
            if 'meanOf' in t
            else '.'
        ),
    ]
    if t.get('probe'):
        parts.append(
            table(['position', 'held-out loss'], t['probe']['byPosition'].items())
            + f'\n\nThe 256 tokens behind {t["probe"]["context"]} tokens of context cost {t["probe"]["afterContext"]} nats each with that context and '
            f'{t["probe"]["sameTokensWithoutContext"]} without it.'
        )
    parts += [
        f'## Data\n\n{len(manifest["corpus"])} permissively licensed repositories at pinned commits, {splits["train"]} to train on, {splits["validation"]} to choose by and {splits["test"]} to measure on (`training/corpus.json`; '
        + ', '.join(f'{n} {k}' for k, n in licences.most_common())
        + '). Training characters by language:\n\n'
        + table(
            ['language', 'M characters'],
            [(k, f'{v / 1e6:.1f}') for k, v in sorted(characters.items(), key=lambda x: -x[1])],
        ),
        f'## Memory\n\nNetwork (4172 weights): {history(namm.get("evolution", {}))}.\n\nExtended ({len(w)} weights): {history({**extended, **extended.get("evolution", {})})}.'
        + (f' {extended["set"]}' if 'set' in extended else ''),
        'Worth of a token by its class: '
        + (
            "none; classes weigh nothing, nor do the network's scores."
            if not any(classes)
            else '\n\n' + table(['class', 'worth of a token'], [(c, f'{x:+.2f}') for c, x in zip(CLASSES, classes)])
        ),
        'And of names, log-odds that later code needs a mention or the definition:\n\n'
        + table(['feature', 'mention', 'definition'], [(f, f'{a:+.2f}', f'{b:+.2f}') for f, a, b in known])
        + f'\n\nA mention that will surely be needed is worth {math.exp(sure[0]):.1f}, a definition {math.exp(sure[1]):.1f}, a repeated mention {1 / (1 + math.exp(-again)):.3f} of the first; '
        f'a name that another text of the context uses {math.exp(shared):.1f} times as much. A pair of tokens is worth {saved:.1f} for each nat that it is foretold to save; '
        f'where no place of work is known, a token at the end of its text {near + wide:.1f}, fading.',
    ]
    if 'calibration' in manifest:
        c = manifest['calibration']
        parts.append(
            f'## Auto\n\nCalibrated on {c["cases"]} validation cases for {c["wanted"]:.0%} of needed names: '
            + '; '.join(
                f"`{k}` keeps {v['recall']:.1%} of them (at least {v['atLeast']:.1%} in 95 of 100 draws of as many repositories) and {v['kept']:.1%} of the reader's tokens"
                for k, v in c.items()
                if isinstance(v, dict)
            )
            + '.'
        )
    parts.append(
        '## Files\n\n'
        + table(
            ['file', 'bytes', 'SHA-256'],
            [(n, f['bytes'], f'`{f["sha256"][:16]}…`') for n, f in manifest['files'].items()],
        )
        + '\n\n## Limits\n\nThe base model is small and young: it knows common code and little else. '
        + f'Of what stands before the chunk of {r["nUp"]} tokens that it reads it sees what the memory kept, {r["cacheSize"]} entries a head at most. '
        'The held-out losses above are those of full attention in 32 bits. It never writes text; it only ranks what is there.'
    )
    args.out.write_text('\n\n'.join(parts) + '\n')


if __name__ == '__main__':
    main()
