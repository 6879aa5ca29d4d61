#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs side by side, runs that are ended from outside, options that are wrong, programs that crash: what ./hw makes of them.

runs_test.py KERNEL
"""
import glob
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import pexpect
from tap import ROOT, done, hw, ok

sys.path.insert(0, os.path.join(ROOT, 'tools'))
import rundir  # noqa: E402

HW = os.path.join(ROOT, 'hw')
# Dies by a store to 16, in poke(); with an argument: after 60 children of its that do the same.
CRASH = """
static long call(long nr, long a, long b)
{
	register long a0 asm("a0") = a, a1 asm("a1") = b, a2 asm("a2") = 0, a3 asm("a3") = 0, a7 asm("a7") = nr;

	asm volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a3), "r"(a7) : "memory");
	return a0;
}
__attribute__((noinline)) void poke(volatile int *p)
{
	*p = 1;
}
void begin(long *sp)
{
	for (int i = 0; sp[0] > 1 && i < 60; i++) {
		long pid = call(220, 17, 0);	/* clone(SIGCHLD) */

		if (!pid)
			poke((int *)16);
		call(260, pid, 0);		/* wait4 */
	}
	poke((int *)16);
}
asm(".globl _start\\n_start: mv a0, sp\\n call begin");
"""


def gone(pid):
    return not os.path.exists(f'/proc/{pid}') or open(f'/proc/{pid}/stat').read().split()[2] == 'Z'


def within(seconds, fact):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if fact():
            return True
        time.sleep(0.1)
    return False


def children(pid):
    with open(f'/proc/{pid}/task/{pid}/children') as f:
        return [int(p) for p in f.read().split()]


def check_roots(kernel, work):
    """Two folders as large as makes packing slow, at once: each run sees its own; what has changed is seen."""
    for name in 'ab':
        os.makedirs(f'{work}/{name}')
        with open(f'{work}/{name}/me', 'w') as f:
            f.write(f'I am {name}')
        with open(f'{work}/{name}/padding', 'wb') as f:
            f.write(bytes(20 << 20))
    time.sleep(2.5)         # what is younger is not kept

    def start(name):
        return subprocess.Popen([sys.executable, HW, 'run', '--kernel', kernel, '--root', f'{work}/{name}', '--timeout', '100', '--',
                                 'cat', '/me'], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    for turn in ('packed', 'kept'):
        both = [start(name) for name in 'ab']
        said = [p.communicate(timeout=120)[0] for p in both]
        ok(said == ['I am a', 'I am b'], f'two runs at once, each with its own --root, {turn}', said)
    with open(f'{work}/a/me', 'r+') as f:
        f.write('I AM')     # as long as it was
    said = start('a').communicate(timeout=120)[0]
    ok(said == 'I AM a', 'a file that changes is packed anew', said)


def check_kept(work):
    """What is old and nobody's goes."""
    rundir.places = lambda: (work + '/hw', work + '/tmp-hw')
    used = rundir.new_run()
    for _ in range(rundir.KEPT + 3):
        latest = rundir.new_run()
        os.close(rundir.held.pop())         # this run is over
    found = rundir.runs(work + '/hw/run')
    ok(len(found) == rundir.KEPT + 1 and used in found and latest in found and rundir.running() == [used],
       'the newest folders of runs that ended are kept, and those of runs that go on', found)
    archives = rundir.state('roots')
    for i in range(rundir.ARCHIVES + 3):
        with open(f'{archives}/{i}.cpio', 'w'):
            pass
        age = time.time() - (5 if i == 0 else 2 * rundir.IN_USE_S + i)
        os.utime(f'{archives}/{i}.cpio', (age, age))
    rundir.packed(work + '/b', work)    # which nobody has changed for a while
    ok(len(os.listdir(archives)) == rundir.ARCHIVES and os.path.exists(archives + '/0.cpio'), 'archives: those asked for last',
       os.listdir(archives))


def check_ends(kernel, work):
    """SIGTERM, SIGHUP, SIGKILL to hw: QEMU goes, and what is as large as the machine's memory with it."""
    for sig, verb in ((signal.SIGTERM, 'run'), (signal.SIGHUP, 'run'), (signal.SIGKILL, 'run'), (signal.SIGTERM, 'trace')):
        more = ['--rundir', work + '/trace'] if verb == 'trace' else []
        hw_run = subprocess.Popen([sys.executable, HW, verb, '--kernel', kernel, *more, '--', 'sh', '-c', 'echo up; sleep 100'],
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        hw_run.stdout.readline()
        qemu = children(hw_run.pid)
        hw_run.send_signal(sig)
        status = hw_run.wait(30)
        ok(len(qemu) == 1 and within(20, lambda: gone(qemu[0])), f'{sig.name} to hw {verb} ends QEMU', qemu)
        ok(status == (-sig if sig == signal.SIGKILL else 128 + sig), 'and hw\'s status tells', status)
    ok(not glob.glob(work + '/trace/ram*'), 'a trace\'s memory does not stay')


def check_options(kernel):
    for words in ('-m foo', '-m 4M', '-p 600', '-p 0', '--topology 2x2', '-p 3 --topology 2x1x2x1', '--numa x', '--numa 64M',
                  '--numa 128M,cpus=0-5', '--root README.md', '--icount 11', '--icount x', '--timeout -1', '--kernel /none',
                  '--wait', '-q'):
        r = hw('run', '--kernel', kernel, *words.split(), '--', 'true')
        ok(r.returncode == 2 and r.stderr.startswith('hw') and r.stderr.count('\n') == 1 and words.split()[-1].split(',')[0] in r.stderr,
           f'{words}: refused in a line', r)


def check_terminal(kernel):
    """The shell on a terminal: quiet before it, QEMU's own keys, and the end by a signal leaves the terminal as it was."""
    command = f'{sys.executable} {HW} run --kernel {kernel}; echo status $?; stty -a'
    for end, status in (('', 0), (signal.SIGTERM, 128 + signal.SIGTERM)):
        sh = pexpect.spawn('sh', ['-c', command], timeout=60, encoding='utf8')
        sh.expect_exact('$ ')
        # What the kernel says last may come after the shell's prompt: it comes another way.
        ok('OpenSBI v' not in sh.before and 'Kernel command line' in sh.before, 'a terminal: no word of the firmware', sh.before)
        if end:
            os.kill(children(sh.pid)[0], end)
        else:
            sh.send('\x01x')
        sh.expect_exact(f'status {status}')
        sh.expect(pexpect.EOF)
        ok(' icanon' in sh.before and ' echo ' in sh.before, f'{end.name if end else "Ctrl-A X"}: the terminal is as before', sh.before)


def check_crash(kernel, work):
    os.makedirs(work + '/root/bin')
    with open(work + '/crash.c', 'w') as f:
        f.write(CRASH)
    subprocess.run(['riscv64-linux-gnu-gcc', '-g', '-O1', '-static', '-nostdlib', '-o', work + '/root/bin/crash', work + '/crash.c'],
                   check=True)
    line = next(i for i, text in enumerate(CRASH.splitlines(), 1) if '*p = 1' in text)

    def run(*program):
        return hw('run', '--kernel', kernel, '--root', work + '/root', '--', *program)

    r = run('crash')
    ok(r.returncode == 128 + signal.SIGSEGV and r.stdout == '', 'a crash: 139', r)
    ok(re.search(r'\] crash\[\d+\]: unhandled signal 11 code 0x1 at 0x0000000000000010 in crash\[[0-9a-f]+,10000\+1000\]'
                 rf' - SIGSEGV in poke \(.*crash\.c:{line}\)\n', r.stderr), 'and a line: program, signal, address, function', r.stderr)
    r = run('crash', 'more')
    told, stamps = r.stderr.count('unhandled signal'), re.findall(r'^\[ *(\d+)\.', r.stderr, re.M)
    ok(0 < told <= 10 * (1 + int(stamps[-1]) // 5), 'many do not flood the console', r.stderr)
    r = run('sh', '-c', 'echo 0 > /proc/sys/debug/exception-trace; crash')
    ok('unhandled signal' not in r.stderr and r.returncode == 139, 'debug.exception-trace 0: no word', r)


def check_read_only(kernel, work):
    """A copy of the front door where nothing can be written, by a user who is not root: files go under TMPDIR."""
    copy = work + '/copy'
    shutil.copytree(os.path.join(ROOT, 'tools'), copy + '/tools', ignore=shutil.ignore_patterns('__pycache__'))
    shutil.copy(HW, copy)
    shutil.copy(kernel, work + '/kernel.elf')
    os.makedirs(work + '/tmp')
    for base, _, _ in os.walk(copy):
        os.chmod(base, 0o555)
    os.chmod(work, 0o755)
    os.chmod(work + '/tmp', 0o1777)
    other = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] if os.geteuid() == 0 else []
    r = subprocess.run([*other, sys.executable, copy + '/hw', 'run', '--kernel', work + '/kernel.elf', '--', 'echo', 'fine'],
                       env={**os.environ, 'TMPDIR': work + '/tmp'}, capture_output=True, text=True, stdin=subprocess.DEVNULL,
                       timeout=120, cwd='/')
    ok(r.returncode == 0 and r.stdout == 'fine\n', 'from a read-only checkout', r)
    ok(glob.glob(work + '/tmp/hartwood-*/run/last/console.log') and not os.path.exists(copy + '/.hw'),
       'the files of the run are under TMPDIR', r)
    r = subprocess.run([*other, sys.executable, copy + '/hw', 'run', '--', 'true'], capture_output=True, text=True, timeout=60, cwd='/',
                       stdin=subprocess.DEVNULL, env={**os.environ, 'TMPDIR': work + '/tmp'})
    ok(r.returncode == 2 and 'has no build' in r.stderr and r.stderr.count('\n') == 1, 'and with nothing built there: a line', r)
    for base, _, _ in os.walk(copy):
        os.chmod(base, 0o755)


def main():
    kernel = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as work:
        check_options(kernel)
        check_roots(kernel, work)
        check_ends(kernel, work)
        check_kept(work)
        check_terminal(kernel)
        check_crash(kernel, work)
        check_read_only(kernel, work)
    return done()


if __name__ == '__main__':
    sys.exit(main())
