# SPDX-License-Identifier: MIT
"""What a timeline says of how work was balanced, as text."""
import math
import statistics


COLUMNS = 8             # of harts, beside each other; more go below


def rows_of(t):
    """(name, a value of each hart or None, how it is written, what all have or a word, is its spread told)."""
    used, average = [100 * b / t.length for b in t.busy], [t.average_depth(h) for h in range(t.harts)]
    stolen = [100 * ns / t.length for ns in t.stolen() or []]
    most = [max((n for _, n in t.depth[h]), default=0) for h in range(t.harts)]
    yield 'utilized           %', used, '.2f', statistics.mean(used), True
    yield 'idle               %', [100 - u for u in used], '.2f', 100 - statistics.mean(used), False
    yield 'unclaimed idle [2]  %', None, '.2f', 100 * t.unclaimed / t.length / t.harts, False
    yield ('steal [3]          %', stolen, '.2f', statistics.mean(stolen), True) if stolen else \
          ('steal [3]          %', None, '', '<not known>', False)
    yield 'run queue, average', average, '.2f', statistics.mean(average), True
    yield 'run queue, max', most, 'd', max(most), False
    yield 'context-switches', t.switches, 'd', sum(t.switches), True
    yield '  involuntary', t.involuntary, 'd', sum(t.involuntary), True
    yield 'migrations in', t.arrived, 'd', sum(t.arrived), True
    yield 'migrations out', t.left, 'd', sum(t.left), True
    for name, by_hart in t.counters.items():
        values = [by_hart.get(h) for h in range(t.harts)]
        yield (name, None, '', '<not supported>', False) if None in values else (name, values, '.0f', sum(values), True)


def table(t):
    """A line a figure, a column a hart; what all have stands behind the last one."""
    rows, out = list(rows_of(t)), []
    for first in range(0, t.harts, COLUMNS):
        harts = range(first, min(first + COLUMNS, t.harts))
        last = harts[-1] == t.harts - 1
        out += [''] if first else []
        out.append(' ' * 28 + ''.join(f'{"HART" + str(h):>11}' for h in harts) + (f'{"all":>11}   spread [1]' if last else ''))
        for name, values, fmt, total, spread in rows:
            line = f'{" " + name:<28}' + ''.join(f'{format(values[h], fmt):>11}' if values else ' ' * 11 for h in harts)
            mean = statistics.mean(values or [0])
            if last:
                line = f'{" " + name:<28}{total:>22}' if isinstance(total, str) else line + f'{format(total, fmt):>11}'
                line += f'{100 * statistics.pstdev(values) / mean:9.1f} %' if spread and mean else ''
            if last or values:
                out.append(line)
    return out


def report(t, what):
    """The balance of a run, a column a hart. Layout: one that perf users know."""
    ms = 1e6
    out = [f' Hart balance for \'{what}\': {t.harts} harts, {t.length / ms:.3f} msec', '', *table(t), '']
    for reason, n in sorted(t.reasons.items(), key=lambda r: -r[1]):
        why, _, level = reason.rpartition('-')
        out.append(f'{n:12}      migrations by {why:<10} within {level}')
    out.append(f'{t.useless:12}      balance moves from a hart that had no more tasks than where they went')
    out.append('')
    longest = max(t.gaps, key=lambda g: g[1] - g[0], default=(0, 0))

    def verdict(ns, what, note):
        out.append(f'{ns / ms:12.3f} msec  {what:<24}  #  {note}')

    verdict(t.lost(), 'not work-conserving', f'{100 * t.lost() / t.length:.2f} % of the time some hart idled while a task waited')
    verdict(longest[1] - longest[0], 'longest such gap', f'at {longest[0] / 1e9:.6f}; {len(t.gaps)} gaps in all')
    out.append(f'{t.jain():12.4f}       Jain index of busy time   #  1 = even, {1 / t.harts:.2f} = one hart did it all')
    bound = t.makespan_bound()
    verdict(t.length, 'makespan', f'{t.length / bound:.2f} x the lower bound of {bound / ms:.3f} msec')
    delays = sorted(t.delays) or [0]
    verdict(statistics.mean(delays), 'mean scheduling delay',
            f'p99 {delays[math.ceil(len(delays) * .99) - 1] / ms:.3f}, max {delays[-1] / ms:.3f}')
    out.append('')
    if t.overwritten:
        out.append(f' {t.overwritten} records were overwritten: this begins at {t.start / 1e9:.6f}; --buffer makes room')
    out.append(' [1] standard deviation / mean over the harts   [2] idle that waiting tasks could have used; masks are not looked at')
    if t.steal:
        out.append(' [3] ' + ('the hart wanted a CPU of the host, which ran others; it is in what was utilized, and in delays'
                              if t.steal.samples else 'none: the clock stands still while the host runs others'))
    return '\n'.join(out) + '\n'


def compare(runs):
    """The figures of several runs, a column each."""
    figures = [t.figures() for _, t in runs]
    out = ['', *(f' [{i}] {title}' for i, (title, _) in enumerate(runs, 1)), '',
           ' ' * 30 + ''.join(f'{f"[{i}]":>14}' for i in range(1, len(runs) + 1))]
    for name in figures[0]:
        out.append(f' {name:<29}' + ''.join(f'{f[name]:>14.3f}' if isinstance(f[name], float) else f'{f[name]:>14}' for f in figures))
    return '\n'.join(out) + '\n'
