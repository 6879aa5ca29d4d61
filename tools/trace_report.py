# SPDX-License-Identifier: MIT
"""What a timeline says of how work was balanced, as text."""
import math
import statistics


def report(t, what):
    """The balance of a run, a column a hart. Layout: one that perf users know."""
    ms = 1e6

    def row(name, values, fmt, total, spread=True):
        mean = statistics.mean(values)
        off = f'{100 * statistics.pstdev(values) / mean:9.1f} %' if spread and mean else ''
        return f'{name:<28}' + ''.join(f'{format(v, fmt):>11}' for v in values) + f'{format(total, fmt):>11}{off}'

    out = [f' Hart balance for \'{what}\': {t.harts} harts, {t.length / ms:.3f} msec', '',
           ' ' * 28 + ''.join(f'{"HART" + str(h):>11}' for h in range(t.harts)) + f'{"all":>11}   spread [1]']
    used = [100 * b / t.length for b in t.busy]
    out.append(row(' utilized           %', used, '.2f', statistics.mean(used)))
    out.append(row(' idle               %', [100 - u for u in used], '.2f', 100 - statistics.mean(used), False))
    out.append(f'{" unclaimed idle [2]  %":<28}' + ' ' * 11 * t.harts + f'{100 * t.unclaimed / t.length / t.harts:>11.2f}')
    stolen = t.stolen()
    if stolen:
        share = [100 * ns / t.length for ns in stolen]
        out.append(row(' steal [3]          %', share, '.2f', statistics.mean(share)))
    else:
        out.append(f'{" steal [3]          %":<28}{"<not known>":>22}')
    average = [t.average_depth(h) for h in range(t.harts)]
    out.append(row(' run queue, average', average, '.2f', statistics.mean(average)))
    most = [max((n for _, n in t.depth[h]), default=0) for h in range(t.harts)]
    out.append(row(' run queue, max', most, 'd', max(most), False))
    out.append(row(' context-switches', t.switches, 'd', sum(t.switches)))
    out.append(row('   involuntary', t.involuntary, 'd', sum(t.involuntary)))
    out.append(row(' migrations in', t.arrived, 'd', sum(t.arrived)))
    out.append(row(' migrations out', t.left, 'd', sum(t.left)))
    for name, by_hart in t.counters.items():
        values = [by_hart.get(h) for h in range(t.harts)]
        if None in values:
            out.append(f'{" " + name:<28}' + f'{"<not supported>":>22}')
        else:
            out.append(row(' ' + name, values, '.0f', sum(values)))
    out.append('')
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
