# SPDX-License-Identifier: MIT
"""Experiments: a program on many machines, each many times; what came out, as a table and as a picture.

A description is a TOML file:

    command = "load run=100ms instance=8"       # what each run does, in the machine's shell
    repeat = 5
    setup = ["echo {latency} > /sys/kernel/debug/sched/latency_ns"]    # lines before it; {NAME} is a value of the matrix
    [matrix]                                    # all combinations are run
    cpus = [2, 4]                               # cpus, topology, memory, append, icount are ./hw's options
    latency = [3000000, 24000000]               # any other name stands as {NAME} in command or setup

Run number N of an experiment is always the same one, so an array job needs no more than its index:

    sbatch --array=0-$(./hw experiment FILE --last) --wrap './hw experiment FILE --run $SLURM_ARRAY_TASK_ID'
    seq 0 $(./hw experiment FILE --last) | parallel -S host1,host2 --wd . ./hw experiment FILE --run {}
    ./hw experiment FILE --collect
"""
import argparse
import concurrent.futures
import csv
import itertools
import json
import math
import os
import statistics
import string
import subprocess
import sys
import tempfile
import textwrap
import tomllib

import machine
import options
import timeline

OPTIONS = {'cpus': options.number(1, options.MAX_HARTS), 'topology': options.topology, 'memory': options.memory, 'append': str,
           'icount': options.number(0, 10)}
FIGURES = ('makespan_ms', 'makespan_over_bound', 'not_work_conserving_percent', 'jain', 'switches', 'migrations', 'mean_delay_ms',
           'p99_delay_ms', 'steal_percent')
# Student's t, two-sided 95 %, for 1 to 30 degrees of freedom.
T95 = (12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.20, 2.18, 2.16, 2.14, 2.13, 2.12, 2.11, 2.10, 2.09, 2.09, 2.08,
       2.07, 2.07, 2.06, 2.06, 2.06, 2.05, 2.05, 2.05, 2.04)


class Problem(Exception):
    """What is said to the user."""


class Experiment:
    def __init__(self, path):
        try:
            with open(path, 'rb') as f:
                d = tomllib.load(f)
        except (OSError, tomllib.TOMLDecodeError) as e:
            raise Problem(f'{path}: {e}') from None
        wrong = set(d) - {'command', 'repeat', 'setup', 'matrix'}
        if wrong or not isinstance(d.get('command'), str):
            raise Problem(f'{path}: ' + (f'{sorted(wrong)[0]} is no word of an experiment' if wrong else 'a command is wanted'))
        self.command, self.repeat, self.setup = d['command'], d.get('repeat', 1), d.get('setup', [])
        if not isinstance(self.setup, list) or not all(isinstance(line, str) for line in self.setup):
            raise Problem(f'{path}: setup is a list of lines')
        self.matrix = {k: v if isinstance(v, list) else [v] for k, v in d.get('matrix', {}).items()}
        if not isinstance(self.repeat, int) or self.repeat < 1 or not all(self.matrix.values()):
            raise Problem(f'{path}: repeat is a number from 1 on, and each list of the matrix has a value')
        try:
            self.check_names()
            cells = [dict(zip(self.matrix, values)) for values in itertools.product(*self.matrix.values())]
            harts = max(options.harts_of(c.get('cpus'), c.get('topology')) for c in cells)
        except (Problem, machine.Problem, ValueError, argparse.ArgumentTypeError) as e:
            raise Problem(f'{path}: {e}') from None
        self.warning = options.overcommitted(harts, self.matrix.get('icount', [None])[0])
        # Repetitions one after the other over all cells: what changes on the host meanwhile hits all alike.
        self.runs = [(cell, n) for n in range(self.repeat) for cell in cells]
        self.folder = os.path.splitext(path)[0] + '.results'

    def check_names(self):
        """Each name of the matrix is an option of the machine, with values that it takes, or in {braces}, and what is there is a name."""
        used = {name for line in self.setup + [self.command] for _, name, _, _ in string.Formatter().parse(line) if name is not None}
        for name, values in self.matrix.items():
            if name not in OPTIONS and name not in used:
                raise Problem(f'{name} in the matrix is no option of the machine ({", ".join(OPTIONS)}), and no line has {{{name}}}')
            for value in values if name in OPTIONS else []:
                OPTIONS[name](str(value))
        for name in sorted(used - set(self.matrix)):
            raise Problem(f'{{{name}}} is not in the matrix')

    def run(self, hw, kernel, index):
        """One run; its row."""
        cell, repetition = self.runs[index]
        lines = [line.format(**cell) for line in self.setup + [self.command]]
        with tempfile.TemporaryDirectory() as work:
            os.makedirs(work + '/root/etc')
            with open(work + '/root/etc/run.sh', 'w') as f:
                f.write('\n'.join(lines) + '\n')
            options = (['--kernel', kernel] if kernel else []) + sum((['--' + k, str(cell[k])] for k in OPTIONS if k in cell), [])
            done = subprocess.run([sys.executable, hw, 'trace', *options, '--rundir', work + '/run', '--figures', work + '/figures',
                                   '--root', work + '/root', '--timeout', '300', '--', 'sh', '/etc/run.sh'],
                                  capture_output=True, text=True, stdin=subprocess.DEVNULL, preexec_fn=machine.ends_with_us)
            row = {'run': index, **cell, 'repetition': repetition, 'status': done.returncode}
            if os.path.exists(work + '/figures'):
                with open(work + '/figures') as f:
                    row.update(json.load(f))
            elif not done.returncode:
                row['status'] = -1
        os.makedirs(self.folder, exist_ok=True)
        with open(os.path.join(self.folder, f'{index}.json'), 'w') as f:
            json.dump(row, f)
        return row

    def collect(self):
        """All rows that there are."""
        rows = []
        for i in range(len(self.runs)):
            try:
                with open(os.path.join(self.folder, f'{i}.json')) as f:
                    rows.append(json.load(f))
            except OSError:
                pass
        with open(os.path.join(self.folder, 'results.csv'), 'w', newline='') as f:
            out = csv.DictWriter(f, ['run', *self.matrix, 'repetition', 'status', *FIGURES], extrasaction='ignore')
            out.writeheader()
            out.writerows(rows)
        return rows

    def cells(self, rows):
        """(values of the matrix): rows that ended well."""
        found = {}
        for row in rows:
            if row['status'] == 0:
                found.setdefault(tuple(row[k] for k in self.matrix), []).append(row)
        return found


def values(rows, figure):
    """What is known of it: steal is not on every host."""
    return [r[figure] for r in rows if r.get(figure) is not None]


def interval(values):
    """Mean, and how far the 95 % confidence interval goes to each side; of nothing: no number."""
    if not values:
        return math.nan, math.nan
    mean = statistics.mean(values)
    if len(values) < 2:
        return mean, 0.0
    return mean, T95[min(len(values) - 1, len(T95)) - 1] * statistics.stdev(values) / math.sqrt(len(values))


def table(x, rows):
    shown = ('makespan_ms', 'not_work_conserving_percent', 'jain', 'migrations', 'p99_delay_ms', 'steal_percent')
    out = [''.join(f'{k:>14}' for k in x.matrix) + f'{"runs":>6}' + ''.join(f'{k:>30}' for k in shown)]
    for cell, some in x.cells(rows).items():
        out.append(''.join(f'{str(v):>14}' for v in cell) + f'{len(some):>6}' + ''.join(
            '{:>18.3f} +- {:>8.3f}'.format(*interval(values(some, k))) for k in shown))
    return '\n'.join(out)


def colour_of(i, n):
    return timeline.PALETTE[i] if n <= len(timeline.PALETTE) else timeline.spread_colour(i)


def plot(x, rows, path, figure):
    import matplotlib
    matplotlib.use('Agg')
    import matplotlib.pyplot as plt
    from matplotlib.ticker import MaxNLocator

    names = [k for k, v in x.matrix.items() if len(v) > 1] or list(x.matrix)[:1]
    if not names:
        raise Problem('a picture wants a matrix')
    along, others, cells = names[0], names[1:], x.cells(rows)
    keys = list(x.matrix)
    fig, ax = plt.subplots(figsize=(7, 4.5), layout='constrained')
    lines = {}
    for cell, some in cells.items():
        label = ', '.join(f'{k} {cell[keys.index(k)]}' for k in others)
        lines.setdefault(label, []).append((cell[keys.index(along)], *interval(values(some, figure))))
    for i, ((label, points), mark) in enumerate(zip(lines.items(), itertools.cycle('os^vDP*X'))):
        # Beside each other, lest one line's interval hide another's.
        at = [x.matrix[along].index(p[0]) + (i - (len(lines) - 1) / 2) * min(0.05, 0.5 / len(lines)) for p in points]
        ax.errorbar(at, [p[1] for p in points], yerr=[p[2] for p in points], marker=mark, capsize=4, label=label or None,
                    color=colour_of(i, len(lines)))
    ax.set_xticks(range(len(x.matrix[along])), [str(v) for v in x.matrix[along]])
    ax.set_xlabel(along)
    ax.set_ylabel(figure.replace('_', ' '))
    ax.set_title('\n'.join(textwrap.wrap(x.command, 70, max_lines=3, placeholder=' ...')), fontsize='medium')
    if others:
        ax.legend(frameon=False, fontsize='small', loc='upper left', bbox_to_anchor=(1.01, 1))
    ax.yaxis.set_major_locator(MaxNLocator(integer=figure in ('switches', 'migrations')))
    fig.supxlabel('mean of the runs, with the 95 % confidence interval', fontsize='x-small', ha='right', x=0.98)
    fig.savefig(path, bbox_inches='tight', dpi=120)


def main(x, a, hw):
    if a.last:
        print(len(x.runs) - 1)
        return 0
    if a.run is not None and not 0 <= a.run < len(x.runs):
        raise Problem(f'--run {a.run}: this experiment has {len(x.runs)} runs, from 0 on')
    if x.warning and not a.collect:
        print(f'hw: {x.warning}', file=sys.stderr, flush=True)
    if a.run is not None:
        row = x.run(hw, a.kernel, a.run)
        print(json.dumps(row))
        return row['status'] != 0
    if not a.collect:
        with concurrent.futures.ThreadPoolExecutor(a.jobs) as pool:
            for row in pool.map(lambda i: x.run(hw, a.kernel, i), range(len(x.runs))):
                print(f'run {row["run"] + 1} of {len(x.runs)}: status {row["status"]}', file=sys.stderr, flush=True)
    rows = x.collect()
    if not rows:
        raise Problem(f'{x.folder} has no results')
    print(table(x, rows))
    print(f'{x.folder}/results.csv')
    if a.plot:
        # By Debian's own Python: it is the one that has Debian's matplotlib.
        subprocess.run(['/usr/bin/python3', os.path.abspath(__file__), a.file, a.plot, a.figure], check=True)
    return len(rows) != len(x.runs) or any(r['status'] for r in rows)


if __name__ == '__main__':
    described = Experiment(sys.argv[1])
    plot(described, described.collect(), sys.argv[2], sys.argv[3])
