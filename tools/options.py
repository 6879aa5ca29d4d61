# SPDX-License-Identifier: MIT
"""The options of a machine, as ./hw's commands have them; a wrong one is refused in one line."""
import argparse
import math
import os
import re

import machine

MAX_HARTS = 128         # NR_CPUS
MIN_MEMORY = 16 << 20   # the image, and what it needs to start a program
UNITS = {'': 20, 'K': 10, 'M': 20, 'G': 30, 'T': 40}    # QEMU's: a bare number is of MiB

DEBIAN = '''Have packages in a root folder, with all that they depend on: in that of ./hw run --debian, which is made with bash,
coreutils and their like, or in another. apt finds out what is needed; the packages' scripts are not run, documentation is left out.'''


class Parser(argparse.ArgumentParser):
    def error(self, message):
        self.exit(2, f'{self.prog}: {message} ({self.prog} --help tells what there is)\n')


def size_bytes(text):
    m = re.fullmatch(r'(\d+)([KMGT]?)(?:i?B)?', text, re.IGNORECASE)
    if not m:
        raise argparse.ArgumentTypeError(f'{text}: a size is wanted, as 128M')
    return int(m[1]) << UNITS[m[2].upper()]


def memory(text):
    if size_bytes(text) < MIN_MEMORY:
        raise argparse.ArgumentTypeError(f'{text}: too small, {MIN_MEMORY >> 20}M is the least')
    return text


def number(least, most):
    """An integer from @least to @most."""
    def convert(text):
        try:
            value = int(text)
        except ValueError:
            value = None
        if value is None or not least <= value <= most:
            raise argparse.ArgumentTypeError(f'{text}: a number from {least} to {most} is wanted')
        return value
    return convert


def seconds(text):
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < 1e9:
        raise argparse.ArgumentTypeError(f'{text}: a number of seconds is wanted')
    return value


def topology(text):
    try:
        machine.parse_topology(text)
    except machine.Problem as e:
        raise argparse.ArgumentTypeError(str(e).split(' ', 1)[1]) from None
    return text


def folder(text):
    if not os.path.isdir(text):
        raise argparse.ArgumentTypeError(f'{text}: ' + ('not a folder' if os.path.exists(text) else 'no such folder'))
    return text


def file(text):
    if not os.path.isfile(text):
        raise argparse.ArgumentTypeError(f'{text}: no such file')
    return text


def node(text):
    if not re.fullmatch(r'[^,]+(,cpus=\d+(-\d+)?)*', text):
        raise argparse.ArgumentTypeError(f'{text}: SIZE,cpus=A-B is wanted, as 128M,cpus=0-1')
    size_bytes(text.split(',')[0])
    return text


def distance(text):
    if not re.fullmatch(r'\d+,\d+=\d+', text):
        raise argparse.ArgumentTypeError(f'{text}: A,B=D is wanted, as 0,1=20')
    return text


def variable(text):
    """NAME=VALUE to the two."""
    name, equals, value = text.partition('=')
    if not name or not equals:
        raise argparse.ArgumentTypeError(f'{text}: NAME=VALUE is wanted')
    return name, value


def add_machine(r):
    """What ./hw run has, and all that start a machine as it does."""
    r.add_argument('-p', '--cpus', type=number(1, MAX_HARTS), help='harts (2, or what the topology has)')
    r.add_argument('-m', '--memory', type=memory, help='memory (128M, or what the root folder wants)')
    over = r.add_mutually_exclusive_group()
    over.add_argument('--root', type=folder, metavar='DIR', help='a host folder laid over the linked-in files')
    over.add_argument('--debian', action='store_true',
                      help='over them, a folder of Debian 13 (bash, coreutils...; ./hw root debian adds to it), fetched the first time')
    over.add_argument('--busybox', action='store_true', help='Debian\'s busybox and its applets, fetched the first time')
    r.add_argument('--icount', type=number(0, 10), metavar='SHIFT', help='deterministic: 2^SHIFT ns an instruction')
    r.add_argument('--seed', type=number(1, 999999999), metavar='N',
                   help='with --icount: another order of what the harts do, the same for the same N')
    r.add_argument('--topology', type=topology, metavar='PxCxCxT', help='packages x clusters x cores x threads')
    r.add_argument('--numa', type=node, action='append', metavar='SIZE,cpus=A-B', help='a NUMA node; once for each')
    r.add_argument('--numa-distance', type=distance, action='append', metavar='A,B=D', help='distance of two nodes (10: itself, 20)')
    r.add_argument('-a', '--append', help='kernel command line')
    r.add_argument('-o', '--qemu-opts', help='more options for QEMU')
    r.add_argument('--env', metavar='NAME=VALUE', type=variable, action='append', default=[],
                   help='a variable for the program; more than once: more')
    r.add_argument('--cwd', metavar='DIR', help='where the program runs (/)')
    r.add_argument('--timeout', type=seconds, metavar='S', help='give up after S seconds (status 124)')
    r.add_argument('--loglevel', type=number(0, 8), help='kernel messages below this level are shown')
    r.add_argument('-v', '--verbose', action='store_true', help='show what firmware and kernel print as they boot, too')
    r.add_argument('--record', action='store_true', help='one hart, and the run is kept: ./hw gdb --replay goes through it, backwards too')
    r.add_argument('--debug', action='store_true', help='have ./hw gdb find this machine; it halts when the kernel panics')
    r.add_argument('--wait', action='store_true', help='with --debug: stop before the first instruction')
    r.add_argument('--debug-kernel', action='store_true', help='the build with all checks')
    r.add_argument('--kernel', type=file, metavar='ELF', help='another kernel image')
    r.add_argument('--dry-run', action='store_true', help='print the QEMU command')
    r.add_argument('program', nargs=argparse.REMAINDER, help='-- PROGRAM ARGS')


def add_root(r):
    d = r.add_subparsers(dest='kind', required=True).add_parser('debian', help='of Debian 13\'s riscv64 packages',
                                                                description=DEBIAN)
    d.add_argument('-o', '--output', metavar='FOLDER', help='another folder, with nothing but PACKAGES and what these want')
    d.add_argument('--source', metavar='LINE', help='where packages are, as in sources.list (the mirror of this machine\'s apt)')
    d.add_argument('packages', nargs='*', metavar='PACKAGE', help='with all that it depends on')


def add_trace(tr, counters):
    """What ./hw trace and balance have beside."""
    add_machine(tr)
    add_outputs(tr)
    tr.add_argument('--first', metavar='LINE', action='append', default=[],
                    help='for the machine\'s shell, before the program: echo 24000000 > /sys/kernel/debug/sched/latency_ns')
    tr.add_argument('--versus', metavar='OPTIONS', action='append', default=[],
                    help='run it again with these options, too: reports, a comparison, one picture. More than once: more runs')
    tr.add_argument('--title', help='what the report calls the (first) run')
    tr.add_argument('--rundir', metavar='DIR', help='where the machine\'s files are to be: one run at a time in each')
    tr.add_argument('--buffer', default='1M', metavar='SIZE', help='of each hart (1M); what is oldest is lost')
    tr.add_argument('--events', default='sched:*', help='as set_event takes them (sched:*)')
    tr.add_argument('--counters', default=counters, metavar='LIST', help=f'events as perf list has them ({counters or "none"})')


OUTPUTS = ('text', 'dat', 'perf', 'plot', 'html', 'figures')     # of a trace; as tools/trace.py has them, too


def add_outputs(tr):
    """Files that a trace becomes."""
    tr.add_argument('--text', metavar='FILE', help='the trace as ftrace text, which Perfetto and Trace Compass read')
    tr.add_argument('--dat', metavar='FILE', help='trace.dat, for trace-cmd and KernelShark')
    tr.add_argument('--perf', metavar='FILE', help='perf.data, for perf sched timehist, map, latency and perf script')
    tr.add_argument('--plot', metavar='FILE', help='a picture: .svg or .png')
    tr.add_argument('--html', metavar='FILE', help='a page of its own: lanes that zoom and pan, what each slice is, the report')
    tr.add_argument('--figures', metavar='FILE', help='what the report says, as JSON')


def outputs(a):
    """Those of them that are asked for, as tools/trace.py wants them."""
    return [word for name in OUTPUTS if getattr(a, name) for word in (f'--{name}', getattr(a, name))]


def add_sim(s):
    s.add_argument('file', nargs='?', metavar='FILE', help='the scenario; -: standard input')
    s.add_argument('--compare', metavar='TREE', action='append', default=[],
                   help='play it with the scheduler of this tree, too: a folder that has src/sched, or a revision of git. More '
                        'than once: more trees')
    s.add_argument('--sim', type=file, metavar='PROGRAM', help='this simulator, not what is built here')
    add_outputs(s)


def add_hunt(h):
    h.add_argument('--seeds', type=number(1, 1000000), default=100, metavar='N', help='how many (100)')
    h.add_argument('--first-seed', type=number(1, 999999), default=1, metavar='N', help='the first (1)')


def harts_of(cpus, shape, where=''):
    """How many harts -p and --topology make; a Problem if they contradict each other, told of @where."""
    if not shape:
        return cpus or 2
    harts = math.prod(machine.parse_topology(shape))
    if cpus not in (None, harts):
        raise machine.Problem(f'{where}--cpus {cpus} and --topology {shape}, which has {harts} harts: leave one out')
    if harts > MAX_HARTS:
        raise machine.Problem(f'{where}--topology {shape}: {harts} harts, {MAX_HARTS} is the most')
    return harts


def agree(a):
    """Options that are right by themselves may not go together. Sets a.harts."""
    if a.wait and not a.debug:
        raise machine.Problem('--wait goes with --debug: nobody else would let the machine go on')
    if getattr(a, 'record', False):
        if not a.program or a.debug:
            raise machine.Problem('--record wants a program, and no --debug: ./hw gdb --replay is for afterwards')
        a.cpus = a.cpus or (1 if not a.topology else None)
        a.icount = 5 if a.icount is None else a.icount
    a.harts = harts_of(a.cpus, a.topology)
    if getattr(a, 'record', False) and a.harts > 1:
        raise machine.Problem('--record: QEMU keeps the runs of one hart alone')
    if (a.seed is not None or a.verb == 'hunt') and a.icount is None:
        a.icount = 5
    nodes = sum(size_bytes(spec.split(',')[0]) for spec in a.numa or [])
    memory_there = a.memory or '128M'
    if nodes and nodes != size_bytes(memory_there):
        raise machine.Problem(f'--numa: the nodes have {nodes >> 20}M together, --memory {memory_there}')
    if nodes:
        a.memory = memory_there
    for spec in a.numa or []:
        past = [c for c in re.findall(r'\d+', spec.partition(',')[2]) if int(c) >= a.harts]
        if past:
            raise machine.Problem(f'--numa {spec}: there is no hart {past[0]}, they are 0 to {a.harts - 1}')


def overcommitted(harts, icount):
    """What is to be said of figures when the host cannot run all harts at once, or ''."""
    have = len(os.sched_getaffinity(0))
    if harts <= have or icount is not None:
        return ''
    return (f'{harts} harts on {have} CPU{"s" if have > 1 else ""} of this host take turns: times, delays and "not work-conserving" '
            'have waiting in them that is not the scheduler\'s (steal tells how much); fewer harts, or --icount, keep it out')
