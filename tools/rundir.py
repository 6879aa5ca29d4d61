# SPDX-License-Identifier: MIT
"""Where the files of a run are: a folder for each run, and the folders of --root as archives.

Any number of runs go side by side. A run holds a lock on its folder for as long as it lasts, so the others know whom to leave
alone: a folder that nobody holds is kept for a while (its console may be wanted), and goes when KEPT newer ones are there.
"""
import contextlib
import fcntl
import hashlib
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
KEPT = 8                # folders of runs that ended
ARCHIVES = 4            # of --root
SMALL = 1 << 20         # a folder of fewer bytes is packed each time
SETTLED_S = 2           # what changed more recently may change again and look the same
IN_USE_S = 600          # an archive that was asked for so recently may not have been read yet
SOCKET_PATH = 70        # a folder's name may have: a socket's in it 107
held = []               # locks: they end with the process


def places():
    """Where .hw may be: in the checkout, or, where that cannot be written, in a folder of the user's own under TMPDIR."""
    return os.path.join(ROOT, '.hw'), os.path.join(tempfile.gettempdir(), f'hartwood-{os.getuid()}')


def state(name):
    """The folder @name of .hw, made if it is not there."""
    inside, outside = places()
    for base in (inside, outside):
        path = os.path.join(base, name)
        try:
            os.makedirs(base, mode=0o700, exist_ok=True)
            if base == outside and os.stat(base, follow_symlinks=False).st_uid != os.getuid():
                continue        # somebody else was there first
            os.makedirs(path, mode=0o700, exist_ok=True)
        except OSError:
            continue
        if os.access(path, os.W_OK) and len(path) < SOCKET_PATH:
            return path
    raise OSError(f'neither {inside} nor {outside} can be written (or their names are too long for a socket): set TMPDIR')


def hold(folder):
    """Keep @folder for as long as this process lives. Return: could it be had?"""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(fd)
        return False
    held.append(fd)
    return True


def is_held(folder):
    try:
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:       # another run has just removed it
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(fd)
    return False


def runs(base):
    """The folders of runs in @base, the newest first."""
    names = sorted((n for n in os.listdir(base) if n != 'last'), reverse=True) if os.path.isdir(base) else []
    return [p for p in (os.path.join(base, n) for n in names) if os.path.isdir(p) and not os.path.islink(p)]


def running():
    """The folders of the machines that run now, the newest first."""
    return [p for place in places() for p in runs(os.path.join(place, 'run')) if is_held(p)]


def new_run():
    """A folder for one run; `last` beside it leads to the newest."""
    base = state('run')
    ended = [p for p in runs(base) if not is_held(p)]
    for path in ended[KEPT - 1:]:
        shutil.rmtree(path, ignore_errors=True)
    path = tempfile.mkdtemp(prefix=time.strftime('%m%d-%H%M%S-'), dir=base)
    hold(path)
    link = path + '.last'
    os.symlink(os.path.basename(path), link)
    os.replace(link, os.path.join(base, 'last'))
    return path


def digest(root):
    """What the files of @root are, without a look into them; their bytes; when the latest of them changed."""
    told, size, latest = hashlib.sha256(), 0, 0.0
    for base, dirs, files in os.walk(root):
        dirs.sort()
        for name in sorted(dirs + files):
            path = os.path.join(base, name)
            st = os.lstat(path)
            link = os.readlink(path) if stat.S_ISLNK(st.st_mode) else ''
            told.update(repr((os.path.relpath(path, root), link, st.st_mode, st.st_size, st.st_mtime_ns, st.st_ctime_ns)).encode())
            size += st.st_size if stat.S_ISREG(st.st_mode) else 0
            latest = max(latest, st.st_ctime)
    return told.hexdigest(), size, latest


def packed(root, folder):
    """An archive of what @root holds now: one that was made before, or a new one, in @folder if it is not worth keeping."""
    tool = os.path.join(ROOT, 'tools', 'mkcpio.py')
    name, size, latest = digest(root)
    keep = size >= SMALL and time.time() - latest > SETTLED_S
    if keep:
        folder = state('roots')
        with open(tool, 'rb') as f:
            name += hashlib.sha256(f.read()).hexdigest()[:8]
    out = os.path.join(folder, name + '.cpio')
    try:
        os.utime(out)
    except FileNotFoundError:
        pack(tool, root, folder, out)
    if keep:
        prune_archives(folder)
    return out


def pack(tool, root, folder, out):
    """Nobody sees a part of it as @out."""
    fd, part = tempfile.mkstemp(dir=folder)
    os.close(fd)
    made = subprocess.run([sys.executable, tool, part, 'tree:' + root], capture_output=True, text=True)
    if made.returncode:
        os.unlink(part)
        raise OSError(f'--root {root} cannot be packed: {made.stderr.splitlines()[-1]}')
    os.replace(part, out)


def prune_archives(folder):
    """By when they were last asked for; parts whose maker died go as well."""
    found = []
    for path in (os.path.join(folder, n) for n in os.listdir(folder)):
        with contextlib.suppress(FileNotFoundError):    # others prune, too
            found.append((os.stat(path).st_mtime, path))
    for used, path in sorted(found, reverse=True)[ARCHIVES:]:
        if time.time() - used > IN_USE_S:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)
