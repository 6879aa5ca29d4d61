# SPDX-License-Identifier: MIT
"""Root folders of Debian's riscv64 packages, for --root: which packages there are to be is apt's to say, and no script of theirs is run.

In such a folder /bin, /sbin and /lib are links into /usr, and what is installed is in dpkg's status file as dpkg has it, so that
more can be laid in later, and dpkg-query in the machine knows. What packages' scripts would do is done only so far as programs
want it: see finish(). Documentation is left out (LEFT_OUT).
"""
import os
import re
import shutil
import subprocess
import sys

from fetch import AptFolder
from machine import Problem
from rundir import state

SUITE, ARCH = 'trixie', 'riscv64'
BASE = ['base-files', 'base-passwd', 'libc-bin', 'ncurses-base']      # users, names, the locale C.UTF-8, terminals
STANDARD = '''bash coreutils dash diffutils file findutils grep gzip hostname less mawk ncurses-bin procps sed tar
util-linux vim-tiny'''.split()
STATUS = 'var/lib/dpkg/status'
LEFT_OUT = [f'./usr/share/{name}/*' for name in ('doc', 'man', 'info', 'locale', 'lintian', 'bug', 'doc-base')]
LINKS = {'bin': 'usr/bin', 'sbin': 'usr/sbin', 'lib': 'usr/lib', 'dev/fd': '/proc/self/fd', 'dev/stdin': 'fd/0', 'dev/stdout': 'fd/1',
         'dev/stderr': 'fd/2'}
FOLDERS = ['dev', 'usr/bin', 'usr/sbin', 'usr/lib', 'etc', 'root', 'var/lib/dpkg/info', 'var/log', 'var/tmp']
COPIES = {'usr/share/base-passwd/passwd.master': 'etc/passwd', 'usr/share/base-passwd/group.master': 'etc/group',
          'usr/share/base-files/profile': 'etc/profile', 'usr/share/base-files/dot.bashrc': 'root/.bashrc',
          'usr/share/base-files/dot.profile': 'root/.profile', 'usr/share/libc-bin/nsswitch.conf': 'etc/nsswitch.conf'}
ALTERNATIVE = re.compile(r'update-alternatives\s+(?:--quiet\s+)?--install\s+(/\S+)\s+([\w.+-]+)\s+(/\S+)\s+(\d+)')
KEPT_APPLETS = {'init', 'linuxrc', 'halt', 'poweroff', 'reboot', 'busybox'}     # who ends the machine stays its own


def paragraphs(text):
    """Of a status file, by package."""
    return {re.search(r'^Package: (\S+)', p, re.M)[1]: p.strip('\n') for p in text.split('\n\n') if p.strip()}


def installed(folder):
    """What is there, as paragraphs(); a Problem if it is no folder of ours."""
    path = os.path.join(folder, STATUS)
    if not os.path.exists(path):
        if os.path.isdir(folder) and os.listdir(folder):
            raise Problem(f'{folder}: not empty, and no root folder that was made here')
        return {}
    with open(path) as f:
        known = paragraphs(f.read())
    if any(re.search(r'^Architecture: (?!riscv64$|all$)', p, re.M) for p in known.values()):
        raise Problem(f'{folder}: a root of another architecture')
    return known


def lay_out(folder):
    for name in FOLDERS:
        os.makedirs(os.path.join(folder, name), exist_ok=True)
    for name, target in LINKS.items():
        if not os.path.lexists(os.path.join(folder, name)):
            os.symlink(target, os.path.join(folder, name))
    with open(os.path.join(folder, STATUS), 'a'):
        pass


def unpack(deb, folder):
    """Return: its paragraph for the status file."""
    tar = ['tar', '-x', '-C', folder, '--keep-directory-symlink', '--no-same-owner', '-p', *('--exclude=' + p for p in LEFT_OUT)]
    with subprocess.Popen(['dpkg-deb', '--fsys-tarfile', deb], stdout=subprocess.PIPE) as files:
        done = subprocess.run(tar, stdin=files.stdout, stderr=subprocess.PIPE, text=True)
    if files.returncode or done.returncode:
        raise Problem(f'{os.path.basename(deb)} cannot be unpacked: ' + (done.stderr.splitlines() or ['it is broken'])[-1])
    fields = subprocess.run(['dpkg-deb', '-f', deb], check=True, capture_output=True, text=True).stdout
    return re.sub(r'^(Package: .*)$', r'\1\nStatus: install ok installed', fields.strip('\n'), count=1, flags=re.M)


def alternatives(deb, folder):
    """The links (awk -> mawk) that the package's script would make, if it names them plainly."""
    script = subprocess.run(['dpkg-deb', '-I', deb, 'postinst'], capture_output=True, text=True).stdout
    for link, name, path, priority in ALTERNATIVE.findall(script.replace('\\\n', ' ')):
        subprocess.run(['update-alternatives', '--root', folder, '--quiet', '--install', link, name, path, priority],
                       stderr=subprocess.DEVNULL)


def finish(folder):
    """Files that a package has a pattern of, and its script copies: if they are not there."""
    for source, to in COPIES.items():
        source, to = os.path.join(folder, source), os.path.join(folder, to)
        if os.path.exists(source) and not os.path.exists(to):
            shutil.copyfile(source, to)


def debian(folder, packages, source=None):
    """Have @packages in @folder, and all that they depend on. Return: how many came."""
    for name in packages:
        if not re.fullmatch(r'[a-z0-9][a-z0-9+.-]*(?<!-)([=/][\w.+:~-]+)?', name):
            raise Problem(f'{name}: not the name of a package')
    folder = os.path.abspath(folder)
    apt = AptFolder(state('apt'), [SUITE], ARCH, source)
    with apt.mine():
        known = installed(folder)
        apt.update(os.path.join(folder, STATUS) if known else None)
        debs = apt.download(BASE + packages)
        lay_out(folder)
        for i, deb in enumerate(debs, 1):
            if sys.stderr.isatty():
                print(f'\rhw: unpacking, {i} of {len(debs)}', end='' if i < len(debs) else '\n', file=sys.stderr, flush=True)
            known.update(paragraphs(unpack(deb, folder)))
        for deb in debs:
            alternatives(deb, folder)
        finish(folder)
        # What was broken off before is done anew.
        path = os.path.join(folder, STATUS)
        with open(path + '.new', 'w') as f:
            f.write(''.join(p + '\n\n' for p in known.values()))
        os.replace(path + '.new', path)
        for deb in debs:
            os.unlink(deb)
    return len(debs)


def place(name):
    return os.path.join(state('root'), name)


def of_debian():
    """The folder of --debian, made when it is not there."""
    folder = place('debian')
    if not installed(folder):
        debian(folder, STANDARD)
    return folder


def of_busybox(ask):
    """The folder of --busybox. @ask(root, words) runs a program in a machine with that root and returns what it prints."""
    folder = place('busybox')
    if not os.path.lexists(os.path.join(folder, 'usr/bin/ls')):
        debian(folder, ['busybox-static'])
        applets = set(ask(folder, ['/usr/bin/busybox', '--list']).split())
        if 'ls' not in applets:
            raise Problem('Debian\'s busybox does not tell its applets')
        for name in sorted(applets - KEPT_APPLETS, key=lambda name: (name == 'ls', name)):
            path = os.path.join(folder, 'usr/bin', name)
            if not os.path.lexists(path):
                os.symlink('busybox', path)
    return folder
