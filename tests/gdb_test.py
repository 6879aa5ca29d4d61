#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""./hw gdb with a program's symbols: which machine, into the program behind a trap, the way of a fault.

gdb_test.py KERNEL [debug]: the build with all checks has more functions on the way.
"""
import os
import re
import subprocess
import sys
import time

from tap import ROOT, done, hw, ok


def start(kernel, *program):
    """A machine to debug, in its program already."""
    p = subprocess.Popen([sys.executable, os.path.join(ROOT, 'hw'), 'run', '--kernel', kernel, '-p', '2', '--debug', '--timeout', '200',
                          '--', *program], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    p.stdout.readline()
    return p, os.path.basename(os.path.realpath(os.path.join(ROOT, '.hw', 'run', 'last')))


def main():
    kernel, debug = os.path.abspath(sys.argv[1]), len(sys.argv) > 2
    first, name = start(kernel, 'sh', '-c', 'echo up; exec sleep 1000')
    time.sleep(1.1)         # folders' names have seconds
    second, newest = start(kernel, 'sh', '-c', 'echo up; load run=1000s instance=2')

    def gdb(*commands, args=()):
        r = hw('gdb', *args, stdin='\n'.join(['set pagination off', 'set width 0', *commands]) + '\n')
        ok('Python Exception' not in r.stdout + r.stderr, 'no command failed', r)
        return r

    try:
        r = gdb('lx-ps', args=('load',))
        ok(re.search(r' R +\d load ', r.stdout) and name in r.stderr and newest not in r.stderr,
           'of two machines the newest, and a word', r)
        r = gdb('lx-ps', 'hw-bt 5', 'hw-user init', 'hw-bt 1', 'hw-user nosuch', args=('--machine', name, 'sleep'))
        ok(re.search(r' S +\d sleep ', r.stdout) and not r.stderr.startswith('hw: '), '--machine: the other', r)
        ok(re.search(r'sleep, pid 5, sleeps\n(?:.*\n)*?#\d+ .*<signal handler called>\n(?:.*\n)*?#\d+ .* in main \(.*/sleep\.c', r.stdout),
           'a backtrace goes on into the program', r.stdout)
        ok(re.search(r'init, pid 1, sleeps\n(?:.*\n)*?#\d+ .* in main \(.*/init\.c', r.stdout), 'hw-user: another program\'s', r.stdout)
        ok('no such file: ' in r.stdout + r.stderr, 'hw-user of nobody: an error', r)
    finally:
        for p in (first, second):
            p.terminate()
            p.wait()
    r = hw('gdb', '--machine', name)
    ok(r.returncode == 2 and r.stderr == f'hw: no machine runs in {name}\n', 'a machine that ended: said so', r)
    faults, _ = start(kernel, 'sh', '-c', 'echo up; ' + 'sleep 2; ls /bin; ' * 8)
    try:
        r = gdb('hw-fault', 'break do_anonymous_page' if debug else 'break handle_mm_fault', 'continue', 'backtrace',
                args=('sh',))
    finally:
        faults.terminate()
        faults.wait()
    ok(re.search(r'^(?:\(gdb\) )+\w+\[\d+\] at 0x[0-9a-f]+: (?:fetch from|load from|store to) 0x[0-9a-f]+\n'
                 r'(?:  .*\n)*  vm_on_fault \(regs=.*\n(?:  .*\n)*  handle_mm_fault \(vma=.*\n(?:  .*\n)*  ret_from_exception$',
                 r.stdout, re.M), 'hw-fault: the way of a fault', r.stdout)
    ok(re.search(r'#\d+ .*handle_mm_fault.*\n(?:#\d+ .*\n)*#\d+ +<signal handler called>\n#\d+ ', r.stdout, re.M),
       'a breakpoint on the way stops, and its backtrace has the program', r.stdout)
    replayed(kernel)
    return done()


def replayed(kernel):
    r = hw('run', '--kernel', kernel, '--record', '--', 'sh', '-c', 'echo one; echo two; exit 3')
    ok(r.returncode == 3 and r.stdout == 'one\ntwo\n', '--record: the run, and its status', r)
    r = hw('run', '--kernel', kernel, '--record', '-p', '2', '--', 'true')
    ok(r.returncode == 2 and r.stderr.count('\n') == 1 and 'one hart' in r.stderr, '--record of two harts is refused', r)
    r = hw('gdb', '--replay', stdin='set pagination off\nset width 0\nbreak do_exit\ncontinue\nbacktrace 2\nreverse-finish\n'
           'break sys_write\nreverse-continue\nprint $_streq($lx_current().comm, "sh")\nprint count\nreverse-continue\nkill\n')
    ok(re.search(r'do_exit \(code=\w+\S* ?768\)(?:.*\n)*.*do_group_exit \(code=768\)', r.stdout),
       '--replay: the same run comes to its end', r)
    ok(re.search(r'Run back to call of .*\n(?:.*\n)*.*Breakpoint 2, sys_write(?:.*\n)*.*\$1 = 1\n.*\$2 = 4\n', r.stdout),
       'and goes back, out of a function and to who wrote last', r)
    ok(len(re.findall('Breakpoint 2, sys_write', r.stdout)) == 2, 'and further back', r)


if __name__ == '__main__':
    sys.exit(main())
