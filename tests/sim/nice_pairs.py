#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Two tasks on a hart, for every pair of nice values: a second's shares follow the weights within a point of a hundred.

nice_pairs.py SIM
"""
import os
import subprocess
import sys
import tempfile

SCENARIO = 'harts 1\ntask loop=0 nice={}\ntask loop=0 nice={}\nuntil 1s\nexpect share < 1\n'


def main():
    bad = pairs = 0
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'scenario.txt')
        for a in range(-20, 20):
            for b in range(a, 20):
                with open(path, 'w') as f:
                    f.write(SCENARIO.format(a, b))
                done = subprocess.run([sys.argv[1], path], capture_output=True, text=True)
                pairs += 1
                if done.returncode:
                    bad += 1
                    sys.stderr.write(f'nice {a} and {b}: {done.stdout}{done.stderr}')
    print('TAP version 13\n1..1')
    print(('not ok' if bad or pairs != 820 else 'ok') + f' 1 - {pairs} pairs of nice values, {bad} off by a point or more')
    return bool(bad)


if __name__ == '__main__':
    sys.exit(main())
