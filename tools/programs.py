# SPDX-License-Identifier: MIT
"""Debian's own riscv64 programs, as they are, on Hartwood and on Debian's Linux: the same scripts must print the same."""
import glob
import os
import re
import subprocess
import sys

import linux
import machine
import root
from machine import ROOT

FOLDER = os.path.join(ROOT, '.hw', 'programs')
PACKAGES = 'rt-tests busybox-static bash-static dash mawk lua5.4 jq perl-base python3.13-minimal make coreutils'.split()

# One script each; what they print must be the same on both kernels, to the byte.
SCRIPTS = sorted(os.path.basename(p)[:-3] for p in glob.glob(ROOT + '/tests/programs/*.sh'))

# What these print differs from run to run: it must match, and they must end well.
LOADS = {
    'hackbench': ('hackbench -p -g 2 -l 50', r'Time: \d'),
    'hackbench-threads': ('hackbench -p -T -g 2 -l 50', r'Time: \d'),
    'cyclictest': ('cyclictest -q -m -l 100 -p 80 -t 2', r'T: 1 .*C: +\d+ Min: +\d+ .*Max: +\d'),
    'deadline_test': ('deadline_test -t 2 -i 20000', r'nr_periods : [1-9]'),
    'cyclicdeadline': ('cyclicdeadline -q -D 1 -i 10000 -t 1', r'T: 0 .*I:10000 C: +\d+ Min: +\d'),
    'ptsematest': ('ptsematest -q -l 100 -p 80 -t 2', r'#3 -> #2, Min +\d'),
    'sigwaittest': ('sigwaittest -q -l 100 -p 80 -t 2', r'#3 -> #2, Min +\d'),
    'signaltest': ('signaltest -q -l 100 -p 80 -t 2', r'T: 1 .*C: +100 '),
    'pi_stress': ('pi_stress -q -D 1 --groups 2', r'Total inversion performed: [1-9]'),
    'rt-migrate-test': ('rt-migrate-test -q -p 10 -l 3 2', r'Task 1 \(prio 11\)'),
}

DRIVER = '''export PATH=/usr/bin:/bin LC_ALL=C TERM=dumb HOME=/tmp
for name in %s; do
    mkdir -p /tmp/$name; cd /tmp/$name; echo "@@ $name"; dash /scripts/$name 2>&1; echo "@@@ $?"
done
'''


def archive(names):
    """Programs, which are downloaded when they are not there, scripts, and for Linux our init."""
    path, folder = os.path.join(FOLDER, 'initrd.cpio'), os.path.join(FOLDER, 'debian')
    if not root.installed(folder):
        root.debian(folder, PACKAGES)
    args = ['scripts', 'tree:' + folder, f'init={ROOT}/build/user/init.elf']
    os.makedirs(FOLDER + '/scripts', exist_ok=True)
    for name in names + ['driver']:
        script = f'{ROOT}/tests/programs/{name}.sh'
        if name not in SCRIPTS:
            script = f'{FOLDER}/scripts/{name}'
            with open(script, 'w') as f:
                f.write(DRIVER % ' '.join(names) if name == 'driver' else LOADS[name][0] + '\n')
        args.append(f'scripts/{name}={script}')
    subprocess.run([sys.executable, os.path.join(ROOT, 'tools', 'mkcpio.py'), path] + args, check=True)
    return path


def parts(text):
    """What each script printed, and its status."""
    found = re.findall(r'^@@ (\S+)\n(.*?)^@@@ (\d+)$', text.replace('\r', ''), re.S | re.M)
    return {name: (out, int(status)) for name, out, status in found}


def on_hartwood(path, harts):
    m = machine.Machine(ROOT + '/build/kernel.elf', harts, '512M', qemu_opts='-initrd ' + path)
    out = []
    m.run(['/usr/bin/dash', '/scripts/driver'], 300, out.append, lambda data: None, loglevel=4, ttys=(0, 1, 2))
    m.clean()
    return parts(b''.join(out).decode(errors='replace'))


def run(patterns_match, harts):
    """Returns how many went wrong."""
    names = [n for n in SCRIPTS + list(LOADS) if patterns_match(n)]
    if not names:
        raise machine.Problem('no program is called so; there are: ' + ' '.join(SCRIPTS + list(LOADS)))
    path = archive(names)
    ours, theirs = on_hartwood(path, harts), parts(linux.boot(linux.fetch(), path, ['/usr/bin/dash', '/scripts/driver'], 300))
    failed = 0
    for name in names:
        out, status = ours.get(name, ('did not get there\n', None))
        want, want_status = theirs.get(name, ('did not get there\n', None))
        good = (out, status) == (want, want_status) if name in SCRIPTS else status == 0 and re.search(LOADS[name][1], out)
        print(('ok   ' if good else 'FAIL ') + name, flush=True)
        if not good:
            failed += 1
            print(f'--- Hartwood, status {status}:\n{out}--- Linux, status {want_status}:\n{want}---')
    print(f'{len(names) - failed} passed, {failed} failed')
    return failed
