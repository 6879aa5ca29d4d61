#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""perf in the machine: what it prints, for people and for programs, and that the figures fit together; ./hw balance.

perf_test.py KERNEL
"""
import json
import os
import re
import sys

from tap import done, hw, ok

# perf 6.1's lines: a hart's, or none; the count, its unit, the event, a metric.
LINE = re.compile(r'^(CPU\d+ {1,7} | S\d+ +\d+ |)( {0,17}[\d.]+|[ ]*<not \w+>) (msec|    ) ([\w:-]+) +'
                  r'(# +[\d.]+ ([KMG]?/sec|CPUs utilized))? *'
                  r'( \( \+-.*\))?( \(\d+\.\d\d%\))?$')


def main():
    kernel = os.path.abspath(sys.argv[1])

    def run(script, *options):
        r = hw('run', '--kernel', kernel, '-p', '4', '--append', 'quiet', *options, '--', 'sh', '-c', script)
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
    r, out = run('cat /dev/zero > /dev/null & perf stat -e task-clock -p $! sleep 0.3; perf stat -e task-clock -t $! sleep 0.2; kill $!')
    found = counts(out)
    ok('for process id' in out and 'for thread id' in out and all(100 < v < 400 for v in found.get('task-clock', [0])),
       '-p, -t: what runs already', out)
    many = ','.join(f'r80000000000000{i:02x}' for i in range(22))
    r, out = run(f'perf stat -e {many} load run=200ms')
    ok(len(counts(out)) == 22 and len(re.findall(r'  \(\d+\.\d\d%\)$', out, re.M)) >= 6, '22 events, 16 counters: in turns', out)
    r, out = run('perf stat -e cs false')
    ok(r.returncode == 1, 'the command\'s status is perf\'s', r)

    for what, script in (('no such event', 'perf stat -e none true'), ('no event', 'perf stat -e , true'),
                         ('a group without end', 'perf stat -e {cs true'),
                         ('no such option', 'perf stat -Z true'), ('no command', 'perf stat'),
                         ('nothing to do', 'perf'),
                         ('harts of a task', 'perf stat -A true'), ('no such hart', 'perf stat -C 99 true'),
                         ('no such process', 'perf stat -p 9999 true')):
        r, out = run(script)
        ok(0 < r.returncode < 255 and out.strip(), f'{what}: an error, and its text', r)
    r, out = run('perf stat -e cs no-such-program')
    ok(r.returncode == 127, 'no such program: 127', r)

    r = hw('balance', '--kernel', kernel, '-p', '4', '--', 'load', 'run=50ms', 'instance=6')
    rows = {m[1]: [float(x) for x in m[2].split()] for m in re.finditer(r'^ ([\w-]+) +((?:\d+ +){4}\d+)', r.stdout, re.M)}
    ok(r.returncode == 0 and all(k in rows for k in ('fw_ipi_sent', 'fw_ipi_received', 'dTLB-load-misses', 'page-faults')),
       './hw balance: a column a hart, the firmware\'s counters in it', r.stdout)
    ok(all(abs(sum(v[:4]) - v[4]) < 1 for v in rows.values()) and rows.get('fw_ipi_sent', [0] * 5)[4] > 0, 'and their sums', r.stdout)
    return done()


if __name__ == '__main__':
    sys.exit(main())
