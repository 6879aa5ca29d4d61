# SPDX-License-Identifier: MIT
"""What a program in the machine has of the host: standard input, output and error, a terminal, words, variables.

Each stream is a port of QEMU's virtio console, of which this side is a socket. docs/channel.md tells the whole.
"""
import fcntl
import io
import os
import select
import signal
import socket
import struct
import sys
import termios
import threading
import tty

import mkcpio

PORTS = ('stdin', 'stdout', 'stderr', 'tty', 'winsize')
CTRL_A = 1


class Writer:
    """A sink that is the host's descriptor @fd."""

    def __init__(self, fd):
        self.fd = fd

    def __call__(self, data):
        left = memoryview(data)
        while left:
            left = left[os.write(self.fd, left):]


def ours(env=(), cwd=None, batch=False):
    """
    Our own streams for Machine.run(): a terminal where ours is one (@batch: nowhere). Of the variables go what ssh takes
    along, LANG, LC_* and for a terminal TERM; and @env, pairs of name and value.
    """
    ttys = [fd for fd in (0, 1, 2) if os.isatty(fd)] if not batch else []
    names = [n for n in os.environ if n == 'LANG' or n.startswith('LC_') or (n == 'TERM' and ttys)]
    stdin = None if sys.stdin is None or (batch and sys.stdin.isatty()) else sys.stdin
    # Two that are one file stay one: then what is written to both is in order.
    on_error = None if os.path.sameopenfile(1, 2) and (1 in ttys) == (2 in ttys) else Writer(2)
    return {'on_user': Writer(1), 'on_error': on_error, 'stdin': stdin, 'ttys': ttys, 'cwd': cwd,
            'env': {**{n: os.environ[n] for n in names}, **dict(env)}}


def repeatable(env=(), cwd=None, on_user=None, on_error=None):
    """The same for a run that is to be the same wherever it is made: what comes from outside comes at no certain time."""
    return {'on_user': on_user or Writer(1), 'on_error': on_error or Writer(2), 'stdin': None, 'ttys': [], 'cwd': cwd, 'env': dict(env)}


class Channel:
    """
    One run's. @on_user takes what comes from standard output, @on_error from standard error; without one the two are
    one stream. @stdin is a file with a descriptor, or None: empty. Of the program's descriptors, @ttys (0, 1, 2) are a
    terminal: the host's, if it has one among its own of these, or else what is written there goes to @on_user.
    @console: all three are the kernel's console, and there are no ports.
    """

    def __init__(self, on_user=None, on_error=None, stdin=None, ttys=(), env=None, cwd=None, console=False):
        self.console = console
        self.joined, self.stdin, self.ttys, self.env, self.cwd = on_error is None, stdin, set(ttys), env or {}, cwd
        self.terminal = next((fd for fd in (1, 2, 0) if fd in self.ttys and os.isatty(fd)), None)
        self.sinks = {'stdout': on_user, 'stderr': on_error, 'tty': on_user if self.terminal is None else Writer(self.terminal)}
        self.keyboard = self.terminal is not None and 0 in self.ttys and stdin is not None and os.isatty(stdin.fileno())
        self.ours, self.theirs, self.threads = {}, {}, []
        self.seen = False       # has anything come?
        self.saved = None       # the host's terminal, as it was

    def ports(self):
        return () if self.console else PORTS if self.ttys else PORTS[:3]

    def options(self):
        """QEMU's. Before connect(), for who wants to run it by hand: input is empty, output goes where QEMU's goes."""
        if self.console:
            return []
        words = ['-global', 'virtio-mmio.force-legacy=false', '-device', 'virtio-serial-device,max_ports=8']
        for nr, name in enumerate(self.ports(), 1):
            port = ['-device', f'virtserialport,name={name},nr={nr}']
            if name == 'stdin' and self.stdin is None:
                words += port           # nobody is there: the end of file, at no moment of the host's
                continue
            if self.theirs:
                back = f'socket,id={name},fd={self.theirs[name].fileno()}'
            elif name in ('stdout', 'stderr'):
                back = f'file,id={name},path=/dev/{name}'
            else:
                back = f'null,id={name}'
            words += ['-chardev', back, port[0], f'{port[1]},chardev={name}']
        return words

    def archive(self, program):
        """The cpio archive that tells init of the session (user/init/session.h). @program: its words."""
        words = [b'arg=' + os.fsencode(w) for w in program]
        words += [b'env=' + os.fsencode(n) + b'=' + os.fsencode(v) for n, v in self.env.items()]
        if self.cwd:
            words.append(b'cwd=' + os.fsencode(self.cwd))
        for fd, name in enumerate(self.ports()[:3]):
            if fd == 2 and self.joined:
                fd, name = 2, PORTS[1]
            words.append(b'fd%d=%s' % (fd, b'tty' if PORTS.index(name) in self.ttys else name.encode()))
        if self.ttys:
            words += [b'rows=%d' % self.size()[0], b'cols=%d' % self.size()[1]]
        out = io.BytesIO()
        mkcpio.entry(out, 1, 'run/session', 0o100600, b''.join(w + b'\0' for w in words))
        mkcpio.entry(out, 0, 'TRAILER!!!', 0, b'')
        return out.getvalue()

    def connect(self):
        """Make the sockets. Return: those that QEMU is to inherit."""
        for name in self.ports():
            if name != 'stdin' or self.stdin is not None:
                self.ours[name], self.theirs[name] = socket.socketpair()
        return [s.fileno() for s in self.theirs.values()]

    def start(self, end):
        """QEMU runs: carry bytes. @end() ends it, when Ctrl-A X is typed."""
        for s in self.theirs.values():
            s.close()
        self.threads = [threading.Thread(target=self.bring, args=(name,), daemon=True) for name in self.sinks if name in self.ours]
        for t in self.threads:
            t.start()
        if self.terminal is not None and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGWINCH, lambda *_: self.send_size())
            self.send_size()
        if self.keyboard:
            self.saved = termios.tcgetattr(self.stdin.fileno())
            tty.setraw(self.stdin.fileno(), termios.TCSADRAIN)
        if self.stdin is not None:
            threading.Thread(target=self.take, args=(end,), daemon=True).start()

    def bring(self, name):
        """From the guest to its sink, until QEMU ends, or the sink does not want it: then the guest hears of that."""
        port, sink, poll = self.ours[name], self.sinks[name], select.poll()
        poll.register(port, select.POLLIN)
        if isinstance(sink, Writer):
            poll.register(sink.fd, 0)       # for its error: a pipe's reader may go before there is something to write
        try:
            while poll.poll()[0][0] == port.fileno() and (data := port.recv(1 << 16)):
                self.seen = True
                sink(data)
        except (OSError, ValueError):
            pass
        port.close()

    def take(self, end):
        """Standard input for the guest, and its end. A terminal has none, but the two keys that are ours."""
        port = self.ours['tty' if 0 in self.ttys else 'stdin']
        after_ctrl_a = False
        try:
            while (data := os.read(self.stdin.fileno(), 1 << 16)):
                if self.keyboard:
                    data, after_ctrl_a, ended = keys(data, after_ctrl_a)
                    if ended:
                        end()
                port.sendall(data)
        except (OSError, ValueError):
            pass
        try:
            self.ours['stdin'].shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def finish(self, timeout):
        """QEMU has ended, and the terminal is again as it was. What is under way is brought: who takes it has @timeout s."""
        if self.saved:
            termios.tcsetattr(self.stdin.fileno(), termios.TCSADRAIN, self.saved)
            self.saved = None
        for t in self.threads:
            t.join(timeout)

    def size(self):
        """Rows and columns of the host's window."""
        try:
            packed = fcntl.ioctl(self.terminal, termios.TIOCGWINSZ, b'\0' * 8)
        except (OSError, TypeError):
            packed = b'\0' * 8
        rows, cols = struct.unpack('=HHHH', packed)[:2]
        return (rows, cols) if rows and cols else (24, 80)

    def send_size(self):
        try:
            self.ours['winsize'].send(struct.pack('=HHHH', *self.size(), 0, 0), socket.MSG_DONTWAIT)
        except OSError:
            pass


def keys(data, after_ctrl_a):
    """Ctrl-A X ends the machine, Ctrl-A Ctrl-A is one for the guest. Return: what the guest gets, was the last a Ctrl-A, was there an X?"""
    out = bytearray()
    for c in data:
        if after_ctrl_a and c in b'xX':
            return bytes(out), False, True
        if c == CTRL_A and not after_ctrl_a:
            after_ctrl_a = True
            continue
        out.append(c)
        after_ctrl_a = False
    return bytes(out), after_ctrl_a, False
