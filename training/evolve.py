"""Knows how a memory is evolved: CMA-ES over a fitness process that speaks JSON lines.

    python evolve.py --out RUN --start START.json --minutes 30 --population 16 -- node fitness.js namm …

The process says {"ready":true,"dim":n,"train":n,"validation":m}; it answers {"op":"statistics"} with mean and std
(17 each, for the network) and {"op":"evaluate",...} with one fitness per candidate (higher is better). RUN/state.pkl
makes a run resumable, RUN/curve.json is its history, RUN/memory.json the best mean by validation fitness: it becomes
namm.json or extended.json of the model folder. Many weights (the network's 4172) take the separable form: their
covariance would never leave the identity (NAMM.md 4.1); few take the full one.
"""

import argparse
import json
import os
import pickle
import subprocess
import time
from pathlib import Path

import numpy as np
from cmaes import CMA, SepCMA

SIGMA = 0.065
FULL_BELOW = 200  # weights that a full covariance still learns from
EVERY, PATIENCE = 5, 20  # generations between validations; without a rise before stopping


class Fitness:
    """One child process; a request is a line, so is its answer."""

    def __init__(self, command):
        self.child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.ready = self.read()
        if not self.ready.get('ready'):
            raise SystemExit(f'the fitness process is not ready: {self.ready}')

    def read(self):
        line = self.child.stdout.readline()
        if not line:
            raise SystemExit(f'the fitness process ended with {self.child.wait()}')
        return json.loads(line)

    def ask(self, **request):
        self.child.stdin.write(json.dumps(request) + '\n')
        self.child.stdin.flush()
        answer = self.read()
        if 'error' in answer:
            raise SystemExit(answer['error'])
        return answer

    def evaluate(self, generation, split, sample, candidates):
        """candidates [n, dim] -> fitness [n]; a fitness that is no number counts as the worst."""
        rows = [[round(float(v), 6) for v in c] for c in candidates]
        got = np.array(
            self.ask(op='evaluate', generation=generation, split=split, sample=sample, candidates=rows)['fitness'],
            float,
        )
        if got.shape != (len(rows),):
            raise SystemExit(f'{len(rows)} candidates, {got.shape} fitness values')
        return np.where(np.isfinite(got), got, -1e9)

    def close(self):
        self.child.stdin.close()
        try:
            self.child.wait(10)
        except subprocess.TimeoutExpired:
            self.child.terminate()


def write(path, data):
    """Atomic, so that an interrupted run leaves the last whole file."""
    mode = 'wb' if isinstance(data, bytes) else 'w'
    with open(f'{path}.tmp', mode) as sink:
        sink.write(data)
    os.replace(f'{path}.tmp', path)


def write_json(path, data, indent=None):
    """ValueError where a number is not finite: the product's JSON knows neither NaN nor Infinity."""
    write(path, json.dumps(data, indent=indent, allow_nan=False) + '\n')


def export(out, state, settings):
    weights = [round(float(v), 6) for v in state['best']]
    statistics = {**state['statistics'], 'threshold': 0} if state['statistics']['mean'] else {}
    write_json(
        out / 'memory.json',
        {
            **state['kept'],
            'weights': weights,
            **statistics,
            'evolution': {
                **state['first'],
                **settings,
                'generations': state['generation'],
                'bestGeneration': state['bestGeneration'],
                'validationFitness': state['bestFitness'],
                'startFitness': state['startFitness'],
                'minutes': round(state['minutes'], 1),
            },
        },
    )


def evolve(args):
    args.out.mkdir(parents=True, exist_ok=True)
    fitness = Fitness(args.command)
    dim = fitness.ready['dim']
    free = dim - args.fixed
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
        given = json.loads(args.start.read_text()) if args.start else {'weights': [0.0] * dim}
        start = np.array(given['weights'], float)
        if start.shape != (dim,):
            raise SystemExit(f'{args.start} has {start.size} weights, the fitness process wants {dim}')
        state = {
            'settings': settings,
            'generation': 0,
            'minutes': 0.0,
            'curve': [],
            'fixed': start[free:],
            # What the start was fitted on.
            'kept': {k: given[k] for k in ('names',) if k in given},
            'first': {k: v for k, v in given.get('evolution', {}).items() if k == 'imitation'},
            # A copy: SepCMA moves the mean that it is given.
            'optimizer': (CMA if dim < FULL_BELOW else SepCMA)(
                start[:free].copy(), args.sigma, seed=args.seed, population_size=args.population
            ),
            'statistics': fitness.ask(op='statistics'),
        }
        first = float(fitness.evaluate(0, 'validation', args.validation_sample, [start])[0])
        state.update(best=start, bestFitness=first, startFitness=first, bestGeneration=0)
        print(f'start: validation {first:.4f}', flush=True)
    began, before, cma = time.time(), state['minutes'], state['optimizer']
    while state['generation'] < args.max_generations and state['minutes'] - before < args.minutes:
        state['generation'] += 1
        g = state['generation']
        candidates = [cma.ask() for _ in range(cma.population_size)]
        got = fitness.evaluate(g, 'train', args.sample, [np.concatenate([c, state['fixed']]) for c in candidates])
        cma.tell([(c, -f) for c, f in zip(candidates, got)])  # the library minimises
        row = {'generation': g, 'best': float(got.max()), 'mean': float(got.mean()), 'sigma': float(cma._sigma)}
        if g % EVERY == 0:
            middle = np.concatenate([cma._mean, state['fixed']])
            row['validation'] = float(fitness.evaluate(g, 'validation', args.validation_sample, [middle])[0])
            if row['validation'] > state['bestFitness']:
                state.update(best=middle, bestFitness=row['validation'], bestGeneration=g)
        state['minutes'] = before + (time.time() - began) / 60
        state['curve'].append(row)
        write(saved, pickle.dumps(state))
        write_json(args.out / 'curve.json', {'settings': settings, 'curve': state['curve']}, indent=1)
        export(args.out, state, settings)
        print(json.dumps(row), flush=True)
        if g - state['bestGeneration'] >= PATIENCE and g % EVERY == 0:
            print(f'no rise for {PATIENCE} generations', flush=True)
            break
    export(args.out, state, settings)
    fitness.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--out', required=True, type=Path)
    parser.add_argument('--population', type=int, default=16)
    parser.add_argument('--sigma', type=float, default=SIGMA)
    parser.add_argument('--seed', type=int, default=1337)
    parser.add_argument(
        '--sample', type=int, default=16, help='training cases per generation, the same for all candidates'
    )
    parser.add_argument('--fixed', type=int, default=0, help='weights at the end that stay as they start')
    parser.add_argument('--validation-sample', type=int, default=0, help='0: all')
    parser.add_argument('--start', type=Path, help='JSON with "weights" to begin from; zeros without it')
    parser.add_argument('--max-generations', type=int, default=400)
    parser.add_argument('--minutes', type=float, default=60)
    parser.add_argument('command', nargs='+')
    evolve(parser.parse_args())


if __name__ == '__main__':
    main()
