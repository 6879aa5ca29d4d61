#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each function that docs/way-*.md name is one in the debug build, so that gdb stops where the page says it would.

ways_test.py KERNEL
"""
import glob
import os
import re
import subprocess
import sys

from tap import ROOT, done, ok


def main():
    source = ''
    for path in glob.glob(ROOT + '/src/*/*.[cS]'):
        with open(path) as f:
            source += f.read()
    symbols = subprocess.run(['riscv64-unknown-elf-nm', sys.argv[1]], check=True, capture_output=True, text=True).stdout
    # A clone of the compiler's (NAME.constprop.0) has the name for gdb.
    functions, data = (set(re.findall(rf' [{kinds}] (\w+)', symbols)) for kinds in ('tT', 'bBdDrR'))
    for page in sorted(glob.glob(ROOT + '/docs/way-*.md')):
        with open(page) as f:
            names = dict.fromkeys(re.findall(r'`(\w+)`', f.read()))
        defined = [n for n in names if re.search(rf'^(\w[^;={{}}]*\b{n}\([^;]*\n\{{|{n}:)', source, re.M) and n not in data]
        lost = [n for n in defined if n not in functions]
        ok(len(defined) > 5 and not lost, f'{os.path.basename(page)}: {len(defined)} functions, none of them inlined (mark it __named)',
           lost or defined)
    return done()


if __name__ == '__main__':
    sys.exit(main())
