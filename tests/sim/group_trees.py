#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Trees of groups at random, some levels deep, with tasks of several nice values in them and beside them: the shares of a
second follow the weights within a point of a hundred. (That is a tick: slices must end between two.)

group_trees.py SIM [TREES [FIRST]]
"""
import os
import random
import subprocess
import sys
import tempfile


def scenario(seed):
    r = random.Random(seed)
    names = ['/']
    lines = ['harts 1']
    for i in range(r.randint(1, 6)):
        parent = r.choice(names)
        names.append(f'g{i}')
        lines.append(f'group g{i} weight={r.choice([25, 50, 100, 200, 300, 500])}' + (f' parent={parent}' if parent != '/' else ''))
    for _ in range(r.randint(2, 8)):
        group = r.choice(names)
        lines.append(f'task loop=0 nice={r.randint(-8, 8)}' + (f' group={group}' if group != '/' else ''))
    return '\n'.join(lines + ['until 1s', 'expect share < 1', ''])


def main():
    trees, first = (int(x) for x in (sys.argv[2:] + ['150', '1'][len(sys.argv) - 2:])[:2])
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'scenario.txt')
        for seed in range(first, first + trees):
            with open(path, 'w') as f:
                f.write(scenario(seed))
            done = subprocess.run([sys.argv[1], path], capture_output=True, text=True)
            if done.returncode:
                bad += 1
                sys.stderr.write(f'seed {seed}: {done.stdout}{done.stderr}{scenario(seed)}')
    print('TAP version 13\n1..1')
    print(('not ok' if bad else 'ok') + f' 1 - {trees} trees of groups, {bad} with a share off by a point or more')
    return bool(bad)


if __name__ == '__main__':
    sys.exit(main())
