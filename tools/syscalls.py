#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""syscalls.py [LIST]: docs/syscalls.md, of the list of system calls (src/abi/syscalls.def).

    python3 tools/syscalls.py > docs/syscalls.md
"""
import os
import re
import sys

LIST = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'src/abi/syscalls.def')

PAGE = '''# System calls

Made by `tools/syscalls.py` of `src/abi/syscalls.def`, the one list of them: numbers, prototypes, the table of the kernel and what
`perf trace` prints come from there. Of the {all} calls that Linux 6.12 has, or had once, on riscv64 {here} are here, with Linux's
arguments; ENOSYS is the answer of the others, and of any number that is not in the table.

| number | call | arguments |
|---|---|---|
'''


def read_list(path=LIST):
    """(first number, last number, name, arguments) of each row: arguments are [(type, name)], None: absent; name None: unused."""
    text = open(path).read()
    text = text[text.rindex('#endif'):]
    for kind, rest in re.findall(r'^(CALL|ABSENT|UNUSED)\(((?:[^()]|\([^()]*\))*)\)$', text, re.M):
        number, name, *_ = re.split(r',\s*', rest)
        if kind == 'UNUSED':
            yield int(number), int(name), None, None
        else:
            args = re.findall(r'\(([^()]*), (\w+)\)', rest)
            yield int(number), int(number), name, args if kind == 'CALL' else None


def prototype(args):
    words = ', '.join(f'{kind} {name}' for kind, name in args).replace('__user ', '').replace('* ', '*')
    return f'`{words or "void"}`'


def page(rows):
    calls = [r for r in rows if r[2]]
    lines = [f'| {number} | {name} | {"ENOSYS" if args is None else prototype(args)} |\n' for number, _, name, args in calls]
    return PAGE.format(all=len(calls), here=sum(r[3] is not None for r in calls)) + ''.join(lines)


if __name__ == '__main__':
    sys.stdout.write(page(list(read_list(*sys.argv[1:2]))))
