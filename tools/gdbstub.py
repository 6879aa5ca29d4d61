# SPDX-License-Identifier: MIT
"""
A few words of gdb's remote protocol, enough to start a machine that waits (-S): with a firmware that prints no banner, and
with the hart of one's choice as the first.
"""
import socket
import subprocess
import time

# QEMU's virt: the fw_dynamic_info that its reset code hands to the firmware, and the kernel's first instruction.
FW_DYNAMIC_OPTIONS = 0x1028 + 4 * 8
FW_DYNAMIC_BOOT_HART = 0x1028 + 5 * 8
NO_BOOT_PRINTS = 1
KERNEL_ENTRY = 0x80200000


def connect(path, alive=lambda: True):
    """A socket that QEMU is about to open, as long as it is @alive."""
    end = time.monotonic() + 30
    while alive() and time.monotonic() < end:
        s = socket.socket(socket.AF_UNIX)
        try:
            s.connect(path)
            return s
        except OSError:
            s.close()
            time.sleep(0.01)
    raise OSError(f'nobody listens at {path}')


class Stub:
    def __init__(self, path, alive):
        self.socket = connect(path, alive)
        self.socket.settimeout(60)
        self.stream = self.socket.makefile('rb')

    def ask(self, command, reply=True):
        """Send a packet; its answer, without the frame."""
        self.socket.sendall(b'$%s#%02x' % (command, sum(command) % 256))
        return self.answer() if reply else None

    def answer(self):
        while self.byte() != b'$':
            pass
        text = b''
        while (c := self.byte()) != b'#':
            text += c
        self.stream.read(2)
        self.socket.sendall(b'+')
        return text

    def byte(self):
        c = self.stream.read(1)
        if not c:
            raise OSError('the machine is gone')
        return c

    def set_word(self, address, value):
        self.ask(b'M%x,8:%s' % (address, value.to_bytes(8, 'little').hex().encode()))

    def boot_on(self, hart):
        """@hart is the first to reach the kernel: the firmware is told to prefer it, and the others stand still until it is there."""
        self.set_word(FW_DYNAMIC_BOOT_HART, hart)
        self.ask(b'Z1,%x,4' % KERNEL_ENTRY)
        stop = self.ask(b'vCont;c:%x' % (hart + 1))
        self.ask(b'z1,%x,4' % KERNEL_ENTRY)
        if not stop.startswith(b'T05') or b'thread:%02x' % (hart + 1) not in stop:
            raise OSError(f'hart {hart} did not reach the kernel: {stop.decode()}')


def let_go(path, proc, hart=None, verbose=False, wait=False):
    """
    The machine @proc, which stands at its first instruction, goes on; @wait: it stays there, for gdb. It boots on @hart if that is
    given; unless it is to be @verbose the firmware says nothing. One that ended meanwhile has said itself what is wrong.
    """
    try:
        stub = Stub(path, lambda: proc.poll() is None)
        if not verbose:
            stub.set_word(FW_DYNAMIC_OPTIONS, NO_BOOT_PRINTS)
        if hart is not None:
            stub.boot_on(hart)
        if not wait:
            stub.ask(b'D')
        stub.socket.close()
    except OSError:
        try:
            proc.wait(1)
        except subprocess.TimeoutExpired:
            proc.kill()
            raise
