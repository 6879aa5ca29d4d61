#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""./hw sim, as a user has it: what it shows is what was played, wrong scenarios are told of, two schedulers are compared.

sim_test.py SIM
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from browser import Browser
from tap import ROOT, done, hw, ok

# What is refused, and where.
WRONG = [
    ('harts 0', 1), ('harts 129', 1), ('topology 2x2', 1), ('topology 2x2x2x2x2', 1), ('topology 100x100x1x1', 1),
    ('harts 1\nnodes 2\ntask', 3), ('harts 2\nnodes 2 rong\ntask', 2), ('capacity 0-1 0', 1), ('capacity 3 100\ntask', 2),
    ('task\nharts 2', 2), ('task\n# nodes\nnodes 2', 3), ('task run=5', 1), ('task run=0ms', 1), ('task run=nans', 1), ('task run', 1),
    ('task name=', 1), ('task name=abcdefghijklmnop', 1), ('task nice=20', 1), ('task nice=x', 1), ('task policy=foo', 1),
    ('task policy=fifo', 1), ('task policy=rr:100', 1), ('task cpus=4', 1), ('task on=1', 1), ('task dl=1ms:2ms', 1),
    ('task dl=2ms:1ms:1ms', 1), ('task dl=1ms:1ms:1ms:1ms', 1), ('task foo=1', 1), ('task 0', 1), ('task 1000000 heirs=5', 1),
    ('task group=x', 1), ('group a\ngroup a', 2), ('group a weight=0', 1), ('group a max=1ms', 1), ('task\nmove x / at=1ms', 2),
    ('task\nmove task x at=1ms', 2), ('task\nmove task / at=1ms x', 2), ('task\nrenice task 20 at=1ms', 2), ('task\ntrip task same', 2),
    ('task\ntrip task nice=1 every=1ms stay=1ms', 2), ('set foo 1', 1), ('set HRTICK 2', 1), ('tunable HRTICK 1', 1),
    ('task\noffline 1 at=1ms', 2), ('task\nexpect foo < 1', 2), ('task\nexpect gap << 1', 2), ('task\nexpect gap < x', 2),
    ('task\nexpect time:foo < 1', 2), ('task\nexpect usage:foo < 1', 2), ('task\nuntil 1s 2s', 2), ('foo', 1), ('# nothing', 1),
    ('task loop=0', 1), ('#\n' + 'x' * 2000, 2),
]


def ran(trace):
    """ns that each process ran, by the switches in ftrace text."""
    since, ran = {}, {}
    for line in trace.splitlines():
        m = re.search(r'\[(\d+)\] \S+ (\d+)\.(\d{9}): sched_switch: .*prev_pid=(\d+) .* next_pid=(\d+)', line)
        if m:
            at = int(m[2]) * 10**9 + int(m[3])
            ran[m[4]] = ran.get(m[4], 0) + at - since.get(m[1], 0)
            since[m[1]] = at
    return ran


def play(sim, *args, stdin=''):
    return hw('sim', '--sim', sim, *args, stdin=stdin)


def check_errors(sim, folder):
    told = []
    for text, line in WRONG:
        r = subprocess.run([sim, '--trace', folder + '/no.trace', '-'], input=text + '\n', capture_output=True, text=True)
        if r.returncode != 2 or r.stdout or not re.fullmatch(rf'<stdin>:{line}: .+\n', r.stderr):
            told.append((text[:40], r.returncode, r.stdout[-200:], r.stderr[-200:]))
    ok(not told, f'{len(WRONG)} wrong scenarios are told of by their lines', told)
    r = play(sim, '-', '--html', folder + '/no.html', stdin='harts 2\ntask foo=1\n')
    ok(r.returncode == 2 and not r.stdout and r.stderr == '<stdin>:2: foo: a task has no such word\n' and not os.listdir(folder),
       'and nothing is half done', r)
    for args, why in (([], 'a scenario is wanted'), (['/nosuch'], '/nosuch: no such file'),
                      (['-', '--compare', '/nosuch'], 'neither a folder'), (['-', '--compare', folder], 'has no src/sched'),
                      (['-', '--compare', ROOT, '--html', 'x'], 'one run at a time')):
        r = play(sim, *args, stdin='task\n')
        ok(r.returncode == 2 and not r.stdout and r.stderr.count('\n') == 1 and why in r.stderr, f'{args}: {why}', r)


def check_page_of_docs(sim, folder):
    """The example of docs/sim.md, and the words in --help."""
    with open(os.path.join(ROOT, 'docs', 'sim.md')) as f:
        example = re.search(r'`first.txt`:\n\n```\n(.*?)```', f.read(), re.S)[1]
    first = folder + '/first.txt'
    with open(first, 'w') as f:
        f.write(example)
    files = {name: f'{folder}/out.{name}' for name in ('text', 'dat', 'perf', 'html', 'figures', 'plot')}
    files['plot'] += '.svg'
    r = play(sim, first, *(w for name, path in files.items() for w in (f'--{name}', path)))
    ok(r.returncode == 0 and ' Hart balance for \'first.txt\': 1 harts' in r.stdout and not r.stderr, 'the example of docs/sim.md', r)
    rows = re.findall(r'^ (\w+)-(\d+) +1  .*? ([\d.]+) +([\d.]+) +([\d.]+) +([\d.]+) +\d+ +\d+$', r.stdout, re.M)
    with open(files['text']) as f:
        trace = ran(f.read())
    off = {pid: float(ms) * 1e6 - trace[pid] for _, pid, ms, *_ in rows}
    # What has not ended has no last switch; a record may be some ns late.
    ok(len(rows) == 3 and sum(abs(ns) > 2000 for ns in off.values()) <= 1 and sum(map(abs, off.values())) < 11e6,
       'what the trace says its tasks ran is what the simulator says', (rows, off))
    ok(abs(sum(float(share) for _, _, _, share, *_ in rows) - 100) < .1, 'shares add up')
    with open(files['figures']) as f:
        figures = json.load(f)
    ok(abs(figures['makespan_ms'] - 1000) < 1 and 55 < figures['time:heavy'] < 65, 'figures of the trace and of the simulator', figures)
    ok(all(os.path.getsize(path) > 300 for path in files.values()), 'files of every kind', files)
    with Browser() as b:
        b.open(files['html'])
        ok(not b.thrown and 'first.txt' in b.value('document.title') and 'Hart balance' in b.value('document.body.textContent'),
           'the page opens without an error', b.thrown)
    ok(play(sim, '-', stdin=example.replace('> 55', '> 99')).returncode == 1, 'status 1: what is expected is not so')
    shown = hw('sim', '--help').stdout
    ok(all(f'\n{word} ' in shown for word in ('harts', 'task', 'group', 'trip', 'tunable', 'expect')), '--help tells the words', shown)


def check_failing_run(sim, folder):
    """A check of the simulator's own fails in the middle: the trace is there, up to that."""
    r = play(sim, '-', '--text', folder + '/failed', stdin='harts 2\ntask 2 run=50ms\nonline 0 at=30ms\n')
    text = open(folder + '/failed').read() if os.path.exists(folder + '/failed') else ''
    ok(r.returncode == 1 and re.search(r'<stdin>: at 30000000 ns, event \d+: hart 0 is online', r.stderr) and 'sched_switch' in text and
       ' 0.03' in text and ' 0.04' not in text, 'a run that fails is seen up to there', r)


def check_compare(sim, folder):
    """The same tree, and one whose fair class lets nobody interrupt who has just begun."""
    other = folder + '/other tree'
    shutil.copytree(os.path.join(ROOT, 'src'), other + '/src')
    scenario = 'harts 1\ntask loop=0 name=hog\ntask run=1ms sleep=9ms loop=50 name=beat\nuntil 400ms\nexpect latency:beat < 3\n'
    fair = other + '/src/sched/fair.c'
    with open(fair) as f:
        text = f.read()
    with open(fair, 'w') as f:
        f.write(text.replace('sched_feat(WAKEUP_PREEMPTION)', 'false'))
    r = play(sim, '-', '--compare', other, '--plot', folder + '/both.svg', stdin=scenario)
    found = re.search(r'^ latency:beat +([\d.]+) +([\d.]+) +\+([\d.]+)$', r.stdout, re.M)
    ok('sched_feat(WAKEUP_PREEMPTION)' in text and r.returncode == 0 and found and float(found[1]) < 3 <= float(found[2]) and
       f'not ok 1 - latency:beat < 3: {float(found[2]):g}' in r.stdout,
       'another scheduler: its figures stand beside ours, and its status is not ours', r)
    same = re.search(r'^ badwakes +0.000 +0.000 +=$', r.stdout, re.M)
    ok(same and all(f" Hart balance for '{name}'" in r.stdout for name in ('this tree', other)), 'what is the same is said to be', r.stdout)
    with open(folder + '/both.svg') as f:
        ok(f.read().count('Jain') == 2, 'both in one picture')
    with open(fair, 'a') as f:
        f.write('\nint broken(void) { return nowhere; }\n')
    r = play(sim, '-', '--compare', other, stdin=scenario)
    ok(r.returncode == 2 and not r.stdout and 'nowhere' in r.stderr, 'what cannot be built is refused, with what the compiler says', r)


def main():
    sim = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        check_errors(sim, folder)
        check_page_of_docs(sim, folder)
        check_failing_run(sim, folder)
        check_compare(sim, folder)
    return done()


if __name__ == '__main__':
    sys.exit(main())
