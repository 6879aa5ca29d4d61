#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Machines of 2 to 4,096 harts: all forked from one hart, is the work done in the bound's time, and what does a
periodic balance pass look at? It costs by groups, not by harts.

scale.py SIM [HARTS ...]
"""
import re
import subprocess
import sys
import tempfile

# Packages, clusters, cores, threads; at each level a domain has as many groups as the one number says.
SHAPES = {2: '1x1x2x1', 4: '1x1x4x1', 8: '1x2x4x1', 16: '1x2x4x2', 32: '1x4x4x2', 64: '2x4x4x2', 128: '4x4x4x2',
          256: '4x4x8x2', 512: '4x8x8x2', 1024: '8x8x8x2', 2048: '8x8x16x2', 4096: '8x16x16x2'}


def run(sim, harts, lines):
    with tempfile.NamedTemporaryFile('w', suffix='.txt') as f:
        f.write(f'topology {SHAPES[harts]}\n' + lines + 'expect makespan >= 0\nexpect loss >= 0\nexpect looks >= 0\n')
        f.flush()
        done = subprocess.run([sim, f.name], capture_output=True, text=True)
    found = {w: float(v) for w, v in re.findall(r'^ok \d+ - (\w+) >=? 0: (\S+)$', done.stdout, re.M)}
    if len(found) != 3:
        sys.exit(f'{harts} harts: {done.stdout}{done.stderr}')
    return found


def main():
    sim, n, bad = sys.argv[1], 0, 0
    print('# harts   groups at a level   N tasks   3N/2   2N   uneven   looks a pass')
    for harts in [int(h) for h in sys.argv[2:]] or SHAPES:
        groups = max(int(g) for g in SHAPES[harts].split('x'))
        even = run(sim, harts, f'task {harts} run=40ms on=0\n')
        half = run(sim, harts, f'task {harts * 3 // 2} run=100ms on=0\n')
        twice = run(sim, harts, f'task {harts * 2} run=100ms on=0\n')
        # Lengths that a fair scheduler can get right: shared perfectly, these end 2.4 % after the bound.
        short, long = harts // 2, harts - harts // 2
        uneven = run(sim, harts, ''.join(f'task {many} run={ms}ms on=0\n' for many, ms in
                                         ((harts, 100), (harts, 200), (short, 300), (long, 330))))
        # Two hogs a hart: nobody idles, all passes are periodic; one hart more has work to give away.
        busy = run(sim, harts, f'task {harts * 2 + 1} run=1s loop=0 on=0\nuntil {"1s" if harts <= 256 else "300ms"}\n')
        spans = '   '.join(f'{r["makespan"]:.4f}' for r in (even, half, twice, uneven))
        print(f'# {harts:5}   {groups:5}   {spans}   {busy["looks"]:.1f}', flush=True)
        for fact, what in ((even['makespan'] < 1.02 and twice['makespan'] < 1.02, 'N and 2N tasks within 2 % of the bound'),
                           (half['makespan'] < 1.05, '3N/2 tasks within 5 %'),
                           (uneven['makespan'] < 1.05, 'uneven lengths within 5 %'),
                           (max(r['loss'] for r in (even, half, twice, uneven)) < 1, 'less than 1 % of hart time idle while tasks wait'),
                           (busy['looks'] <= 4 * max(groups, 16), 'a pass looks at groups')):
            n += 1
            bad += not fact
            print(f'{"" if fact else "not "}ok {n} - {harts} harts: {what}', flush=True)
    print(f'1..{n}')
    return bad != 0


if __name__ == '__main__':
    sys.exit(main())
