# SPDX-License-Identifier: MIT
"""Debian packages, fetched by name into an ignored folder.

The apt configuration is the folder's own; the mirror is the one that the machine's apt uses already. Neither the
machine's configuration nor its packages are touched.
"""
import contextlib
import fcntl
import glob
import os
import re
import subprocess
import sys

from machine import Problem

KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'
# The machine's configuration is read (it may name a proxy), but what it runs and prefers is its own.
CONFIG = '''#clear APT::Update;
#clear DPkg;
#clear APT::Default-Release;
Dir::State "{f}/state";
Dir::State::status "{status}";
Dir::Cache "{f}/cache";
Dir::Etc::sourcelist "{f}/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
APT::Architecture "{arch}";
#clear APT::Architectures;
APT::Architectures {{ "{arch}"; }};
APT::Install-Recommends "false";
APT::Sandbox::User "root";
APT::Update::Error-Mode "any";
Acquire::http::Timeout "20";
Acquire::Languages "none";
Debug::NoLocking "true";
'''


def mirrors():
    """Of Debian, that the machine's apt knows."""
    try:
        out = subprocess.run(['apt-get', 'indextargets', '--format', '$(SITE)', 'Created-By: Packages'], capture_output=True, text=True)
    except FileNotFoundError:
        raise Problem('apt-get is not here: Debian\'s packages are fetched by it') from None
    return [s for s in out.stdout.split() if s.endswith('/debian')]


def complaint(done):
    """In one line, what apt did not like."""
    listed = re.search(r'(?:unmet dependencies|will be (REMOVED)):\n((?: .*\n)+)', done.stdout)
    if listed:
        return 'apt: ' + ('to be removed for it: ' if listed[1] else '') + '; '.join(line.strip() for line in listed[2].splitlines()[:3])
    lines = [line[3:] for line in done.stderr.splitlines() if line.startswith('E: ')] or done.stderr.splitlines()[-1:]
    return 'apt: ' + ''.join(lines[:1])


class AptFolder:
    """@source: a line of sources.list, instead of @suites of the machine's mirror."""

    def __init__(self, folder, suites, arch, source=None):
        self.folder, self.suites, self.arch, self.source = folder, suites, arch, source
        self.root = os.path.join(folder, 'root')

    @contextlib.contextmanager
    def mine(self):
        """One at a time."""
        os.makedirs(self.folder, exist_ok=True)
        with open(self.folder + '/lock', 'w') as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _apt(self, tool, *args):
        try:
            return subprocess.run([tool, '-c', self.folder + '/apt.conf', *args], cwd=self.folder, capture_output=True, text=True,
                                  env={**os.environ, 'LC_ALL': 'C'})
        except FileNotFoundError:
            raise Problem(f'{tool} is not here: Debian\'s packages are fetched by it') from None

    def _must(self, *args):
        done = self._apt(*args)
        if done.returncode:
            raise Problem(complaint(done))
        return done.stdout

    def update(self, status=None):
        """Learn what there is. @status: of dpkg, what is installed; None: nothing is."""
        for d in ('state/lists/partial', 'cache/archives/partial'):
            os.makedirs(os.path.join(self.folder, d), exist_ok=True)
        open(self.folder + '/state/status', 'a').close()
        sources = [self.source] if self.source else \
            [f'deb [signed-by={KEYRING}] {site} {suite} main' for site in mirrors()[:1] for suite in self.suites]
        if not sources:
            raise Problem('apt knows no Debian mirror here')
        with open(self.folder + '/sources.list', 'w') as f:
            f.writelines(line + '\n' for line in sources)
        with open(self.folder + '/apt.conf', 'w') as f:
            f.write(CONFIG.format(f=self.folder, arch=self.arch, status=status or self.folder + '/state/status'))
        self._must('apt-get', 'update', '-q')

    def download(self, packages):
        """Of @packages and what they depend on, what is not installed. Return: the files' names, in apt's order."""
        install = ['apt-get', 'install', '-y', '-q', '--no-remove']
        found = re.findall(r'^Inst (\S+) (?:\[\S+\] )?\((\S+) .*\[(\S+)\]\)', self._must(*install, '-s', '--', *packages), re.M)
        if found:
            print(f'hw: downloading {len(found)} package{"s" if len(found) > 1 else ""}', file=sys.stderr, flush=True)
            self._must(*install, '-d', '--', *packages)
        return [f'{self.folder}/cache/archives/{name}_{version.replace(":", "%3a")}_{arch}.deb' for name, version, arch in found]

    def fetch(self, packages):
        """Download and unpack these alone; a package may be NAME, NAME/SUITE, or NAME* for what NAME depends on."""
        print('hw: fetching ' + ' '.join(packages), file=sys.stderr)
        with self.mine():
            self.update()
            for package in packages:
                if package.endswith('*'):
                    found = re.search(r'Depends: (\S+)', self._apt('apt-cache', 'depends', package[:-1]).stdout)
                    if not found:
                        raise Problem(f'{package[:-1]} is not to be had here')
                    package = found[1]
                self._must('apt-get', 'download', package)
                debs = glob.glob(f'{self.folder}/{package.split("/")[0]}_*.deb')
                subprocess.run(['dpkg', '-x', debs[0], self.root], check=True)
                os.unlink(debs[0])
