#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The scenarios of the simulator's wasted-*, pinned-head, ping-pong and storm in the machine itself, judged by the trace:
which hart ran what, who waited while who idled. Harts share the host's cores here, so limits are wide; the simulator has
the narrow ones. A run in which the host was slow is repeated.

balance_trace_test.py KERNEL
"""
import json
import os
import shlex
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ATTEMPTS = 4
# What it shows, how the machine is made, what the shell runs, and what must hold of the report's figures.
SCENARIOS = [
    ('group imbalance: one heavy task does not hide idle harts from light ones',
     [], ['load name=heavy nice=-20 run=400ms , name=light run=200ms instance=6'], {'lost': 0.25, 'jain': 0.75}),
    # Two harts of four: 0.5 is even.
    ('group construction: tasks that may use a hart of each package use both',
     ['--topology', '2x1x2x1'], ['load cpus=1,3 run=200ms instance=4'], {'jain': 0.42}),
    ('overload on wake-up: who wakes finds the idle hart',
     [], ['load name=busy run=300ms instance=2 , name=beat run=2ms sleep=5ms loop=40 instance=2'], {'lost': 0.3}),
    ('missing domains: a hart that left and came back is used again',
     [], ['echo 0 > /sys/devices/system/cpu/cpu3/online', 'echo 1 > /sys/devices/system/cpu/cpu3/online',
          'load run=200ms instance=8'], {'lost': 0.35, 'jain': 0.75}),
    ('storm: many short tasks from one hart', [], ['load run=5ms instance=60'], {'lost': 0.35, 'jain': 0.7}),
    ('pinned head: what may leave a hart leaves, whatever waits before it',
     [], ['load name=stays cpus=0 run=150ms instance=2 , name=free run=200ms instance=6'], {'jain': 0.75}),
    ('ping-pong: one task more than harts goes round, slowly, and each move is from who has more',
     [], ['load run=400ms instance=5'], {'lost': 0.25, 'migrations': 60, 'useless': 0}),
    ('equal tasks that always want to run wait alike',
     [], ['load name=even run=500ms instance=8'], {'wait_spread': 0.5, 'useless': 0}),
]


def judge(kernel, options, lines, wanted):
    figures = os.path.join(tempfile.gettempdir(), f'figures.{os.getpid()}')
    with tempfile.TemporaryDirectory() as root:
        os.makedirs(root + '/etc')
        with open(root + '/etc/scenario.sh', 'w') as f:
            f.write('\n'.join(lines) + '\n')
        done = subprocess.run([sys.executable, os.path.join(ROOT, 'hw'), 'trace', '--kernel', kernel, '-p', '4', '--timeout', '60',
                               *options, '--figures', figures, '--root', root, '--', 'sh', '/etc/scenario.sh'],
                              text=True, capture_output=True, timeout=120, stdin=subprocess.DEVNULL)

    if done.returncode or not os.path.exists(figures):
        return [f'status {done.returncode}: {done.stdout[-500:]}{done.stderr[-500:]}']
    with open(figures) as f:
        got = json.load(f)
    os.unlink(figures)
    got['lost'] = got['not_work_conserving_percent'] / 100
    return [f'{k}: {got[k]:.3f}, wanted {"at least" if k == "jain" else "at most"} {v}' for k, v in wanted.items()
            if (got[k] < v if k == 'jain' else got[k] > v)]


def main():
    kernel, bad = os.path.abspath(sys.argv[1]), 0
    for n, (name, options, lines, wanted) in enumerate(SCENARIOS, 1):
        for _ in range(ATTEMPTS):
            wrong = judge(kernel, options, lines, wanted)
            if not wrong:
                break
            print('# ' + '; '.join(wrong).replace('\n', '\n# ') + ' (' + shlex.join(lines) + ')')
        bad += bool(wrong)
        print(f'{"not " if wrong else ""}ok {n} - {name}', flush=True)
    print(f'1..{len(SCENARIOS)}')
    return bad != 0


if __name__ == '__main__':
    sys.exit(main())
