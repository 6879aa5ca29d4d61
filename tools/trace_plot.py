# SPDX-License-Identifier: MIT
"""A timeline, or several beside each other, as one picture."""
from timeline import PALETTE, Problem


def draw_lanes(gantt, t, keyed):
    """Who ran where; @keyed: what of a slice has a colour."""
    keys = list(dict.fromkeys(sorted(keyed(s) for s in t.slices)))
    seen = set()
    for s in t.slices:
        key = keyed(s)
        gantt.barh(s.hart, (s.end - s.start) / 1e6, left=(s.start - t.start) / 1e6, height=0.8,
                   color=PALETTE[keys.index(key) % len(PALETTE)],
                   label=None if key in seen or len(seen) > 11 else s.comm if key == s.comm else f'{s.comm}-{s.pid}')
        seen.add(key)
    for ts, a, b, _, _ in t.migrations() if len(t.migrations()) < 400 else []:
        gantt.annotate('', xy=((ts - t.start) / 1e6, b), xytext=((ts - t.start) / 1e6, a),
                       arrowprops={'arrowstyle': '->', 'color': '#444444', 'lw': 0.7})
    gantt.set_yticks(range(t.harts), [f'hart {h}  {100 * t.busy[h] / t.length:.0f} %' for h in range(t.harts)])
    gantt.set_ylim(t.harts - 0.5, -0.5)


def draw_depth(heat, t, deepest):
    import numpy
    bins = numpy.linspace(t.start, t.end, 400)
    grid = numpy.zeros((t.harts, len(bins)))
    for h in range(t.harts):
        times = [p[0] for p in t.depth[h]]
        for i, b in enumerate(bins):
            k = numpy.searchsorted(times, b, side='right') - 1
            grid[h, i] = t.depth[h][k][1] if k >= 0 else 0
    shown = heat.imshow(grid, aspect='auto', cmap='viridis', interpolation='nearest',
                        extent=[0, t.length / 1e6, t.harts - 0.5, -0.5], vmin=0, vmax=deepest)
    heat.set_yticks(range(t.harts), [str(h) for h in range(t.harts)])
    return shown


def draw_utilisation(util, t):
    import numpy
    width = 60
    edges = numpy.linspace(t.start, t.end, width + 1)
    use = numpy.zeros((t.harts, width))
    for s in t.slices:
        for i in range(width):
            use[s.hart, i] += max(0, min(s.end, edges[i + 1]) - max(s.start, edges[i]))
    use /= (edges[1] - edges[0]) / 100
    middle = ((edges[:-1] + edges[1:]) / 2 - t.start) / 1e6
    util.fill_between(middle, use.min(axis=0), use.max(axis=0), color='#56B4E9', alpha=0.4, lw=0, label='least to most')
    util.plot(middle, use.mean(axis=0), color='#0072B2', label='mean of the harts')
    util.set_ylim(0, 102)
    util.set_xlabel('ms')


def plot(runs, path):
    """A column a run, (title, timeline), all on one scale of time. Four panels: who ran where, queue depths, idle while work
    waits, utilisation."""
    try:
        import matplotlib
    except ImportError:
        raise Problem('matplotlib is missing (Debian: python3-matplotlib)') from None
    matplotlib.use('Agg')
    import matplotlib.pyplot as plt

    most = max(t.harts for _, t in runs)
    fig, axes = plt.subplots(4, len(runs), sharex=True, squeeze=False, height_ratios=[max(most, 2) * 1.2, max(most, 2) * 0.7, 0.35, 2],
                             figsize=(13 if len(runs) == 1 else 7.5 * len(runs), 3.5 + 0.45 * most))
    by_pid = max(len({s.pid for s in t.slices}) for _, t in runs) <= 12
    deepest = max(n for _, t in runs for hart in t.depth for _, n in hart)
    for column, (what, t) in enumerate(runs):
        gantt, heat, strip, util = axes[:, column]
        draw_lanes(gantt, t, (lambda s: s.pid) if by_pid else (lambda s: s.comm))
        shown = draw_depth(heat, t, deepest)
        for a, b in t.gaps:
            strip.axvspan((a - t.start) / 1e6, (b - t.start) / 1e6, color='#D00000')
        strip.set_yticks([])
        draw_utilisation(util, t)
        verdict = (f'not work-conserving {100 * t.lost() / t.length:.2f} %, Jain {t.jain():.3f}, '
                   f'makespan {t.length / t.makespan_bound():.2f} x bound')
        gantt.set_title(f'{what}: {verdict}' if len(runs) == 1 else f'{what}\n{t.length / 1e6:.0f} ms; {verdict}', fontsize='medium')
    gantt, heat, strip, util = axes[:, 0]
    axes[0, -1].legend(loc='upper left', bbox_to_anchor=(1.005, 1), fontsize='x-small', frameon=False)
    heat.set_ylabel('queue depth')
    strip.set_ylabel('idle,\nwork waits', rotation=0, ha='right', va='center', fontsize='x-small')
    util.set_ylabel('utilized %')
    util.legend(fontsize='x-small', frameon=False, loc='lower left')
    fig.colorbar(shown, ax=axes, location='right', fraction=0.015, pad=0.16 if len(runs) == 1 else 0.1)
    fig.savefig(path, bbox_inches='tight', dpi=110)
