"""Evolves a memory: CMA-ES over a fitness process that speaks JSON lines.

    python evolve.py --out RUN --start START.json --minutes 30 --population 16 -- node fitness.js namm …

The process says {"ready":true,"dim":n,"layout":{...},"train":n,"validation":m} (weights.py explains the layout). It
answers {"op":"statistics"} with mean and std (17 each, for the network) and {"op":"evaluate",...} with one fitness per
candidate (higher is better).

RUN/state.pkl lets a run resume, RUN/curve.json is its history, and RUN/memory.json is the mean of the generation with
the best validation fitness: it becomes namm.json or extended.json of the model folder. Many weights (the network's
4172) are evolved with the separable form, because their covariance would never leave the identity (NAMM.md 4.1); few
with the full one.
"""

import argparse
import json
import os
import pickle
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from cmaes import CMA, SepCMA

from weights import Layout, flatten, unflatten

SIGMA = 0.065
FULL_BELOW = 200  # weights: fewer are evolved with a full covariance
EVERY = 5  # generations between two validations
PATIENCE = 20  # generations without a better validation fitness before the end


class Fitness:
    """A child process that evaluates weights; a request is one line, and so is its answer."""

    def __init__(self, command: list[str]) -> None:
        self.child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.ready = self.read()
        if not self.ready.get('ready'):
            raise SystemExit(f'the fitness process is not ready: {self.ready}')

    def read(self) -> dict[str, Any]:
        """The next answer; ends this process if the child has ended."""
        assert self.child.stdout
        line = self.child.stdout.readline()
        if not line:
            raise SystemExit(f'the fitness process ended with {self.child.wait()}')
        return json.loads(line)

    def ask(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401
        """The answer to a request; ends this process if it is an error."""
        assert self.child.stdin
        self.child.stdin.write(json.dumps(request) + '\n')
        self.child.stdin.flush()
        answer = self.read()
        if 'error' in answer:
            raise SystemExit(answer['error'])
        return answer

    def evaluate(self, generation: int, split: str, sample: int, candidates: Sequence[np.ndarray]) -> np.ndarray:
        """candidates [n, dim] -> fitness [n]; a fitness that is not finite counts as the worst.

        sample: how many cases of the split are used (0: all); the generation chooses which.
        """
        rows = [[round(float(v), 6) for v in c] for c in candidates]
        answer = self.ask(op='evaluate', generation=generation, split=split, sample=sample, candidates=rows)
        got = np.array(answer['fitness'], float)
        if got.shape != (len(rows),):
            raise SystemExit(f'{len(rows)} candidates, {got.shape} fitness values')
        return np.where(np.isfinite(got), got, -1e9)

    def close(self) -> None:
        """Ends the child."""
        assert self.child.stdin
        self.child.stdin.close()
        try:
            self.child.wait(10)
        except subprocess.TimeoutExpired:
            self.child.terminate()


def write(path: Path, data: bytes) -> None:
    """Writes atomically, so that an interrupted run leaves the last complete file."""
    part = path.with_name(f'{path.name}.tmp')
    part.write_bytes(data)
    os.replace(part, path)


def write_json(path: Path, data: dict[str, Any], indent: int | None = None) -> None:
    """ValueError if a number is not finite: the product's JSON has neither NaN nor Infinity."""
    write(path, (json.dumps(data, indent=indent, allow_nan=False) + '\n').encode())


def export(out: Path, state: dict[str, Any], settings: dict[str, Any], layout: Layout) -> None:
    """Writes memory.json: the best weights so far and how they came about."""
    statistics = {**state['statistics'], 'threshold': 0} if state['statistics']['mean'] else {}
    evolution = {
        **state['first'],
        **settings,
        'generations': state['generation'],
        'bestGeneration': state['bestGeneration'],
        'validationFitness': state['bestFitness'],
        'startFitness': state['startFitness'],
        'minutes': round(state['minutes'], 1),
    }
    weights = unflatten(state['best'], layout)
    write_json(out / 'memory.json', {**state['kept'], **weights, **statistics, 'evolution': evolution})


def free_weights(dim: int, layout: Layout, fixed: list[str]) -> np.ndarray:
    """Which weights are searched [dim]: all but the groups in `fixed`."""
    free = np.ones(dim, bool)
    for name in fixed:
        if name not in layout:
            raise SystemExit(f'--fixed {name}: no such group, there are {", ".join(layout) or "none"}')
        free[slice(*layout[name])] = False
    return free


def begin(args: argparse.Namespace, fitness: Fitness, settings: dict[str, Any]) -> dict[str, Any]:
    """State of a new search, from the weights of --start or from zeros."""
    dim, layout = fitness.ready['dim'], fitness.ready.get('layout', {})
    given: dict[str, Any] = json.loads(args.start.read_text()) if args.start else {}
    start = flatten(given, layout) if args.start else np.zeros(dim)
    if start.shape != (dim,):
        raise SystemExit(f'{args.start} has {start.size} weights, the fitness process wants {dim}')
    free = free_weights(dim, layout, args.fixed)
    optimizer = CMA if dim < FULL_BELOW else SepCMA
    first = float(fitness.evaluate(0, 'validation', args.validation_sample, [start])[0])
    print(f'start: validation {first:.4f}', flush=True)
    return {
        'settings': settings,
        'generation': 0,
        'minutes': 0.0,
        'curve': [],
        'start': start,
        # How the start was fitted.
        'kept': {k: given[k] for k in ('names', 'futureHead') if k in given},
        'first': {k: v for k, v in given.get('evolution', {}).items() if k == 'warmStart'},
        # A copy: SepCMA moves the mean that it is given.
        'optimizer': optimizer(start[free].copy(), args.sigma, seed=args.seed, population_size=args.population),
        'statistics': fitness.ask(op='statistics'),
        'best': start,
        'bestFitness': first,
        'startFitness': first,
        'bestGeneration': 0,
    }


def evolve(args: argparse.Namespace) -> None:
    """Searches until the time, the generations or the patience run out; a run with a state resumes."""
    args.out.mkdir(parents=True, exist_ok=True)
    fitness = Fitness(args.command)
    dim, layout = fitness.ready['dim'], fitness.ready.get('layout', {})
    settings = {
        'algorithm': 'CMA-ES' if dim < FULL_BELOW else 'separable CMA-ES',
        'population': args.population,
        'sigma': args.sigma,
        'seed': args.seed,
        'start': args.start.name if args.start else 'zeros',
        'sample': args.sample,
        'fixed': args.fixed,
        'train': fitness.ready.get('train'),
        'validation': fitness.ready.get('validation'),
    }
    saved = args.out / 'state.pkl'
    if saved.exists():
        state = pickle.loads(saved.read_bytes())
        if state['settings'] != settings:
            raise SystemExit(f'{saved} belongs to other settings: {state["settings"]}')
    else:
        state = begin(args, fitness, settings)
    free = free_weights(dim, layout, args.fixed)

    def complete(candidate: np.ndarray) -> np.ndarray:
        """The weights that are searched, among those that stay."""
        weights = state['start'].copy()
        weights[free] = candidate
        return weights

    began, before, cma = time.time(), state['minutes'], state['optimizer']
    while state['generation'] < args.max_generations and state['minutes'] - before < args.minutes:
        state['generation'] += 1
        g = state['generation']
        candidates = [cma.ask() for _ in range(cma.population_size)]
        got = fitness.evaluate(g, 'train', args.sample, [complete(c) for c in candidates])
        cma.tell([(c, -f) for c, f in zip(candidates, got, strict=True)])  # the library minimises
        row = {'generation': g, 'best': float(got.max()), 'mean': float(got.mean()), 'sigma': float(cma._sigma)}
        if g % EVERY == 0:
            middle = complete(cma._mean)
            row['validation'] = float(fitness.evaluate(g, 'validation', args.validation_sample, [middle])[0])
            if row['validation'] > state['bestFitness']:
                state.update(best=middle, bestFitness=row['validation'], bestGeneration=g)
        state['minutes'] = before + (time.time() - began) / 60
        state['curve'].append(row)
        write(saved, pickle.dumps(state))
        write_json(args.out / 'curve.json', {'settings': settings, 'curve': state['curve']}, indent=1)
        export(args.out, state, settings, layout)
        print(json.dumps(row), flush=True)
        if g - state['bestGeneration'] >= PATIENCE and g % EVERY == 0:
            print(f'no better validation fitness for {PATIENCE} generations', flush=True)
            break
    export(args.out, state, settings, layout)
    fitness.close()


def main() -> None:
    """Runs the search that the arguments describe."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--out', required=True, type=Path, help='folder of the run')
    parser.add_argument('--population', type=int, default=16, help='candidates per generation')
    parser.add_argument('--sigma', type=float, default=SIGMA, help='first standard deviation of the search')
    parser.add_argument('--seed', type=int, default=1337)
    parser.add_argument(
        '--sample', type=int, default=16, help='training cases per generation, the same for all candidates'
    )
    parser.add_argument(
        '--fixed',
        type=lambda names: names.split(','),
        default=[],
        metavar='GROUP,…',
        help='groups that stay as they start',
    )
    parser.add_argument('--validation-sample', type=int, default=0, help='validation cases; 0: all')
    parser.add_argument('--start', type=Path, help='JSON with the weights to start from; zeros without it')
    parser.add_argument('--max-generations', type=int, default=400)
    parser.add_argument('--minutes', type=float, default=60)
    parser.add_argument('command', nargs='+', help='the fitness process')
    evolve(parser.parse_args())


if __name__ == '__main__':
    main()
