# SPDX-License-Identifier: MIT
"""./hw hunt: run a program under one order of the harts' steps after the other, until one fails."""
import os
import shlex
import sys

import channel


def options(a, seed):
    """Of ./hw run, for the same machine."""
    words = ['-p', str(a.harts), '--icount', str(a.icount), '--seed', str(seed)]
    for option, value in (('--memory', a.memory), ('--root', a.root), ('--append', a.append), ('--topology', a.topology),
                          ('--kernel', a.kernel), ('--qemu-opts', a.qemu_opts), ('--cwd', a.cwd), ('--loglevel', a.loglevel)):
        words += [option, str(value)] if value else []
    for option, values in (('--numa', a.numa), ('--numa-distance', a.numa_distance)):
        words += sum(([option, v] for v in values or []), [])
    words += sum((['--env', '='.join(pair)] for pair in a.env), [])
    return words + (['--debug-kernel'] if a.debug_kernel else [])


def try_one(a, m):
    """Return: the status, and what was printed."""
    out = bytearray()
    status = m.run(a.program, a.timeout or 60, on_kernel=out.extend, loglevel=a.loglevel,
                   **channel.repeatable(a.env, a.cwd, out.extend, out.extend))
    m.clean()
    return status, bytes(out)


def hunt(a, machine_of):
    """@machine_of(seed) makes a machine. Return: 1 if a seed was found, 0 if none."""
    for seed in range(a.first_seed, a.first_seed + a.seeds):
        status, out = try_one(a, machine_of(seed))
        if not status:
            print(f'\rhw: seed {seed}: fine', end='', file=sys.stderr, flush=True)
            continue
        print(f'\rhw: seed {seed}: status {status}; it printed', file=sys.stderr, flush=True)
        os.write(1, out)
        again = shlex.join(options(a, seed)) + ' -- ' + shlex.join(a.program)
        print(f'\nThe same again:    ./hw run {again}\nUnder a debugger:  ./hw run --debug --wait {again}\n'
              '                   and ./hw gdb beside it')
        return 1
    print(f'\rhw: {a.seeds} seeds: none fails', file=sys.stderr)
    return 0
