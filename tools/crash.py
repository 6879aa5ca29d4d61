# SPDX-License-Identifier: MIT
"""A program that dies of a fault: the kernel says so in a line, which gets the signal's name, the function, its file and line."""
import os
import re
import shutil
import signal
import struct
import subprocess

# Where in NAME it was: the offset in the file, and the region that it is mapped to.
LINE = re.compile(rb'\]: unhandled signal (\d+) code 0x[0-9a-f]+ at 0x[0-9a-f]+(?: in ([^/\s]+)\[([0-9a-f]+),[0-9a-f]+\+[0-9a-f]+\])?')
PT_LOAD = 1
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def linked_at(elf, offset):
    """The address for which the byte at @offset of the file was linked, or None."""
    with open(elf, 'rb') as f:
        data = f.read()
    if data[:5] != b'\x7fELF\2':
        return None
    at, (size, count) = struct.unpack_from('<Q', data, 32)[0], struct.unpack_from('<HH', data, 54)
    for i in range(count):
        kind, _, start, vaddr, _, length = struct.unpack_from('<IIQQQQ', data, at + i * size)
        if kind == PT_LOAD and start <= offset < start + length:
            return vaddr + offset - start
    return None


def function_at(elf, offset):
    """What the compiler's tools know of a place: 'main (user/hello/hello.c:7)', 'main', or ''."""
    tool = shutil.which('riscv64-unknown-elf-addr2line')
    try:
        address = linked_at(elf, offset)
    except (OSError, struct.error):
        address = None
    if address is None or not tool:
        return ''
    name, where = subprocess.run([tool, '-f', '-e', elf, hex(address)], capture_output=True, text=True).stdout.split('\n')[:2]
    where = re.sub(r'^(\.\./)+| \(.*', '', where).removeprefix(ROOT + '/')
    return '' if name.startswith('?') else f'{name} ({where})' if '?' not in where else name


def program_file(name, kernel, root):
    """The file of a program, with its symbols: of this build, or of the folder that was laid over."""
    places = [os.path.join(root, d, name) for d in ('bin', 'sbin', 'usr/bin', 'usr/sbin', '')] if root else []
    places.append(os.path.join(os.path.dirname(os.path.abspath(kernel)), 'user', name + '.elf'))
    return next((p for p in places if os.path.isfile(p)), None)


class Explainer:
    """A sink for the kernel's lines that hands them on to another, explained."""

    def __init__(self, sink, kernel, root):
        self.sink, self.kernel, self.root, self.rest = sink, kernel, root, b''

    def __call__(self, data):
        *lines, self.rest = (self.rest + data).split(b'\n')
        if lines:
            self.sink(b''.join(self.explained(line) + b'\n' for line in lines))

    def flush(self):
        if self.rest:
            self.sink(self.rest)
        self.rest = b''

    def explained(self, line):
        m = LINE.search(line)
        if not m:
            return line
        try:
            told = signal.Signals(int(m[1])).name
        except ValueError:
            return line
        elf = program_file(m[2].decode(errors='replace'), self.kernel, self.root) if m[2] else None
        where = function_at(elf, int(m[3], 16)) if elf else ''
        return line.rstrip(b'\r') + f' - {told}{" in " + where if where else ""}'.encode() + line[len(line.rstrip(b'\r')):]
