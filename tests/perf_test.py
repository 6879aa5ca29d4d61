#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""perf in the machine: what it prints, for people and for programs, and that the figures fit together; ./hw balance.

perf_test.py KERNEL
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from tap import done, hw, ok
from trace_test import lost_time
from unit.disasm_oracle import theirs

# perf 6.1's lines: a hart's, or none; the count, its unit, the event, a metric.
LINE = re.compile(r'^(CPU\d+ {1,7} | S\d+ +\d+ |)( {0,17}[\d.]+|[ ]*<not \w+>) (msec|    ) ([\w:-]+) +'
                  r'(# +[\d.]+ ([KMG]?/sec|CPUs utilized))? *'
                  r'( \( \+-.*\))?( \(\d+\.\d\d%\))?$')


# A line of perf report: per cent, samples, command, program, function.
REPORT = re.compile(r'^ +(\d+\.\d\d)% +(\d+)  (\S+) +(\S+) +\[([.k])\] (\S+)', re.M)


def from_hexdump(out):
    """The bytes that `hexdump` printed."""
    return b''.join(bytes.fromhex(line[9:59].replace(' ', '')) for line in out.splitlines() if re.match(r'[0-9a-f]{8}  ', line))


def sampled(run, kernel):
    r, out = run('perf record -F 500 load name=hog run=200ms instance=3; perf report -n; perf report -s cpu,comm; hexdump perf.data')
    rows = [(float(p), int(n), comm, dso, kind, symbol) for p, n, comm, dso, kind, symbol in REPORT.findall(out)]
    nr = int((re.search(r'\((\d+) samples\) \]', out) or [0, 0])[1])
    ok(10 < nr <= 330 and re.search(rf"^# Samples: {nr}  of event 'cpu-clock'$", out, re.M), f'perf record: 600 ms, 500 Hz: {nr}', out)
    ok(sum(row[1] for row in rows) == nr and 99 < sum(row[0] for row in rows) < 101, 'perf report: each sample is in a line', out)
    hogs = [row for row in rows if row[2] == 'hog']
    ok(sum(row[1] for row in hogs) > 0.9 * nr and any(row[3:] == ('load', '.', 'main') for row in hogs) and
       any(row[3:5] == ('[kernel.kallsyms]', 'k') for row in hogs), 'of the hogs: functions of theirs, and of the kernel', out)
    harts = re.findall(r'^ +\d+\.\d\d%  (\d\d\d)  hog', out, re.M)
    ok(len(harts) >= 3, f'on three harts at least: {harts}', out)

    # Linux's perf reads the same file.
    with tempfile.TemporaryDirectory() as tmp:
        path = os.path.join(tmp, 'perf.data')
        with open(path, 'wb') as f:
            f.write(from_hexdump(out))
        linux = subprocess.run(['perf', 'report', '-i', path, '--stdio', '-s', 'comm,dso', '-n'], capture_output=True, text=True)
        theirs = {(m[2], m[3]): int(m[1]) for m in re.finditer(r'^ +\d+\.\d\d% +(\d+)  (\S+) +(\S+)', linux.stdout, re.M)}
        ours = {}
        for row in rows:
            ours[row[2:4]] = ours.get(row[2:4], 0) + row[1]
        ok(ours and ours == theirs, 'Debian\'s perf reads the file, and finds the same', f'{ours} {theirs} {linux.stderr}')

    r, out = run('cat /dev/zero > /dev/null & (sleep 2.5; echo q) | perf top -d 1 -E 5; perf record -p $! sleep 0.2; kill $!; perf report')
    ok(len(re.findall(r'   PerfTop: .* irqs/sec  kernel: *\d+\.\d%  exact:  0\.0% lost: 0/0 drop: 0/0 \[1000Hz cpu-clock\],'
                      r'  \(all, 4 CPUs\)$', out, re.M)) >= 2 and '[k] cpu_idle' in out, 'perf top: all harts, again and again', out)
    ok(re.search(r'%  cat  .*\[k\] ', out), 'perf record -p: what runs already', out)
    r, out = run('perf record -e page-faults -c 1 ls /bin; perf report -s sym')
    ok(re.search(r"of event 'page-faults'\n# Event count \(approx\.\): (\d+)", out) and re.search(r'%  \[\.\] \w+', out),
       'faults are sampled, too', out)
    r, out = run('perf record true; wc /proc/kallsyms; perf record -o /proc/x true')
    ok(r.returncode == 1 and '/proc/x' in out, 'a file that cannot be written: an error', out)

    # Counters that interrupt when they overflow: then cycles are sampled.
    r, out = run('perf record load run=200ms; perf report -n; perf record -e cycles,instructions -c 1000000 load run=50ms; '
                 'perf report; test-samples', '-o', f'-cpu rv64,sscofpmf=on -initrd {os.path.dirname(kernel)}/user/tests.cpio')
    rows = REPORT.findall(out)
    ok("of event 'cycles'" in out and sum(int(row[1]) for row in rows) > 30 and any(row[5] == 'main' for row in rows),
       'sscofpmf: cycles, by the overflow interrupt', out)
    ok(len(re.findall(r"of event '(cycles|instructions)'", out)) == 3, 'of two events each has a report', out)
    ok(re.search(r'^ok \d+ - \d+ cycles, a sample each million', out, re.M) and not re.search(r'^not ok', out, re.M),
       'and test-samples passes there', out)


def called(run):
    """Who calls whom: perf record -g, its report and script; and Linux's perf reads the same file."""
    r, out = run('perf record -g -F 500 load name=hog run=200ms instance=2; perf report -s sym; echo ----; perf script; '
                 'echo ----; perf script -F tid,ip; echo ----; hexdump perf.data')
    report, script, fields, dump = out.split('----\n')
    ok(re.search(r'^ +\d+\.\d\d%  \[[.k]\] (\S+) *\n +\|\n +---\1\n(?: +\w+\n)* +main\n +__libc_start\n', report, re.M),
       'perf report: who called, down to main', report)
    samples = re.findall(r'^(\S+) +(\d+) \[(\d+)\] +(\d+\.\d{6}): +(\d+) cpu-clock: \n((?:\t.*\n)+)\n', script, re.M)
    nr = int((re.search(r'\((\d+) samples\) \]', report) or [0, 0])[1])
    ok(len(samples) == nr > 10, f'perf script: a paragraph for each of {nr} samples', script[:2000])
    ok(any(re.search(r'\traw_syscall|raw_syscall\+0x\w+ \(/bin/load\)\n\t +\w+ main\+0x', s[5]) for s in samples) and
       re.search(r'^\t[f]{4}\w+ \w+\+0x\w+ \(\[kernel\.kallsyms\]\)$', script, re.M), 'of the kernel, and of the program', script[:2000])
    with tempfile.TemporaryDirectory() as tmp:
        path = os.path.join(tmp, 'perf.data')
        with open(path, 'wb') as f:
            f.write(from_hexdump(dump))
        linux = subprocess.run(['perf', 'script', '-i', path, '-F', 'tid,ip'], capture_output=True, text=True)
        # It has no program of ours, and tells where in the mapping an address is: their last digits are the same.
        theirs, ours = ([[word[-3:].zfill(3) for word in sample.split()] for sample in text.split('\n\n')]
                        for text in (linux.stdout, fields))
        ok(len(ours) > 10 and theirs == ours, 'Debian\'s perf script finds the same chains',
           f'{len(theirs)} {len(ours)} {[pair for pair in zip(theirs, ours) if pair[0] != pair[1]][:3]} {linux.stderr}')


# A line of perf annotate: per cent, address, instruction.
ANNOTATED = re.compile(r'^ *(\d+\.\d\d) :   ([0-9a-f]+): *(.*?)(?: +<.*>)?$', re.M)


def annotated(run, kernel):
    """Where in its functions a program was: each instruction, and the samples at it are those of the report."""
    load = os.path.join(os.path.dirname(kernel), 'user', 'load.elf')
    r, out = run('perf record -F 1000 load name=hog run=200ms instance=2; perf report -n -s dso,sym; echo =====; perf annotate --stdio; '
                 'echo =====; perf annotate -s main; echo =====; perf annotate main; echo =====; hexdump perf.data')
    report, text, main, one, dump = out.split('=====\n')
    counts = {(dso, symbol): int(n) for n, dso, symbol in re.findall(r'^ +[\d.]+% +(\d+)  (\S+) +\[[.k]\] (\S+)', report, re.M)}
    parts = re.split(r'^ Percent \|\tSource code & Disassembly of (\S+) for cpu-clock \((\d+) samples, percent: local period\)\n-+\n'
                     r' +: [0-9a-f]{16} <(\S+)>:\n', text, flags=re.M)[1:]
    found = {({'kcore': '[kernel.kallsyms]'}.get(dso, dso), symbol): (int(n), ANNOTATED.findall(lines))
             for dso, n, symbol, lines in zip(*[iter(parts)] * 4)}
    ok({k: n for k, (n, _) in found.items()} == counts and len(counts) > 3, 'perf annotate: the functions of perf report, its samples',
       f'{report} {found.keys()}')
    ok(all(abs(sum(float(p) for p, _, _ in lines) - 100) < 0.1 * len(lines) for _, lines in found.values()), 'they add up to 100 %', text)
    ok(main == one and main.count('Percent') == 1 and '<main>:' in main, 'one function alone', main + one)
    listings = {what: [(f'{addr:x}', text.split()) for addr, _, text in theirs(elf)] for what, elf in (('k', kernel), ('l', load))}
    bad = []
    for (dso, symbol), (_, lines) in found.items():
        mine = [(addr, text.split()) for _, addr, text in lines]
        of = listings['k' if dso[0] == '[' else 'l']
        at = of.index(mine[0]) if mine and mine[0] in of else 0
        bad += [] if mine and mine == of[at:at + len(mine)] else [(dso, symbol, mine[:5])]
    ok(found and not bad, 'each instruction, of the kernel (/proc/kcore) and of the program', bad)
    with tempfile.TemporaryDirectory() as tmp:
        os.mkdir(os.path.join(tmp, 'bin'))
        shutil.copy(load, os.path.join(tmp, 'bin', 'load'))
        path = os.path.join(tmp, 'perf.data')
        with open(path, 'wb') as f:
            f.write(from_hexdump(dump))
        linux = subprocess.run(['perf', 'annotate', '-i', path, '--stdio', '--symfs', tmp, '--objdump=riscv64-unknown-elf-objdump',
                                '-s', 'main'], capture_output=True, text=True)
        same = [(p, addr) for p, addr, _ in ANNOTATED.findall(linux.stdout)]
        ok(same and same == [(p, addr) for p, addr, _ in ANNOTATED.findall(main)], 'Debian\'s perf annotate has the same per cents',
           f'{linux.stdout[:1000]} {linux.stderr}')

    r, out = run('cp /bin/load /tmp/gone; perf record /tmp/gone run=50ms; rm /tmp/gone; perf annotate | grep -c Percent; '
                 'perf annotate main; echo "status $?"')
    ok('perf: /tmp/gone: No such file or directory: ' in out and re.search(r'^[1-9]', out, re.M) and 'status 1' in out,
       'a program that is gone: that is told, and the kernel\'s functions are shown', out)


T = '/sys/kernel/tracing/'


def tracepoints(run):
    """Trace points as events: counted, sampled, and told in the words of the trace."""
    r, out = run('perf list tracepoint; perf stat -e sched:sched_switch,cs,raw_syscalls:sys_enter load run=1ms sleep=5ms loop=10; '
                 'perf stat -e faults -e "sched:sched_w*" true')
    ok(len(re.findall(r'^  \w+:\w+ +\[Tracepoint event\]$', out, re.M)) > 20, 'perf list: trace points', out)
    found = {m[2]: int(m[1]) for m in re.finditer(r'^ +(\d+) +([\w:]+) ', out, re.M)}
    ok(10 <= found.get('sched:sched_switch', 0) <= found.get('cs', 0) + 1 and found.get('raw_syscalls:sys_enter', 0) > 20,
       'perf stat counts them: each switch is one', out)
    ok(all(f'sched:sched_{e}' in found for e in ('waking', 'wakeup', 'wakeup_new')), 'a pattern stands for all that it fits', out)

    # All of them while all is traced: what perf script says of an event the trace says, too.
    r, out = run(f'echo 2048 > {T}buffer_size_kb; echo "*:*" > {T}set_event; '
                 f'perf record -a -m 32 -e "*:*" sh -c "load run=2ms sleep=2ms loop=5 instance=6; kill -28 \\$\\$"; '
                 f'echo 0 > {T}tracing_on; perf script; echo =====; cat {T}trace')
    script, trace = out.split('=====\n')
    traced = set(re.findall(r'\d+\.\d{9}: (\w+): (.*)$', trace, re.M))
    samples = re.findall(r'^ *(\S+) +(\d+) \[(\d{3})\] +\d+\.\d{6}: +(\w+):(\w+): (.*)$', script, re.M)
    nr = int((re.search(r'\((\d+) samples\) \]', script) or [0, 0])[1])
    untold = [s for s in samples if s[4:] not in traced]
    kinds = {s[4] for s in samples}
    ok(len(samples) == nr > 200 and len(kinds) > 18, f'perf script: {nr} samples, of {len(kinds)} events', script[-3000:])
    ok(not untold, 'each in the words of the trace', untold[:10])
    r, out = run('perf record -g -e sched:sched_switch load run=1ms sleep=2ms loop=5; perf script; perf report -s sym; '
                 'perf record -c 10 -e raw_syscalls:sys_enter load run=5ms; perf script -F comm,event,trace')
    ok(re.search(r'^load +\d+ \[\d{3}\] +[\d.]+: sched:sched_switch: prev_comm=load .*\n\t *ffff\w+ \w+\+0x', out, re.M),
       '-g: where the kernel was, below', out)
    ok(re.search(r"of event 'sched:sched_switch'\n(?:#.*\n)+\n? +100\.00%  \[k\] (__schedule|__trace_sched_switch)", out),
       'perf report: in whose function', out)
    ok(re.search(r'^ +load raw_syscalls:sys_enter: NR \d+ \([0-9a-f]+(, [0-9a-f]+){5}\)$', out, re.M), '-F trace, each tenth', out)


def traced(run):
    r, out = run('perf trace -o /t cat /nowhere; echo "status $?"; cat /t; '
                 'perf trace -s -o /t sh -c "cat /nowhere; exit 3"; echo "status $?"; cat /t; '
                 'perf trace -o /t sh -c "cat < /dev/null; true"; grep wait4 /t')
    # A try for each folder of PATH.
    ok(re.search(r'^ +0\.000 .*\n(?:.*execve.*-1 ENOENT\n)* +\d+\.\d{3} \( *\d+\.\d{3} ms\): '
                 r'cat/\d+ execve\(filename: "/\w+/cat", argv: 0x\w+, envp: 0x\w+\) += 0$', out, re.M) and
       re.search(r'ms\): cat/\d+ openat\(dfd: CWD, filename: "/nowhere", flags: 0, mode: 0\) += -1 ENOENT$', out, re.M) and
       re.search(r'\( +\): cat/\d+ exit_group\(error_code: 1\) +\.\.\.$', out, re.M),
       'perf trace: calls, arguments, errors, from exec to exit', out)
    ok(re.search(r'sh/\d+ wait4\(upid: -?\d+, stat_addr: 0x\w+, options: \d+, ru: NULL\) += \d+$', out, re.M),
       'an argument is shown as its type in the list has it', out)
    ok(re.findall(r'^status (\d)$', out, re.M) == ['1', '3'], 'the status is the program\'s', out)
    ok(re.search(r'^ cat \(\d+\), \d+ calls$', out, re.M) and re.search(r'^   openat +1 +1( +\d+\.\d{3}){4}$', out, re.M),
       '-s: a table for each task, children too', out)
    r, out = run(f'perf trace -o /t ln -s {"0123456789" * 6} /tmp/to; grep symlinkat /t; '
                 'perf trace -m 4 -o /t ls -R /sys > /dev/null; cat /t')
    ok(re.search(r'symlinkat\(target: "' + '0123456789' * 5 + r'01234"\.\.\., newdfd: CWD, linkpath: "/tmp/to"\) += 0$', out, re.M),
       'two paths of a call; a long one is cut', out)
    said = re.search(r'^perf: (\d+) events were lost', out, re.M)
    ok(said and int(said[1]) == sum(int(n) for n in re.findall(r'^LOST (\d+) events!$', out, re.M)) > 0,
       'what is lost is told where it was, and in the end', out)


def scheduled(run):
    r, out = run('perf sched record load name=hog run=60ms instance=6; perf sched latency -s runtime; perf sched map; '
                 'perf sched timehist; perf sched timehist -w; cat sched.data', '-p', '2')
    # Again, from the record: a task runs from a switch to it to the next of its hart.
    since, ran, names, longest, woken = {}, {}, {}, {}, {}
    for m in re.finditer(r'\[(\d+)\] \S+ (\d+\.\d+): sched_(switch|wakeup|wakeup_new): (.*)', out):
        cpu, at, what, args = int(m[1]), float(m[2]), m[3], m[4]
        f = dict(re.findall(r'(\w+)=(\S+)', args))
        if what != 'switch':
            woken.setdefault(f['pid'], at)
            continue
        if cpu in since and f['prev_pid'] != '0':
            ran[f['prev_pid']] = ran.get(f['prev_pid'], 0) + at - since[cpu]
        names[f['prev_pid']], names[f['next_pid']], since[cpu] = f['prev_comm'], f['next_comm'], at
        if f['next_pid'] in woken:
            longest[f['next_pid']] = max(longest.get(f['next_pid'], 0), at - woken[f['next_pid']])
        woken.pop(f['prev_pid'], 0)
        if f['prev_state'][0] == 'R':
            woken[f['prev_pid']] = at
        woken[f['next_pid']] = at
    hogs = [pid for pid, name in names.items() if name == 'hog']
    row = re.search(r'^  hog:\((\d+)\) +\| +([\d.]+) ms \| +(\d+) \| avg: +([\d.]+) ms \| max: +([\d.]+) ms \| max start: +'
                    r'([\d.]+) s \| max end: +([\d.]+) s$', out, re.M)
    ok(r.returncode == 0 and row and int(row[1]) == len(hogs) == 6, 'perf sched latency: the hogs have a line', out[:2000])
    ok(row and abs(float(row[2]) - 1e3 * sum(ran.get(pid, 0) for pid in hogs)) < 0.1, 'their run time is what the record says')
    ok(row and abs(float(row[5]) - 1e3 * max(longest.get(pid, 0) for pid in hogs)) < 0.1 and
       abs(float(row[5]) - 1e3 * (float(row[7]) - float(row[6]))) < 0.01, 'and so is their longest wait', (row and row[0], longest))
    tags = dict(re.findall(r'^ .*\*(\w\d) .* secs \1 => \w+:(\d+)$', out, re.M))
    ok(set(hogs) <= set(tags.values()) and len(re.findall(r'^  (?=.* secs )[^*\n]*\*(?:\w\d|\.) [^*\n]* \d+\.\d{6} secs ', out, re.M)) > 30,
       'perf sched map: each gets a letter, each line is of one switch', out[:6000])
    lines = [m for m in re.finditer(r'^ +(\d+\.\d{6}) \[(\d{4})\]  hog\[(\d+)\] +(\d+\.\d+) +(\d+\.\d+) +(\d+\.\d+)$', out, re.M)]
    ok(lines and abs(sum(float(m[6]) for m in lines) / 2 - float(row[2] if row else 0)) < 0.1, 'perf sched timehist: slices add up')
    ok(re.search(r'awakened: \w+\[\d+\]$', out, re.M), 'and -w tells of wake-ups')

    # The report of such a record, and of a command: what is said of idle harts is what another reckoning finds.
    r, out = run('perf sched record taskset 1 load run=30ms instance=3; perf balance -i sched.data; cat sched.data')
    lines = [(round(float(m[2]) * 1e9), int(m[1]), m[3], m[4]) for m in
             re.finditer(r'\[(\d+)\] \S+ (\d+\.\d+): (\w+): (.*)', out)]
    start = next(ts for ts, _, name, _ in lines if name == 'sched_process_exec')
    end = max(ts for ts, _, name, _ in lines if name == 'sched_process_exit')
    said = float(re.search(r'([\d.]+) msec  not work-conserving', out)[1])
    again = lost_time(lines, start, end) / 1e6
    ok(abs(again - said) < 0.01 and said > 10, f'perf balance -i: work-conservation loss as reckoned again: {said}, {again:.3f} ms',
       out[:3000])
    span = float(re.search(r'([\d.]+) msec  makespan', out)[1])
    ok(abs(span - (end - start) / 1e6) < 0.01, 'and the makespan')
    switched = sum(start <= ts <= end and name == 'sched_switch' for ts, _, name, _ in lines)
    moved = sum(start <= ts <= end and name == 'sched_migrate_task' for ts, _, name, _ in lines)
    totals = {m[1]: float(m[2]) for m in re.finditer(r'^ ([\w -]+?) +(?:[\d.]+ +){4}([\d.]+)(?: +[\d.]+ %)?$', out, re.M)}
    ok(totals.get('context-switches') == switched and totals.get('migrations in') == moved, 'and its counts', (totals, switched, moved))
    r, out = run('perf balance -e page-faults,fw_ipi_sent,cycles load run=50ms instance=6; ls /tmp')
    rows = {m[1]: [float(x) for x in m[2].split()] for m in re.finditer(r'^ ([\w-]+) +((?:\d+ +){4}\d+)', out, re.M)}
    ok(r.returncode == 0 and all(abs(sum(v[:4]) - v[4]) < 1 for v in rows.values()) and rows.get('page-faults', [0] * 5)[4] > 20 and
       re.search(r'^ cycles +<not supported>$', out, re.M) and 'perf-balance' not in out, 'perf balance: with counters of each hart', out)

    r, out = run('load name=hog run=60s instance=6 & sleep 0.1; schedtop -d 0.3 -n 2; top -b -t -1 -n 1', '-p', '2')
    rows = [[float(x) for x in m[1].split()] for m in re.finditer(r'^(?:0|1|all) +((?:[\d.]+ +){6}[\d.]+)$', out, re.M)]
    ok(len(rows) == 6 and all(50 < row[0] <= 110 and row[1] > 50 for row in rows), 'schedtop: harts are busy, and tasks wait', out)
    ok(len(re.findall(r'^MC +(?:[\d.]+ +){7}[\d.]+$', out, re.M)) == 2 and len(re.findall(r'^ +\d+ +[01] +[\d. ]+ hog$', out, re.M)) >= 10,
       'levels of domains, and who waits', out)
    ok(re.search(r'^%Cpu1 +: +[\d.]+/[\d.]+ +\d+\[[|#]{20,} *\]$', out, re.M), 'top -t -1: bars', out)


def main():
    kernel = os.path.abspath(sys.argv[1])

    def run(script, *options):
        r = hw('run', '--kernel', kernel, '-p', '4', '--append', 'quiet', *options, '--', 'sh', '-c', f'({script}) 2>&1')
        return r, r.stdout

    def counts(out):
        """Event: counts, of perf stat's lines."""
        found = {}
        for line in out.splitlines():
            m = LINE.match(line)
            if m:
                found.setdefault(m[4], []).append(None if '<' in m[2] else float(m[2]))
        return found

    r, out = run('perf list')
    ok(r.returncode == 0 and re.search(r'^  cpu-cycles OR cycles +\[Hardware event\]', out, re.M) and
       re.search(r'^  context-switches OR cs +\[Software event\]', out, re.M), 'perf list: events of the hardware and the kernel', r)
    ok(len(re.findall(r'^  fw_\w+ +\[Firmware event\]', out, re.M)) == 22, 'all 22 of the firmware', out)
    ok('dTLB-load-misses' in out and 'LLC-loads' not in out, 'and no others than can be counted', out)

    r, out = run('perf stat load run=50ms')
    found = counts(out)
    ok(r.returncode == 0 and '\n Performance counter stats for \'load run=50ms\':\n\n' in out and
       re.search(r'^ +\d+\.\d{9} seconds time elapsed\n\n +\d\.\d{9} seconds user\n +\d\.\d{9} seconds sys$', out, re.M),
       'perf stat: head and foot', out)
    ok(list(found) == ['task-clock', 'context-switches', 'cpu-migrations', 'page-faults', 'cycles', 'instructions'] and
       45 < found['task-clock'][0] < 500, 'its events; 50 ms of work are that', out)
    ok(found.get('cycles') == [None] and 'host\'s time' in out, 'cycles are the host\'s time here: it says so, and shows none', out)

    r, out = run('perf stat -e instructions true', '-p', '1', '--icount', '0')
    instructions = counts(out).get('instructions', [None])[0]
    ok(instructions and 5000 < instructions < 100000, 'under -icount they are counted', out)
    again = counts(run('perf stat -e instructions true', '-p', '1', '--icount', '0')[1])['instructions'][0]
    ok(abs(again - instructions) < 0.02 * instructions, f'and are the same each time: {instructions:.0f}, {again:.0f}')

    r, out = run('perf stat -a -A -e cs,page-faults,fw_ipi_sent,fw_ipi_received stress -t 1')
    found = counts(out)
    ok('\'system wide\'' in out and all(len(v) == 4 for v in found.values()) and len(found) == 4, '-a -A: a line a hart', out)
    sent, received = sum(found.get('fw_ipi_sent', [0])), sum(found.get('fw_ipi_received', [0]))
    ok(sent > 20 and 0.5 * sent < received <= 1.02 * sent + 10,
       f'what is sent arrives, if not two at a time: {sent:.0f}, {received:.0f}', out)
    r, out = run('perf stat --per-socket -a -e cs sleep 0.1; perf stat --per-core -a -e cs sleep 0.1', '--topology', '2x1x2x1')
    ok(len(re.findall(r'^S[01] +2 +\d+ ', out, re.M)) == 2 and len(re.findall(r'^S[01]-D0-C[01] +1 +\d+ ', out, re.M)) == 4,
       '--per-socket, --per-core', out)

    r, out = run('perf stat -x, -a -A -e cpu-clock,cs sleep 0.1; perf stat -j -e page-faults,task-clock true')
    fields = [line.split(',') for line in out.splitlines() if line.startswith('CPU')]
    ok(len(fields) == 8 and all(len(f) == 8 and f[3] in ('cpu-clock', 'cs') and f[5] == '100.00' for f in fields),
       '-x,: eight fields', out)
    rows = [json.loads(line) for line in out.splitlines() if line.startswith('{')]
    ok([row['event'] for row in rows] == ['page-faults', 'task-clock'] and rows[1]['unit'] == 'msec' and
       rows[0]['pcnt-running'] == 100, '-j: an object a line', out)

    r, out = run('perf stat -r 5 -e page-faults,task-clock true')
    ok('(5 runs)' in out and re.search(r'^ +\d+ +page-faults .*\( \+- +\d+\.\d\d% \)$', out, re.M) and
       re.search(r'\+- \d\.\d{9} seconds time elapsed', out), '-r: mean and deviation', out)
    r, out = run('perf stat -I 100 -a -e cpu-clock sleep 0.55')
    ok(5 <= len(re.findall(r'^ {5}0\.\d{9} +\d+\.\d\d msec cpu-clock', out, re.M)) <= 7, '-I: a line an interval', out)
    r, out = run('perf stat -I 10 -a -e cpu-clock sleep 0.5')
    lines = re.findall(r'^ +(\d+\.\d{9}) +\d+\.\d\d msec cpu-clock', out, re.M)
    ok(r.returncode == 0 and 10 < len(lines) <= 53 and float(lines[-1]) > 0.5, 'however short', out[-500:])
    r, out = run('cat /dev/zero > /dev/null & perf stat -e task-clock -p $! sleep 0.3; perf stat -e task-clock -t $! sleep 0.2; kill $!')
    found = counts(out)
    ok('for process id' in out and 'for thread id' in out and all(100 < v < 400 for v in found.get('task-clock', [0])),
       '-p, -t: what runs already', out)
    many = ','.join(f'r80000000000000{i:02x}' for i in range(22))
    r, out = run(f'perf stat -e {many} load run=200ms')
    ok(len(counts(out)) == 22 and len(re.findall(r'  \(\d+\.\d\d%\)$', out, re.M)) >= 6, '22 events, 16 counters: in turns', out)
    r, out = run('perf stat -e cs false')
    ok(r.returncode == 1, 'the command\'s status is perf\'s', r)

    sampled(run, kernel)
    called(run)
    tracepoints(run)
    annotated(run, kernel)
    traced(run)
    scheduled(run)

    for what, script in (('no such event', 'perf stat -e none true'), ('no event', 'perf stat -e , true'),
                         ('no such trace point', 'perf stat -e sched:no_such true'), ('nor such a kind', 'perf record -e "none:*" true'),
                         ('a group without end', 'perf stat -e {cs true'),
                         ('no such option', 'perf stat -Z true'), ('no command', 'perf stat'),
                         ('nothing to do', 'perf'),
                         ('harts of a task', 'perf stat -A true'), ('no such hart', 'perf stat -C 99 true'),
                         ('no such process', 'perf stat -p 9999 true'),
                         ('no such process to sample', 'perf record -p 9999'), ('no frequency', 'perf record -F x true'),
                         ('no interrupt', 'perf record -e cs true'), ('a ring of three pages', 'perf record -m 3 true'),
                         ('no file', 'perf report -i /nowhere'), ('another file', 'perf report -i /bin/sh'),
                         ('no such column', 'perf record true; perf report -s colour'),
                         ('no such field', 'perf record true; perf script -F colour'), ('no record', 'perf script -i /nowhere'),
                         ('nothing to annotate', 'perf annotate'), ('nor there', 'perf annotate -i /nowhere'),
                         ('no such function', 'perf record load run=20ms; perf annotate no_such'),
                         ('no such option of it', 'perf annotate -Z'),
                         ('nothing to trace', 'perf trace'), ('no such task', 'perf trace -p 9999'),
                         ('nothing to do with the scheduler', 'perf sched'), ('no such word', 'perf sched replay'),
                         ('no record', 'perf sched latency'), ('a record of other things', 'perf sched map -i /proc/cpuinfo'),
                         ('no report of nothing', 'perf balance'), ('nor of another file', 'perf balance -i /proc/cpuinfo'),
                         ('no time', 'schedtop -d 0'), ('too much', 'schedtop 1')):
        r, out = run(script)
        ok(0 < r.returncode < 255 and out.strip(), f'{what}: an error, and its text', r)
    r, out = run('perf stat -e cs no-such-program')
    ok(r.returncode == 127, 'no such program: 127', r)

    r = hw('balance', '--kernel', kernel, '-p', '4', '--', 'load', 'run=50ms', 'instance=6')
    rows = {m[1]: [float(x) for x in m[2].split()] for m in re.finditer(r'^ ([\w-]+) +((?:\d+ +){4}\d+)', r.stdout, re.M)}
    ok(r.returncode == 0 and all(k in rows for k in ('fw_ipi_sent', 'fw_ipi_received', 'dTLB-load-misses', 'page-faults')),
       './hw balance: a column a hart, the firmware\'s counters in it', r.stdout)
    ok(all(abs(sum(v[:4]) - v[4]) < 1 for v in rows.values()) and rows.get('fw_ipi_sent', [0] * 5)[4] > 0, 'and their sums', r.stdout)
    # Four harts on one CPU: what they seem to run beyond it was stolen.
    cpus = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cpus)})
    r = hw('trace', '--kernel', kernel, '-p', '4', '--', 'load', 'run=100ms', 'instance=4')
    os.sched_setaffinity(0, cpus)
    used, stolen = ([float(x) for x in re.search(what + r' +%((?: +[\d.]+){5})', r.stdout)[1].split()]
                    for what in ('utilized', r'steal \[3\]'))
    ok(max(stolen) <= 100 and 4 * stolen[4] > max(4 * used[4] - 120, 20), f'what the host took of each hart: {stolen} of {used}', r.stdout)
    r = hw('balance', '--kernel', kernel, '-p', '2', '--icount', '2', '--', 'load', 'run=5ms', 'instance=3')
    ok(re.search(r'^ steal \[3\] +% +0.00 +0.00 +0.00$', r.stdout, re.M) and '[3] none' in r.stdout,
       'under --icount nothing is taken', r.stdout)

    # One run reckoned twice: in the machine, by perf, and out of it.
    r = hw('trace', '--kernel', kernel, '-p', '4', '--', 'perf', 'balance', 'load', 'run=10ms', 'sleep=10ms', 'loop=3', 'instance=3', ',',
           'name=free', 'run=20ms', 'instance=3')
    ours, theirs = ({m[2]: [float(x) for x in re.findall(r'[\d.]+', m[1] + (m[3] or ''))] for m in
                     re.finditer(r'^ +([\d.]+ )(?:msec)? +([a-zA-Z].*?) *(#.*)?$', part, re.M)}
                    for part in r.stdout.split(' Hart balance for ')[1:3])
    ok(len(ours) > 6 and ours.keys() == theirs.keys() and all(abs(x - y) < 0.02 for k in ours for x, y in zip(ours[k], theirs[k])),
       'perf balance and ./hw trace agree', (ours, theirs))
    bound = float(re.search(r'lower bound of ([\d.]+)', r.stdout)[1])
    ok(bound > 50, f'what runs 30 ms and sleeps 20 between cannot take less: {bound}')
    return done()


if __name__ == '__main__':
    sys.exit(main())
