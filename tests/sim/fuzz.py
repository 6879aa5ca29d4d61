#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Scenarios made at random, for the simulator's own checks: no task lost, one runner a hart, classes in order.

fuzz.py SIM [SEEDS [FIRST]]: a seed makes one scenario, the same each time; one that fails is kept and named.
"""
import os
import random
import subprocess
import sys
import tempfile


def scenario(seed):
    rng = random.Random(seed)
    shape = [rng.choice((1, 1, 2)), rng.choice((1, 1, 2)), rng.choice((1, 2, 3, 4)), rng.choice((1, 1, 2))]
    harts = shape[0] * shape[1] * shape[2] * shape[3]
    lines = [f'# seed {seed}', 'topology ' + 'x'.join(map(str, shape))]
    if harts > 1 and rng.random() < 0.3:
        slow = rng.randrange(harts)
        lines.append(f'capacity {rng.randint(0, slow)}-{slow} {rng.randint(100, 1000)}')
    if harts % 2 == 0 and rng.random() < 0.3:
        lines.append('nodes 2')
    if rng.random() < 0.2:
        lines.append('set child_runs_first 1')
    groups = []
    if rng.random() < 0.4:
        for i in range(rng.randint(1, 5)):
            words = [f'group g{i}', f'weight={rng.choice((1, 20, 100, 100, 500, 10000))}']
            if groups and rng.random() < 0.5:
                words.append('parent=' + rng.choice(groups))
            if rng.random() < 0.4:
                period = rng.randint(5, 100)
                words.append(f'max={rng.randint(2, 2 * period)}ms:{period}ms')
            groups.append(f'g{i}')
            lines.append(' '.join(words))
    kinds = rng.randint(1, 8)
    for k in range(kinds):
        words = ['task', str(rng.randint(1, 2 * harts)), f'run={rng.randint(50, 20000)}us', f'loop={rng.randint(1, 40)}',
                 f'at={rng.randint(0, 100)}ms', f'on={rng.randrange(harts)}']
        words.append(f'name=t{k}')
        if groups and rng.random() < 0.8:
            words.append('group=' + rng.choice(groups))
        if rng.random() < 0.7:
            words.append(f'sleep={rng.randint(1, 15000)}us')
        if rng.random() < 0.2:
            words.append('lock=' + ','.join(sorted(rng.sample('abc', rng.randint(1, 2)))))
        kind = rng.random()
        if kind < 0.15:
            words.append(f'policy=fifo:{rng.randint(1, 99)}')
        elif kind < 0.3:
            words.append(f'policy=rr:{rng.randint(1, 99)}')
        elif kind < 0.45:
            period = rng.randint(2, 50)
            words.append(f'reclaim={seed % 2}')
            words.append(f'dl={rng.randint(100, period * 700)}us:{period}ms:{period}ms')
        elif kind < 0.55:
            words.append('policy=' + rng.choice(('batch', 'idle')))
        else:
            words.append(f'nice={rng.randint(-20, 19)}')
        if 'dl=' not in words[-1] and rng.random() < 0.3:
            words.append('cpus=' + ','.join(str(c) for c in sorted(rng.sample(range(harts), rng.randint(1, harts)))))
            if rng.random() < 0.5:
                words.append(f'free={rng.randint(100, 200)}ms')
        lines.append(' '.join(words))
    if groups:
        for _ in range(rng.randint(0, 20)):
            lines.append(f'move t{rng.randrange(kinds)} {rng.choice(groups + ["/"])} at={rng.randint(1, 400)}ms')
    for _ in range(rng.randint(0, 10)):
        lines.append(f'renice t{rng.randrange(kinds)} {rng.randint(-20, 19)} at={rng.randint(1, 400)}ms')
    for _ in range(rng.choice((0, 0, 1, 2, 4))):
        wheres = [f'policy={rng.choice(("fifo", "rr"))}:{rng.randint(1, 99)}', 'policy=batch', 'policy=idle', 'same',
                  f'nice={rng.randint(-20, 19)}', f'lent={rng.randint(1, 99)}',
                  f'cpus={rng.randrange(harts)}'] + [f'group={g}' for g in groups]
        every = rng.randint(200, 30000)
        stay = rng.choice((0, 0, 1, rng.randrange(every)))
        lines.append(f'trip t{rng.randrange(kinds)} {rng.choice(wheres)} every={every}us stay={stay}us')
    if rng.random() < 0.3:
        period = rng.choice((20, 100, 1000))
        lines.append(f'set rt_period_ns {period}000000')
        lines.append(f'set rt_runtime_ns {rng.randint(5, period)}000000')
        lines.append(f'tunable rt_runtime_ns {rng.randint(5, period)}000000 at={rng.randint(1, 400)}ms')
    if harts > 1 and rng.random() < 0.4:
        online, at = set(range(harts)), 0
        for _ in range(rng.randint(1, 12)):
            at += rng.randint(1, 40)
            hart = rng.randrange(harts)
            if hart not in online:
                online.add(hart)
                lines.append(f'online {hart} at={at}ms')
            elif len(online) > 1:
                online.remove(hart)
                lines.append(f'offline {hart} at={at}ms')
    return '\n'.join(lines + ['until 20s', '']) + '\n'


def main():
    sim, seeds, first = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100, \
        int(sys.argv[3]) if len(sys.argv) > 3 else 1
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, first + seeds):
            path = os.path.join(folder, 'scenario.txt')
            with open(path, 'w') as f:
                f.write(scenario(seed))
            done = subprocess.run(['timeout', '60', sim, path], capture_output=True, text=True)
            if done.returncode:
                bad += 1
                sys.stderr.write(f'seed {seed}: {done.stderr[-400:]}\n{scenario(seed)}')
    print('TAP version 13\n1..1')
    print(('not ok' if bad else 'ok') + f' 1 - {seeds} scenarios from seed {first}, {bad} failed')
    return bool(bad)


if __name__ == '__main__':
    sys.exit(main())
