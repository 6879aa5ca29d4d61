# SPDX-License-Identifier: MIT
"""A timeline as one page of HTML that needs nothing else: trace_page.html with the data in it."""
import json
import os


def write(timeline, path, title, report):
    """@timeline: trace.py's."""
    t = timeline
    pids = {}
    for s in t.slices:
        pids.setdefault(s.pid, s.comm)      # the latest name
        pids[s.pid] = s.comm
    data = {
        'title': title, 'harts': t.harts, 'length': t.length, 'start': t.start, 'tasks': pids,
        # Times in ns from the start.
        'slices': [[s.hart, s.pid, s.start - t.start, s.end - t.start, s.wait, s.why, s.state] for s in t.slices],
        'depth': [[[max(at - t.start, 0), n] for at, n in hart] for hart in t.depth],
        'gaps': [[a - t.start, b - t.start] for a, b in t.gaps],
        'migrations': [[at - t.start, a, b, pid, why] for at, a, b, pid, why in t.migrations],
        'busy': [b / t.length for b in t.busy],
        'verdict': [['not work-conserving', f'{100 * t.lost() / t.length:.2f} %'], ['Jain index', f'{t.jain():.3f}'],
                    ['makespan', f'{t.length / t.makespan_bound():.2f} × bound']],
        'report': report,
    }
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'trace_page.html')) as f:
        page = f.read()
    # What a script element must not hold, a name of a task might.
    text = json.dumps(data, separators=(',', ':')).replace('<', '\\u003c')
    with open(path, 'w') as f:
        f.write(page.replace('/*DATA*/null', text))
