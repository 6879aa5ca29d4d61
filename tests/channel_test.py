#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The channel between a program in the machine and the host: streams, terminal, words, variables.

channel_test.py KERNEL ARCHIVE
"""
import os
import random
import subprocess
import sys
import termios

from tap import ROOT, done, ok

try:
    import pexpect
except ImportError:
    print('1..0 # SKIP python3-pexpect is not installed')
    sys.exit(77)

COMMAND = []


def command(*words):
    return [*COMMAND, *(words if words[:1] and words[0].startswith('-') else ('--', *words))]


def run(*words, stdin=b'', **how):
    """Run it, all in bytes."""
    return subprocess.run(command(*words), input=stdin, capture_output=True, timeout=100, **how)


def streams():
    data = random.Random(1).randbytes(1 << 20)
    r = run('cat', stdin=data)
    ok(r.returncode == 0 and r.stdout == data, 'a megabyte of random bytes goes in and comes out', len(r.stdout))
    r = run('-p', '4', '--icount', '9', '--', 'cat', stdin=data)
    ok(r.returncode == 0 and r.stdout == data, 'and with four harts, deterministic', len(r.stdout))
    r = run('-p', '2', '-m', '256M', '--numa', '128M,cpus=0', '--numa', '128M,cpus=1', '--', 'cat', stdin=data)
    ok(r.returncode == 0 and r.stdout == data, 'and with two nodes, where QEMU delivers no interrupt', len(r.stdout))
    r = run('cat')
    ok(r.returncode == 0 and r.stdout == b'', 'empty input: an end of file, and nothing else', r)
    r = run('sh', '-c', 'echo out; no-such-program; exit 3')
    ok(r.returncode == 3 and r.stdout == b'out\n' and r.stderr == b'sh: 1: no-such-program: not found\n',
       'output and errors are two streams; the status is the program\'s', r)
    r = subprocess.run(command('--loglevel', '4', '--', 'sh', '-c', 'echo 1; none; echo 2; none'), stdin=subprocess.DEVNULL,
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=100)
    ok(r.stdout == b'1\nsh: 1: none: not found\n2\nsh: 1: none: not found\n',
       'where the host has one file for both, they are in order', r)
    r = run('true', stdin=data)
    ok(r.returncode == 0, 'input that nobody reads holds up nothing', r)


def other_end():
    """The host reads late, closes early, sends late."""
    how = {'stdin': subprocess.PIPE, 'stdout': subprocess.PIPE, 'stderr': subprocess.DEVNULL}
    p = subprocess.Popen(command('cat', '/dev/zero'), **how)
    p.stdin.close()
    got = p.stdout.read(10)
    p.stdout.close()
    ok(len(got) == 10 and p.wait(60) == 128 + 13, 'who writes when the host has closed gets SIGPIPE', p.returncode)
    p = subprocess.Popen(command('channel', 'gone'), **{**how, 'stderr': subprocess.PIPE})
    p.stdin.close()
    p.stdout.close()
    ok(b'-1 EPIPE\n' in p.stderr.read() and p.wait(60) == 0, 'POLLERR, and EPIPE')
    p = subprocess.Popen(command('channel', 'poll'), **how)
    first = p.stdout.readline()
    p.stdin.write(b'hello')
    p.stdin.flush()
    second = p.stdout.readline()
    p.stdin.close()
    third = p.stdout.readline()
    ok((first, second) == (b'0 -1 EAGAIN\n', b'0x1 5\n'), 'poll and reads that do not wait: nothing yet, five bytes', (first, second))
    ok(third == b'0x10 0\n' and p.wait(60) == 0, 'and POLLHUP and an end of file', third)
    p = subprocess.Popen(command('channel', 'fill'), **{**how, 'stderr': subprocess.PIPE})
    p.stdin.close()
    while (line := p.stderr.readline()) and not line.startswith((b'EAGAIN', b'?')):
        pass
    got = p.stdout.read()
    ok(line == b'EAGAIN 0\n', 'what the host does not read is full one day: EAGAIN, no POLLOUT', line)
    ok(got == b''.join(b'%07d\n' % i for i in range(100000)) and p.wait(60) == 0, 'and nothing is lost of it', len(got))


def words():
    odd = ['', 'a "quoted" \'word\'', 'two\nlines\t', '\\ $HOME *', b'\x01\x7f\x80\xff'.decode('utf8', 'surrogateescape'), 'x' * 100000]
    r = run('echo', *odd, '--')
    ok(r.stdout == os.fsencode(' '.join([*odd, '--'])) + b'\n', 'words of any bytes, 100 KB of one', r.stdout[:200])
    env = {n: v for n, v in os.environ.items() if not n.startswith('LC_')}
    env.update(LANG='x_Y.Z', LC_TIME='C', TERM='vt52', MINE='no')
    r = run('--env', 'A=b = "c"', '--env', 'PATH=/bin:/odd', '--cwd', '/proc', '--', 'sh', '-c',
            'echo "$LANG,$LC_TIME,$TERM,$MINE,$A,$PATH"; pwd', env=env)
    ok(r.stdout == b'x_Y.Z,C,linux,,b = "c",/bin:/odd\n/proc\n', 'variables: the language and what is asked for; the folder', r)
    r = run('--cwd', '/no/such', '--', 'true')
    ok(r.returncode == 126 and r.stderr == b'init: /no/such: No such file or directory\n', 'no such folder: 126', r)
    r = run('--env', 'A', '--', 'true')
    ok(r.returncode == 2 and b'NAME=VALUE' in r.stderr, 'a variable without a value is refused', r)
    r = run('channel', 'ttys')
    ok(r.stdout == b'000\nno size\n' and r.stderr == b'000\n', 'no terminal where the host has none', r)


def terminal():
    here, there = os.openpty()
    termios.tcsetwinsize(there, (30, 90))
    before = termios.tcgetattr(there)
    r = subprocess.run(command('channel', 'ttys'), stdin=there, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=100)
    ok(r.stdout == b'100\n30x90\n' and r.stderr == b'100\n', 'a terminal and two pipes', r)
    ok(termios.tcgetattr(there) == before, 'the host\'s terminal is afterwards as it was')
    r = subprocess.run(command('channel', 'ttys'), input=b'', stdout=there, stderr=subprocess.PIPE, timeout=100)
    ok(os.read(here, 100) == b'010\r\r\n30x90\r\r\n' and r.stderr == b'010\n', 'output alone is a terminal', r)
    os.close(here)
    os.close(there)
    p = pexpect.spawn(COMMAND[0], COMMAND[1:], timeout=60, encoding='utf8', dimensions=(33, 101),
                      env={**os.environ, 'TERM': 'vt220'})
    p.logfile_read = sys.stderr

    def says(text, sent, name):
        p.send(sent)
        try:
            p.expect(text)
            ok(True, name)
        except (pexpect.TIMEOUT, pexpect.EOF):
            ok(False, name, p.before)

    says(r'Hartwood (?s:.*)\$ ', '', 'without a program: the boot, and a shell on the terminal')
    says('vt220\r\n', 'echo $TERM\r', 'TERM is the host\'s')
    says('33x101\r\n', 'channel watch\r', 'the window\'s size is known')
    p.setwinsize(44, 55)
    says('44x55\r\n', '', 'and its changes, with SIGWINCH')
    says(r'7x77\r\n.*\$ ', '\x04', 'Ctrl-D ends its input; a program may set a size, too')
    p.send('sh -c "echo ready; cat"\r')
    p.expect('ready\r\n')
    says(r'typed\r\ntyped\r\n', 'typed\r', 'what is typed is echoed, and read')
    says(r'\^C.*\$ ', '\x03', 'Ctrl-C interrupts it')
    p.send('sh -c "echo asleep; sleep 1; wc"\r')
    p.expect('asleep\r\n')
    lines = ''.join('%099d\r' % i for i in range(200))
    says(r' 200 +200 +20000\r\n', lines + '\x04', 'more than the terminal holds is typed ahead, and nothing is lost')
    says(r'\$ ', '', 'and the shell goes on')
    p.send('exit 5\r')
    p.expect(pexpect.EOF)
    p.close()
    ok(p.exitstatus == 5, 'its status is the command\'s', p.exitstatus)
    p = pexpect.spawn(command()[0], command('cat')[1:], timeout=60)
    p.send('x\r')
    p.expect('x\r\nx\r\n')
    p.send('\x01x')
    p.expect(pexpect.EOF)
    p.close()
    ok(p.exitstatus == 130, 'Ctrl-A X ends the machine', p.exitstatus)


def main():
    kernel, archive = (os.path.abspath(p) for p in sys.argv[1:])
    COMMAND[:] = [sys.executable, os.path.join(ROOT, 'hw'), 'run', '--kernel', kernel, '--timeout', '100', '-o', f'-initrd {archive}']
    streams()
    other_end()
    words()
    terminal()
    return done()


if __name__ == '__main__':
    sys.exit(main())
