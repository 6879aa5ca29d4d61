#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The front door: what ./hw run prints, where, and with which status it ends.

hw_test.py KERNEL
"""
import os
import re
import subprocess
import sys
import tempfile
import time

from tap import ROOT, done, hw, ok


def main():
    kernel = os.path.abspath(sys.argv[1])

    def run(*args, **kw):
        return hw('run', '--kernel', kernel, *args, **kw)

    r = run('--', 'echo', 'two  words', 'x')
    ok(r.returncode == 0 and r.stdout == 'two  words x\n', 'a program\'s output alone goes to stdout', r)
    ok(not r.stderr, 'stderr is the program\'s too: neither firmware nor kernel tell of the boot', r.stderr)
    with open(os.path.join(ROOT, '.hw', 'run', 'last', 'console.log'), 'rb') as f:
        ok(b'init: /' in f.read(), 'the run\'s folder keeps the console')
    r = run('-v', '--', 'true')
    ok('OpenSBI v' in r.stderr and 'init: /' in r.stderr, '-v: it is not', r.stderr)
    r = run('-a', 'init=/no/such', '--', 'true')
    ok('Hartwood ' in r.stderr and '/no/such' in r.stderr, 'a boot that fails is told of', r.stderr)
    r = run('--loglevel', '4', '--', 'true')
    ok(r.returncode == 0 and not r.stdout + r.stderr, 'a silent program under a silent kernel: 0, and silence', r)
    r = run('--loglevel', '4', '--icount', '5', '--', 'true')
    ok(r.returncode == 0 and not r.stdout + r.stderr, 'and under -icount', r)
    r = run(stdin='echo $((6 * 7)); exit 6\n')
    ok(r.returncode == 6 and r.stdout == '42\n' and not r.stderr, 'without a program: a shell, which takes stdin', r)
    r = run('--', 'sh', '-c', 'exit 3')
    ok(r.returncode == 3, 'the status is the program\'s', r)
    r = run('--', 'sh', '-c', 'kill -9 $$')
    ok(r.returncode == 128 + 9, 'killed: 128 and the signal', r)
    r = run('--', '/no/such')
    ok(r.returncode == 127, 'no such program: 127', r.returncode)
    r = run('--timeout', '3', '--', 'sleep', '1000')
    ok(r.returncode == 124, 'time-out: 124', r.returncode)
    r = run('-a', 'kunit=crash_oops', '--', 'true')
    ok(r.returncode == 255 and 'Kernel panic' in r.stderr, 'panic: 255', r.returncode)
    r = run('--', 'cat', stdin='from outside\n')
    ok(r.returncode == 0 and r.stdout == 'from outside\n', 'stdin reaches the program, and ends', r)
    r = run('--topology', '1x1x2x2', '--', 'cat', *(f'/sys/devices/system/cpu/cpu{i}/topology/core_cpus_list' for i in range(4)))
    cores = r.stdout.split()    # harts are numbered from the one that booted: "0-1" or "0,3"
    ok(len(cores) == 4 and len(set(cores)) == 2 and all(len(c) == 3 for c in cores), '--topology makes the machine', r)
    with tempfile.TemporaryDirectory() as root:
        os.makedirs(root + '/etc')
        with open(root + '/etc/motd', 'w') as f:
            f.write('laid over\n')
        r = run('--root', root, '--', 'cat', '/etc/motd')
        ok(r.stdout == 'laid over\n', '--root lays a folder over the files', r)
        r = run('--dry-run', '-m', '64M', '--', 'true')
        ok(r.returncode == 0 and '-m 64M' in r.stdout and 'OpenSBI' not in r.stderr, '--dry-run prints the command', r)
        for args, name in ((('--topology', '2x2'), 'topology'), (('--root', root + '/none'), 'folder')):
            r = run(*args, '--', 'true')
            ok(r.returncode not in (0, 255) and args[1] in r.stderr and 'Traceback' not in r.stderr, f'a wrong {name} is named', r)
        r = run('--', 'true', env={'PATH': root})
        ok(r.returncode and 'packages are missing' in r.stderr and 'qemu-system-misc' in r.stderr,
           'where nothing can be installed, the missing packages are named', r)
    r = hw('gdb')
    ok(r.returncode == 2 and 'no machine to debug' in r.stderr, 'gdb without a machine says so', r)
    waiting = subprocess.Popen([sys.executable, os.path.join(ROOT, 'hw'), 'run', '--kernel', kernel, '--debug', '--wait', '--', 'true'],
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(100):
        r = hw('gdb', stdin='break start_kernel\ncontinue\nbacktrace\ndelete\ncontinue\n')
        if r.returncode != 2:
            break
        time.sleep(0.1)
    ok('start_kernel (hartid=' in r.stdout, 'gdb stops the machine in start_kernel, with its line', r)
    ok(waiting.wait(60) == 0, 'and lets it go on to its end')
    busy = subprocess.Popen([sys.executable, os.path.join(ROOT, 'hw'), 'run', '--kernel', kernel, '-p', '2', '--debug', '--', 'sh', '-c',
                             'sleep 100 & chrt -f 5 taskset 2 cat /dev/zero > /dev/null & load run=100s instance=3'],
                            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(5)
    r = hw('gdb', stdin='\n'.join([
        'set pagination off', 'set width 0', 'lx-ps', 'lx-cpus', 'hw-runq', 'hw-domains 0', 'lx-dmesg',
        'p $lx_per_cpu("runqueues", 1).cpu',
        'p $lx_task_by_pid(1).comm', 'p $lx_current().pid > 0', 'hw-vmas 1', 'hw-vtop 0x10000 1', 'hw-vtop $pc', 'hw-bt 1', 'p $pc',
        'hw-bt 4', 'hw-locks', 'help hartwood', 'hw-bt 9999', 'kill']) + '\n')
    busy.kill()
    busy.wait()

    def shows(pattern, name):
        ok(re.search(pattern, r.stdout, re.M), name, r.stdout[:3000])

    shows(r'^0x[0-9a-f]{16} +1 S +\d init +do_wait', 'lx-ps: tasks, and where they sleep')
    shows(r'^0x[0-9a-f]{16} +0 R +1 swapper/1', 'idle tasks, too')
    shows(r'^ +1 hartid +\d online  \d+ cat$', 'lx-cpus: harts, and what they run')
    shows(r'^(?:\(gdb\) )?hart 0: [23] to run.*\n  running +\d+ load.*\n  fair +\d+ load +weight 1024, ', 'hw-runq: who runs and who waits')
    shows(r'^(?:\(gdb\) )?hart 0 domain-0 MC: harts 0,1; groups \{0\} \{1\}', 'hw-domains')
    shows(r'^\[ +\d\.\d{6}\] init: /bin/init', 'lx-dmesg')
    shows(r'^\(gdb\) \$1 = 1$', '$lx_per_cpu()')
    shows(r'\$2 = "init"', '$lx_task_by_pid()')
    shows(r'\$3 = 1', '$lx_current()')
    shows(r'000000010000-[0-9a-f]+ r-xp .* file$', 'hw-vmas')
    shows(r'level 0: entry at .* -a-ux-rv\n0x10000 is physical 0x8', 'hw-vtop: of a process')
    shows(r'level 0: .*\n0xffffffff8[0-9a-f]+ is physical 0x8|not mapped|0x[0-9a-f]+ is physical', 'and of this hart')
    shows(r'init, pid 1, sleeps\n(?:.*\n)*?#\d+ .*sys_wait4', 'hw-bt: the stack of a task that sleeps')
    shows(r'\$4 = .*0x[0-9a-f]+', 'the hart has its own registers again')
    shows(r'#\d+ .*cpu_stopper_thread', 'and of a kernel thread')
    ok('no task 9999' in r.stderr + r.stdout, 'of nobody: an error', r.stderr)
    ok('Python Exception' not in r.stderr + r.stdout, 'and no command failed', r.stderr)
    r = hw('doctor')
    ok(r.returncode == 0 and 'qemu' in r.stdout.lower(), 'doctor tells what is here', r)
    r = hw('run', '--no-such-option')
    ok(r.returncode == 2 and '--no-such-option' in r.stderr and r.stderr.count('\n') == 1, 'a wrong option: a line', r)
    return done()


if __name__ == '__main__':
    sys.exit(main())
