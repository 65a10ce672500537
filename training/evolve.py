"""Knows how the memory's 4172 weights are evolved: separable CMA-ES over a fitness process that speaks JSON lines.

    python evolve.py --out RUN --minutes 30 --population 16 -- node fitness.js

The process says {"ready":true,"dim":4172,"train":n,"validation":m}; it answers {"op":"statistics"} with mean and std
(17 each) and {"op":"evaluate",...} with one fitness per candidate (higher is better). RUN/state.pkl makes a run
resumable, RUN/curve.json is its history, RUN/namm.json the best mean by validation fitness.
"""
import argparse
import json
import os
import pickle
import subprocess
import time
from pathlib import Path

import numpy as np
from cmaes import SepCMA

DIM, SIGMA, B_SCORE = 4172, 0.065, 4171  # the flat order ends with the bias of the score
EVERY, PATIENCE = 5, 20                  # generations between validations; without a rise before stopping


class Fitness:
    """One child process; a request is a line, so is its answer."""

    def __init__(self, command):
        self.child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.ready = self.read()
        if not self.ready.get('ready') or self.ready.get('dim') != DIM:
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
        """candidates [n, 4172] -> fitness [n]; a fitness that is no number counts as the worst."""
        rows = [[round(float(v), 6) for v in c] for c in candidates]
        got = np.array(self.ask(op='evaluate', generation=generation, split=split, sample=sample,
                                candidates=rows)['fitness'], float)
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


def export(out, state, settings):
    weights = [round(float(v), 6) for v in state['best']]
    write(out / 'namm.json', json.dumps({
        'weights': weights, 'mean': state['statistics']['mean'], 'std': state['statistics']['std'], 'threshold': 0,
        'evolution': {**settings, 'generations': state['generation'], 'bestGeneration': state['bestGeneration'],
                      'validationFitness': state['bestFitness'], 'startFitness': state['startFitness'],
                      'minutes': round(state['minutes'], 1)}}) + '\n')


def evolve(args):
    args.out.mkdir(parents=True, exist_ok=True)
    fitness = Fitness(args.command)
    settings = {'algorithm': 'separable CMA-ES', 'population': args.population, 'sigma': args.sigma, 'seed': args.seed,
                'startBias': args.start_bias, 'sample': args.sample,
                'train': fitness.ready.get('train'), 'validation': fitness.ready.get('validation')}
    saved = args.out / 'state.pkl'
    if saved.exists():
        state = pickle.loads(saved.read_bytes())
        if state['settings'] != settings:
            raise SystemExit(f"{saved} belongs to other settings: {state['settings']}")
    else:
        start = np.zeros(DIM)
        start[B_SCORE] = args.start_bias
        state = {'settings': settings, 'generation': 0, 'minutes': 0.0, 'curve': [],
                 'optimizer': SepCMA(start, args.sigma, seed=args.seed, population_size=args.population),
                 'statistics': fitness.ask(op='statistics')}
        first = float(fitness.evaluate(0, 'validation', args.validation_sample, [start])[0])
        state.update(best=start, bestFitness=first, startFitness=first, bestGeneration=0)
        print(f'start: validation {first:.4f}', flush=True)
    began, before, cma = time.time(), state['minutes'], state['optimizer']
    while state['generation'] < args.max_generations and state['minutes'] - before < args.minutes:
        state['generation'] += 1
        g = state['generation']
        candidates = [cma.ask() for _ in range(cma.population_size)]
        got = fitness.evaluate(g, 'train', args.sample, candidates)
        cma.tell([(c, -f) for c, f in zip(candidates, got)])  # the library minimises
        row = {'generation': g, 'best': float(got.max()), 'mean': float(got.mean()), 'sigma': float(cma._sigma)}
        if g % EVERY == 0:
            middle = cma._mean.copy()
            row['validation'] = float(fitness.evaluate(g, 'validation', args.validation_sample, [middle])[0])
            if row['validation'] > state['bestFitness']:
                state.update(best=middle, bestFitness=row['validation'], bestGeneration=g)
        state['minutes'] = before + (time.time() - began) / 60
        state['curve'].append(row)
        write(saved, pickle.dumps(state))
        write(args.out / 'curve.json', json.dumps({'settings': settings, 'curve': state['curve']}, indent=1))
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
    parser.add_argument('--sample', type=int, default=16, help='training cases per generation, the same for all candidates')
    parser.add_argument('--validation-sample', type=int, default=0, help='0: all')
    parser.add_argument('--start-bias', type=float, default=0.0, help="initial value of the score's bias")
    parser.add_argument('--max-generations', type=int, default=400)
    parser.add_argument('--minutes', type=float, default=60)
    parser.add_argument('command', nargs='+')
    evolve(parser.parse_args())


if __name__ == '__main__':
    main()
