#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A program of one's own, as the README says: a folder with a C file in user/ is found, built though it has warnings, and
those are shown; %f prints a number; tools/check.py leaves it alone until git knows it. In a copy of the tree.

new_program_test.py KERNEL
"""
import os
import shutil
import subprocess
import sys
import tempfile

from tap import ROOT, done, hw, ok

MINE = r'''
#include "sys.h"

const char *twice(const char *s);

long need(long n)       /* user/lib has one, too */
{
    return n / 3;
}

int main(int argc, char **argv)
{
    int unused;

    printf("%.3f %s\n", atof(argv[1]) / need(9), twice(argv[2]));
    return 4;
}
'''
MORE = r'''
#include "sys.h"

const char *twice(const char *s)
{
    static char text[64];

    snprintf(text, sizeof(text), "%s%s", s, s);
    return text;
}
'''


def copy_tree(to):
    """What git has, and git."""
    files = subprocess.run(['git', '-C', ROOT, 'ls-files'], capture_output=True, text=True).stdout.splitlines()
    for name in files:
        os.makedirs(os.path.dirname(os.path.join(to, name)), exist_ok=True)
        shutil.copy(os.path.join(ROOT, name), os.path.join(to, name))
    subprocess.run(['git', '-C', to, 'init', '-q'], check=True)
    subprocess.run(['git', '-C', to, 'add', '.'], check=True)
    return files


def main():
    kernel = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as tmp:
        tree, build = os.path.join(tmp, 'tree'), os.path.join(tmp, 'tree', 'build')
        if not copy_tree(tree):
            print('1..0 # SKIP not a git work tree')
            return 0

        def python(code):
            """In the copy, with its hw, which has no name that could be imported, and its check."""
            load = 'import sys; sys.path.insert(0, "tools"); from importlib.machinery import SourceFileLoader as L; ' \
                   'sys.dont_write_bytecode = True; hw = L("hw", "./hw").load_module(); import check; '
            # meson puts the cross compiler's own folders first, where the host's compiler would find another linker.
            path = ':'.join(p for p in os.environ['PATH'].split(':') if 'riscv64-unknown-elf' not in p)
            return subprocess.run([sys.executable, '-W', 'ignore', '-c', load + code], cwd=tree, capture_output=True, text=True,
                                  env={**os.environ, 'PATH': path})

        def build_target(name):
            return python(f'hw.build(targets=["user/{name}.elf"])')

        r = build_target('hello')
        ok(r.returncode == 0 and 'warning' not in r.stderr, 'what is there is built without a warning', r)
        os.mkdir(tree + '/user/mine')
        for name, text in (('mine', MINE), ('more', MORE)):
            with open(f'{tree}/user/mine/{name}.c', 'w') as f:
                f.write(text)
        r = build_target('mine')
        ok(r.returncode == 0, 'a folder with C files is a program: no list', r)
        ok('mine.c:13:9: warning: unused variable' in r.stderr, 'a warning is shown, and is no error', r.stderr)
        os.makedirs(tmp + '/root/bin')
        if os.path.exists(build + '/user/mine.elf'):
            shutil.copy(build + '/user/mine.elf', tmp + '/root/bin/mine')
        r = hw('run', '--kernel', kernel, '--root', tmp + '/root', '--', 'mine', '2', 'ho')
        ok(r.stdout == '0.667 hoho\n' and r.returncode == 4, 'it runs, and %f prints a number', r)
        r = python('print(*check.tracked("."), sep="\\n")')
        ok('user/hello/hello.c' in r.stdout.splitlines() and 'user/mine/mine.c' not in r.stdout,
           'check leaves alone what git does not know', r)
        shutil.rmtree(tree + '/user/mine')
        r = build_target('hello')
        ok(r.returncode == 0, 'a folder that is gone is no program any more', r)
        r = subprocess.run(['ninja', '-C', build, '-t', 'query', 'user/mine.elf'], capture_output=True, text=True)
        ok(r.returncode != 0, 'nothing asks for it', r)
    return done()


if __name__ == '__main__':
    sys.exit(main())
