# SPDX-License-Identifier: MIT
"""TAP for tests on the host: ok() a fact, done() at the end; and ./hw."""
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
n = bad = 0


def ok(fact, name, told=''):
    global n, bad
    n += 1
    bad += not fact
    if not fact and told:
        print('# ' + str(told)[-3000:].replace('\n', '\n# '))
    print(f'{"" if fact else "not "}ok {n} - {name}', flush=True)


def done():
    print(f'1..{n}')
    return bad != 0


def hw(command, *args, stdin='', env=None):
    limit = ['--timeout', '100'] if command == 'run' and '--timeout' not in args else []
    r = subprocess.run([sys.executable, os.path.join(ROOT, 'hw'), command, *limit, *args], input=stdin, text=True,
                       capture_output=True, timeout=120, env=env)
    if limit and r.returncode == 124:
        print('# it hung:\n# ' + (r.stdout + r.stderr)[-3000:].replace('\n', '\n# '), flush=True)
    return r
