# SPDX-License-Identifier: MIT
"""A timeline, or several beside each other, as one picture. Names and colours are the page's."""
import collections
import math
import textwrap

from timeline import Problem

LEGEND = 36             # tasks at most
ARROW_ROOM = 1 / 90     # of the width: a migration that has as much for itself is an arrow
SHARP = 3000            # slices: an .svg of more holds them as pixels


def draw_lanes(gantt, t, colours):
    """Who ran where; and migrations, as arrows where they have room. Return: how many have none."""
    for h in range(t.harts):
        some = [s for s in t.slices if s.hart == h]
        gantt.broken_barh([((s.start - t.start) / 1e6, (s.end - s.start) / 1e6) for s in some], (h - 0.4, 0.8),
                          facecolors=[colours[s.pid] for s in some], linewidth=0, rasterized=len(t.slices) > SHARP)
    columns = collections.defaultdict(list)
    for m in t.migrations():
        columns[int((m.ts - t.start) / t.length / ARROW_ROOM)].append(m)
    for some in columns.values():
        for m in some if len(some) == 1 else []:
            at = (m.ts - t.start) / 1e6
            gantt.annotate('', xy=(at, m.target), xytext=(at, m.source), arrowprops={'arrowstyle': '->', 'color': '#222222', 'lw': 0.7})
    gantt.set_yticks(range(t.harts), [f'hart {h}  {100 * t.busy[h] / t.length:.0f} %' for h in range(t.harts)],
                     fontsize='medium' if t.harts <= 32 else 'xx-small')
    gantt.set_ylim(t.harts - 0.5, -0.5)
    gantt.set_xlim(0, t.length / 1e6)
    return sum(len(some) for some in columns.values() if len(some) > 1)


def draw_groups(gantt, t):
    """What harts share, as bars left of their names, the widest outermost."""
    from matplotlib.transforms import ScaledTranslation
    for column, (level, parts) in enumerate(reversed(t.groups())):
        points = -(86 if t.harts <= 32 else 50) - 14 * column
        side = gantt.get_yaxis_transform() + ScaledTranslation(points / 72, 0, gantt.figure.dpi_scale_trans)
        for n, harts in enumerate(parts):
            y0, y1 = min(harts) - 0.4, max(harts) + 0.4
            gantt.plot([0, 0], [y0, y1], color='#666666', lw=1.2, clip_on=False, transform=side)
            if len(harts) > 1:
                gantt.text(0, (y0 + y1) / 2, f'{level} {n} ', rotation=90, ha='right', va='center', fontsize='xx-small',
                           color='#444444', transform=side)


def draw_depth(heat, t, deepest):
    import numpy
    from matplotlib import colormaps, colors
    bins = numpy.linspace(t.start, t.end, 400)
    grid = numpy.zeros((t.harts, len(bins)))
    for h in range(t.harts):
        at = numpy.searchsorted([p[0] for p in t.depth[h]], bins, side='right') - 1
        values = numpy.array([n for _, n in t.depth[h]])
        grid[h] = numpy.where(at >= 0, values[numpy.maximum(at, 0)], 0)
    shades = colormaps['viridis'].resampled(deepest + 1)
    shown = heat.imshow(grid, aspect='auto', cmap=shades, norm=colors.BoundaryNorm(numpy.arange(deepest + 2) - 0.5, deepest + 1),
                        interpolation='nearest', extent=[0, t.length / 1e6, t.harts - 0.5, -0.5])
    step = max(1, math.ceil(t.harts / 16))
    heat.set_yticks(range(0, t.harts, step), [str(h) for h in range(0, t.harts, step)], fontsize='small')
    return shown


def parts_of(t, width):
    """The edges of @width parts of the window, and how much of each one each hart ran (%)."""
    import numpy
    edges = numpy.linspace(t.start, t.end, width + 1)
    use, part = numpy.zeros((t.harts, width)), t.length / width
    for s in t.slices:
        for i in range(int((s.start - t.start) / part), min(int((s.end - t.start) / part) + 1, width)):
            use[s.hart, i] += max(0, min(s.end, edges[i + 1]) - max(s.start, edges[i]))
    return edges, use / part * 100


def draw_utilisation(util, t):
    import numpy
    edges, use = parts_of(t, 60)
    middle = ((edges[:-1] + edges[1:]) / 2 - t.start) / 1e6
    util.fill_between(middle, use.min(axis=0), use.max(axis=0), color='#56B4E9', alpha=0.4, lw=0, label='least to most')
    util.plot(middle, use.mean(axis=0), color='#0072B2', label='mean of the harts')
    parts = t.steal_parts(60)
    if parts:
        util.stairs([100 * numpy.mean(some) for _, some in parts], [at / 1e6 for at, _ in parts] + [t.length / 1e6], color='#000000',
                    lw=0.9, ls=':', baseline=None, label='stolen by the host')
    util.set_ylim(-3, 103)
    util.set_xlabel('ms')


def draw_strip(strip, t):
    """When a hart idled while a task waited; and how many migrations there were."""
    import numpy
    for a, b in t.gaps:
        strip.axvspan((a - t.start) / 1e6, (b - t.start) / 1e6, ymin=0.55, color='#D00000', lw=0.4)
    counts, edges = numpy.histogram([(m.ts - t.start) / 1e6 for m in t.migrations()], bins=120, range=(0, t.length / 1e6))
    strip.bar(edges[:-1], counts / max(counts.max(), 1) * 0.45, width=edges[1] - edges[0], align='edge', color='#222222')
    strip.set_ylim(0, 1)
    strip.set_yticks([0.22, 0.77], ['migrations', 'idle, work waits'], fontsize='x-small')
    strip.tick_params(axis='y', length=0)


def tasks_of(runs):
    """(label, colour) for the legend: of each task, or, where colours are of names, of each name."""
    found = {}
    for _, t in runs:
        colours = t.colours()
        for colour in dict.fromkeys(colours.values()):
            some = [pid for pid, c in colours.items() if c == colour]
            names = ', '.join(sorted({t.names[pid] for pid in some}))
            found.setdefault(f'{names}-{some[0]}' if len(some) == 1 else f'{names} ({len(some)})', colour)
    return found


def add_legend(fig, axes, runs):
    """Of tasks, at the right of all. With several runs a pid is another task in each, so names would not help."""
    from matplotlib.patches import Patch
    found = tasks_of(runs) if len(runs) == 1 else {}
    patches = [Patch(color=colour, label=label) for label, colour in list(found.items())[:LEGEND]]
    if len(found) > LEGEND:
        patches.append(Patch(color='none', label=f'and {len(found) - LEGEND} more'))
    if patches:
        columns = math.ceil(len(patches) / max(12, runs[0][1].harts * 2))
        axes[0, -1].legend(handles=patches, loc='upper left', bbox_to_anchor=(1.005, 1.02), fontsize='x-small', frameon=False,
                           ncols=columns, handlelength=1, columnspacing=1)


def title_of(what, t, width):
    """@width: characters that fit over a column."""
    verdict = (f'{t.length / 1e6:.0f} ms, makespan {t.length / t.makespan_bound():.2f} x bound, not work-conserving '
               f'{100 * t.lost() / t.length:.2f} %, Jain {t.jain():.3f}')
    return '\n'.join(textwrap.wrap(what, width, max_lines=3, placeholder=' ...') + [verdict])


def draw_run(column, t, deepest):
    """The four panels of a run. Return: what the colour bar is of."""
    gantt, heat, strip, util = column
    left_out = draw_lanes(gantt, t, t.colours())
    draw_groups(gantt, t)
    shown = draw_depth(heat, t, deepest)
    draw_strip(strip, t)
    draw_utilisation(util, t)
    if left_out:
        gantt.set_xlabel(f'{left_out} migrations have no room for an arrow', fontsize='x-small', loc='right', labelpad=2)
    return shown


def plot(runs, path):
    """A column a run, (title, timeline), all on one scale of time. Four panels: who ran where; queue depths; idle while work
    waits, and migrations; utilisation."""
    try:
        import matplotlib
    except ImportError:
        raise Problem('matplotlib is missing (Debian: python3-matplotlib)') from None
    matplotlib.use('Agg')
    matplotlib.rcParams['svg.fonttype'] = 'none'        # text, which one can search for
    import matplotlib.pyplot as plt

    most = max(t.harts for _, t in runs)
    fig, axes = plt.subplots(4, len(runs), sharex=True, squeeze=False, layout='constrained',
                             height_ratios=[max(most, 2) * 1.2, max(most, 2) * 0.7, 1, 2],
                             figsize=(13 if len(runs) == 1 else 8.5 * len(runs), 4 + 0.45 * min(most, 40)))
    deepest = max(n for _, t in runs for hart in t.depth for _, n in hart)
    for column, (what, t) in enumerate(runs):
        shown = draw_run(axes[:, column], t, deepest)
        axes[0, column].set_title(title_of(what, t, 110 if len(runs) == 1 else 70), fontsize='medium')
    axes[0, 0].set_xlim(0, max(t.length for _, t in runs) / 1e6)
    axes[1, 0].set_ylabel('queue depth')
    axes[3, 0].set_ylabel('%')
    axes[3, -1].legend(fontsize='x-small', frameon=False, loc='upper left', bbox_to_anchor=(1.005, 1.05))
    add_legend(fig, axes, runs)
    step = next(k for k in (1, 2, 5, 10, 20, 50, 100, 1000) if deepest <= 10 * k)
    bar = fig.colorbar(shown, cax=axes[1, -1].inset_axes([1.012, 0, 0.012, 1]), ticks=range(0, deepest + 1, step))
    bar.ax.tick_params(labelsize='x-small')
    bar.ax.minorticks_off()
    fig.savefig(path, bbox_inches='tight', dpi=110)
    plt.close(fig)
