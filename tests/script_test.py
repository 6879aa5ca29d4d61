#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The shell's language: what each script of tests/scripts prints, its status, and whether it said something on standard
error, is what Debian's dash makes of it here on the host. All run in one machine.

script_test.py KERNEL [WORD...]     those with a WORD in their names
"""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

from tap import ROOT, done, hw, ok

FOLDER = os.path.join(ROOT, 'tests', 'scripts')
# Runs one after the other, each in a folder of its own.
DRIVER = '''for script in /scripts/*; do
	name=${script##*/}
	mkdir /tmp/$name && cd /tmp/$name || exit 1
	{ sh $script one 'two words' < /dev/null > /tmp/$name.out 2> /tmp/$name.err; } 2> /dev/null
	status=$?
	err=silent
	[ -s /tmp/$name.err ] && err=said
	echo "@@@@ $name $status $err"
	cat /tmp/$name.out
	echo
	[ $err = silent ] || { echo "@@@@err"; cat /tmp/$name.err; echo; }
done
'''


def cases(words):
    """Name to text: what stands under each line ### NAME."""
    found = {}
    for path in sorted(glob.glob(FOLDER + '/*.sh')):
        with open(path) as f:
            parts = re.split(r'^### (.*)\n', f.read(), flags=re.M)
        for name, text in zip(parts[1::2], parts[2::2]):
            name = os.path.basename(path)[:-3] + '-' + name
            if not words or any(w in name for w in words):
                assert name not in found, name
                found[name] = text
    return found


def by_dash(text):
    with tempfile.TemporaryDirectory() as folder, tempfile.NamedTemporaryFile('w', suffix='.sh') as f:
        f.write(text)
        f.flush()
        r = subprocess.run(['dash', f.name, 'one', 'two words'], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True,
                           timeout=60, env={'PATH': '/usr/bin:/bin', 'HOME': '/'})
    status = r.returncode if r.returncode >= 0 else 128 - r.returncode
    return r.stdout.decode(errors='replace'), status, 'said' if r.stderr else 'silent'


def by_machine(kernel, scripts):
    with tempfile.TemporaryDirectory() as root:
        os.mkdir(root + '/scripts')
        for name, text in scripts.items():
            with open(f'{root}/scripts/{name}', 'w') as f:
                f.write(text)
        os.mkdir(root + '/etc')
        shutil.copy('/etc/passwd', root + '/etc')
        with open(root + '/driver', 'w') as f:
            f.write(DRIVER)
        r = hw('run', '--kernel', kernel, '-p', '2', '--append', 'quiet', '--root', root, '--', 'sh', '/driver')
    parts = re.split(r'^@@@@ (\S+) (\d+) (\w+)\n', r.stdout.replace('\r\n', '\n'), flags=re.M)
    results = {}
    for name, status, err, out in zip(parts[1::4], parts[2::4], parts[3::4], parts[4::4]):
        out, _, told = out.partition('\n@@@@err\n')
        results[name] = (out if told else out[:-1], int(status), err), told
    return results, r


def main():
    if not shutil.which('dash'):
        print('1..0 # SKIP dash is not installed')
        return 77
    scripts = cases(sys.argv[2:])
    results, r = by_machine(os.path.abspath(sys.argv[1]), scripts)
    ok(r.returncode == 0 and len(results) == len(scripts), f'{len(scripts)} scripts were run', r.stdout[-500:] + r.stderr[-2000:])
    for name, text in scripts.items():
        want, (got, told) = by_dash(text), results.get(name, (None, ''))
        ok(got == want, name, f'dash: {want}\nhere: {got}\n{told}')
    return done()


if __name__ == '__main__':
    sys.exit(main())
