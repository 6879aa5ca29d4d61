#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Harts that take turns (-icount): no wait lasts for ever, a run is the same each time, and a race is found and found again.

icount_test.py KERNEL ARCHIVE
"""
import difflib
import os
import re
import shlex
import sys
import tempfile

from tap import ROOT, done, hw, ok

sys.path.insert(0, os.path.join(ROOT, 'tools'))
import machine  # noqa: E402


def main():
    kernel, archive = (os.path.abspath(p) for p in sys.argv[1:3])

    def run(harts, shift, program, seed=None):
        out, log = bytearray(), bytearray()
        with tempfile.TemporaryDirectory() as rundir:
            m = machine.Machine(kernel, harts, '128M', shift, qemu_opts=f'-initrd {shlex.quote(archive)}', rundir=rundir, seed=seed)
            status = m.run(program, 60, out.extend, log.extend, loglevel=7)
        return status, bytes(log + out)

    def same_again(name, *how):
        first, second = run(*how), run(*how)
        differ = difflib.unified_diff(*(text.decode().split('\n') for _, text in (first, second)), 'first', 'second', lineterm='')
        ok(first == second and first[0] == 0, f'{name}: ends, and the same again', [first[0], second[0]] + list(differ))
        return first

    load = ['load', 'run=1ms', 'sleep=1ms', 'loop=4', 'instance=12']
    for harts in (1, 2, 4, 8):
        for shift in (0, 1, 3, 5, 8, 10):
            same_again(f'{harts} harts, shift {shift}', harts, shift, load)
    for harts, shift in ((8, 0), (4, 6), (8, 10)):
        same_again(f'{harts} harts, shift {shift}, a storm of forks', harts, shift,
                   ['sh', '-c', 'i=0; while [ $i -lt 40 ]; do true & i=$((i + 1)); done; wait; ps'])
    for harts in (2, 8):
        status, out = run(harts, 4, ['-l', 'test-threads'])
        ok(status == 0 and b'not ok' not in out and b'watchdog' not in out, f'{harts} harts: threads that fence each other\'s pages',
           out.decode()[-2000:])
    outs = {same_again(f'seed {seed}', 4, 5, load, seed) for seed in (1, 2, 3)}
    ok(len(outs) == 3, 'a seed is an order: three of them', len(outs))

    r = hw('hunt', '--kernel', kernel, '-p', '2', '--seeds', '60', '-o', f'-initrd {archive}', '--', 'test-race')
    again = re.search(r'^The same again: +\./hw (.*)$', r.stdout, re.M)
    ok(r.returncode == 1 and again and re.search(r'^\d+ of 40 steps$', r.stdout, re.M), 'hunt finds a seed that loses a step', r)
    lost = re.findall(r'^\d+ of 40 steps$', r.stdout, re.M)
    for _ in range(2):
        r = hw(*shlex.split(again[1] if again else '--help'))
        ok(r.returncode == 1 and re.findall(r'^\d+ of 40 steps$', r.stdout, re.M) == lost, 'and its command loses it again', r)
    r = hw('hunt', '--kernel', kernel, '--seeds', '3', '--', 'true')
    ok(r.returncode == 0 and 'none fails' in r.stderr, 'nothing to find: 0', r)
    r = hw('hunt')
    ok(r.returncode == 2 and 'program' in r.stderr, 'no program: 2', r)
    return done()


if __name__ == '__main__':
    sys.exit(main())
