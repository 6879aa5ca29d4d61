#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""./hw root: packages of a made-up archive, by apt's resolver, to a folder that --root takes whole. No network is wanted.

root_test.py KERNEL
"""
import hashlib
import os
import re
import subprocess
import sys
import tempfile

from tap import ROOT, done, hw, ok

sys.path.insert(0, os.path.join(ROOT, 'tools'))
import machine  # noqa: E402
import rundir  # noqa: E402

SCRIPT = '#!/bin/sh\n'
POSTINST = """#!/bin/sh
touch "$DPKG_ROOT/ran"
if [ "$1" = configure ]; then
	update-alternatives --install /usr/bin/greet greet /usr/bin/hello 5 \\
	    --slave /usr/share/man/man1/greet.1 greet.1 /usr/share/man/man1/hello.1
fi
update-alternatives --quiet \\
    --install /usr/bin/bye bye /usr/bin/hello 10
"""
# Name: fields, files. Of old there were packages that had files in /bin itself.
PACKAGES = {
    'base-files': ('', {'usr/share/base-files/dot.profile': 'echo from the profile\n'}),
    'libc-bin': ('', {'usr/share/libc-bin/nsswitch.conf': 'passwd: files\n'}),
    'ncurses-base': ('', {'lib/terminfo/x/xterm': 'x'}),
    'base-passwd': ('', {'usr/share/base-passwd/passwd.master': 'root:*:0:0:root:/root:/bin/bash\n'}),
    'hello': ('Depends: hello-data (>= 2), libnone | hello-old', {
        'usr/bin/hello': SCRIPT + 'cat /usr/share/hello/text\n', 'usr/bin/ls': SCRIPT + 'echo the ls of the folder\n',
        'usr/share/doc/hello/copyright': 'mine\n', 'usr/share/hello/own': 'x\n'}),
    'hello-data': ('Version: 1:2.5-1', {'usr/share/hello/text': 'hello from a package\n'}),
    'hello-old': ('', {'bin/old-hello': SCRIPT + 'echo old, $HOME, $PATH\n', 'lib/old/file': 'x\n'}),
    'other': ('Depends: hello-data', {'usr/bin/other': SCRIPT + 'hello; old-hello\n'}),
    'greeter': ('', {'usr/bin/greeter': SCRIPT}),
    'wants': ('Depends: nowhere (>= 3)', {'usr/bin/wants': SCRIPT}),
    'foe': ('Conflicts: hello', {'usr/bin/foe': SCRIPT}),
    'torn': ('', {'usr/bin/torn': SCRIPT}),
}


def make_archive(work):
    """As a mirror has it, but in one folder. Return: its line for apt."""
    os.makedirs(work + '/archive')
    index = ''
    for name, (fields, files) in PACKAGES.items():
        tree, deb = f'{work}/{name}', f'{work}/archive/{name}.deb'
        version = '' if 'Version' in fields else 'Version: 1\n'
        control = f'Package: {name}\n{version}Architecture: riscv64\nMaintainer: a b <a@b>\nDescription: made up\n of two lines\n'
        for path, text in [*files.items(), ('DEBIAN/control', control + fields + '\n' * bool(fields))]:
            os.makedirs(os.path.dirname(f'{tree}/{path}'), exist_ok=True)
            with open(f'{tree}/{path}', 'w') as f:
                f.write(text)
            os.chmod(f'{tree}/{path}', 0o755 if text.startswith('#!') else 0o644)
        if name == 'hello':
            with open(tree + '/DEBIAN/postinst', 'w') as f:
                f.write(POSTINST)
            os.chmod(tree + '/DEBIAN/postinst', 0o755)
        subprocess.run(['dpkg-deb', '--root-owner-group', '-b', tree, deb], check=True, stdout=subprocess.DEVNULL)
        if name == 'torn':
            with open(deb, 'r+b') as f:
                f.truncate(os.path.getsize(deb) - 60)
        with open(deb, 'rb') as f:
            data = f.read()
        with open(tree + '/DEBIAN/control') as f:
            index += f.read() + f'Filename: ./{name}.deb\nSize: {len(data)}\nSHA256: {hashlib.sha256(data).hexdigest()}\n\n'
    with open(work + '/archive/Packages', 'w') as f:
        f.write(index)
    return f'deb [trusted=yes] copy:{work}/archive ./'


def text_of(folder, path):
    with open(os.path.join(folder, path)) as f:
        return f.read()


def refused(folder, source, words, name, told=None):
    """In a line, and the folder is as it was."""
    before = rundir.digest(folder)[0]
    r = hw('root', 'debian', '--source', source, '-o', folder, '--', *words)
    ok(r.returncode == 2 and r.stderr.splitlines()[-1].startswith('hw: ') and r.stderr.count('\n') <= 2 and (told or words[-1]) in r.stderr,
       f'{name}: a line', r)
    ok(rundir.digest(folder)[0] == before, f'{name}: the folder is as it was')


def check_made(work, source):
    folder = work + '/root'

    def add(*packages):
        return hw('root', 'debian', '--source', source, '-o', folder, *packages)

    r = add('hello')
    ok(r.returncode == 0 and '7 packages came' in r.stderr, 'a package, what it depends on, and the base', r)
    ok(all(os.readlink(f'{folder}/{name}') == 'usr/' + name for name in ('bin', 'sbin', 'lib')), '/usr is merged')
    ok(os.path.exists(folder + '/usr/bin/old-hello') and os.path.exists(folder + '/usr/lib/old/file'),
       'what a package has in /bin and /lib is there, too')
    ok(not os.path.exists(folder + '/usr/bin/other'), 'nothing else came')
    ok(text_of(folder, 'usr/share/hello/text') == 'hello from a package\n' and not os.path.exists(folder + '/usr/share/doc/hello'),
       'files are there, documentation is not')
    ok(not os.path.exists(folder + '/ran'), 'no script was run')
    ok([os.readlink(f'{folder}/etc/alternatives/{name}') for name in ('greet', 'bye')] == ['/usr/bin/hello'] * 2 and
       os.readlink(folder + '/usr/bin/greet') == '/etc/alternatives/greet', 'but the links that it would make are there')
    ok(sorted(os.listdir(folder + '/dev')) == ['fd', 'stderr', 'stdin', 'stdout'], 'of devices the folder has links alone')
    ok(text_of(folder, 'etc/passwd').startswith('root:') and text_of(folder, 'root/.profile') and
       'passwd: files' in text_of(folder, 'etc/nsswitch.conf'), 'and the files that are copied from patterns')
    with open(folder + '/etc/passwd', 'a') as f:
        f.write('me:x:1000:1000::/:/bin/sh\n')
    r = add('other')
    ok(r.returncode == 0 and '1 package came' in r.stderr and os.path.exists(folder + '/usr/bin/hello'), 'another is added to it', r)
    ok('me:x' in text_of(folder, 'etc/passwd'), 'and what was written there stays')
    r = add('hello', 'other')
    ok(r.returncode == 0 and '0 packages came' in r.stderr, 'what is there does not come again', r)
    status = text_of(folder, 'var/lib/dpkg/status')
    ok(status.count('Package: hello\n') == 1 and status.count('Status: install ok installed\n') == 8 and 'Version: 1:2.5-1\n' in status,
       'dpkg\'s status file has each', status)
    refused(folder, source, ['greeter', 'nosuch'], 'an unknown package')
    refused(folder, source, ['greeter', '-rm'], 'no name of a package')
    refused(folder, source, ['greeter', 'hello-'], 'nor one that asks apt to remove it')
    refused(folder, source, ['wants'], 'a package that depends on what there is not')
    refused(folder, source, ['foe'], 'a package that is in conflict with what is there', 'removed for it: hello')
    r = add('torn')
    ok(r.returncode == 2 and 'torn' in r.stderr.splitlines()[-1] and 'Traceback' not in r.stderr, 'a broken package is named', r)
    r = add('greeter')
    ok(r.returncode == 0 and '1 package came' in r.stderr, 'and stops no other', r)
    r = hw('root', 'debian', '--source', 'deb [trusted=yes] copy:/none ./', '-o', work + '/none', 'hello')
    ok(r.returncode == 2 and r.stderr.count('\n') == 1 and '/none' in r.stderr and not os.path.exists(work + '/none'),
       'no such mirror: a line, and no folder', r)
    r = hw('root', 'debian', '--source', source, '-o', work + '/hello', 'hello')
    ok(r.returncode == 2 and r.stderr.count('\n') == 1 and 'not empty' in r.stderr, 'a folder of something else is refused', r)
    os.makedirs(work + '/machine/var/lib/dpkg')
    with open(work + '/machine/var/lib/dpkg/status', 'w') as f:
        f.write('Package: a\nArchitecture: amd64\n')
    r = hw('root', 'debian', '--source', source, '-o', work + '/machine', 'hello')
    ok(r.returncode == 2 and r.stderr.count('\n') == 1 and 'architecture' in r.stderr, 'and above all a system of the host\'s kind', r)
    return folder


def check_run(kernel, folder):
    def run(*args):
        return hw('run', '--kernel', kernel, '--root', folder, *args)

    r = run('--', 'sh', '-c', 'other; ls; /bin/greet; which wc')
    ok(r.returncode == 0 and r.stdout == 'hello from a package\nold, /root, /usr/bin:/usr/sbin:/bin:/sbin\nthe ls of the folder\n'
       'hello from a package\n/usr/bin/wc\n', 'the folder\'s programs run, before the machine\'s own, which are there, too', r)
    ok('initramfs: ' not in r.stderr, 'all of the folder was unpacked', r.stderr)
    r = run('--env', 'HOME=/tmp', '--', 'old-hello')
    ok(r.stdout.startswith('old, /tmp,'), '--env has the last word', r)


def check_memory(kernel, folder, work):
    with open(folder + '/padding', 'wb') as f:
        f.truncate(40 << 20)
    run = ['--kernel', kernel, '--root', folder]
    r = hw('run', *run, '-m', '100M', '--', 'true')
    ok(r.returncode == 2 and r.stderr.count('\n') == 1 and '--memory 100M' in r.stderr, 'a folder too large for -m: a line', r)
    r = hw('run', *run, '--', 'df', '/')
    used = re.search(r'^rootfs +\d+ +(\d+)', r.stdout, re.M)
    ok(r.returncode == 0 and used and int(used[1]) >= 40 << 10, 'without -m it has what it wants', r)
    with open(work + '/large', 'wb') as f:
        f.truncate(1 << 30)
    try:
        machine.memory_for(work + '/large', None)
        ok(False, 'an archive for which QEMU has no place')
    except machine.Problem as e:
        ok('1024M' in str(e), 'an archive for which QEMU has no place is refused', e)


def main():
    kernel = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as work:
        folder = check_made(work, make_archive(work))
        check_run(kernel, folder)
        check_memory(kernel, folder, work)
    r = hw('run', '--kernel', kernel, '--debian', '--busybox', '--', 'true')
    ok(r.returncode == 2 and r.stderr.count('\n') == 1, '--debian and --busybox together: a line', r)
    return done()


if __name__ == '__main__':
    sys.exit(main())
