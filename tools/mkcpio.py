#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Write a cpio archive (newc): mkcpio.py OUT [-s STRIP] NAME=FILE... NAME->TARGET (a symbolic link)... NAME (a folder)...

Deterministic: owner 0, times 0, in the order given.
"""
import os
import subprocess
import sys
import tempfile


def entry(out, ino, name, mode, data):
    name = name.encode() + b'\0'
    fields = [ino, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name), 0]
    head = b'070701' + b''.join(b'%08X' % f for f in fields) + name
    out.write(head + b'\0' * (-len(head) % 4) + data + b'\0' * (-len(data) % 4))


def add_tree(out, root, ino):
    """Lay a folder of the host's over the archive."""
    for base, dirs, files in os.walk(root):
        dirs.sort()
        for name in sorted(dirs + files):
            path = os.path.join(base, name)
            rel = os.path.relpath(path, root)
            st = os.lstat(path)
            ino += 1
            if os.path.islink(path):
                entry(out, ino, rel, 0o120777, os.readlink(path).encode())
            elif os.path.isdir(path):
                entry(out, ino, rel, 0o040000 | (st.st_mode & 0o7777), b'')
            elif os.path.isfile(path):
                with open(path, 'rb') as f:
                    entry(out, ino, rel, 0o100000 | (st.st_mode & 0o7777), f.read())
    return ino


def functions(strip, path):
    """To keep the names of its functions, for perf and gdb."""
    names = subprocess.run([strip.replace('strip', 'nm'), path], check=True, capture_output=True, text=True).stdout
    return [word for line in names.splitlines() if line.split()[-2] in 'tTW' for word in ('-K', line.split()[-1])]


def main():
    args = sys.argv[1:]
    path, strip, ino = args.pop(0), None, 0
    if args and args[0] == '-s':
        strip = args[1]
        args = args[2:]
    with open(path, 'wb') as out:
        for arg in args:
            if arg.startswith('tree:'):
                ino = add_tree(out, arg[5:], ino)
                continue
            ino += 1
            name, _, target = arg.partition('->')
            if target:
                entry(out, ino, name, 0o120777, target.encode())
                continue
            name, _, source = arg.partition('=')
            if not source:
                entry(out, ino, name, 0o040755, b'')
                continue
            with open(source, 'rb') as f:
                data = f.read()
            if strip and data[:4] == b'\x7fELF':
                with tempfile.NamedTemporaryFile() as tmp:
                    subprocess.run([strip, '-s', *functions(strip, source), '-o', tmp.name, source], check=True)
                    with open(tmp.name, 'rb') as f:
                        data = f.read()
            mode = 0o100755 if data[:4] == b'\x7fELF' or data[:2] == b'#!' else 0o100644
            entry(out, ino, name, mode, data)
        entry(out, 0, 'TRAILER!!!', 0, b'')


if __name__ == '__main__':
    main()
