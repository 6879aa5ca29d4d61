#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The list of system calls (src/abi/syscalls.def) is whole, is Linux's, and docs/syscalls.md is made of it."""
import os
import re
import subprocess
import sys
import tempfile

from tap import ROOT, done, ok

sys.path.insert(0, ROOT + '/tools')
import syscalls  # noqa: E402

# Debian's, of packages linux-libc-dev-riscv64-cross and linux-libc-dev.
HEADERS = [d for d in ('/usr/riscv64-linux-gnu/include', '/usr/include/riscv64-linux-gnu') if os.path.exists(d + '/asm/unistd.h')]


def gaps(rows):
    """Numbers that have no row, or two, and rows that are not in order."""
    at = 0
    for first, last, *_ in rows:
        if first != at or last < first:
            yield first
        at = last + 1


def of_header(folder):
    """{number: name} of Linux's calls on riscv64."""
    out = subprocess.run(['cpp', '-dM', '-nostdinc', '-I', folder, '-D__LP64__', '-D__riscv_xlen=64'], text=True, check=True,
                         input='#include <asm/unistd.h>\n', capture_output=True).stdout
    macros = dict(re.findall(r'^#define (\w+) \(?([^)\n]+)\)?$', out, re.M))

    def value(text):
        return sum(int(w) if w.isdigit() else value(macros[w]) for w in text.replace('(', '').split(' + '))

    names = (m for m in macros if m.startswith('__NR_') and m not in ('__NR_syscalls', '__NR_arch_specific_syscall'))
    return {value(macros[m]): m[5:] for m in names}


def main():
    rows = list(syscalls.read_list())
    with open(ROOT + '/docs/syscalls.md') as f:
        ok(f.read() == syscalls.page(rows), 'docs/syscalls.md is what tools/syscalls.py prints')
    ok(not list(gaps(rows)), 'each number has one row, in order', list(gaps(rows)))
    with open(syscalls.LIST) as f, tempfile.NamedTemporaryFile('w', suffix='.def') as other:
        other.write(re.sub(r'(?m)^CALL\(63, read', 'CALL(63, raed', re.sub(r'(?m)^ABSENT\(42,.*\n', '', f.read())))
        other.flush()
        planted = list(syscalls.read_list(other.name))
    ok(list(gaps(planted)) == [43] and syscalls.page(planted) != syscalls.page(rows), 'a row that is missing, another name: seen')
    names = {number: name for number, _, name, _ in rows if name}
    if not HEADERS:
        ok(True, 'Debian\'s headers have the same numbers # SKIP they are not installed')
        return done()
    theirs = of_header(HEADERS[0])
    ours = {n: name for n, name in names.items() if n <= max(theirs)}
    # They are Linux 6.1's: this one came with 6.4.
    ours.pop(258, None) if 258 not in theirs else None
    ok(len(theirs) > 300 and ours == theirs, 'Debian\'s headers have the same numbers', set(ours.items()) ^ set(theirs.items()))
    return done()


if __name__ == '__main__':
    sys.exit(main())
