#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The small programs do what the host's do (coreutils, findutils, diffutils, grep): each line of tools_cases.txt is run in the
machine and on the host, over the same files, one after the other; what is printed and the status must be the same. Those that
tell of the machine itself are judged by their form, and each says with --help how it is called.

tools_test.py KERNEL
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

from tap import ROOT, done, hw, ok

sys.path.insert(0, os.path.join(ROOT, 'tools'))
import machine  # noqa: E402

# The tree; bytes, not characters.
FILES = {
    'fruit': 'pear 3\napple 10\nfig 2\napple 10\nPear 1\n\nkiwi 7\n',
    'table': 'root:x:0:0:root:/root\nann:x:10:5:Ann B:/home/ann\nbob:y:9:5:Bob:/home/bob\nno fields here\n',
    'numbers': ''.join(f'{n}\n' for n in range(1, 31)),
    'old': 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\no\np\n',
    'new': 'a\nB\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nadded\nn\np\n',
    'blanks': ' lead\n\ttab  two\ntrail  \n\n\n\nend\n',
    'code': 'int main(void)\n{\n\treturn foo_bar(1) + foo;\n}\n\nint foo;\nint foot;\n',
    'cut_short': 'one\ntwo\nthree',
    'empty': '',
    'bytes': 'a\0b\x01\x7f\xe9\n',
    'sizes': '10K\n2M\n1.5K\n900\n3G\n',
    'dir/x': 'same\n', 'dir/y': 'left\n', 'dir/only': '1\n', 'dir/sub/deep': 'deep\n', 'dir/sub/a b': 'blank in the name\n',
    'dir2/x': 'same\n', 'dir2/y': 'right\n', 'dir2/new': '2\n', 'dir2/sub/deep': 'deeper\n',
}


def cases():
    with open(os.path.join(ROOT, 'tests', 'tools_cases.txt')) as f:
        return [line.rstrip('\n') for line in f if line.strip() and not line.startswith('#')]


def script(lines):
    return 'cd /t || cd "$T"\n' + ''.join(f'echo "=== {i}"\n{c}\necho "status $?"\n' for i, c in enumerate(lines))


def results(text):
    out = {}
    for part in re.split(r'^=== (?=\d+$)', text, flags=re.M)[1:]:
        nr, _, rest = part.partition('\n')
        out[int(nr)] = rest
    return out


def make_tree(folder):
    for name, text in FILES.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='latin-1') as f:
            f.write(text)
    for where, names, files in os.walk(folder):
        os.chmod(where, 0o755)
        for name in files:
            os.chmod(os.path.join(where, name), 0o644)


FORMS = {
    'date': r'\A[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d UTC 20\d\d\n\Z',
    'date +%s.%N': r'\A\d{9,}\.\d{9}\n\Z',
    'id': r'\Auid=0\(root\) gid=0\(root\) groups=0\(root\)\n\Z',
    'id -u; id -un; id -Gn': r'\A0\nroot\nroot\n\Z',
    'uname': r'\ALinux\n\Z',
    'uname -a': r'\ALinux \S+ \d+\.\d+\S* #1 .* riscv64 \S+\n\Z',
    'dmesg': r'^\[ +\d+\.\d{6}\] Hartwood \d.*\n(.*\n)*\[ +\d+\.\d{6}\] init: /bin/init\n',
    'dmesg -t': r'^Hartwood \d.*\n(.*\n)*init: /bin/init\n',
    'df': r'\AFilesystem +1K-blocks +Used +Available +Use% Mounted on\nrootfs +\d{5,} +\d+ +\d+ +\d+% /\n'
          r'devtmpfs +\d{5,} .* /dev\ntmpfs +\d{5,} .* /dev/shm\n\Z',
    'df -hT /bin /proc': r'\AFilesystem +Type .*\nrootfs +rootfs +[\d.]+M +[\d.]+[KM] +[\d.]+M +\d+% /\nproc +proc +0 +0 +0 +- /proc\n\Z',
    'du -sh /bin': r'\A[\d.]+[KM]\t/bin\n\Z',
    'free -h': r'\A +total .*\nMem: +\d+Mi +[\d.]+Mi +\d+Mi +0B +[\d.]+[KM]i +\d+Mi\nSwap: +0B +0B +0B\n\Z',
    'which ls; which -a sh': r'\A/bin/ls\n/bin/sh\n\Z',
    'ls -l /bin/sh': r'\A-rwxr-xr-x 1 root root \d{5} [A-Z][a-z]{2} [ \d]\d +[\d:]+ /bin/sh\n\Z',
    'ls -l /bin/ls': r'\Alrwxrwxrwx 1 root root 3 .* /bin/ls -> box\n\Z',
    '/bin/box 2> /dev/null || echo refused': r'\Arefused\n\Z',
    'ls -i /bin/ls': r'\A\d+ /bin/ls\n\Z',
    'stat /bin/sh': r'\A  File: /bin/sh\n  Size: \d+ +\tBlocks: \d+ +IO Block: 4096   regular file\nDevice: .*Inode: .*Links: 1\n'
                    r'Access: \(0755/-rwxr-xr-x\)  Uid: \(    0/    root\)   Gid: \(    0/    root\)\n'
                    r'Access: \d{4}-.*\nModify: .*\nChange: .*\n Birth: -\n\Z',
    'ps aux': r'\AUSER +PID %CPU %MEM +VSZ +RSS TTY +STAT START +TIME COMMAND\nroot +1 +[\d.]+ +[\d.]+ +\d+ +\d+ \S+ +[SR]\S* +'
              r'\d\d:\d\d +\d+:\d\d /bin/init.*\n(.*\n)*root .* ps aux\n',
    'ps -ef': r'\AUID +PID +PPID +C STIME TTY +TIME CMD\nroot +1 +0 +\d+ \d\d:\d\d \S+ +\d\d:\d\d:\d\d /bin/init.*\n'
              r'(.*\n)*root .* ps -ef\n',
    'ps -e': r'\A +PID +PPID PSR CLS +NI S +TIME +VSZ +RSS COMMAND\n',
    '/bin/kill -l': r'\A 1\) SIGHUP\t 2\) SIGINT\t 3\) SIGQUIT\t 4\) SIGILL\t 5\) SIGTRAP\n 6\) SIGABRT',
    '/bin/kill -l 9; /bin/kill -l TERM': r'\AKILL\n15\n\Z',
    'less fruit; cat fruit | less': r'\A(pear 3\n(.*\n){6}){2}\Z',
    'mkdir "/m n"; mount -t tmpfs -o size=1m,nodev src "/m n"; mount -t tmpfs; df "/m n"; umount "/m n"':
        r'\Atmpfs on /dev/shm .*\nsrc on /m n type tmpfs \(rw,nodev,.*size=1024k\)\n(.*\n)src +1024 +0 +1024 +0% /m n\n\Z',
    'mkdir /m; mount --bind /t /m && mount -o remount,bind,ro /m && cat /m/fruit && touch /m/x || umount /m; mount | head -n 1':
        r'\Apear 3\n(.*\n){6}rootfs on / type rootfs \(rw,.*\)\n\Z',
    'clear': r'\A\x1b\[H\x1b\[2J',
}
REFUSED = ['ps aux more', 'ps nonsense', 'ps -efq', 'free -x', '/bin/kill -l nosuch', '/bin/kill -nosuch 1', 'uname -x', 'date -s 12:00',
           'mount -t nosuch a /t', 'mount --bind /nothing /t', 'mount --move /t', 'mount /t', 'umount', 'umount /t', 'umount -x /t']
# hello greets whom it is told, init is nobody's program but the kernel's.
NO_HELP = {'lib', 'hello', 'init'}


def page(kernel):
    """less, at a terminal."""
    try:
        import pexpect
        for fd in os.openpty():
            os.close(fd)
    except (ImportError, OSError) as e:
        print(f'# less at a terminal is left out: {e}')
        return
    cmd = machine.Machine(kernel).command(interactive=True)
    sh = pexpect.spawn(cmd[0], cmd[1:], timeout=60, encoding='utf8', echo=False)
    sh.expect('\\$ ')
    sh.send('seq 1 100 | less\r')
    for keys, first, last, name in (('', 1, 23, 'less shows a page'), (' ', 24, 46, 'the next'), ('b', 1, 23, 'the one before'),
                                    ('j', 2, 24, 'a line on'), ('/55\r', 55, 77, 'what was searched for'), ('G', 78, 100, 'the end'),
                                    ('30g', 30, 52, 'a line by its number')):
        sh.send(keys)
        shown = sh.expect([f'(?s)\x1b\\[H{first}\x1b\\[K\r+\n.*?{last}\x1b\\[K\r+\n\x1b\\[7m[^\r\n]*\x1b\\[m', pexpect.TIMEOUT], timeout=30)
        ok(shown == 0, name, sh.before)
    sh.send('q')
    ok(sh.expect(['\\$ ', pexpect.TIMEOUT], timeout=30) == 0, 'and leaves', sh.before)
    sh.close(True)


def main():
    kernel = os.path.abspath(sys.argv[1])
    lines, forms = cases(), list(FORMS) + REFUSED
    programs = sorted(set(n for n in os.listdir(os.path.join(ROOT, 'user')) if os.path.isdir(os.path.join(ROOT, 'user', n))) - NO_HELP)
    helps = [f'/bin/{p} --help' for p in programs]
    with tempfile.TemporaryDirectory() as tmp:
        root, host = os.path.join(tmp, 'root'), os.path.join(tmp, 'host')
        make_tree(root + '/t')
        shutil.copytree(root + '/t', host)
        for name, text in (('cases', script(lines)), ('forms', script(forms + helps))):
            with open(os.path.join(root, name + '.sh'), 'w') as f:
                f.write(text)
        env = {'PATH': os.environ['PATH'], 'LC_ALL': 'C', 'TZ': 'UTC0', 'T': host, 'HOME': host}
        want = subprocess.run(['sh', os.path.join(root, 'cases.sh')], env=env, capture_output=True, cwd=host,
                              stdin=subprocess.DEVNULL, timeout=100)
        r = hw('run', '--kernel', kernel, '--append', 'quiet', '--root', root, '--', 'sh', '-c',
               'sh /cases.sh < /dev/null > /cases.out 2> /dev/null; sh /forms.sh < /dev/null > /forms.out 2> /dev/null; '
               'cat /cases.out; echo THE FORMS; cat /forms.out')
    there, _, form_text = r.stdout.partition('THE FORMS\n')
    want, got = results(want.stdout.decode('latin-1')), results(there.encode('utf-8', 'surrogateescape').decode('latin-1'))
    form = results(form_text)
    for i, line in enumerate(lines):
        ok(want.get(i) == got.get(i), line, f'wanted:\n{want.get(i)}\ngot:\n{got.get(i)}')
    for i, line in enumerate(forms):
        text, _, status = form.get(i, '').rpartition('status ')
        if line in FORMS:
            ok(re.search(FORMS[line], text, re.M if line.startswith('dmesg') else 0) and status == '0\n', line, form.get(i))
        else:
            ok(status in ('1\n', '2\n') and not text, f'{line}: refused', form.get(i))
    for i, line in enumerate(helps, len(forms)):
        ok(form.get(i, '').startswith('usage: ' + line.split()[0][5:]) and form[i].endswith('status 0\n'), line, form.get(i))
    page(kernel)
    return done()


if __name__ == '__main__':
    sys.exit(main())
