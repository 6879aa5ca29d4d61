# SPDX-License-Identifier: MIT
"""Debian packages for tests, fetched by name into an ignored folder and unpacked there.

The apt configuration is the folder's own; the mirror is the one that the machine's apt uses already. Neither the
machine's configuration nor its packages are touched.
"""
import glob
import os
import re
import subprocess
import sys

from machine import Problem

KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'


class AptFolder:
    def __init__(self, folder, suites, arch):
        self.folder, self.suites, self.arch = folder, suites, arch
        self.root = os.path.join(folder, 'root')

    def _apt(self, tool, *args):
        f = self.folder
        options = {'Dir::State': f + '/state', 'Dir::State::status': f + '/state/status', 'Dir::Cache': f + '/cache',
                   'Dir::Etc::sourcelist': f + '/sources.list', 'Dir::Etc::sourceparts': '/dev/null',
                   'APT::Architecture': self.arch, 'APT::Architectures': self.arch}
        cmd = [tool] + sum((['-o', f'{k}={v}'] for k, v in options.items()), []) + list(args)
        return subprocess.run(cmd, cwd=f, capture_output=True, text=True)

    def fetch(self, packages):
        """Download and unpack; a package may be NAME, NAME/SUITE, or NAME* for what NAME depends on."""
        for d in ('state/lists/partial', 'cache/archives/partial'):
            os.makedirs(os.path.join(self.folder, d), exist_ok=True)
        open(self.folder + '/state/status', 'a').close()
        sites = subprocess.run(['apt-get', 'indextargets', '--format', '$(SITE)', 'Created-By: Packages'],
                               capture_output=True, text=True).stdout.split()
        sites = [s for s in sites if s.endswith('/debian')]
        if not sites:
            raise Problem('apt knows no Debian mirror here')
        with open(self.folder + '/sources.list', 'w') as f:
            f.writelines(f'deb [signed-by={KEYRING}] {sites[0]} {suite} main\n' for suite in self.suites)
        print('hw: fetching ' + ' '.join(packages), file=sys.stderr)
        if self._apt('apt-get', 'update', '-q').returncode:
            raise Problem('apt-get update failed for ' + ' '.join(self.suites))
        for package in packages:
            if package.endswith('*'):
                found = re.search(r'Depends: (\S+)', self._apt('apt-cache', 'depends', package[:-1]).stdout)
                if not found:
                    raise Problem(f'{package[:-1]} is not to be had here')
                package = found[1]
            done = self._apt('apt-get', 'download', package)
            debs = glob.glob(f'{self.folder}/{package.split("/")[0]}_*.deb')
            if done.returncode or not debs:
                raise Problem(f'cannot download {package}: ' + done.stderr[-300:])
            subprocess.run(['dpkg', '-x', debs[0], self.root], check=True)
            os.unlink(debs[0])
