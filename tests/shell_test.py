#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The shell, driven over a pseudo-terminal as a person would: prints TAP."""
import os
import re
import sys
import time

try:
    import pexpect
except ImportError:
    print('1..0 # SKIP python3-pexpect is not installed')
    sys.exit(77)

try:
    for fd in os.openpty():
        os.close(fd)
except OSError as e:
    print(f'1..0 # SKIP no pseudo-terminal: {e}')
    sys.exit(77)

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tools'))
import machine  # noqa: E402


def main():
    kernel, harts = sys.argv[1], int(sys.argv[2])
    m = machine.Machine(kernel, harts)
    cmd = m.command(interactive=True)
    sh = pexpect.spawn(cmd[0], cmd[1:], timeout=60, encoding='utf8', echo=False)
    sh.logfile_read = sys.stderr
    n, bad = 0, 0

    def ok(fact, name):
        nonlocal n, bad
        n += 1
        bad += not fact
        print(('ok' if fact else 'not ok'), n, '-', name, flush=True)

    def run(line):
        """Type a line; what it printed."""
        sh.send(line + '\r')
        sh.expect('\r\x1b\\[K\\$ [^\r\n]*\r+\n')
        sh.expect('(?s)(.*?)\r\x1b\\[K\\$ $')
        return sh.match.group(1).replace('\r', '').strip()

    def expect(line, want, name):
        """@want: the text, or a regular expression in a list."""
        got = run(line)
        if isinstance(want, list):
            want = got if re.fullmatch(want[0], got) else want
        if got != want:
            print(f'# {line!r}: {got!r}, not {want!r}')
        ok(got == want, name)

    sh.expect('\\$ ')
    expect('echo one two', 'one two', 'a command')
    expect('echo a; echo b && echo c || echo d', 'a\nb\nc', '; && ||')
    expect('false || echo no', 'no', '|| after a failure')
    expect('echo "a  b" \'$X\' c\\ d', 'a  b $X c d', 'quotes')
    expect('sh -c \'sleep 9 & kill $! && echo gone\'', 'gone', '$!')
    expect('X=5; Y="$X$X"; echo $Y ${X}1', '55 51', 'variables')
    expect('false; echo $?', '1', '$?')
    expect('sh -c \'exit 7\'; echo $?', '7', 'a status')
    expect('nonsense; echo $?', 'sh: nonsense: not found\n127', 'no such program')
    expect('echo /bin/lo* /bin/[h]ea?', '/bin/load /bin/head', 'globs')
    expect('echo hello > /tmp/x; cat < /tmp/x | wc -c; cat /tmp/x >> /tmp/x2; cat /tmp/x2', '6\nhello', 'redirections and a pipe')
    expect('ls /none 2> /tmp/err; wc -l < /tmp/err', '1', '2>')
    expect('(echo in; false) || echo out', 'in\nout', 'a group')
    expect('echo \'echo script $1 $#\' > /tmp/s; sh /tmp/s arg', 'script arg 1', 'a script')
    expect('cd /tmp; pwd; cd /', '/tmp', 'cd')
    deep = 'd=; while [ ${#d} -lt 3000 ]; do d="$d%s"; done; eval "%s"'
    expect(deep % ('( ', '$d'), 'sh: syntax error: nested too deep', 'lists in lists: a limit')
    expect(deep % ('- ', ': \\$(( $d 1 ))') + ' 2>&1 | grep -c "nested too deep"', '1', 'and operands in operands')
    expect('echo a; fi', 'sh: syntax error: fi unexpected', 'a syntax error')
    sh.send('echo "two\r')
    sh.expect('> $')
    sh.send('lines"\r')
    sh.expect('\ntwo\r+\nlines\r+\n\r\x1b\\[K\\$ $')
    ok(True, 'what is not complete goes on in the next line')
    expect('ls /bin | head -n 2', 'box\ncat', 'a pipe that closes early')
    expect('hello you | grep -c you', '1', 'programs')
    ok('init' in run('ps'), 'ps')
    # Keys.
    sh.send('echo hist\r')
    sh.expect('\nhist\r+\n\r\x1b\\[K\\$ $')
    sh.send('\x1b[A\r')
    sh.expect('echo hist\r+\nhist')
    sh.expect('\r\x1b\\[K\\$ $')
    ok(True, 'Up recalls the last line')
    sh.send('upt\t\r')
    sh.expect('load average')
    sh.expect('\r\x1b\\[K\\$ $')
    ok(True, 'Tab completes a program')
    sh.send('cat /proc/upt\t\r')
    sh.expect('[0-9]+\\.[0-9]+ [0-9]+')
    sh.expect('\r\x1b\\[K\\$ $')
    ok(True, 'Tab completes a path')
    expect('echo one two\x1bb\x1bbx\x1bfy', 'xoney two', 'Alt-B and Alt-F')
    expect('echo onetwo three\x1b[H\x1bf \x1bd', 'three', 'Alt-D')
    sh.send('\x12three\r')
    sh.expect('\nthree\r+\n\r\x1b\\[K\\$ $')
    ok(True, 'Ctrl-R finds it again')
    sh.send('\x12echo\x12\x05s\r')
    sh.expect('\nxoney twos\r+\n\r\x1b\\[K\\$ $')
    ok(True, 'Ctrl-R looks further back, and what it found can be edited')
    sh.send('echo kept\x12nothing\x07 still\r')
    sh.expect('\nkept still\r+\n\r\x1b\\[K\\$ $')
    ok(True, 'Ctrl-G leaves what was typed')
    sh.send('for i in 1 2\r')
    sh.expect('> $')
    sh.send('do echo $i; done\r')
    sh.expect('\n1\r+\n2\r+\n\r\x1b\\[K\\$ $')
    ok(True, 'a loop over lines')
    sh.send('if true\r')
    sh.expect('> $')
    sh.send('\x03')
    sh.expect('\\^C\r+\n\r\x1b\\[K\\$ $')
    ok(True, 'Ctrl-C leaves what is not complete')
    sh.send('while true; do :; done\r')
    sh.expect('done\r+\n')
    time.sleep(1)
    sh.send('\x03')
    sh.expect('\r\x1b\\[K\\$ $')
    expect('echo $?', '130', 'Ctrl-C ends a loop of the shell itself')
    expect('PS1="% "; PS1="$ "; f() { echo in $1; ${x?gone}; }; f a', 'in a\nsh: x: gone', 'an error in a function')
    expect('echo $#; cd -', '0\n/tmp', 'leaves the shell as it was; cd -')
    run('cd /')
    expect('time -p sleep 0', ['real \\d+\\.\\d\\d\nuser 0\\.\\d\\d\nsys 0\\.\\d\\d'], 'time')
    sh.send('\t')
    sh.send('echo mid\x03')
    sh.expect('\\^C')
    sh.expect('\r\x1b\\[K\\$ $')
    ok(True, 'Ctrl-C in the middle of a line')
    # Jobs.
    sh.send('sleep 1000\r')
    sh.expect('sleep 1000\r+\n')
    time.sleep(1)
    sh.send('\x03')
    sh.expect('\r\x1b\\[K\\$ $')
    expect('echo $?', '130', 'Ctrl-C ends the foreground job, not the shell')
    sh.send('sleep 1000\r')
    sh.expect('sleep 1000\r+\n')
    time.sleep(1)
    sh.send('\x1a')
    sh.expect('Stopped')
    sh.expect('\r\x1b\\[K\\$ $')
    ok(True, 'Ctrl-Z stops it')
    run('bg')
    ok('Running' in run('jobs'), 'bg makes it run')
    sh.send('fg\r')
    sh.expect('sleep 1000\r+\n')
    time.sleep(0.5)
    sh.send('\x03')
    sh.expect('\r\x1b\\[K\\$ $')
    expect('mkdir -p /tmp/a/b /sys/fs/cgroup/g && echo 50 > /sys/fs/cgroup/g/cpu.weight && cat /sys/fs/cgroup/g/cpu.weight',
           '50', 'a control group by hand')
    expect('rmdir /sys/fs/cgroup/g /tmp/a/b /tmp/a && ls /tmp/a', "ls: /tmp/a: No such file or directory", 'and gone')
    run('sleep 1000 &')
    told = run('kill %1; wait %1; echo status $?')
    ok('status 143' in told, 'kill and wait know jobs by number')
    run('sleep 1000 &')
    told = run('kill $!')
    time.sleep(1)
    ok('Terminated' in told + run('jobs'), 'a job that was killed is not called done')
    run('set -b; sleep 1 &')
    sh.send('echo half')
    sh.expect('Done')
    sh.send(' and half\r')
    sh.expect('\nhalf and half\r')
    ok('Done' not in run('set +b; jobs'), 'set -b tells of a job while a line is typed')
    sh.send('poweroff 3\r')
    sh.expect(pexpect.EOF)
    sh.close()
    ok(sh.exitstatus == 3, 'poweroff carries a status')
    print(f'1..{n}')
    return bad != 0


if __name__ == '__main__':
    try:
        sys.exit(main())
    except (pexpect.TIMEOUT, pexpect.EOF) as e:
        print('Bail out! ' + str(e).splitlines()[0])
        sys.exit(1)
