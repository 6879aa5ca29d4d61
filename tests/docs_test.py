#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The commands that README and docs/ show do what they say: each that stands on a line of its own is run, or is another test's.

docs_test.py host|machine KERNEL: those that are typed on the host, or in the machine (whose build has all checks)
"""
import glob
import os
import re
import shlex
import subprocess
import sys
import tempfile

from tap import ROOT, done, ok

# What a command stands for in the documents, and what another test runs, or what takes a quarter of an hour.
STANDS_FOR = {'PROG ARGS': 'load run=20ms instance=3', 'PROG': 'load run=20ms instance=3', 'DIR': 'root', 'FOLDER': 'root',
              'FILE': 'matrix'}
ELSEWHERE = {r'\./hw test\b': 'what this test is part of', r'meson setup': 'the same', r'\./hw bench$': 'by hand', r'\./hw doctor$': 'hw',
             r'\./hw gdb|\./hw run --debug': 'gdb', r'perf \w+( .*)? -i perf\.data': 'trace', r'sh FILE ARGS': 'scripts',
             r'\./hw root|\./hw run --(debian|busybox)': 'root, by an archive of its own', r'.*python3': '--programs',
             r'build/tests/interleave': 'interleave-hotplug',
             r'\./hw sim .*--compare': 'sim-tool'}
MATRIX = re.compile(r'^    command = .*\n(?:    .*\n)+', re.M)


def commands(path):
    """(line number, command) of each that stands on a line of its own; what a comment says of it is not part of it."""
    text = open(path).read().replace('\\\\\n', '').replace('\\\n', '')
    text = MATRIX.sub(lambda m: '\n' * m[0].count('\n'), text)
    text = re.sub(r'(?ms)^    #include.*?^    }$', lambda m: '\n' * m[0].count('\n'), text)
    for n, line in enumerate(text.split('\n'), 1):
        if re.match(r'    [a-z./]', line) and 'unhandled signal' not in line:
            yield n, re.sub(r'\s+# .*', '', line.strip())


def on_host(command, kernel, work):
    build = os.path.dirname(kernel)
    command = command.replace('build/tests/', build + '/tests/').replace(' tests/', f' {ROOT}/tests/')
    command = re.sub(r'\./hw (run|balance|trace|hunt|experiment)\b', rf'{shlex.quote(ROOT)}/hw \1 --kernel {kernel}', command)
    command = command.replace('/hw hunt', '/hw hunt --seeds 4')
    command = command.replace('./hw sim', f'{shlex.quote(ROOT)}/hw sim --sim {build}/tests/sim')
    return subprocess.run(['sh', '-ec', command], cwd=work, input='exit\n', capture_output=True, text=True, timeout=200)


def in_machine(lines, kernel):
    """Each line by one shell of a machine of four harts. Return: {line: (status, what was said)}."""
    script = ''.join(f'{{ {line}\n}} > /tmp/said 2>&1 < /dev/null; echo "@@ $?"; tail -n 3 /tmp/said\n' for line in lines)
    r = subprocess.run([ROOT + '/hw', 'run', '--kernel', kernel, '-p', '4', '--timeout', '150', '--', 'sh'], input=script,
                       capture_output=True, text=True, timeout=200)
    told = re.findall(r'^@@ (\d+)\n((?:(?!@@).*\n)*)', r.stdout, re.M)
    return dict(zip(lines, told + [(None, r.stdout + r.stderr)] * (len(lines) - len(told))))


def main():
    side, kernel, inside = sys.argv[1], os.path.abspath(sys.argv[2]), []
    with tempfile.TemporaryDirectory() as work:
        os.makedirs(work + '/root/bin')
        with open(work + '/prog.c', 'w') as f:
            f.write('int main(void) { return 0; }\n')
        subprocess.run(['riscv64-linux-gnu-gcc', '-static', '-o', work + '/root/bin/prog', work + '/prog.c'], check=True)
        with open(work + '/in', 'w') as f:
            f.write('a word\n')
        with open(os.path.join(ROOT, 'docs', 'perf.md')) as f:
            matrix = MATRIX.search(f.read())[0]
        with open(work + '/matrix', 'w') as f:
            f.write(re.sub('^    ', '', matrix, flags=re.M).replace('repeat = 5', 'repeat = 1'))
        with open(os.path.join(ROOT, 'docs', 'sim.md')) as f, open(work + '/first.txt', 'w') as first:
            first.write(re.search(r'`first.txt`:\n\n```\n(.*?)```', f.read(), re.S)[1])
        for path in [os.path.join(ROOT, 'README.md')] + sorted(glob.glob(os.path.join(ROOT, 'docs', '*.md'))):
            for n, command in commands(path):
                name = f'{os.path.relpath(path, ROOT)}:{n}: {command}'
                where = next((w for pattern, w in ELSEWHERE.items() if re.match(pattern, command)), None)
                for word, means in STANDS_FOR.items():
                    command = re.sub(rf'\b{word}\b', means, command)
                if where:
                    ok(True, f'{name} # SKIP {where}')
                elif not re.match(r'\./|build/|riscv64-', command):
                    inside.append((name, command))
                elif side == 'host':
                    r = on_host(command, kernel, work)
                    ok(r.returncode == 0, name, r.stdout + r.stderr)
        told = in_machine([command for _, command in inside], kernel) if side == 'machine' else {}
        for name, command in inside if told else ():
            ok((told[command][0] == '0') != command.endswith(' -h'), name, told[command][1])        # -h: a usage line is an error
    return done()


if __name__ == '__main__':
    sys.exit(main())
