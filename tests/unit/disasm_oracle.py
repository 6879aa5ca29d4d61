#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""user/perf/disasm.c against objdump: each instruction of programs and the kernel, and of each row of its table some at random.

disasm_oracle.py UNIT_DISASM ELF...
"""
import os
import re
import subprocess
import sys
import tempfile

TOOLS = 'riscv64-unknown-elf-'
LINE = re.compile(r' *([0-9a-f]+):\t([0-9a-f]{4}|[0-9a-f]{8}) +\t(.*)$', re.M)


def theirs(elf, *what):
    """(address, word as text, instruction) of each."""
    out = subprocess.run([TOOLS + 'objdump', '-z', *(what or ['-d']), elf], capture_output=True, text=True, check=True).stdout
    return [(int(m[1], 16), m[2], words(m[3])) for m in LINE.finditer(out)]


def words(text):
    """What objdump says, without comments and names, and in its newer words: up to 2.40 it says add for addi, csrs for csrsi."""
    text = re.sub(r'\s*(#.*|<.*>)?$', '', text)
    text = re.sub(r'^(add|and|or|xor|sll|srl|sra|slt)(w?)(\t\S*,(0x|-?\d)\S*)$', r'\1i\2\3', text)
    text = re.sub(r'^sltu(\t\S*,-?\d+)$', r'sltiu\1', text)
    text = re.sub(r'^(csr[rwsc]+)(\t\S*,\d+)$', r'\1i\2', text)
    return 'pause' if text == 'fence\tw,unknown' else text      # of Zihintpause, which a file does not say that it has


def ours(test, lines):
    """(address, target, instruction) of each."""
    text = ''.join(f'{addr:x} {bytes.fromhex(word)[::-1].hex()}\n' for addr, word, _ in lines)
    out = subprocess.run([test], input=text, capture_output=True, text=True, check=True).stdout
    return [re.fullmatch(r'(\S+) (\S+)\t(.*)', line).groups() for line in out.splitlines()]


def differ(test, lines, but=lambda mine, other: False):
    """The first few on which they do not agree, as text."""
    found = ours(test, lines)
    bad = [f'{word}: {mine!r}, objdump {other!r}' for (_, word, other), (_, _, mine) in zip(lines, found)
           if mine != other and not but(mine, other)]
    bad += [f'{word}: {mine!r} branches to {target}' for (_, word, _), (_, target, mine) in zip(lines, found)
            if (target != '0') != bool(re.match(r'(j|jal|b\w+)\t(\S+,)?[0-9a-f]+$', mine)) or (target != '0' and not mine.endswith(target))]
    return bad[:20] if len(found) == len(lines) else ['not as many']


def main():
    test, elfs = sys.argv[1], sys.argv[2:]
    print(f'1..{len(elfs) + 1}')
    failed = False

    def ok(nr, bad, name):
        nonlocal failed
        failed |= bool(bad)
        print(''.join(f'# {line}\n' for line in bad) + f'{"not " if bad else ""}ok {nr} - {name}')

    for nr, elf in enumerate(elfs, 1):
        lines = theirs(elf)
        ok(nr, differ(test, lines) if lines else ['nothing in it'], f'{os.path.basename(elf)}: {len(lines)} instructions')
    made = subprocess.run([test, '40'], capture_output=True, text=True, check=True).stdout.split()
    with tempfile.TemporaryDirectory() as tmp:
        source, elf = os.path.join(tmp, 'made.s'), os.path.join(tmp, 'made.o')
        with open(source, 'w') as f:
            f.write('.text\n' + ''.join(f'.{len(word) // 2}byte 0x{word}\n' for word in made))
        subprocess.run([TOOLS + 'as', '-march=rv64gc', '-o', elf, source], check=True)
        lines = theirs(elf, '-D', '-j.text')     # to the assembler it is data

    def reserved(mine, other):
        """Words that are reserved, or hints; registers of the system that it has no name for, or roundings of what is exact."""
        return (re.match(r'\.[24]byte|c\.', other) or re.match(r'csr.*0x', mine))

    ok(len(elfs) + 1, differ(test, lines, reserved) if len(lines) == len(made) else ['not as many'],
       f'{len(lines)} at random, some for each row of the table')
    return failed


if __name__ == '__main__':
    sys.exit(main())
