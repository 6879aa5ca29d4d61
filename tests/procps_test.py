#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Debian's procps reads the machine's /proc, and finds there what is there. The files are copied out of the machine, and
laid over the host's /proc in a name space of the test's own (root alone may do that; others skip).

procps_test.py KERNEL
"""
import os
import re
import subprocess
import sys
import tempfile

from tap import done, hw, ok

FILES = ['stat', 'uptime', 'loadavg', 'meminfo', 'vmstat', 'version', 'cpuinfo', 'interrupts', 'softirqs', 'schedstat']
TASK_FILES = ['stat', 'status', 'statm', 'comm', 'cmdline', 'schedstat']
PIDS = range(1, 14)


def main():
    if os.geteuid() or subprocess.run(['unshare', '-m', 'true'], capture_output=True).returncode:
        print('1..0 # SKIP mounting is root\'s')
        return 0
    kernel, tree = os.path.abspath(sys.argv[1]), tempfile.mkdtemp()
    names = ' '.join(f'/proc/{f}' for f in FILES)
    tasks = ' '.join(f'/proc/{p}/{f}' for p in PIDS for f in TASK_FILES)
    with tempfile.TemporaryDirectory() as root:
        os.makedirs(root + '/etc')
        with open(root + '/etc/dump.sh', 'w') as f:
            f.write('load name=hog run=3s instance=2 &\nsleep 0.5\n'
                    f'grep "" {names}\ngrep "" {tasks}\ntop -b -n 1\nvmstat\nfree\nmpstat -P ALL\nps -e\n')
        r = hw('run', '--kernel', kernel, '-p', '4', '--append', 'quiet', '--root', root, '--', 'sh', '/etc/dump.sh')
    files, own = {}, []
    for line in r.stdout.splitlines():
        m = re.match(r'/proc/([\w/]+):(.*)$', line)
        if m:
            files.setdefault(m[1], []).append(m[2])
        else:
            own.append(line)
    for name, lines in files.items():
        os.makedirs(os.path.dirname(os.path.join(tree, name)), exist_ok=True)
        with open(os.path.join(tree, name), 'w') as f:
            f.write('\n'.join(lines) + '\n')
    os.symlink('1', tree + '/self')          # procps looks for itself
    ok(all(f in files for f in FILES if f != 'schedstat') and '1/stat' in files, 'the files are copied', r.stdout[:500] + r.stderr[-500:])
    mem = {k: int(v) for k, v in re.findall(r'(\w+): +(\d+) kB', '\n'.join(files['meminfo']))}

    def reads(command, pid_space=False):
        space = ['unshare', '-m', '--propagation', 'private'] + (['-p', '-f'] if pid_space else [])
        got = subprocess.run(space + ['sh', '-c', f'mount --bind {tree} /proc && exec {command}'], capture_output=True, text=True,
                             timeout=30, env={**os.environ, 'LC_ALL': 'C', 'TERM': 'dumb', 'COLUMNS': '160'})
        return got.stdout + got.stderr

    out = reads('free -k')
    m = re.search(r'^Mem: +(\d+) +\d+ +(\d+)', out, re.M)
    ok(m and int(m[1]) == mem['MemTotal'] and int(m[2]) == mem['MemFree'], 'free: what meminfo says', out)
    out = reads('uptime')
    ok(re.search(r'up 0 min,.*load average: \d+\.\d\d, \d+\.\d\d, \d+\.\d\d$', out.strip()), 'uptime', out)
    out = reads('vmstat')
    ok(re.search(r'^ *\d+ +\d+ +0 +%d ' % mem['MemFree'], out, re.M), 'vmstat', out)
    out = reads('top -b -n 1')
    ok(re.search(r'^Tasks: +\d+ total, +[2-4] running', out, re.M) and len(re.findall(r' hog$', out, re.M)) == 2, 'top', out)
    out = reads('ps -eo pid,ppid,psr,cls,ni,stat,vsz,rss,comm', pid_space=True)
    rows = {int(x.split()[0]): x.split() for x in out.splitlines()[1:] if x.split() and x.split()[0].isdigit()}
    ok(rows.get(1, [''])[-1] == 'init' and any(x[-1] == 'kthreadd' for x in rows.values()) and
       len({x[2] for x in rows.values() if x[-1] == 'hog' and x[5].startswith('R')}) == 2, 'ps: who is there, on which hart', out)
    ok(any(x[-1].startswith('migration') and x[3] == 'FF' for x in rows.values()), 'and in which class', out)

    # Our own tools say the same of the same.
    text = '\n'.join(own)
    ok(re.search(r'^Tasks: +\d+ total, +[2-4] running', text, re.M) and len(re.findall(r' hog$', text, re.M)) >= 4,
       'our top and ps have the same tasks', text)
    ok(len(re.findall(r'^ +[\d]+ root +(?:rt|-?\d+) +-?\d+ +\d+ +\d+ \d [RSDI] +\d+\.\d ', text, re.M)) > 8, 'top: a line a task', text)
    use = [float(x) for x in re.findall(r'R +(\d+\.\d) +\d+\.\d +\d+:\d\d\.\d\d hog', text)]
    ok(len(use) == 2 and all(20 < u < 250 for u in use), 'two of them use a hart each', use)
    ok(re.search(r'^\d\d:\d\d:\d\d +all( +\d+\.\d\d){10}$', text, re.M) and
       len(re.findall(r'^\d\d:\d\d:\d\d +[0-3]( +\d+\.\d\d){10}$', text, re.M)) == 4, 'mpstat: a line a hart', text)
    ok(re.search(r'^ *\d+ +\d+ +0 +\d+ +0 +\d+ +0 +0 +0 +0 +\d+ +\d+ +\d+ +\d+ +\d+ +0 +0$', text, re.M), 'vmstat: seventeen columns', text)
    return done()


if __name__ == '__main__':
    sys.exit(main())
