#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""./hw trace: the text that readers of ftrace take, what the report says, and that it is true.

trace_test.py KERNEL
"""
import collections
import os
import re
import subprocess
import sys
import tempfile

from tap import ROOT, done, ok

# The columns as Perfetto, Trace Compass and catapult want them: four flags, nine decimals.
LINE = re.compile(r'^\s*(.+)-(\d+)\s+\(\s*(\d+|-----)\) \[(\d{3})\] [d.][N.][hsH.][0-9a-f.] (\d+)\.(\d{9}): (\w+): (.*)$')


def lost_time(lines, start, end):
    """Again, and by other means: ns in which some hart idled while a task waited."""
    state, runs, last, lost = {}, {}, None, 0      # pid: waits?; hart: pid
    for _, cpu, name, args in lines:
        if name == 'sched_switch':
            runs.setdefault(cpu, int(re.search(r'prev_pid=(\d+)', args)[1]))
    for ts, cpu, name, args in lines:
        f = dict(w.split('=', 1) for w in args.split() if '=' in w)
        if last is not None and max(last, start) < min(ts, end) and any(p == 0 for p in runs.values()) and any(state.values()):
            lost += min(ts, end) - max(last, start)
        last = ts
        if name == 'sched_switch':
            state[int(f['prev_pid'])] = f['prev_state'][0] == 'R' and int(f['prev_pid']) != 0
            state[int(f['next_pid'])] = False
            runs[cpu] = int(f['next_pid'])
        elif name in ('sched_wakeup', 'sched_wakeup_new') and int(f['pid']) not in runs.values():
            state[int(f['pid'])] = True
    return lost


def main():
    kernel = os.path.abspath(sys.argv[1])
    folder = tempfile.mkdtemp()

    def trace(*args, harts='4'):
        r = subprocess.run([sys.executable, os.path.join(ROOT, 'hw'), 'trace', '--kernel', kernel, '-p', harts, '--text',
                            folder + '/text', *args], text=True, capture_output=True, timeout=120, stdin=subprocess.DEVNULL)
        text = open(folder + '/text').read() if os.path.exists(folder + '/text') else ''
        return r, text

    def figure(r, what):
        found = re.search(r'([\d.]+)\s+(?:msec\s+)?' + what, r.stdout)
        return float(found[1]) if found else -1

    r, text = trace('--plot', folder + '/picture.svg', '--dat', folder + '/trace.dat',
                    '--perf', folder + '/perf.data', '--', 'load', 'run=150ms', 'instance=6')
    lines = [LINE.match(line) for line in text.splitlines() if not line.startswith('#')]
    ok(r.returncode == 0 and 'Hart balance' in r.stdout, 'a run is traced and reported', r)
    ok(text.startswith('# tracer: nop\n#\n# entries-in-buffer/entries-written: ') and '#P:4\n' in text, 'the header')
    ok(len(lines) > 50 and all(lines), 'every line has the columns that readers know',
       next((x for x in text.splitlines() if not x.startswith('#') and not LINE.match(x)), len(lines)))
    lines = [(int(m[5]) * 10**9 + int(m[6]), int(m[4]), m[7], m[8]) for m in lines if m]
    ok([x[0] for x in lines] == sorted(x[0] for x in lines), 'time never goes back')
    names = {x[2] for x in lines}
    ok({'sched_switch', 'sched_waking', 'sched_wakeup', 'sched_wakeup_new', 'sched_process_fork', 'sched_process_exec',
        'sched_process_exit', 'sched_stat_runtime'} <= names, 'the events that viewers need are there', names)
    # Each hart's switches are a chain: who is switched from was switched to.
    on, chained = {}, True
    for _, cpu, name, args in lines:
        if name == 'sched_switch':
            prev, to = int(re.search(r'prev_pid=(\d+)', args)[1]), int(re.search(r'next_pid=(\d+)', args)[1])
            chained &= on.get(cpu, prev) == prev
            on[cpu] = to
    ok(chained and len(on) == 4, 'who is switched from was switched to before, on each of the harts')
    start = next(ts for ts, _, name, args in lines if name == 'sched_process_exec' and 'pid=1 ' not in args)
    end = max(ts for ts, _, name, _ in lines if name == 'sched_process_exit')
    again = lost_time(lines, start, end) / 1e6
    said = figure(r, 'not work-conserving')
    ok(abs(again - said) < 0.01, 'work-conservation loss is what another reckoning of the text gives', (again, said))
    ok(os.path.getsize(folder + '/picture.svg') > 10000, 'a picture')
    # Debian's reader of trace.dat has the same events, of the same tasks, at the same times.
    read = subprocess.run(['trace-cmd', 'report', '-t', folder + '/trace.dat'], capture_output=True, text=True)
    theirs = [re.match(r'\s*(.+)-(\d+)\s+\[(\d+)\]\s+(\d+)\.(\d{9}): (\w+):', x) for x in read.stdout.splitlines()]
    theirs = [(int(m[4]) * 10**9 + int(m[5]), int(m[3]), m[6].replace('print', 'tracing_mark_write')) for m in theirs if m]
    ok(sorted(theirs) == sorted(x[:3] for x in lines), 'trace-cmd reads the same from trace.dat', (read.stderr, len(theirs), len(lines)))
    # And perf: the same events, and as much run time for each task as the kernel counted.
    read = subprocess.run(['perf', 'script', '-i', folder + '/perf.data', '--ns', '-F', 'cpu,time,event'], capture_output=True, text=True)
    theirs = [re.match(r'\s*\[(\d+)\]\s+(\d+)\.(\d{9}):\s+\w+:(\w+):', x) for x in read.stdout.splitlines()]
    theirs = [(int(m[2]) * 10**9 + int(m[3]), int(m[1]), m[4]) for m in theirs if m]
    ok(sorted(theirs) == sorted(x[:3] for x in lines if x[2] != 'tracing_mark_write'), 'perf script reads the same from perf.data',
       (read.stderr, len(theirs), len(lines)))
    read = subprocess.run(['perf', 'sched', 'latency', '-i', folder + '/perf.data'], capture_output=True, text=True)
    total = re.search(r'TOTAL:\s+\|\s+([\d.]+) ms', read.stdout)
    counted = sum(int(re.search(r'runtime=(\d+)', a)[1]) for _, _, name, a in lines if name == 'sched_stat_runtime') / 1e6
    ok(total and abs(float(total[1]) - counted) < 0.1, 'perf sched latency: run times as the kernel counted', (read.stdout, counted))
    # And babeltrace2, of what perf makes of it: CTF.
    subprocess.run(['perf', 'data', 'convert', '-i', folder + '/perf.data', '--to-ctf', folder + '/ctf'], capture_output=True)
    read = subprocess.run(['babeltrace2', '--clock-seconds', folder + '/ctf'], capture_output=True, text=True)
    theirs = [re.match(r'\[(\d+)\.(\d{9})\].* \w+:(\w+): \{ cpu_id = (\d+)', x) for x in read.stdout.splitlines()]
    theirs = [(int(m[1]) * 10**9 + int(m[2]), int(m[4]), m[3]) for m in theirs if m]
    ok(sorted(theirs) == sorted(x[:3] for x in lines if x[2] != 'tracing_mark_write'), 'babeltrace2 reads the same from CTF',
       (read.stderr, len(theirs), len(lines)))

    # All events there are. What begins ends, on its hart or in its task; readers have them, too.
    r, text = trace('--events', '*:*', '--buffer', '4M', '--dat', folder + '/all.dat', '--', 'sh', '-c',
                    'sleep 9 & load run=30ms instance=3; kill -USR1 $!; wait', harts='2')
    lines = [LINE.match(x) for x in text.splitlines() if not x.startswith('#')]
    ok(all(lines), 'every line of all events has the columns', [x for x, m in zip(text.splitlines()[11:], lines) if not m][:3])
    lines = [(int(m[4]), int(m[2]), m[7], m[8]) for m in lines if m]
    kinds = {x[2] for x in lines}
    wanted = {'softirq_raise', 'softirq_entry', 'softirq_exit', 'hrtimer_expire_entry', 'hrtimer_expire_exit', 'ipi_raise', 'ipi_entry',
              'ipi_exit', 'sys_enter', 'sys_exit', 'signal_generate', 'signal_deliver', 'page_fault_user', 'mm_page_alloc',
              'mm_page_free', 'load_balance', 'getname'}
    ok(wanted <= kinds, 'events of interrupts, timers, calls, signals and pages', wanted - kinds)
    for begin, end, by in (('softirq_entry', 'softirq_exit', 0), ('hrtimer_expire_entry', 'hrtimer_expire_exit', 0),
                           ('ipi_entry', 'ipi_exit', 0)):
        depth, whole = {}, True
        for x in lines:
            if x[2] in (begin, end):
                depth[x[by]] = depth.get(x[by], 0) + (1 if x[2] == begin else -1)
                whole &= 0 <= depth[x[by]] <= 1
        ok(whole, f'{begin}, {end}: in turns on each hart')
    calls, whole = {}, True
    for _, pid, name, args in lines:
        if name == 'sys_enter':
            calls[pid] = args.split()[1]
        elif name == 'sys_exit' and pid in calls:
            whole &= calls.pop(pid) == args.split()[1]
    ok(whole, 'a task leaves the call that it entered')
    ok(any(x[2] == 'sys_exit' and x[3] == 'NR 260 = -10' or 'NR 260' in x[3] for x in lines), 'wait4 among them')
    ok(any(x[2] == 'signal_generate' and 'sig=10 ' in x[3] and 'comm=sleep ' in x[3] for x in lines), 'a signal, to whom it goes')
    ok(any('function=tick_handler' in x[3] for x in lines), 'a timer, by its function\'s name')
    moved = sum(int(re.search(r'moved=(\d+)', x[3])[1]) for x in lines if x[2] == 'load_balance')
    told = sum(bool(re.search(r'migrate .* (periodic|newidle)-', x[3])) for x in lines if x[2] == 'tracing_mark_write')
    ok(moved == told, f'what passes of balancing say they moved, moved: {moved}')
    read = subprocess.run(['trace-cmd', 'report', folder + '/all.dat'], capture_output=True, text=True)
    theirs = collections.Counter(re.findall(r'^.*-\d+ +\[\d+\] +[\d.]+: (\w+):', read.stdout, re.M))
    ours = collections.Counter(x[2].replace('tracing_mark_write', 'print') for x in lines)
    ok(theirs == ours, 'trace-cmd reads as many of each', (theirs - ours, ours - theirs))
    ok('function=tick_handler' in read.stdout and '(Rescheduling interrupts)' in read.stdout and 'action=SCHED' in read.stdout,
       'with the names of functions and of interrupts', read.stdout[:2000])

    r, _ = trace('--', 'taskset', '1', 'load', 'run=150ms', 'instance=4')
    pinned = figure(r, 'Jain index'), figure(r, 'not work-conserving') / figure(r, 'makespan')
    ok(pinned[0] < 0.4 and pinned[1] > 0.7, 'all on one hart: the report says so', r.stdout)
    r, _ = trace('--', 'load', 'run=150ms', 'instance=8')
    free = figure(r, 'Jain index'), figure(r, 'not work-conserving') / figure(r, 'makespan')
    ok(free[0] > 0.8 and free[1] < 0.3 and 'migrations by' in r.stdout, 'left to themselves they are spread', r.stdout)

    r, text = trace('--', 'sh', '-c', '/bin/echo hello > /sys/kernel/tracing/trace_marker; cat /sys/kernel/tracing/trace; true', harts='2')
    inside = [line for line in r.stdout.splitlines() if LINE.match(line)]
    ok(len(inside) > 20 and set(inside) <= set(text.splitlines()) and any('tracing_mark_write: hello' in x for x in inside),
       'the machine\'s own text has the same lines, and a program\'s mark', r.stdout[:1000])
    # Nodes have memory of their own; rings of harts are anywhere in it.
    r, text = trace('-m', '256M', '--numa', '128M,cpus=0-1', '--numa', '128M,cpus=2-3', '--', 'load', 'run=100ms', 'instance=9')
    ok(r.returncode == 0 and re.search(r'migrations by \w+ +within NUMA$', r.stdout, re.M) and
       {LINE.match(x)[4] for x in text.splitlines() if LINE.match(x)} == {'000', '001', '002', '003'}, 'a machine of two nodes', r)

    # Several policies and machines beside each other.
    slow = 'echo 200000000 > /sys/kernel/debug/sched/latency_ns'
    r = subprocess.run([sys.executable, os.path.join(ROOT, 'hw'), 'trace', '--kernel', kernel, '-p', '2', '--plot', folder + '/beside.png',
                        '--title', 'as ever', '--versus', '--topology 2x1x1x1', '--versus', f'--first "{slow}"', '--', 'load',
                        'run=150ms', 'instance=6'], text=True, capture_output=True, timeout=120, stdin=subprocess.DEVNULL)
    table = re.findall(r'^ (\w+) +([\d.]+) +([\d.]+) +([\d.]+)$', r.stdout, re.M)
    ok(r.returncode == 0 and r.stdout.count(' Hart balance for ') == 3 and len(table) > 8, '--versus: three runs, and a table of them', r)
    ok(re.search(r'^ \[1\] as ever\n \[2\] --topology 2x1x1x1\n \[3\] --first "echo.*\n\n +\[1\] +\[2\] +\[3\]$',
                 r.stdout, re.M), 'a column each')
    switches = next(([float(x) for x in row[1:]] for row in table if row[0] == 'switches'), [0, 0, 0])
    ok(switches[2] < switches[0], f'longer turns are fewer: {switches}')
    ok(os.path.getsize(folder + '/beside.png') > 50000, 'and one picture')
    for wrong in (['--versus', '--first "', '--'], ['--versus', '--no-such 1', '--'], ['--versus', '-p 3', '--text', folder + '/x', '--']):
        r = subprocess.run([sys.executable, os.path.join(ROOT, 'hw'), 'trace', '--kernel', kernel, *wrong, 'true'], text=True,
                           capture_output=True, timeout=120, stdin=subprocess.DEVNULL)
        ok(r.returncode == 2 and r.stderr.strip(), f'{" ".join(wrong[:3])}: an error', r)

    r, text = trace('--buffer', '16K', '--', 'stress', '-t', '1', harts='2')
    ok(r.returncode == 0 and 'records were overwritten' in r.stdout and len(text.splitlines()) < 400,
       'a ring that is too small loses the oldest, and says so', r.stdout)
    r, text = trace('--timeout', '3', '--', 'sh', '-c', 'sleep 0.2; sleep 1000')
    ok(r.returncode == 124 and 'sched_switch' in text, 'of a machine that was killed, too', r)
    r, _ = trace('--')
    ok(r.returncode == 2 and 'a program is wanted' in r.stderr, 'without a program: what is wanted', r)
    return done()


if __name__ == '__main__':
    sys.exit(main())
