# SPDX-License-Identifier: MIT
"""A timeline as one page of HTML that needs nothing else: the files of page/ put together, with the data in them.

write() takes whatever has what timeline.Timeline has. The page's data are JSON, times in ns from the start of the window:

    title, report       text; the report is shown below as it is
    verdict             [what, value], texts, for the top
    harts, length       how many; ns
    start               ns since the machine's boot
    tasks, colours      {pid: name}, {pid: "#rrggbb"}: the latest name; who has no colour did not run
    tools               pids of those that started and measured the program
    slices              [hart, pid, start, end, wait, why, state, waker, waker_hart], as timeline.Slice has them
    migrations          [at, from, to, pid, why]: why is reason-LEVEL, "" where that is not known; a fork's is where a new task came to
    depth               of each hart: [[from when on, how many run or wait there], ...]
    gaps                [start, end]: some hart idled while a task waited
    groups              [level, [[hart, ...], ...]], the widest first: what harts share
    busy                of each hart: the part of the time in which it ran something
    steal               null: not known; [[from when on, [part of the time that the host took, of each hart]], ...]
"""
import json
import os
import re

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'page')
STEAL_PARTS = 400       # at most


def data_of(t, title, report):
    colours, stolen = t.colours(), t.stolen()
    verdict = [['not work-conserving', f'{100 * t.lost() / t.length:.2f} %'], ['Jain index', f'{t.jain():.3f}'],
               ['makespan', f'{t.length / t.makespan_bound():.2f} × bound']]
    if stolen:
        verdict.append(['stolen by the host', f'{100 * sum(stolen) / t.length / t.harts:.1f} %' if t.steal.samples else
                        'nothing: the clock stands still'])
    return {
        'title': title, 'report': report, 'verdict': verdict,
        'harts': t.harts, 'length': t.length, 'start': t.start,
        'tasks': t.names, 'colours': colours, 'tools': sorted(t.tools & set(colours)),
        'slices': [[s.hart, s.pid, s.start - t.start, s.end - t.start, s.wait, s.why, s.state, s.waker, s.waker_hart] for s in t.slices],
        'migrations': [[m.ts - t.start, m.source, m.target, m.pid, m.why] for m in t.moves],
        'depth': [[[at - t.start, n] for at, n in hart] for hart in t.depth],
        'gaps': [[a - t.start, b - t.start] for a, b in t.gaps],
        'groups': t.groups(), 'busy': [b / t.length for b in t.busy],
        'steal': t.steal and [[at, [round(part, 3) for part in parts]] for at, parts in t.steal_parts(STEAL_PARTS)],
    }


def read(name):
    with open(os.path.join(FOLDER, name)) as f:
        return f.read()


def write(timeline, path, title, report):
    # What a script element must not hold, a name of a task might.
    data = json.dumps(data_of(timeline, title, report), separators=(',', ':')).replace('<', '\\u003c')
    page = re.sub(r'/\*FILE ([\w.]+)\*/', lambda m: read(m[1]), read('page.html'))
    with open(path, 'w') as f:
        f.write(page.replace('/*DATA*/null', data))
