#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The kernel's trace rings, taken out of the machine's memory: as ftrace text, or for timeline.py, which reckons, and what shows it:
trace_report.py, trace_plot.py, trace_html.py.

The machine runs with its memory in a file; the rings are found in it by the kernel's symbol trace_rings, whether
the machine has ended, panicked or was killed. Their layout is that of src/trace/trace.h.

trace.py RAM KERNEL [--title TEXT] [--text FILE] [--dat FILE] [--perf FILE] [--plot FILE] [--html FILE]
"""
import argparse
import collections
import json
import os
import re
import struct
import subprocess
import sys

import options
import perf_data
import trace_dat
import trace_html
from timeline import Problem, Steal, Timeline
from trace_report import compare, report

RAM_BASE = 0x80000000
RECORD = struct.Struct('<QHBBiiI16s56s')
PLACE = struct.Struct('<4iI4xQ')        # struct cpu_topology
TASK = struct.Struct('<16sihhHH4s')
EVENTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'src', 'smp', 'trace_events.def')


def event_types(path=EVENTS):
    """(name, member of the record that holds its data) of each trace point, in the order of their numbers: the kernel's own list."""
    with open(path) as f:
        return re.findall(r'(?m)^EVENT\(\w+, "\w+", "(\w+)", (\w+)\)', f.read())


TYPES = event_types()
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
Task = collections.namedtuple('Task', 'comm pid prio prev_prio cpu orig_cpu state')


def text_of(raw):
    return raw.split(b'\0')[0].decode(errors='replace')


class Event:
    def __init__(self, cpu, raw):
        self.cpu = cpu
        self.ts, kind, self.flags, self.depth, self.pid, self.tgid, _, comm, rest = RECORD.unpack(raw)
        if kind >= len(TYPES):
            raise Problem(f'a trace record of type {kind}: kernel and tools differ')
        (self.name, member), self.comm = TYPES[kind], text_of(comm)
        self.rest = rest
        if member == 'task':
            comm, pid, prio, prev_prio, cpu, orig, state = TASK.unpack(rest[:TASK.size])
            self.task = Task(text_of(comm), pid, prio, prev_prio, cpu, orig, text_of(state))

    @property
    def text(self):
        """A mark's, or the name of the file of an exec."""
        return text_of(self.rest)

    @property
    def in_interrupt(self):
        return self.flags & 12 != 0

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
            return f'filename={self.text} pid={self.pid} old_pid={self.pid}'
        if self.name == 'sched_process_exit':
            return f'comm={self.task.comm} pid={self.task.pid} prio={self.task.prio}'
        if self.name == 'sched_stat_runtime':
            runtime, vruntime = struct.unpack_from('<QQ', self.rest)
            return f'comm={self.comm} pid={self.pid} runtime={runtime} [ns] vruntime={vruntime} [ns]'
        if self.name in WORDS:
            return WORDS[self.name](self.words())
        if self.name == 'tracing_mark_write':
            return self.text
        if self.name == 'getname':
            return f'pathname={self.text}'
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


def symbols_of(kernel):
    """Its functions' names are known from now on. Return: where its data are, physically."""
    symbols = subprocess.run(['riscv64-unknown-elf-nm', kernel], capture_output=True, text=True, check=True).stdout
    symbols = [(int(line.split()[0], 16), *line.split()[1:]) for line in symbols.splitlines()]
    functions.update((at, name) for at, kind, name in symbols if kind in 'tT')
    data = {name: at & 0xffffffff for at, kind, name in symbols if kind not in 'tT'}
    if 'trace_rings' not in data:
        raise Problem(f'{kernel} has no trace_rings')
    return data


class Trace:
    """All that the rings of a machine hold, in order of time."""
    def __init__(self, ram_path, kernel):
        at = {'trace_rings': RAM_BASE} if kernel == '-' else symbols_of(kernel)
        self.functions = functions
        ram, rings_at = Memory(ram_path), at['trace_rings']
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
        places = at.get('cpu_topology', rings_at + 64 + 64 * self.harts)     # of the simulator: behind the head of the rings
        self.topology = [self.place(ram.read(places + PLACE.size * cpu, PLACE.size)) for cpu in range(self.harts)]
        self.steal = Steal([])
        if 'tk' in at:
            ticks, ns_mult = struct.unpack('<QQ', ram.read(at['tk'], 16))   # struct timekeeping_data
            self.steal = self.read_steal(ram_path.split(',')[0], ticks * ns_mult >> 32)
        ram.close()
        self.events.sort(key=lambda e: e.ts)

    @staticmethod
    def place(raw):
        thread, core, cluster, package, node, _ = PLACE.unpack(raw)
        return node, package, cluster, core, thread

    def read_steal(self, ram, boot_ns):
        """What steal.py wrote beside the memory; its clock began @boot_ns before the kernel's."""
        try:
            with open(os.path.join(os.path.dirname(ram), 'steal.json')) as f:
                return Steal([(at - boot_ns, taken) for at, taken in json.load(f)])
        except FileNotFoundError:
            return None

    def text(self):
        yield HEADER.format(held=len(self.events), written=self.written, harts=self.harts)
        for e in self.events:
            yield e.line() + '\n'


def main():
    ap = argparse.ArgumentParser(description='How a traced run was balanced over harts.')
    ap.add_argument('ram', help='the machine\'s memory; of one with nodes: FILE,FILE')
    ap.add_argument('kernel', help='that ran in it; -: the memory begins with the rings, as the simulator\'s files do')
    ap.add_argument('--title', default='trace')
    options.add_outputs(ap)
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
            import trace_plot
            trace_plot.plot(runs, a.plot)
    except (Problem, OSError) as e:
        print(f'trace: {e}', file=sys.stderr)
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
