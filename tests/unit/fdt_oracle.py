#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Device trees made at random, read by libfdt and by our reader: the same nodes, parents and properties.

fdt_oracle.py UNIT_FDT: the host program that reads trees with src/lib/fdt.c.
"""
import os
import random
import subprocess
import sys
import tempfile

try:
    import libfdt
except ImportError:
    print('1..0 # SKIP python3-libfdt is not installed')
    sys.exit(77)

TREES = 300


def make(rng):
    sw = libfdt.FdtSw(65536)
    sw.finish_reservemap()

    def node(name, depth):
        sw.begin_node(name)
        for i in range(6):
            if rng.random() < 0.4:
                sw.property(f'p{i}', bytes(rng.randrange(256) for _ in range(rng.randrange(20))))
        for i in range(rng.randrange(5) if depth < 5 else 0):
            node(f'n{i}' + '@%x' % rng.randrange(1 << 16) * rng.randrange(2), depth + 1)
        sw.end_node()

    node('', 0)
    return bytearray(sw.as_fdt().as_bytearray())


def damage(rng, tree):
    for _ in range(rng.randrange(1, 4)):
        tree[rng.randrange(len(tree))] = rng.randrange(256)


def read(tree):
    """What libfdt makes of it, in fdt_test.c's words."""
    fdt = libfdt.FdtRo(tree)
    out = []

    def walk(at, parent):
        kids, lines = 0, []
        child = fdt.first_subnode(at, libfdt.QUIET_NOTFOUND)
        line = len(out)
        out.append('')
        while child >= 0:
            kids += 1
            walk(child, fdt.get_name(at))
            child = fdt.next_subnode(child, libfdt.QUIET_NOTFOUND)
        out[line] = f'{fdt.get_name(at)} < {parent}, {kids}'
        props, at_prop = {}, fdt.first_property_offset(at, libfdt.QUIET_NOTFOUND)
        while at_prop >= 0:
            p = fdt.get_property_by_offset(at_prop)
            props.setdefault(p.name, bytes(p))
            at_prop = fdt.next_property_offset(at_prop, libfdt.QUIET_NOTFOUND)
        out[line] += ''.join(f' p{i}=' + props[f'p{i}'].hex() for i in range(6) if f'p{i}' in props)

    walk(0, '-')
    return out


def main():
    rng = random.Random(1)
    same = different = refused = lenient = 0
    print('TAP version 13\n1..2')
    with tempfile.TemporaryDirectory() as folder:
        trees = {}
        for i in range(2 * TREES):
            tree = make(rng)
            if i >= TREES:
                damage(rng, tree)
            path = os.path.join(folder, f'{i:04}.dtb')
            with open(path, 'wb') as f:
                f.write(tree)
            trees[path] = tree
        done = subprocess.run([sys.argv[1], '--dump', *trees], capture_output=True)
        if done.returncode:
            sys.stderr.write(done.stderr.decode(errors='replace'))
            print('Bail out! our reader failed')
            return 1
        ours = {}
        for line in done.stdout.decode(errors='surrogateescape').split('\n')[:-1]:
            if line.startswith('== '):
                lines = ours[line[3:]] = []
            else:
                lines.append(line)
        for i, (path, tree) in enumerate(trees.items()):
            if i == TREES:
                print(('ok' if same == TREES else 'not ok') + f' 1 - {TREES} sound trees read as libfdt reads them')
                same = 0
            if ours[path] == ['refused']:
                refused += 1
                if i < TREES:
                    sys.stderr.write(f'{path}: a sound tree is refused\n')
                continue
            if i >= TREES and libfdt.fdt_check_full(tree, len(tree)) != 0:
                lenient += 1    # libfdt is stricter on names and strings
                continue
            try:
                theirs = read(tree)
            except (libfdt.FdtException, UnicodeDecodeError):
                continue
            if ours[path] == theirs:
                same += 1
            else:
                different += 1
                sys.stderr.write(f'{path}:\nours {ours[path]}\nlibfdt {theirs}\n')
    print(f'# damaged: {same} read alike, {refused} refused by ours, {lenient} by libfdt alone')
    print(('not ok' if different or not same else 'ok') + ' 2 - a damaged tree that both take is read alike')
    return bool(different)


if __name__ == '__main__':
    sys.exit(main())
