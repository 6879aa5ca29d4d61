#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Boot Hartwood once for one test case.

TAP from the guest goes to standard output, everything else to standard error;
a panic becomes "Bail out!". Exit status: 0 passed, 1 failed, 77 skipped, 99 the
machine did not get so far.
"""
import argparse
import os
import re
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tools'))
import machine  # noqa: E402

TAP = re.compile(r'^(not ok|ok|1\.\.\d+|Bail out!|TAP version|# )')


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument('--kernel', required=True)
    ap.add_argument('--harts', type=int, default=1)
    ap.add_argument('--memory', default='128M')
    ap.add_argument('--icount', type=int)
    ap.add_argument('--topology')
    ap.add_argument('--numa', action='append', default=[])
    ap.add_argument('--numa-distance', action='append', default=[])
    ap.add_argument('--boot-hart', type=int, metavar='HARTID', help='this hart is to reach the kernel first')
    ap.add_argument('--fdtput', action='append', default=[], metavar='[OPTIONS] NODE PROPERTY VALUE...',
                    help='change this in the device tree')
    ap.add_argument('--initrd-at', metavar='ADDRESS[,CELLS]',
                    help='where the archive lies, and how many cells tell so')
    ap.add_argument('--append', default='')
    ap.add_argument('--initrd', help='archive with the test programs')
    ap.add_argument('--timeout', type=float, default=60)
    ap.add_argument('--plain', action='store_true', help='the case prints no TAP: its status is the verdict')
    ap.add_argument('--expect-panic', metavar='TEXT', help='the case is to end in a panic that says TEXT')
    ap.add_argument('--expect-log', metavar='TEXT', action='append', default=[], help='the kernel is to have printed TEXT')
    ap.add_argument('program', nargs='*')
    a = ap.parse_args()
    try:
        machine.check_qemu()
    except machine.Problem as e:
        print(f'1..0 # SKIP {e}')
        return 77
    # A loaded host runs the guest slowly: give it the time it needs.
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    timeout = a.timeout * max(1, min(4, load))
    m = machine.Machine(a.kernel, a.harts, a.memory, a.icount, a.topology, a.numa, a.append,
                        numa_distance=a.numa_distance, qemu_opts=f'-initrd {a.initrd}' if a.initrd else '', boot_hart=a.boot_hart,
                        fdt_edits=a.fdtput, initrd_at=a.initrd_at)
    kernel_text, pending, results = [], b'', {'ok': 0, 'bad': 0, 'plan': None}

    def tap_line(text):
        if TAP.match(text) and not (a.plain or a.expect_panic):
            results['ok'] += text.startswith('ok')
            results['bad'] += text.startswith('not ok')
            if text.startswith('1..'):
                results['plan'] = int(text[3:].split()[0])
            print(text, flush=True)
        elif text:
            print(text, file=sys.stderr)

    def on_user(data):
        nonlocal pending
        *lines, pending = (pending + data).split(b'\n')
        for line in lines:
            tap_line(line.decode(errors='replace').rstrip('\r'))

    def on_kernel(data):
        kernel_text.append(data)
        if not a.program:       # the kernel's own cases print on the console
            on_user(data)

    def stop(*_):
        sys.stderr.write(m.registers())
        machine.kill_group(m.proc)
        sys.exit(99)

    signal.signal(signal.SIGTERM, stop)
    if a.plain or a.expect_panic:
        print('TAP version 13\n1..1', flush=True)
    status = m.run(a.program, timeout, on_user, on_kernel, loglevel=7)
    tap_line(pending.decode(errors='replace').rstrip('\r'))
    text = b''.join(kernel_text).decode(errors='replace')
    unsaid = [t for t in a.expect_log if t not in text]
    failed = status != 0 or bool(unsaid)
    for t in unsaid:
        sys.stderr.write(f'the kernel did not print: {t}\n')
    if a.expect_panic:
        failed = bool(unsaid) or status != machine.PANIC_STATUS or a.expect_panic not in text
        print('%sok 1 - panic: %s' % ('not ' if failed else '', a.expect_panic))
    elif a.plain:
        print('%sok 1 - status %d%s' % ('not ' if failed else '', status, ', ' + ', '.join(a.expect_log) if a.expect_log else ''))
    elif status == machine.TIMEOUT_STATUS:
        print(f'Bail out! time-out after {timeout:.0f} s (host load {load:.1f} a core)')
    elif 'Kernel panic' in text:
        reason = text.split('Kernel panic - not syncing: ', 1)[-1].splitlines()[0]
        print(f'Bail out! kernel panic: {reason}')
    elif results['plan'] is None or results['plan'] != results['ok'] + results['bad']:
        print('Bail out! the plan and the results differ')
        failed = True
    if 'watchdog: ' in text and not any('watchdog: ' in t for t in a.expect_log):
        print('Bail out! the watchdog barked')
        failed = True
    if failed or results['bad']:
        sys.stderr.write(machine.symbolise(a.kernel, text)[-20000:])
        sys.stderr.write(f'\nstatus {status}; the whole console: {m.log_path}\n')
    else:
        m.clean()
    return 1 if failed or results['bad'] else 0


if __name__ == '__main__':
    sys.exit(main())
