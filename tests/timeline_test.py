#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tools/timeline.py, of traces whose figures are known beforehand; no machine."""
import os
import sys

from made_up import Made
from tap import ROOT, done, ok

sys.path.insert(0, os.path.join(ROOT, 'tools'))
from timeline import Problem, Steal, Timeline       # noqa: E402

MS = 1_000_000


def made(harts, steps):
    """@steps: (ms, name, hart, current task, more)."""
    m = Made(harts)
    for at, name, hart, by, more in steps:
        m.now = max(m.now, at * MS)
        m.add('sched_' + name, hart, by, **more)
    return m


def switch(at, hart, prev, follows, state='S'):
    return at, 'switch', hart, prev, {'pid': follows, 'state': state}


def woken(at, hart, by, pid, in_interrupt=False):
    task = {'pid': pid, 'to': hart}
    return [(at, 'waking', hart, by, {**task, 'in_interrupt': in_interrupt}), (at, 'wakeup', hart, by, task)]


# 2 makes 3, runs 10 ms, sleeps 20 by a timer, waits 4 for the hart that 9 has, runs 6 and wakes 3, which runs 7.
CHAIN = [(0, 'process_exec', 0, 2, {'text': '/bin/a'}), (1, 'process_fork', 0, 2, {'pid': 3}), (1, 'wakeup_new', 0, 2, {'pid': 3, 'to': 1}),
         switch(1, 1, 0, 3, 'R'), switch(2, 1, 3, 0), switch(10, 0, 2, 9), *woken(30, 0, 9, 2, True), switch(34, 0, 9, 2),
         *woken(40, 0, 2, 3), switch(40, 1, 0, 3, 'R'), (47, 'process_exit', 1, 3, {'pid': 3}), (47, 'process_exit', 0, 2, {'pid': 2}),
         switch(47, 0, 2, 0, 'X')]


def check_chain():
    t = Timeline(made(2, CHAIN))
    ok(abs(t.length - 47 * MS) < 1000 and abs(t.makespan_bound() - 43 * MS) < 1000,
       'the bound is the chain of what ran and slept by itself; a wait for a hart is not in it', (t.length, t.makespan_bound()))
    wakers = [(s.pid, s.waker, round(s.wait / MS)) for s in t.slices]
    ok(wakers == [(3, 2, 0), (2, None, 0), (9, None, 0), (2, 0, 4), (3, 2, 0)], 'who woke whom: a task, an interrupt, nobody', wakers)
    by_task = [e if e[1] != 'waking' else (*e[:4], {**e[4], 'in_interrupt': False}) for e in CHAIN]
    t = Timeline(made(2, by_task))
    ok(t.makespan_bound() < 26 * MS, 'a sleep that another program\'s task ended is not the program\'s own', t.makespan_bound())
    # Four tasks on two harts: all they ran, shared.
    turns = [switch(10 * n + 10, h, h + 2 + n % 2 * 2, h + 4 - n % 2 * 2, 'R+') for n in range(5) for h in (0, 1)]
    t = Timeline(made(2, [CHAIN[0], *[(0, 'process_fork', 0, 2, {'pid': pid}) for pid in (3, 4, 5)], switch(0, 1, 0, 3, 'R'), *turns,
                          (50, 'process_exit', 0, 2, {'pid': 2})]))
    ok(abs(t.makespan_bound() - 50 * MS) < 2000, 'or all that ran, shared by the harts', t.makespan_bound())


def check_window():
    perf = {'comm': 'perf'}
    m = made(2, [(0, 'process_exec', 0, 7, {'text': '/bin/perf', **perf}), *[(at + 5, *rest) for at, *rest in CHAIN],
                 (80, 'process_exit', 1, 7, {'pid': 7, **perf}), (99, 'process_exit', 0, 1, {'pid': 1})])
    m.add('tracing_mark_write', 0, 7, text='CPU0,12,,page-faults', comm='perf')
    t = Timeline(m)
    ok((t.start // MS, t.end // MS) == (5, 52) and t.counters == {'page-faults': {0: 12}}, 'the window is the program\'s, not perf\'s',
       (t.start, t.end))
    ok(t.is_measured(3) and not t.is_measured(7) and not t.is_measured(9), 'its tasks are those that it made')
    try:
        Timeline(made(1, [switch(0, 0, 0, 2)]))
        ok(False, 'no program: refused')
    except Problem:
        ok(True, 'no program: refused')


def check_steal():
    t = Timeline(made(2, CHAIN))
    ok(t.stolen() is None and t.figures()['steal_percent'] is None and not t.steal_parts(9), 'steal that nobody measured is not known')
    t.steal = Steal([])
    ok(t.stolen() == [0, 0] and t.figures()['steal_percent'] == 0, 'where the clock stands still meanwhile it is nothing')
    # Hart 1 waits 30 of 40 ms, and that is counted when it gets its CPU.
    t.steal = Steal([(at * MS, [0, 30 * MS * (at >= 40)]) for at in (0, 10, 20, 30, 40, 47)])
    ok([round(ns / MS) for ns in t.stolen()] == [0, 30] and all(p <= 1 for _, parts in t.steal_parts(4) for p in parts),
       'what the host took, of each hart', t.stolen())
    parts = [round(t.steal.between(at * MS, at * MS + 10 * MS, 1) / MS) for at in (0, 10, 20, 30)]
    ok(parts == [0, 10, 10, 10], 'and when: before it was counted')


if __name__ == '__main__':
    check_chain()
    check_window()
    check_steal()
    sys.exit(done())
