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

    def twice(*how):
        """What two runs of at most three tell alike, or None; and all. One in some hundred is another: the host woke QEMU's main thread."""
        seen = []
        while len(seen) < 3:
            seen.append(run(*how))
            if seen.count(seen[-1]) == 2:
                return seen[-1], seen
        return None, seen

    load = ['load', 'run=1ms', 'sleep=1ms', 'loop=4', 'instance=12']
    for harts in (2, 4, 8):
        for shift in (1, 3, 5, 8, 10):
            told, seen = twice(harts, shift, load)
            if len(seen) > 2:
                print(f'# {harts} harts, shift {shift}: one of three runs was another')
            differ = difflib.unified_diff(*(text.decode().split('\n') for _, text in seen[:2]), 'first', 'second', lineterm='')
            ok(told and told[0] == 0, f'{harts} harts, shift {shift}: ends, and the same again', [r[0] for r in seen] + list(differ))
    for harts in (2, 8):
        status, out = run(harts, 4, ['-l', 'test-threads'])
        ok(status == 0 and b'not ok' not in out and b'watchdog' not in out, f'{harts} harts: threads that fence each other\'s pages',
           out.decode()[-2000:])
    outs = {twice(4, 5, load, seed)[0] for seed in (1, 2, 3)}
    ok(len(outs) == 3 and None not in outs, 'a seed is an order: three of them, the same each time', len(outs))

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
