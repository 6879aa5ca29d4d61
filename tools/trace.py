#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The kernel's trace rings, taken out of the machine's memory, as ftrace text, a report of how work was balanced, or
a picture.

The machine runs with its memory in a file; the rings are found in it by the kernel's symbol trace_rings, whether
the machine has ended, panicked or was killed. Their layout is that of src/perf/trace.h.

trace.py RAM KERNEL [--title TEXT] [--text FILE] [--dat FILE] [--perf FILE] [--plot FILE] [--html FILE]
"""
import argparse
import collections
import json
import math
import os
import re
import statistics
import struct
import subprocess
import sys

import perf_data
import trace_dat
import trace_html

RAM_BASE = 0x80000000
RECORD = struct.Struct('<QHBBiiI16s56s')
TASK = struct.Struct('<16sihhHH4s')
TYPES = ['sched_switch', 'sched_waking', 'sched_wakeup', 'sched_wakeup_new', 'sched_migrate_task', 'sched_process_fork',
         'sched_process_exec', 'sched_process_exit', 'sched_stat_runtime', 'page_fault_user', 'irq_handler_entry',
         'irq_handler_exit', 'softirq_raise', 'softirq_entry', 'softirq_exit', 'hrtimer_expire_entry', 'hrtimer_expire_exit',
         'ipi_raise', 'ipi_entry', 'ipi_exit', 'sys_enter', 'sys_exit', 'signal_generate', 'signal_deliver', 'mm_page_alloc',
         'mm_page_free', 'load_balance', 'tracing_mark_write']
SOFTIRQS, IPIS = trace_dat.SOFTIRQS['vec'], trace_dat.IPIS['reason']
# Events of words alone: how Linux prints them.
WORDS = {
    'page_fault_user': lambda w: f'address={w[0]:#x} ip={w[1]:#x} error_code={w[2]:#x}',
    'irq_handler_entry': lambda w: f'irq={w[0]} name=plic',
    'irq_handler_exit': lambda w: f'irq={w[0]} ret=handled',
    'softirq_raise': lambda w: f'vec={w[0]} [action={SOFTIRQS[w[0]]}]',
    'hrtimer_expire_entry': lambda w: f'hrtimer={w[0]:016x} function={functions.get(w[1], "?")} now={w[2]}',
    'hrtimer_expire_exit': lambda w: f'hrtimer={w[0]:016x}',
    'ipi_raise': lambda w: f'target_mask={w[0]:08x} ({IPIS[w[1]]})',
    'ipi_entry': lambda w: f'({IPIS[w[0]]})',
    'sys_enter': lambda w: f'NR {w[0]} ({", ".join(format(a, "x") for a in w[1:7])})',
    'sys_exit': lambda w: f'NR {w[0]} = {signed(w[1])}',
    'signal_generate': lambda w: f'sig={w[0]} errno=0 code={signed(w[1])} comm={text_of(struct.pack("<2Q", *w[4:6]))} pid={w[2]} '
                                 f'grp={w[3]} res=0',
    'signal_deliver': lambda w: f'sig={w[0]} errno=0 code={signed(w[1])} sa_handler={w[2]:x} sa_flags={w[3]:x}',
    'mm_page_alloc': lambda w: f'pfn={w[0]:#x} order={w[1]}',
    'load_balance': lambda w: f'cpu={w[0]} level={w[1]} idle={trace_dat.PASSES["idle"][w[2]]} busiest={signed(w[3])} '
                              f'type={trace_dat.PASSES["type"][w[4]]} imbalance={w[5]} moved={w[6]}',
}
WORDS.update({'softirq_entry': WORDS['softirq_raise'], 'softirq_exit': WORDS['softirq_raise'], 'ipi_exit': WORDS['ipi_entry'],
              'mm_page_free': WORDS['mm_page_alloc']})
functions = {}          # of the kernel, by address


def signed(word):
    return word - (word >> 63 << 64)



HEADER = '''# tracer: nop
#
# entries-in-buffer/entries-written: {held}/{written}   #P:{harts}
#
#                                _-----=> irqs-off
#                               / _----=> need-resched
#                              | / _---=> hardirq/softirq
#                              || / _--=> preempt-depth
#                              ||| /
#           TASK-PID    TGID   CPU#  ||||   TIMESTAMP  FUNCTION
#              | |        |      |   ||||      |         |
'''
class Problem(Exception):
    """What is said to the user."""


Task = collections.namedtuple('Task', 'comm pid prio prev_prio cpu orig_cpu state')


def text_of(raw):
    return raw.split(b'\0')[0].decode(errors='replace')


class Event:
    def __init__(self, cpu, raw):
        self.cpu = cpu
        self.ts, kind, self.flags, self.depth, self.pid, self.tgid, _, comm, rest = RECORD.unpack(raw)
        if kind >= len(TYPES):
            raise Problem(f'a trace record of type {kind}: kernel and tools differ')
        self.name, self.comm = TYPES[kind], text_of(comm)
        self.rest = rest
        if self.name.startswith('sched_') and self.name not in ('sched_process_exec', 'sched_stat_runtime'):
            comm, pid, prio, prev_prio, cpu, orig, state = TASK.unpack(rest[:TASK.size])
            self.task = Task(text_of(comm), pid, prio, prev_prio, cpu, orig, text_of(state))

    def who(self, comm, pid):
        return comm if pid else f'swapper/{self.cpu}'

    def words(self):
        return struct.unpack('<7Q', self.rest)

    def arguments(self):
        if self.name == 'sched_switch':
            t = self.task
            return (f'prev_comm={self.who(self.comm, self.pid)} prev_pid={self.pid} prev_prio={t.prev_prio} prev_state={t.state} '
                    f'==> next_comm={self.who(t.comm, t.pid)} next_pid={t.pid} next_prio={t.prio}')
        if self.name == 'sched_migrate_task':
            t = self.task
            return f'comm={t.comm} pid={t.pid} prio={t.prio} orig_cpu={t.orig_cpu} dest_cpu={t.cpu}'
        if self.name == 'sched_process_fork':
            return f'comm={self.comm} pid={self.pid} child_comm={self.task.comm} child_pid={self.task.pid}'
        if self.name == 'sched_process_exec':
            return f'filename={text_of(self.rest)} pid={self.pid} old_pid={self.pid}'
        if self.name == 'sched_process_exit':
            return f'comm={self.task.comm} pid={self.task.pid} prio={self.task.prio}'
        if self.name == 'sched_stat_runtime':
            runtime, vruntime = struct.unpack_from('<QQ', self.rest)
            return f'comm={self.comm} pid={self.pid} runtime={runtime} [ns] vruntime={vruntime} [ns]'
        if self.name in WORDS:
            return WORDS[self.name](self.words())
        if self.name == 'tracing_mark_write':
            return text_of(self.rest)
        t = self.task
        return f'comm={t.comm} pid={t.pid} prio={t.prio} target_cpu={t.cpu:03}'

    def line(self):
        irq = {0: '.', 4: 'h', 8: 's', 12: 'H'}[self.flags & 12]
        who = f'{self.comm:>16}-{self.pid:<5} ({self.tgid:5})' if self.pid else f'{"<idle>":>16}-{0:<5} (-----)'
        flags = ('d' if self.flags & 1 else '.') + ('N' if self.flags & 2 else '.') + irq
        depth = '0123456789abcdef'[self.depth] if self.depth else '.'
        return f'{who} [{self.cpu:03}] {flags}{depth} {self.ts // 10**9}.{self.ts % 10**9:09}: {self.name}: {self.arguments()}'


class Memory:
    """A machine's, in one file, or in one for each of its nodes, which follow each other."""
    def __init__(self, paths):
        self.files, at = [], RAM_BASE
        for path in paths.split(','):
            size = os.path.getsize(path)
            self.files.append((at, at + size, open(path, 'rb')))
            at += size

    def read(self, at, n):
        """@n bytes from physical address @at on."""
        for start, end, f in self.files:
            if start <= at < end:
                f.seek(at - start)
                data = f.read(min(n, end - at))
                return data if len(data) == n else data + self.read(at + len(data), n - len(data))
        raise Problem(f'address {at:#x} is not in the machine\'s memory')

    def close(self):
        for _, _, f in self.files:
            f.close()


class Trace:
    """All that the rings of a machine hold, in order of time."""
    def __init__(self, ram_path, kernel):
        symbols = subprocess.run(['riscv64-unknown-elf-nm', kernel], capture_output=True, text=True, check=True).stdout
        at = [int(line.split()[0], 16) for line in symbols.splitlines() if line.split()[-1] == 'trace_rings']
        if not at:
            raise Problem(f'{kernel} has no trace_rings')
        functions.update((int(line.split()[0], 16), line.split()[2]) for line in symbols.splitlines() if line.split()[-2] in 'tT')
        self.functions = functions
        ram, rings_at = Memory(ram_path), at[0] & 0xffffffff
        magic, size, self.harts = struct.unpack('<8sII', ram.read(rings_at, 16))
        if magic != b'HWTRACE1' or size != RECORD.size:
            raise Problem('the machine\'s memory has no trace in it')
        self.events, self.written, self.complete_from = [], 0, 0
        for cpu in range(self.harts):
            phys, room, head, _ = struct.unpack('<QQQQ32x', ram.read(rings_at + 64 + 64 * cpu, 64))     # they are aligned to 64
            if not phys:
                continue
            data = ram.read(phys, room * RECORD.size)
            self.written += head
            first = len(self.events)
            for i in range(max(head - room, 0), head):
                self.events.append(Event(cpu, data[i % room * RECORD.size:][:RECORD.size]))
            if head > room:
                self.complete_from = max(self.complete_from, self.events[first].ts)
        ram.close()
        self.events.sort(key=lambda e: e.ts)

    def text(self):
        yield HEADER.format(held=len(self.events), written=self.written, harts=self.harts)
        for e in self.events:
            yield e.line() + '\n'


# wait: since it could run, or last ran; why: what brought it to this hart, if anything did; state: how it was left.
Slice = collections.namedtuple('Slice', 'hart pid comm start end wait why state')


def counters_of(events):
    """What perf stat wrote as marks: event: a value (or None) of each hart."""
    counters = {}
    for e in events:
        found = e.name == 'tracing_mark_write' and re.match(r'CPU(\d+),([^,]*),[^,]*,([\w:-]+)', text_of(e.rest))
        if found:
            counters.setdefault(found[3], {})[int(found[1])] = float(found[2]) if found[2][0].isdigit() else None
    return counters


class Timeline:
    """Who ran where, who waited, from the first program's exec to the last exit."""
    def __init__(self, trace):
        self.harts = trace.harts
        self.counters = counters_of(trace.events)
        execs = [e.ts for e in trace.events if e.name == 'sched_process_exec' and e.pid != 1 and
                 not (self.counters and text_of(e.rest) == '/bin/perf')]
        exits = [e.ts for e in trace.events if e.name == 'sched_process_exit']
        if not execs or not exits:
            raise Problem('no program began and ended in the trace')
        self.overwritten = trace.written - len(trace.events)
        self.start, self.end = max(execs[0], trace.complete_from), max(exits)
        self.slices, self.delays, self.migrations = [], [], []
        self.waits = collections.Counter()                  # of each task, in all
        self.switches, self.involuntary = [0] * self.harts, [0] * self.harts
        self.arrived, self.left = [0] * self.harts, [0] * self.harts
        self.depth = [[] for _ in range(self.harts)]        # (time, waiting and running)
        self.gaps = []                                      # a hart idled while a task waited
        self.unclaimed = self.useless = 0
        self.reasons = collections.Counter()
        self.walk(trace.events)
        self.length = max(self.end - self.start, 1)
        self.busy = [sum(s.end - s.start for s in self.slices if s.hart == h) for h in range(self.harts)]

    def walk(self, events):
        running = {h: (0, '', self.start) for h in range(self.harts)}
        for e in reversed(events):      # who ran before a hart's first switch
            if e.name == 'sched_switch':
                running[e.cpu] = (e.pid, e.comm, self.start)
        waiting = {}            # pid: (hart, since)
        waited, why = {}, {}    # of who runs on a hart; of a pid
        last = self.start
        gap = had = None        # had: the depths of both queues at the last migration
        for e in events:
            if e.ts > self.end:
                break
            if e.ts > last:
                idle = sum(1 for h in running if running[h][0] == 0)
                lost = min(idle, len(waiting))
                self.unclaimed += lost * (e.ts - last)
                if lost and gap is None:
                    gap = last
                elif not lost and gap is not None:
                    self.gaps.append((gap, last))
                    gap = None
                last = e.ts
            if e.name in ('sched_wakeup', 'sched_wakeup_new'):
                if all(pid != e.task.pid for pid, _, _ in running.values()):
                    waiting.setdefault(e.task.pid, (e.task.cpu, e.ts))
            elif e.name == 'sched_migrate_task':
                had = {h: sum(1 for at, _ in waiting.values() if at == h) + (running[h][0] != 0) for h in (e.task.orig_cpu, e.task.cpu)}
                if e.task.pid in waiting:
                    waiting[e.task.pid] = (e.task.cpu, waiting[e.task.pid][1])
                if e.ts >= self.start:
                    self.arrived[e.task.cpu] += 1
                    self.left[e.task.orig_cpu] += 1
                    self.migrations.append([e.ts, e.task.orig_cpu, e.task.cpu, e.task.pid, ''])
            elif e.name == 'tracing_mark_write' and text_of(e.rest).startswith('I|1|migrate ') and e.ts >= self.start:
                reason = text_of(e.rest).split()[-1]
                self.reasons[reason] += 1
                way = re.search(r' (\d+)->(\d+) ', text_of(e.rest))
                # The migration that it tells of is among the last: a fork's is none.
                for m in reversed(self.migrations[-8:]):
                    if way and not m[4] and (m[1], m[2]) == (int(way[1]), int(way[2])) and not reason.startswith('fork'):
                        m[4] = why[m[3]] = reason
                        break
                if reason.split('-')[0] in ('periodic', 'newidle', 'active') and had and e.ts >= self.start:
                    self.useless += had[list(had)[0]] <= had[list(had)[-1]]
                    had = None
            elif e.name == 'sched_switch':
                pid, comm, since = running[e.cpu]
                if pid and e.ts > self.start:
                    self.slices.append(Slice(e.cpu, pid, comm, max(since, self.start), e.ts, waited.get(e.cpu, 0),
                                             why.pop(pid, ''), e.task.state))
                if e.pid and e.task.state.startswith('R'):
                    waiting[e.pid] = (e.cpu, e.ts)
                if e.ts >= self.start:
                    self.switches[e.cpu] += 1
                    self.involuntary[e.cpu] += e.task.state == 'R+'
                waited[e.cpu] = e.ts - waiting[e.task.pid][1] if e.task.pid in waiting else 0
                if e.task.pid in waiting:
                    if e.ts >= self.start:
                        self.delays.append(e.ts - waiting[e.task.pid][1])
                        self.waits[e.task.pid, e.task.comm] += e.ts - max(waiting[e.task.pid][1], self.start)
                    del waiting[e.task.pid]
                running[e.cpu] = (e.task.pid, e.task.comm, e.ts)
            else:
                continue
            for h in range(self.harts):
                n = sum(1 for hart, _ in waiting.values() if hart == h) + (running[h][0] != 0)
                if not self.depth[h] or self.depth[h][-1][1] != n:
                    self.depth[h].append((max(e.ts, self.start), n))
        if gap is not None:
            self.gaps.append((gap, self.end))
        for h, (pid, comm, since) in running.items():
            if pid and since < self.end:
                self.slices.append(Slice(h, pid, comm, max(since, self.start), self.end, waited.get(h, 0), why.pop(pid, ''), 'R'))

    def average_depth(self, hart):
        points = self.depth[hart] + [(self.end, 0)]
        return sum((b[0] - a[0]) * a[1] for a, b in zip(points, points[1:])) / self.length

    def jain(self):
        squares = sum(b * b for b in self.busy)
        return sum(self.busy) ** 2 / (self.harts * squares) if squares else 1.0

    def lost(self):
        return sum(b - a for a, b in self.gaps)

    def wait_spread(self):
        """How far a task's wait is from the mean of those of its name, at most, as a part of that; of tasks that waited."""
        worst = 0.0
        for name in {comm for _, comm in self.waits}:
            some = [w for (_, comm), w in self.waits.items() if comm == name]
            mean = statistics.mean(some)
            worst = max([worst] + [abs(w - mean) / mean for w in some if len(some) > 2 and mean > 50e6])
        return worst

    def figures(self):
        delays = sorted(self.delays) or [0]
        return {'useless': self.useless, 'wait_spread': self.wait_spread(),
                'makespan_ms': self.length / 1e6, 'makespan_over_bound': self.length / self.makespan_bound(),
                'not_work_conserving_percent': 100 * self.lost() / self.length, 'jain': self.jain(), 'switches': sum(self.switches),
                'migrations': sum(n for why, n in self.reasons.items() if not why.startswith(('fork', 'exec'))),
                'mean_delay_ms': statistics.mean(delays) / 1e6, 'p99_delay_ms': delays[math.ceil(len(delays) * .99) - 1] / 1e6}

    def makespan_bound(self):
        by_task = collections.Counter()
        for s in self.slices:
            by_task[s.pid] += s.end - s.start
        return max(sum(self.busy) / self.harts, max(by_task.values(), default=0), 1)


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
    return '\n'.join(out) + '\n'


# Okabe and Ito's palette, which the colour-blind tell apart; then tints of it.
PALETTE = ['#0072B2', '#E69F00', '#009E73', '#CC79A7', '#56B4E9', '#D55E00', '#F0E442', '#999999', '#332288', '#88CCEE', '#AA4499',
           '#117733']


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
    for ts, a, b, _, _ in t.migrations if len(t.migrations) < 400 else []:
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


def compare(runs):
    """The figures of several runs, a column each."""
    figures = [t.figures() for _, t in runs]
    out = ['', *(f' [{i}] {title}' for i, (title, _) in enumerate(runs, 1)), '',
           ' ' * 30 + ''.join(f'{f"[{i}]":>14}' for i in range(1, len(runs) + 1))]
    for name in figures[0]:
        out.append(f' {name:<29}' + ''.join(f'{f[name]:>14.3f}' if isinstance(f[name], float) else f'{f[name]:>14}' for f in figures))
    return '\n'.join(out) + '\n'


def main():
    ap = argparse.ArgumentParser(description='How a traced run was balanced over harts.')
    ap.add_argument('ram', help='the machine\'s memory; of one with nodes: FILE,FILE')
    ap.add_argument('kernel', help='that ran in it')
    ap.add_argument('--title', default='trace')
    ap.add_argument('--text', metavar='FILE', help='ftrace text')
    ap.add_argument('--dat', metavar='FILE', help='trace.dat')
    ap.add_argument('--perf', metavar='FILE', help='perf.data')
    ap.add_argument('--plot', metavar='FILE', help='a picture, .svg or .png')
    ap.add_argument('--html', metavar='FILE', help='a page: lanes that zoom, what each slice is, the report')
    ap.add_argument('--figures', metavar='FILE', help='what the report has, as JSON')
    ap.add_argument('--versus', metavar=('RAM', 'TITLE'), nargs=2, action='append', default=[],
                    help='another run: reported, compared, and beside the first in the picture')
    a = ap.parse_args()
    try:
        found = Trace(a.ram, a.kernel)
        if a.text:
            with open(a.text, 'w') as f:
                f.writelines(found.text())
        if a.perf:
            perf_data.write(found, a.perf)
        if a.dat:
            trace_dat.write(found, a.dat)
        timeline = Timeline(found)
        print(report(timeline, a.title), end='')
        if a.figures:
            with open(a.figures, 'w') as f:
                json.dump(timeline.figures(), f)
        if a.html:
            trace_html.write(timeline, a.html, a.title, report(timeline, a.title))
        runs = [(a.title, timeline)]
        for ram, title in a.versus:
            runs.append((title, Timeline(Trace(ram, a.kernel))))
            print('\n' + report(runs[-1][1], title), end='')
        if a.versus:
            print(compare(runs), end='')
        if a.plot:
            plot(runs, a.plot)
    except (Problem, OSError) as e:
        print(f'trace: {e}', file=sys.stderr)
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
