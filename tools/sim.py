# SPDX-License-Identifier: MIT
"""./hw sim: a scenario played by tests/sim, and by the same simulator around the schedulers of other trees; what is seen of the
runs is what is seen of a machine's (tools/trace.py), and what the simulator itself knows of its tasks.
"""
import glob
import hashlib
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
import tempfile

import options
import rundir
from machine import Problem
from rundir import ROOT

KEPT = 8        # simulators of other trees


def words():
    """How a scenario is written: that part of the page."""
    with open(os.path.join(ROOT, 'docs', 'sim.md')) as f:
        return re.search(r'^## (The words of a scenario\n.*?)(?=^## |\Z)', f.read(), re.M | re.S)[1].replace('```\n', '')


class Tree:
    """Another tree of sources: a folder with src/sched, or a revision of this checkout."""
    def __init__(self, name):
        self.name, self.base = name, rundir.state('sim')
        if os.path.isdir(os.path.join(name, 'src', 'sched')):
            self.src = os.path.realpath(os.path.join(name, 'src'))
            key = hashlib.sha256(os.fsencode(self.src)).hexdigest()[:12]
        elif os.path.isdir(name):
            raise Problem(f'--compare {name}: it has no src/sched')
        else:
            key = self.revision()
            self.src = os.path.join(self.base, key, 'src')
        self.folder = os.path.join(self.base, key)
        self.program = os.path.join(self.folder, 'sim')
        os.makedirs(self.folder, exist_ok=True)
        os.utime(self.folder)
        if not os.path.isdir(self.src):
            self.unpack(key)
        known = sorted(glob.glob(os.path.join(self.base, '*')), key=os.path.getmtime, reverse=True)
        for old in known[KEPT:]:
            shutil.rmtree(old, ignore_errors=True)

    def git(self, *args):
        return subprocess.run(['git', '-C', ROOT, *args], capture_output=True)

    def revision(self):
        found = self.git('rev-parse', '--verify', '--quiet', '--end-of-options', self.name + '^{commit}') if shutil.which('git') else None
        if not found or found.returncode:
            raise Problem(f'--compare {self.name}: neither a folder nor a revision of git')
        return found.stdout.decode().strip()

    def unpack(self, commit):
        packed = self.git('archive', '--format=tar', commit, 'src')
        if packed.returncode:
            raise Problem(f'--compare {self.name}: git has no src there')
        new = tempfile.mkdtemp(dir=self.folder)     # whole, or not there
        with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as tar:
            tar.extractall(new)
        os.rename(os.path.join(new, 'src'), self.src)
        os.rmdir(new)

    def write_ninja(self, build):
        """What builds this simulator with that scheduler, by the commands that build it with ours. Return: the file."""
        if not os.path.exists(os.path.join(build, 'compile_commands.json')):
            raise Problem(f'--compare {self.name}: the simulator is not in a folder that meson has set up')
        with open(os.path.join(build, 'compile_commands.json')) as f:
            ours = [c for c in json.load(f) if c['output'].startswith('tests/sim.p/')]
        link = subprocess.check_output(['ninja', '-C', build, '-t', 'commands', '-s', 'tests/sim'], text=True)
        edges = [(shlex.split(c['command']), c['file'], c['output']) for c in ours]
        words, file, output = edges[-1]
        for path in sorted(glob.glob(os.path.join(self.src, 'sched', '*.c'))):
            new = '../src/sched/' + os.path.basename(path)
            if not os.path.exists(os.path.join(ROOT, new[3:])):     # a class, perhaps, that we do not have
                out = f'tests/sim.p/{os.path.basename(path)}.o'
                edges.append(([{file: new, output: out}.get(w, w.replace(output, out)) for w in words], new, out))
        text, objects = f'builddir = {escape(self.folder)}\nrule run\n command = $what\n deps = gcc\n depfile = $out.d\n', []
        for words, file, output in edges:
            if not os.path.exists(os.path.join(build, self.ours(file))):
                continue        # they do not have that one
            objects.append(self.ours(output))
            command = shlex.join([self.ours(w) for w in words] + ['-Wno-error', '-fdiagnostics-color=never'])
            text += f'build {escape(objects[-1])}: run {escape(self.ours(file))}\n what = {command.replace("$", "$$")}\n'
        flags = [w for w in shlex.split(link)[1:] if w.startswith('-') and w != '-o']
        command = shlex.join([edges[0][0][0], '-o', self.program, *objects, *flags])
        text += f'rule link\n command = {command.replace("$", "$$")}\n'
        text += f'build {escape(self.program)}: link {" ".join(map(escape, objects))}\ndefault {escape(self.program)}\n'
        path = os.path.join(self.folder, 'build.ninja')
        with open(path, 'w') as f:
            f.write(text)
        return path

    def ours(self, word):
        """A word of a command that builds our simulator, for this one."""
        word = re.sub(r'^(-I)?\.\./src(?=/|$)', lambda m: (m[1] or '') + self.src, word)
        return re.sub(r'^(-I)?tests/sim\.p(?=/|$)', lambda m: (m[1] or '') + self.folder, word)


def escape(path):
    """A path as ninja has it."""
    return re.sub(r'([$ :])', r'$\1', path)


class Run:
    """One: what the simulator said, and where its trace is."""
    def __init__(self, title, program, scenario, text, folder):
        self.title, self.trace = title, os.path.join(folder, f'{len(os.listdir(folder))}.trace')
        done = subprocess.run([program, '--trace', self.trace, scenario], input=text, capture_output=True)
        self.status = done.returncode
        self.lines = done.stdout.decode(errors='replace').splitlines()
        # ASan says so whenever a stack is switched.
        errors = done.stderr.decode(errors='replace').splitlines(keepends=True)
        self.errors = ''.join(line for line in errors if "ASan doesn't fully support makecontext" not in line)
        self.figures = {line.split()[2]: float(line.split()[3]) for line in self.lines if line.startswith('# figure ')}
        if self.status and not self.errors and not self.lines:
            self.errors = f'the simulator ended with status {self.status}\n'

    def print_tasks(self):
        print(f'\n Tasks of \'{self.title}\'\n')
        for line in self.lines:
            if line.startswith('#') and not line.startswith('# figure '):
                print(line[1:])
        facts = [line for line in self.lines if re.match(r'(not )?ok ', line)]
        if facts:
            print('\n' + '\n'.join(f' {line}' for line in facts))


def compare(runs):
    """What the simulator measured, a column each, and how far each is from the first."""
    names = list(dict.fromkeys(name for r in runs for name in r.figures))
    heads = [f'[{i}]' for i in range(1, len(runs) + 1)] + [f'[{i}] - [1]' for i in range(2, len(runs) + 1)]
    out = ['', f'{" measured (docs/sim.md)":<30}' + ''.join(f'{head:>14}' for head in heads)]
    for name in names:
        have = [r.figures.get(name) for r in runs]
        off = [None if None in (have[0], v) else v - have[0] for v in have[1:]]
        out.append(f' {name:<29}' + ''.join(f'{"-" if v is None else format(v, ".3f"):>14}' for v in have) +
                   ''.join(f'{"-" if v is None else "=" if not v else format(v, "+.3f"):>14}' for v in off))
    return '\n'.join(out)


def play(a, program, others):
    """@others: trees whose simulators are built. Return: the status, of this tree's run."""
    text = sys.stdin.buffer.read() if a.file == '-' else None
    name = 'standard input' if a.file == '-' else os.path.basename(a.file)
    with tempfile.TemporaryDirectory() as folder:
        runs = []
        for title, one in [('this tree' if others else name, program), *((tree.name, tree.program) for tree in others)]:
            runs.append(Run(title, one, a.file, text, folder))
            done = runs[-1]
            sys.stderr.write(f'{title}: {done.errors}' if done.errors and done.status != 2 and others else done.errors)
            if done.status == 2 or not os.path.exists(done.trace):
                return done.status
        # By Debian's own Python: it is the one that has Debian's matplotlib.
        read = ['/usr/bin/python3', os.path.join(ROOT, 'tools', 'trace.py'), runs[0].trace, '-', '--title', runs[0].title]
        read += options.outputs(a)
        for r in runs[1:]:
            read += ['--versus', r.trace, r.title]
        sys.stdout.flush()
        status = subprocess.run(read).returncode
    for r in runs:
        r.print_tasks()
    if others:
        print(compare(runs))
    if a.figures and not status:
        with open(a.figures) as f:
            figures = json.load(f)
        with open(a.figures, 'w') as f:
            json.dump({**figures, **runs[0].figures}, f)
    return runs[0].status or status
