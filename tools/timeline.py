# SPDX-License-Identifier: MIT
"""Who ran where, who waited and for whom, reckoned from the scheduler's events.

What a trace has to have (trace.py's is of a machine; the simulator's is made alike):

    harts           how many
    events          by time; each has ts (ns), cpu, name, pid and comm (of the current task), in_interrupt, and, where the event is
                    of another task, task (pid, comm, cpu, orig_cpu, state), or text (a mark's, a file's name)
    written         how many there were, complete_from: from when on (ns) none was overwritten
    topology        of each hart (node, package, cluster, core, thread), -1: unknown; or None
    steal           what the host took, see Steal; or None: not known
"""
import bisect
import collections
import colorsys
import math
import re
import statistics

# wait: since it could run, or last ran; why: what brought it to this hart, if anything did; state: how it was left; waker: who
# woke it, 0: an interrupt, None: nobody did, it was off its hart against its will; waker_hart: where.
Slice = collections.namedtuple('Slice', 'hart pid comm start end wait why state waker waker_hart')
Move = collections.namedtuple('Move', 'ts source target pid why')      # why: reason-LEVEL

# Okabe and Ito's palette, which the colour-blind tell apart; then tints of it.
PALETTE = ['#0072B2', '#E69F00', '#009E73', '#CC79A7', '#56B4E9', '#D55E00', '#F0E442', '#999999', '#332288', '#88CCEE', '#AA4499',
           '#117733']
TOOL_COLOUR = '#c8ccd0'


class Problem(Exception):
    """What is said to the user."""


class Steal:
    """How long the host had each hart's thread wait for a CPU. @samples: (ts, [ns up to then, of each hart]), by time; none of a
    machine whose clock stands still meanwhile."""
    def __init__(self, samples):
        self.samples = [(at, list(taken)) for at, taken in samples]
        self.times = [at for at, _ in samples]
        # The host counts a wait when it ends: it was before.
        for (at, taken), (after, then) in reversed(list(zip(self.samples, self.samples[1:]))):
            taken[:] = [max(a, b - (after - at)) for a, b in zip(taken, then)]

    def up_to(self, ts, hart):
        i = bisect.bisect(self.times, ts)
        if not 0 < i < len(self.times):
            return self.samples[min(i, len(self.times) - 1)][1][hart]
        (a, before), (b, after) = self.samples[i - 1:i + 1]
        return before[hart] + (after[hart] - before[hart]) * (ts - a) / (b - a)

    def between(self, start, end, hart):
        return self.up_to(end, hart) - self.up_to(start, hart) if self.samples else 0


def counters_of(events):
    """What perf stat wrote as marks. Return: event: a value (or None) of each hart; and who wrote."""
    counters, tools = {}, set()
    for e in events:
        found = e.name == 'tracing_mark_write' and re.match(r'CPU(\d+),([^,]*),[^,]*,([\w:-]+)', e.text)
        if found:
            counters.setdefault(found[3], {})[int(found[1])] = float(found[2]) if found[2][0].isdigit() else None
            tools.add(e.pid)
    return counters, tools


class Timeline:
    """From the program's exec to the last exit of it and those that it made; or from @start to @end."""
    def __init__(self, trace, start=None, end=None):
        self.harts, self.topology, self.steal = trace.harts, trace.topology, trace.steal
        self.overwritten = trace.written - len(trace.events)
        self.counters, self.tools = counters_of(trace.events)
        self.program = None             # pids; None: all but the tools
        self.start, self.end = (start, end) if start is not None else self.window(trace)
        self.length = max(self.end - self.start, 1)
        self.names = {}                 # the latest of each task
        self.slices, self.delays, self.moves = [], [], []
        self.waits = collections.Counter()                  # of each task, in all
        self.switches, self.involuntary = [0] * self.harts, [0] * self.harts
        self.depth = [[] for _ in range(self.harts)]        # (time, waiting and running)
        self.gaps = []                                      # a hart idled while a task waited
        self.unclaimed = self.useless = 0
        self.chain = 0                                      # ns: see Walk.path
        Walk(self, trace.events)
        self.busy = [0] * self.harts
        for s in self.slices:
            self.busy[s.hart] += s.end - s.start

    def window(self, trace):
        """Of the program that is measured; perf, which measures, and init, which starts it, are tools."""
        self.tools |= {1}
        first = next((e for e in trace.events if e.name == 'sched_process_exec' and e.pid not in self.tools), None)
        ends = [e.ts for e in trace.events if e.name == 'sched_process_exit' and e.task.pid not in self.tools]
        if not first or not ends:
            raise Problem('no program began and ended in the trace')
        if first.ts < trace.complete_from:
            return trace.complete_from, max(ends)
        self.program = {first.pid}
        for e in trace.events:
            if e.name == 'sched_process_fork' and e.pid in self.program and e.ts > first.ts:
                self.program.add(e.task.pid)
        self.tools -= self.program      # the simulator has no init
        return first.ts, max([e.ts for e in trace.events if e.name == 'sched_process_exit' and e.task.pid in self.program] or ends)

    def is_measured(self, pid):
        return pid in self.program if self.program else pid not in self.tools

    @property
    def reasons(self):
        return collections.Counter(m.why for m in self.moves)

    @property
    def arrived(self):
        return self.count_moves(lambda m: m.target)

    @property
    def left(self):
        return self.count_moves(lambda m: m.source)

    def count_moves(self, end):
        found = collections.Counter(end(m) for m in self.migrations())
        return [found[h] for h in range(self.harts)]

    def migrations(self):
        """Without tasks that were new where they came to."""
        return [m for m in self.moves if not m.why.startswith('fork')]

    def average_depth(self, hart):
        points = self.depth[hart] + [(self.end, 0)]
        return sum((b[0] - a[0]) * a[1] for a, b in zip(points, points[1:])) / self.length

    def jain(self):
        squares = sum(b * b for b in self.busy)
        return sum(self.busy) ** 2 / (self.harts * squares) if squares else 1.0

    def lost(self):
        return sum(b - a for a, b in self.gaps)

    def stolen(self):
        """ns of the window that the host took from each hart; None: not known."""
        return self.steal and [self.steal.between(self.start, self.end, h) for h in range(self.harts)]

    def steal_parts(self, n):
        """The window in @n parts at most, none shorter than two looks at the host: (ns from the start, [part of 1, of each hart])."""
        n = max(1, min(n, self.length // 20_000_000))
        edges = [self.start + self.length * i // n for i in range(n + 1)]
        taken = self.steal and self.steal.samples
        return [(a - self.start, [min(self.steal.between(a, b, h) / (b - a), 1) for h in range(self.harts)])
                for a, b in zip(edges, edges[1:]) if taken]

    def wait_spread(self):
        """How far a task's wait is from the mean of those of its name, at most, as a part of that; of tasks that waited."""
        worst = 0.0
        for name in {comm for _, comm in self.waits}:
            some = [w for (_, comm), w in self.waits.items() if comm == name]
            mean = statistics.mean(some)
            worst = max([worst] + [abs(w - mean) / mean for w in some if len(some) > 2 and mean > 50e6])
        return worst

    def makespan_bound(self):
        """ns. No order of the tasks could end sooner: all that they ran, shared evenly, or the longest chain of one after the other."""
        work = sum(s.end - s.start for s in self.slices if self.is_measured(s.pid))
        return max(work / self.harts, self.chain, 1)

    def figures(self):
        delays, stolen = sorted(self.delays) or [0], self.stolen()
        return {'useless': self.useless, 'wait_spread': self.wait_spread(),
                'makespan_ms': self.length / 1e6, 'makespan_over_bound': self.length / self.makespan_bound(),
                'not_work_conserving_percent': 100 * self.lost() / self.length, 'jain': self.jain(), 'switches': sum(self.switches),
                'migrations': sum(n for why, n in self.reasons.items() if not why.startswith(('fork', 'exec'))),
                'mean_delay_ms': statistics.mean(delays) / 1e6, 'p99_delay_ms': delays[math.ceil(len(delays) * .99) - 1] / 1e6,
                'steal_percent': stolen and 100 * sum(stolen) / self.length / self.harts}

    def groups(self):
        """What harts share, the widest first: (level, the harts of each group), where it tells harts apart."""
        levels = []
        for depth, name in enumerate(('node', 'package', 'cluster', 'core'), 1):
            found = {}
            for hart, place in enumerate(self.topology or []):
                found.setdefault(tuple(place[:depth]), []).append(hart)
            parts = list(found.values())
            if len(parts) > 1 and len(parts) < self.harts and (not levels or parts != levels[-1][1]):
                levels.append((name, parts))
        return levels

    def colours(self):
        """{pid: '#rrggbb'}: of each task, or, where there are many names of programs, of each name. A tool is grey."""
        shown = {s.pid for s in self.slices} | {m.pid for m in self.moves}
        tasks = sorted(shown - self.tools, key=lambda pid: (self.names[pid], pid))
        by_name = len(tasks) > len(PALETTE) < len({self.names[pid] for pid in tasks})
        keys = list(dict.fromkeys(self.names[pid] if by_name else pid for pid in tasks))
        colour = dict(zip(keys, PALETTE if len(keys) <= len(PALETTE) else map(spread_colour, range(len(keys)))))
        return {pid: TOOL_COLOUR if pid in self.tools else colour[self.names[pid] if by_name else pid] for pid in sorted(shown)}


def spread_colour(i):
    """The @i-th of any number of colours, of which neighbours differ: hues a golden angle apart, in turns of lightness."""
    r, g, b = colorsys.hls_to_rgb(i * 0.381966 % 1, (0.42, 0.62, 0.52)[i % 3], (0.75, 0.6, 0.45)[i // 3 % 3])
    return f'#{round(r * 255):02x}{round(g * 255):02x}{round(b * 255):02x}'


class Walk:
    """Over all events, once; what is found goes into the timeline @t."""
    def __init__(self, t, events):
        self.t, self.begun = t, False
        self.runs = [0] * t.harts           # pid; 0: it idles
        self.comm = [''] * t.harts
        self.since = [t.start] * t.harts
        self.on = {}                        # pid: the hart that it runs on
        self.waiting = {}                   # pid: (hart, since)
        self.queued = [0] * t.harts
        self.waited = [0] * t.harts         # ns, of who runs there
        self.wakers = {}                    # pid: (who, hart)
        self.why = {}                       # pid: what moved it last
        self.moved, self.told = {}, {}      # by the hart that recorded: a move without reason, a reason without move
        self.gap = None
        # path: ns in which a task would have come as far as it is, had it never waited for a hart: what it ran, slept up to an
        # interrupt, and what those that it was made or woken by had done up to there.
        self.path, self.slept = collections.Counter(), {}
        for e in reversed(events):          # who ran before a hart's first switch
            if e.name == 'sched_switch':
                self.runs[e.cpu], self.comm[e.cpu] = e.pid, e.comm
        self.on = {pid: h for h, pid in enumerate(self.runs) if pid}
        self.last = t.start
        steps = {'sched_switch': self.on_switch, 'sched_waking': self.on_waking, 'sched_wakeup': self.on_wakeup,
                 'sched_wakeup_new': self.on_wakeup, 'sched_migrate_task': self.on_migrate, 'sched_process_fork': self.on_fork,
                 'tracing_mark_write': self.on_mark}
        for e in events:
            if e.ts > t.end:
                break
            if not self.begun and e.ts >= t.start:
                self.begin()
            if e.pid:
                t.names[e.pid] = e.comm
            if e.name in steps:
                self.advance(e.ts)
                steps[e.name](e)
        self.finish()

    def begin(self):
        self.begun = True
        for h in range(self.t.harts):
            self.note_depth(h, self.t.start)

    def note_depth(self, hart, ts):
        n, points = self.queued[hart] + (self.runs[hart] != 0), self.t.depth[hart]
        if self.begun and (not points or points[-1][1] != n):
            points.append((max(ts, self.t.start), n))

    def advance(self, ts):
        if ts <= self.last or not self.begun:
            return
        lost = min(self.runs.count(0), len(self.waiting))
        self.t.unclaimed += lost * (ts - self.last)
        if lost and self.gap is None:
            self.gap = self.last
        elif not lost and self.gap is not None:
            self.t.gaps.append((self.gap, self.last))
            self.gap = None
        self.last = ts

    def wait(self, pid, hart, ts):
        self.waiting[pid] = hart, ts
        self.queued[hart] += 1

    def path_now(self, pid, ts):
        running = ts - max(self.since[self.on[pid]], self.t.start) if pid in self.on else 0
        return self.path[pid] + max(running, 0)

    def on_waking(self, e):
        pid, waker = e.task.pid, 0 if e.in_interrupt else e.pid
        self.t.names[pid] = e.task.comm
        self.wakers[pid] = waker, e.cpu
        if pid not in self.slept:
            return
        if not waker:
            self.path[pid] += e.ts - self.slept[pid]
        elif self.t.is_measured(waker):
            self.path[pid] = max(self.path[pid], self.path_now(waker, e.ts))
        del self.slept[pid]

    def on_wakeup(self, e):
        pid = e.task.pid
        if e.name == 'sched_wakeup_new':
            self.wakers[pid] = e.pid, e.cpu
            self.path[pid] = self.path_now(e.pid, e.ts) if self.t.is_measured(e.pid) else 0
        self.slept.pop(pid, None)
        if pid not in self.on and pid not in self.waiting:
            self.wait(pid, e.task.cpu, e.ts)
            self.note_depth(e.task.cpu, e.ts)

    def on_fork(self, e):
        self.t.names[e.task.pid] = e.task.comm
        source, target, why = self.told.pop(e.cpu, (0, 0, ''))
        if why.startswith('fork'):
            self.t.moves.append(Move(e.ts, source, target, e.task.pid, why))

    def on_migrate(self, e):
        pid, source, target = e.task.pid, e.task.orig_cpu, e.task.cpu
        self.t.names[pid] = e.task.comm
        deeper = self.queued[source] + (self.runs[source] != 0) > self.queued[target] + (self.runs[target] != 0)
        if pid in self.waiting:
            self.queued[self.waiting[pid][0]] -= 1
            self.wait(pid, target, self.waiting[pid][1])
            self.note_depth(source, e.ts)
            self.note_depth(target, e.ts)
        if not self.begun:
            return
        told = self.told.pop(e.cpu, None)       # a wake-up's is told before
        why = told[2] if told and told[:2] == (source, target) else ''
        self.t.moves.append(Move(e.ts, source, target, pid, why))
        if why:
            self.why[pid] = why
        else:
            self.moved[e.cpu] = len(self.t.moves) - 1, deeper

    def on_mark(self, e):
        told = re.match(r'I\|1\|migrate .* (\d+)->(\d+) (\S+)$', e.text)
        if not told or not self.begun:
            return
        source, target, why = int(told[1]), int(told[2]), told[3]
        if why.startswith(('fork', 'wake')):
            self.told[e.cpu] = source, target, why
            return
        at, deeper = self.moved.pop(e.cpu, (None, True))
        move = self.t.moves[at] if at is not None else None
        if move and (move.source, move.target) == (source, target):
            self.t.moves[at] = move._replace(why=why)
            self.why[move.pid] = why
            self.t.useless += why.split('-')[0] in ('periodic', 'newidle', 'active') and not deeper

    def on_switch(self, e):
        prev, follows, h, ts = e.pid, e.task.pid, e.cpu, e.ts
        ready = e.task.state.startswith('R')
        self.end_slice(h, ts, e.task.state)
        self.on.pop(self.runs[h], None)
        if prev:
            self.wakers.pop(prev, None) if ready else self.slept.setdefault(prev, max(ts, self.t.start))
            if ready:
                self.wait(prev, h, ts)
        if self.begun:
            self.t.switches[h] += 1
            self.t.involuntary[h] += e.task.state == 'R+'
        self.waited[h] = 0
        if follows in self.waiting:
            hart, since = self.waiting.pop(follows)
            self.queued[hart] -= 1
            self.waited[h] = ts - since
            if self.begun:
                self.t.delays.append(ts - since)
                self.t.waits[follows, e.task.comm] += ts - max(since, self.t.start)
            if hart != h:
                self.note_depth(hart, ts)
        self.runs[h], self.comm[h], self.since[h] = follows, e.task.comm, ts
        if follows:
            self.on[follows] = h
            self.t.names[follows] = e.task.comm
        self.note_depth(h, ts)

    def end_slice(self, h, ts, state):
        pid, start = self.runs[h], max(self.since[h], self.t.start)
        if not pid or ts <= start:
            return
        waker, hart = self.wakers.pop(pid, (None, None))
        self.t.slices.append(Slice(h, pid, self.comm[h], start, ts, self.waited[h], self.why.pop(pid, ''), state, waker, hart))
        self.path[pid] += ts - start

    def finish(self):
        self.advance(self.t.end)
        if self.gap is not None:
            self.t.gaps.append((self.gap, self.t.end))
        for h in range(self.t.harts):
            self.end_slice(h, self.t.end, 'R')
        self.t.chain = max((ns for pid, ns in self.path.items() if self.t.is_measured(pid)), default=0)
