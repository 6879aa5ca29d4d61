# SPDX-License-Identifier: MIT
"""The kernel's console for who runs a program: lines as the host has them, and not those of the boot, if it comes to its end."""
import os
import re

from machine import INIT_MARK


class Sink:
    """Hands lines on to the file @out. Without @boot those up to init's start wait: flush() shows them if it was not reached."""

    def __init__(self, out, boot):
        self.out, self.held = out, None if boot else b''
        self.eol = b'\r\n' if os.isatty(out.fileno()) else b'\n'

    def __call__(self, data):
        if self.held is not None:
            self.held += data
            at = self.held.find(INIT_MARK)
            if at < 0:
                return
            data, self.held = self.held[at:].partition(b'\n')[2], None
        self.out.write(re.sub(rb'\r*\n', self.eol, data))
        self.out.flush()

    def flush(self):
        held, self.held = self.held, None
        if held:
            self(held)
