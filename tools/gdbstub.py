# SPDX-License-Identifier: MIT
"""A few words of gdb's remote protocol, enough to have the hart of one's choice boot the machine."""
import socket
import time

# QEMU's virt: the fw_dynamic_info that its reset code hands to the firmware, and the kernel's first instruction.
FW_DYNAMIC_BOOT_HART = 0x1028 + 5 * 8
KERNEL_ENTRY = 0x80200000


def connect(path):
    """A socket that QEMU is about to open."""
    for _ in range(200):
        s = socket.socket(socket.AF_UNIX)
        try:
            s.connect(path)
            return s
        except OSError:
            s.close()
            time.sleep(0.05)
    raise OSError(f'nobody listens at {path}')


class Stub:
    def __init__(self, path):
        self.socket = connect(path)
        self.socket.settimeout(60)
        self.stream = self.socket.makefile('rb')

    def ask(self, command, reply=True):
        """Send a packet; its answer, without the frame."""
        self.socket.sendall(b'$%s#%02x' % (command, sum(command) % 256))
        return self.answer() if reply else None

    def answer(self):
        while self.stream.read(1) != b'$':
            pass
        text = b''
        while (c := self.stream.read(1)) != b'#':
            text += c
        self.stream.read(2)
        self.socket.sendall(b'+')
        return text


def start_on(path, hart):
    """
    A machine that waits (-S) is let go so that @hart is the first to reach the kernel: the firmware
    is told to prefer it, and the others stand still until it is there.
    """
    stub = Stub(path)
    stub.ask(b'M%x,8:%s' % (FW_DYNAMIC_BOOT_HART, hart.to_bytes(8, 'little').hex().encode()))
    stub.ask(b'Z1,%x,4' % KERNEL_ENTRY)
    stop = stub.ask(b'vCont;c:%x' % (hart + 1))
    stub.ask(b'z1,%x,4' % KERNEL_ENTRY)
    if not stop.startswith(b'T05') or b'thread:%02x' % (hart + 1) not in stop:
        raise OSError(f'hart {hart} did not reach the kernel: {stop.decode()}')
    stub.ask(b'D')
    stub.socket.close()
