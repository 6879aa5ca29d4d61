# SPDX-License-Identifier: MIT
"""The oracle: Debian's riscv64 Linux kernel, and the guest tests on it."""
import glob
import os
import re
import subprocess
import sys
import time

import machine
from fetch import AptFolder
from machine import ROOT

FOLDER = os.path.join(ROOT, '.hw', 'linux')


def fetch():
    """The kernel image's path, downloaded when it is not there."""
    apt = AptFolder(FOLDER, ['trixie'], 'riscv64')
    if not glob.glob(apt.root + '/boot/vmlinu*'):
        apt.fetch(['linux-image-riscv64*'])
    return glob.glob(apt.root + '/boot/vmlinu*')[0]


def boot(image, archive, program, timeout):
    """One boot, with @program as the whole session. Returns what it printed."""
    cmd = [machine.qemu_binary(), '-M', 'virt', '-m', '512M', '-smp', '2', '-nographic', '-no-reboot', '-kernel', image,
           '-initrd', archive, '-append', 'console=ttyS0 quiet panic=-1 no4lvl no5lvl -- ' + ' '.join(program)]
    try:
        out = subprocess.run(cmd, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout).stdout
    except subprocess.TimeoutExpired as e:
        out = e.stdout or b''
    return out.decode(errors='replace').replace('\r', '')


def run_case(image, archive, program, timeout=300):
    """Returns the TAP lines of @program and its status, None when it did not get there."""
    text = boot(image, archive, program, timeout)
    status = re.search(r'HARTWOOD-EXIT (\d+)', text)
    lines = [line for line in text.splitlines() if re.match(r'(not )?ok \d|1\.\.\d|# ', line)]
    return lines, int(status[1]) if status else None


def run_tests(names, skip=('exhaust', 'failnth', 'figures', 'slices')):
    """Every guest test on Linux. A case that fails here is a wrong test. Returns the number that failed."""
    image = fetch()
    build = os.path.join(ROOT, 'build')
    archive = os.path.join(FOLDER, 'initrd.cpio')
    tests = sorted(os.path.basename(p)[5:-4] for p in glob.glob(build + '/user/test-*.elf'))
    tests = [t for t in tests if t not in skip and (not names or t in names)]
    args = ['init=' + build + '/user/init.elf', 'tmp']
    for name in ['true', 'init'] + ['test-' + t for t in tests]:
        args.append(f'bin/{name}={build}/user/{name}.elf')
    subprocess.run([sys.executable, os.path.join(ROOT, 'tools', 'mkcpio.py'), archive, '-s', 'riscv64-unknown-elf-strip',
                    'bin'] + args, check=True)
    failed = passed = 0
    for t in tests:
        start = time.monotonic()
        lines, status = run_case(image, archive, ['test-' + t])
        bad = [line for line in lines if line.startswith('not ok')]
        told = [line for line in lines if line.startswith(('not ok', '# '))]
        good = sum(line.startswith('ok') for line in lines)
        ok = status == 0 and not bad and good
        print('%s on-linux %s: %d passed, %d failed (%.0f s)' % ('ok  ' if ok else 'FAIL', t, good, len(bad),
                                                                  time.monotonic() - start), flush=True)
        if not ok:
            print('\n'.join(told) or f'status {status}')
        failed += not ok
        passed += bool(ok)
    print(f'{passed} passed, {failed} failed')
    return failed
