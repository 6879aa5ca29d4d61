#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the compiler does not check, or only warns of: layers, macros, private fields, headers that compile alone, locks, integers that
are cut, user pointers, warnings in programs, SPDX lines, whitespace. Of files that git tracks: what else lies about is its owner's.

check.py SOURCE_ROOT BUILD_ROOT CC [ARGS...]: the compiler and its arguments, for the headers.
"""
import concurrent.futures
import json
import os
import re
import shlex
import shutil
import subprocess
import sys

LAYERS = 'abi lib riscv sbi smp time trap trace sched locks vm task futex dev fs events proc tty pseudofs sys init'.split()


def layer_of(path):
    parts = path.split('/')
    if parts[0] == 'sbi':
        return 'sbi'
    return parts[1] if parts[0] == 'src' and len(parts) > 2 else None


def tracked(root):
    out = subprocess.run(['git', '-C', root, 'ls-files'], capture_output=True, text=True)
    return [f for f in out.stdout.splitlines() if os.path.isfile(os.path.join(root, f))]


def check_layers(root, files):
    for f in files:
        mine = layer_of(f)
        if not mine or not f.endswith(('.c', '.h', '.S')):
            continue
        with open(os.path.join(root, f)) as text:
            for nr, line in enumerate(text, 1):
                m = re.match(r'\s*#\s*include "([^"]+)"', line)
                if not m:
                    continue
                other = 'sbi' if m[1].startswith('sbi/') else m[1].split('/')[0]
                if other in LAYERS and LAYERS.index(other) > LAYERS.index(mine):
                    yield f'{f}:{nr}: {mine} includes {m[1]}, which is above it'


def check_text(root, files):
    for f in files:
        if not f.endswith(('.c', '.h', '.S', '.def', '.py', '.build')) and f not in ('hw', 'cross-riscv.txt'):
            continue
        with open(os.path.join(root, f)) as text:
            lines = text.read().split('\n')
        if not any('SPDX-License-Identifier: MIT' in line for line in lines[:2]):
            yield f'{f}:1: no SPDX line'
        for nr, line in enumerate(lines, 1):
            if line != line.rstrip():
                yield f'{f}:{nr}: blanks at the end of the line'
            if f.endswith(('.c', '.h')) and line.startswith('    '):
                yield f'{f}:{nr}: indented with blanks'
            if len(line.expandtabs(8)) > 140:
                yield f'{f}:{nr}: longer than 140 columns'


def check_macros(root, files):
    """What is called as a function evaluates its arguments once: min(now(), end) shall be one of two, and not a third."""
    for f in files:
        if not f.endswith(('.c', '.h')):
            continue
        with open(os.path.join(root, f)) as text:
            for nr, line in enumerate(text, 1):
                m = re.match(r'#define ([a-z]\w*)\(([^)]*)\)\s+(?!\(\{)(.*\?.*)', line)
                for arg in m[2].split(',') if m else ():
                    value = rf'\(?\b{re.escape(arg.strip())}\b\)?'
                    if re.search(rf'\?\s*{value}\s*:|:\s*{value}\s*\)*$', m[3]):
                        yield f'{f}:{nr}: {m[1]}() evaluates {arg.strip()} twice'


# Fields that want a lock, who keeps them, and what all others ask.
TREE_FILES = {'src/proc/' + f for f in ('fork.c', 'task_struct.c', 'init_task.c', 'de_thread.c', 'exit.c', 'reaper.c', 'wait.c')}
TREE_FILES |= {'src/task/pid.c', 'src/task/pid.h', 'src/sched/task.h'}
PRIVATE = (
    (r'real_parent\b|pids\[', TREE_FILES, 'task_parent(), task_pgrp(), ... look whether tasklist_lock is held'),
    (r'd_parent\b', {'src/fs/dcache.c'}, 'dget_parent(), d_path(), ... take its lock'),
)


def check_private(root, files):
    for f in files:
        if not f.startswith('src/') or not f.endswith(('.c', '.h')):
            continue
        with open(os.path.join(root, f)) as text:
            for nr, line in enumerate(text, 1):
                for field, keepers, advice in PRIVATE:
                    m = re.search(rf'(->|\.)({field})', line)
                    if m and f not in keepers:
                        yield f'{f}:{nr}: reads {m[2]} itself: {advice}'


# What a task has, and others may look at only by a reference or under a lock: the files that know how. Elsewhere it is current's.
OWN_ONLY = {
    'real_cred': ['task/cred.c'], 'cred': ['task/cred.c'],
    'files': ['proc/exec.c', 'proc/exit.c', 'proc/fork.c', 'proc/init_task.c', 'proc/task_struct.c', 'proc/oom.c', 'pseudofs/proc_fd.c'],
    'fs': ['proc/exec.c', 'proc/exit.c', 'proc/fork.c', 'proc/init_task.c', 'proc/task_struct.c', 'pseudofs/proc_base.c',
           'pseudofs/proc_mounts.c'],
    'mm': ['vm/mm.c', 'vm/mmu_context.c', 'task/access.c', 'task/cputime.c', 'proc/exec.c', 'proc/exit.c', 'proc/fork.c', 'proc/oom.c',
           'proc/task_struct.c', 'pseudofs/proc_access.c'],
}
NOT_TASKS = ['bprm', 'r', 'tlb']


def check_own_only(root, files):
    for f in files:
        if not layer_of(f) or not f.endswith(('.c', '.h')):
            continue
        with open(os.path.join(root, f)) as text:
            for nr, line in enumerate(text, 1):
                for owner, member in re.findall(r'(\w+)(?:\(\))?->(\w+)\b', line):
                    if member in OWN_ONLY and owner not in ['current', *NOT_TASKS] and f[4:] not in OWN_ONLY[member]:
                        yield f'{f}:{nr}: {owner}->{member} may change under us: see OWN_ONLY'


def source(root, f):
    """Its text without comments and what is between braces; each line of it where it was."""
    with open(os.path.join(root, f)) as text:
        t = text.read()
    t = re.sub(r'/\*.*?\*/', lambda m: re.sub(r'[^\n]', ' ', m[0]), t, flags=re.S)
    inner = re.compile(r'\{[^{}]*\}', re.S)
    while inner.search(t):
        t = inner.sub(lambda m: ';' + '\n' * m[0].count('\n'), t)
    return t


# Called by what the compiler makes of C, and by nobody who could include a header.
FOR_THE_COMPILER = ['__ctzdi2', '__stack_chk_fail']
PROTOTYPE = re.compile(r'^(?!static\b|typedef\b|return\b|DEFINE_|DECLARE_|RB_|LIST_|TAILQ_|_Static_assert)'
                       r'(?:extern )?[A-Za-z_][\w \t*]*?\b(?!__section|[A-Z]+_HEAD)(\w+)'
                       r'\((?!\*)[^;={}]*\)[^;={}()]*(?:\([^;={}]*\)[^;={}()]*)*;', re.M)


def check_prototypes(root, files):
    """What others call is declared in a header: in a C file two declarations may differ, and nobody tells."""
    for f in files:
        if not layer_of(f) or not f.endswith('.c'):
            continue
        with open(os.path.join(root, f)) as text:
            for nr, line in enumerate(text, 1):
                if re.match(r'\s+extern\b.*\(', line):
                    yield f'{f}:{nr}: a prototype in a function: a header is its place'
        t = source(root, f)
        for m in PROTOTYPE.finditer(t):
            # A function's body has become a semicolon, too; its declaration ends before the line break.
            if m[1] not in FOR_THE_COMPILER and '\n;' not in m[0]:
                yield f'{f}:{t.count(chr(10), 0, m.start()) + 1}: prototype of {m[1]}() in a C file: a header is its place'


# Folders of which each prototype that others may call has its contract; the others shall follow.
CONTRACTS = 'abi lib riscv sbi smp time trap trace sched locks vm task futex dev fs events proc tty pseudofs sys init'.split()


def check_contracts(root, files):
    """A prototype in a header stands below a comment that names it and tells what it does."""
    for f in files:
        if layer_of(f) not in CONTRACTS or not f.endswith('.h'):
            continue
        with open(os.path.join(root, f)) as text:
            lines = text.read().split('\n')
        contract, depth = '', 0
        for nr, line in enumerate(lines):
            if line.startswith('/**'):
                end = next(k for k in range(nr, len(lines)) if '*/' in lines[k])
                contract = ' '.join(lines[nr:end + 1])
            m = PROTOTYPE.match(' '.join(lines[nr:nr + 4]))
            if not depth and m and not re.search(rf'\b{m[1]}\b', contract) and line[:1] not in ' \t#/*':
                yield f'{f}:{nr + 1}: {m[1]}() has no contract: /** {m[1]} - What it does. Return: ... Context: ... */'
            depth += line.count('{') - line.count('}')


HELD = re.compile(r'(->)?\b(\w*(?:lock|mutex|rwsem))s?(?: of @\w+)? held( exclusive)?')
DEFINITION = re.compile(r'^(?:\w[\w \t*]*?)\b(\w+)\(([^;{}]*)\n\{\n(.*?)^\}', re.M | re.S)
STATEMENT = re.compile(r'^\t(?:if|for|while|do|switch|return|[A-Z]+_FOREACH)\b', re.M)


def held_of(contract):
    """The locks that it says are held, and whether exclusive."""
    text = contract.partition('Context:')[2] or contract.partition('Context of all:')[2]
    return [(m[2], m[3]) for m in HELD.finditer(re.sub(r'[\s*]+', ' ', text)) if m[1] or m[2] != 'lock']


def asserts_held(head, body, lock, exclusive):
    begin = STATEMENT.split(body)[0]
    assertion = rf'lockdep_assert_held{"_write" if exclusive else "(?:_write)?"}\([^;]*\b{lock}\)'
    return (re.search(assertion, begin) or re.search(rf'__must_hold\([^)]*\b{lock}\)', head) or
            (lock == 'tasklist_lock' and 'assert_tasklist_write()' in begin))


def check_held(root, files):
    """A function whose contract in a header says "NAME held" begins by asserting it. docs/style.md tells what is not seen."""
    bodies, wanted = {}, []
    for f in files:
        if not layer_of(f) or not f.endswith(('.c', '.h')):
            continue
        with open(os.path.join(root, f)) as text:
            t = text.read()
        for m in DEFINITION.finditer(t):
            bodies.setdefault(m[1], []).append((f, t.count('\n', 0, m.start()) + 1, m[2], m[3]))
        if f.endswith('.c'):
            continue
        all_of_file = held_of(t[:t.find('#ifndef')]) if 'Context of all:' in t[:t.find('#ifndef')] else []
        contract, depth = '', 0
        lines = t.split('\n')
        for nr, line in enumerate(lines):
            if line.startswith(('/*', ' *')):
                if line.startswith('/*'):
                    contract = ''
                contract += line + '\n'
            elif not line:
                contract = ''
            name = re.match(r'(?:static inline )?[a-z_][\w \t*]*?\b(\w+)\(', line) if not depth else None
            if name and not line.startswith(('typedef', 'return', 'DEFINE', '#')):
                locks = held_of(contract) if contract.startswith('/**') else []
                if not locks and not line.startswith('static inline') and 'Context:' not in contract:
                    locks = all_of_file
                wanted += [(name[1], lock, exclusive) for lock, exclusive in locks]
            depth += line.count('{') - line.count('}')
    for name, lock, exclusive in wanted:
        for f, nr, head, body in bodies.get(name, []):
            if not asserts_held(head, body, lock, exclusive):
                yield (f'{f}:{nr}: {name}() wants {lock} held{exclusive or ""}, says its contract: '
                       f'it begins with lockdep_assert_held{"_write" if exclusive else ""}()')


# Letters of fields, as src/sched/task.h explains them: what a function names that writes one. Another word in brackets is a lock.
LETTERS = {'t': 'tasklist_lock|assert_tasklist_write', 's': 'siglock', 'l': 'alloc_lock', 'pi': 'pi_lock|task_rq_lock',
           'rq': None, 'I': None, 'o': None}
LETTER = re.compile(r'/\*\s*((?:\[\w+\](?:,| and)? ?)+)')
WRITE = re.compile(r'(?<![\w.>])((?:\w+(?:\[[^\]]*\])?(?:->|\.))+)(\w+)(?:\[[^\]]*\])?\s*(?:[-+|&^*/]?=(?!=)|<<=|>>=|\+\+|--)')
# A function that makes the thing, which nobody else sees yet.
MAKES = re.compile(r'^(?:\w*_)?(?:init|alloc|create|dup|inherit|fill|make)(?:_\w+)?$|^(?:copy_|set_identity|fork_idle|sched_fork)')
# What makers call for a part of the making.
MAKERS_CALL = ['control_event', 'cpu_stopper_set', 'd_charge', 'futex_wait_setup', 'perf_ring_charge', 'plic_probe',
               'proc_inode', 'ramfs_mknod', 'ramfs_new_inode', 'set_period', 'stable', 'virtio_find', 'vma_copy']
# Functions that write what the letter does not allow, and why that is right.
WRITES_ANYWAY = {
    'vm_on_switch': 'between two tasks, as neither', 'sched_on_tick': 'an interrupt of the task', 'kthread_bind': 'it has not run yet',
    'kernel_init': 'pid 1 is alone', 'note_cpu_timers': 'siglock, or nobody else sees it',
    'select_fallback_rq': 'pi_lock at a wake-up, the lock of the run queue when a hart leaves',
}


def letters_of(root, files):
    """(structure, field) -> letters, of what has one of LETTERS or a lock's name; (structure, member) -> structure of the member."""
    fields, types = {}, {}
    for f in files:
        name = None
        if not layer_of(f) or not f.endswith(('.c', '.h')):
            continue
        with open(os.path.join(root, f)) as text:
            for line in text:
                m = re.match(r'(?:static )?struct (\w+) \{', line)
                name = m[1] if m else None if line.startswith('}') else name
                code, letters = line.split('/*')[0], LETTER.search(line)
                m = re.match(r'\t+(?:const )?struct (\w+) (.*);', code)
                for member in re.findall(r'\**(\w+)(?:\[[^\]]*\])?(?:,|$)', m[2].replace(' __user', '')) if name and m else ():
                    types[name, member] = m[1]
                letters = [x for x in re.findall(r'\w+', letters[1]) if x in LETTERS or x.endswith('lock')] if letters else []
                if not name or not letters or ';' not in code:
                    continue
                for d in re.sub(r'__\w+\([^)]*\)', '', code).strip().rstrip(';').split(','):
                    fields[name, re.sub(r'[\[:].*', '', d).split()[-1].lstrip('*')] = letters
    return fields, types


def may_write(letter, struct, f, function, owner, text):
    if letter == 'I':
        return MAKES.match(function) or function in MAKERS_CALL or re.search(r'alloc\w*\(', text)
    if letter == 'rq':
        return f.startswith('src/sched/')
    if letter == 'o':
        # Elsewhere it is a hart's.
        return struct != 'task_struct' or owner == 'current' or re.search(rf'\b{owner} (=|==|!=) current\b', text)
    return re.search(LETTERS.get(letter) or letter, text)


def check_letters(root, files):
    """A field with a letter is written where that allows it. Reads, and writes by way of a call, are not seen."""
    fields, types = letters_of(root, files)
    for f in files:
        if not layer_of(f) or not f.endswith(('.c', '.h')):
            continue
        with open(os.path.join(root, f)) as text:
            t = re.sub(r'/\*.*?\*/', lambda m: re.sub(r'[^\n]', ' ', m[0]), text.read(), flags=re.S)
        for m in DEFINITION.finditer(t):
            for w in WRITE.finditer(m[3]):
                owner, *members = [re.sub(r'\[.*', '', part) for part in re.split(r'->|\.', w[1])[:-1]]
                declared = re.search(rf'struct (\w+) (?:(?!struct)[^;()])*?\b{owner}\b', m[2] + ';' + m[3])
                struct = 'task_struct' if owner == 'current' else declared[1] if declared else None
                for member in members:
                    struct = types.get((struct, member))
                if m[1] in WRITES_ANYWAY or (MAKES.match(m[1]) and not members):
                    continue
                for letter in fields.get((struct, w[2]), ()):
                    if not may_write(letter, struct, f, m[1], owner, m[0]):
                        nr = t.count('\n', 0, m.start(3) + w.start()) + 1
                        yield f'{f}:{nr}: {m[1]}() writes {struct}.{w[2]}, which is [{letter}]: see LETTERS'


# Families of which src/abi does not have all members yet.
ABI_NAME = re.compile(r'(CLONE|CLOCK|RLIMIT|RUSAGE|PR|PRIO|CAP|SIGEV|ITIMER|MREMAP|MADV|MAP|PROT|SEEK|AT|SA|UTIME|SCHED_FLAG|FUTEX|SYSLOG|'
                      r'LINUX_REBOOT|RENAME|TIOC|PERF_(ATTR|SAMPLE|FORMAT|COUNT|FLAG|RECORD))_[A-Z0-9_]+$')
# Of the kernel's own, or several of the ABI's together.
NOT_ABI = ['CLONE_UNSUPPORTED', 'CLONE_THREAD_FLAGS', 'RUSAGE_BOTH']


def check_abi(root, files):
    """Numbers that user mode knows are defined once, in src/abi."""
    define = re.compile(r'\s*#\s*define\s+([A-Z_][A-Z0-9_]*)\b(?!\()')
    known = set()
    for f in files:
        if layer_of(f) == 'abi':
            with open(os.path.join(root, f)) as text:
                known |= {m[1] for m in map(define.match, text) if m}
    for f in files:
        if layer_of(f) == 'abi' or not f.endswith(('.c', '.h')) or f.startswith('tests/sim/'):
            continue
        guard = re.sub(r'\W', '_', f.partition('/')[2]).upper()
        with open(os.path.join(root, f)) as text:
            for nr, line in enumerate(text, 1):
                m = define.match(line)
                if m and m[1] not in [*NOT_ABI, guard] and (m[1] in known or ABI_NAME.match(m[1])):
                    yield f'{f}:{nr}: {m[1]} is a number of the ABI: src/abi is its place'


def check_headers(root, files, cc):
    for f in files:
        if f.endswith('.h') and layer_of(f):
            done = subprocess.run(cc + ['-fsyntax-only', '-x', 'c', '-include', os.path.join(root, f), '/dev/null'],
                                  capture_output=True, text=True)
            if done.returncode:
                yield f'{f}: does not compile alone:\n' + '\n'.join(done.stderr.splitlines()[:5])


def check_padding(root, files, cc):
    """What user mode sees has no hole that nobody fills: padding has a name, and is zero where the rest is set."""
    for f in files:
        if layer_of(f) != 'abi':
            continue
        done = subprocess.run(cc + ['-fsyntax-only', '-Wpadded', '-x', 'c', '-include', os.path.join(root, f), '/dev/null'],
                              capture_output=True, text=True)
        with open(os.path.join(root, f)) as text:
            lines = text.read().split('\n')
        for nr in re.findall(re.escape(f) + r':(\d+):\d+: warning: padding', done.stderr):
            if not lines[int(nr) - 2].endswith('[];'):
                yield f'{f}:{nr}: padding without a name'


def check_locks(root, files):
    """
    clang's thread-safety analysis over the annotations of smp/spinlock.h and sched/wait.h; and nothing of 64 bits is cut to 32 but by
    a cast. Errors fit.
    """
    for line in run_tool(root, files, ['clang', '--target=riscv64-unknown-elf', '-march=rv64imac', '-fsyntax-only',
                                       '-Wno-everything', '-Wthread-safety', '-Wshorten-64-to-32'], ('warning:', 'error:')):
        path, nr = line.split(':')[:2]
        if 'shorten-64-to-32' in line:
            with open(os.path.join(root, path)) as text:
                source = text.read().split('\n')[int(nr) - 1]
            if 'PTR_ERR' in source:
                continue
        yield line


def check_user_pointers(root, files):
    """sparse: a __user pointer is dereferenced nowhere but in the copy functions."""
    yield from run_tool(root, files, ['sparse', '-m64', '-D__riscv', '-D__riscv_xlen=64'],
                        ('address space', 'noderef', 'error:'))


def check_warnings(root, files, build):
    """A program is built with warnings in it; ours have none."""
    with open(os.path.join(build, 'compile_commands.json')) as f:
        commands = [c for c in json.load(f) if os.path.relpath(os.path.join(c['directory'], c['file']), root) in files
                    and os.path.relpath(os.path.join(c['directory'], c['file']), root).startswith('user/')]

    def warnings(c):
        words = shlex.split(c['command'])
        cmd = words[:words.index('-MD')] + ['-Werror', '-fdiagnostics-color=never', '-o', '/dev/null', '-c', c['file']]
        return subprocess.run(cmd, cwd=c['directory'], capture_output=True, text=True).stderr.splitlines()

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for lines in pool.map(warnings, commands):
            yield from (line for line in lines if ' error: ' in line)


def check_cppcheck(root, files):
    if not shutil.which('cppcheck'):
        print('check: cppcheck is not installed; its check is left out', file=sys.stderr)
        return
    # Linker symbols are subtracted, and programs end when memory does.
    cmd = ['cppcheck', '--enable=warning,performance,portability', '--inline-suppr', '--std=c11', '--quiet', '-Isrc',
           '-I.', '-D__riscv_xlen=64', '-DCONFIG_DEBUG=0', '-DRB_GENERATE_STATIC(a,b,c,d)=',
           '-D__guarded_by(x)=', '-D__protected_by(x)=', '-DLIST_HEAD(a,b)=struct{struct b*lh_first;}',
           '-DTAILQ_HEAD(a,b)=struct{struct b*tqh_first;}',
           '--suppress=missingInclude', '--suppress=comparePointers', '--suppress=memleakOnRealloc', '-j2',
           '--template={file}:{line}: {id}: {message}',
           *(f for f in files if f.endswith('.c') and f.split('/')[0] in ('src', 'sbi', 'user'))]
    yield from subprocess.run(cmd, cwd=root, capture_output=True, text=True).stderr.splitlines()


def run_tool(root, files, cmd, marks):
    if not shutil.which(cmd[0]):
        print(f'check: {cmd[0]} is not installed; its check is left out', file=sys.stderr)
        return
    cmd = cmd + ['-Isrc', '-I.', '-isystem', '/usr/lib/picolibc/riscv64-unknown-elf/include', '-DCONFIG_DEBUG=1',
                 '-DHARTWOOD_VERSION="check"']
    for f in files:
        if layer_of(f) and f.endswith('.c'):
            done = subprocess.run(cmd + [f], cwd=root, capture_output=True, text=True)
            yield from (line for line in done.stderr.splitlines() if any(m in line for m in marks))


def main():
    root, build, cc = sys.argv[1], sys.argv[2], sys.argv[3:]
    files = tracked(root)
    if not files:
        print('check: not a git work tree; nothing checked', file=sys.stderr)
        return 77
    problems = [*check_layers(root, files), *check_text(root, files), *check_macros(root, files), *check_private(root, files),
                *check_own_only(root, files), *check_prototypes(root, files), *check_contracts(root, files),
                *check_held(root, files), *check_letters(root, files), *check_abi(root, files),
                *check_headers(root, files, cc), *check_padding(root, files, cc),
                *check_locks(root, files), *check_user_pointers(root, files),
                *check_warnings(root, files, build), *check_cppcheck(root, files)]
    for p in problems:
        print(p)
    print(f'check: {len(files)} files, {len(problems)} problems')
    return bool(problems)


if __name__ == '__main__':
    sys.exit(main())
