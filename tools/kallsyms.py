#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Turn `nm` of the first link into the table of function names for the second."""
import subprocess
import sys


def main():
    nm, elf, out = sys.argv[1:4]
    text = subprocess.run([nm, '-n', '--defined-only', elf], check=True,
                          capture_output=True, text=True).stdout
    syms, base = [], None
    for line in text.splitlines():
        addr, kind, name = line.split()
        addr = int(addr, 16)
        if name == '_start':
            base = addr
        if kind in 'tT' and not name.startswith(('.L', '$')):
            if syms and syms[-1][0] == addr:
                syms.pop()
            syms.append((addr, name))
    syms = [(a - base, n) for a, n in syms if a >= base]
    at, places = 0, []
    for _, name in syms:
        places.append(at)
        at += len(name) + 1
    with open(out, 'w') as f:
        f.write('/* Made by tools/kallsyms.py. */\n#include <stdint.h>\n')
        f.write(f'const uint32_t kallsyms_count = {len(syms)};\n')
        f.write('const uint32_t kallsyms_offsets[] = {%s};\n' % ','.join(str(a) for a, _ in syms))
        f.write('const uint32_t kallsyms_name_at[] = {%s};\n' % ','.join(map(str, places)))
        f.write('const char kallsyms_names[] =\n')
        f.write('\n'.join(f'"{n}\\0"' for _, n in syms) + ';\n')


main()
