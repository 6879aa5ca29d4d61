# SPDX-License-Identifier: MIT
"""What the host takes from a machine's harts: how long each one's thread was ready and waited for a CPU of the host.

Linux counts that for each thread, in ns (/proc/PID/task/TID/schedstat, the second number). It is looked at often enough that a
part of a run has its own figure, and written as JSON: [[ns on the machine's clock, [ns up to then, of each hart]], ...].
Under -icount nothing is taken, for the clock stands still meanwhile: [].
"""
import json
import os
import threading
import time

INTERVAL_S = 0.01


def schedstat(pid, thread):
    return f'/proc/{pid}/task/{thread}/schedstat'


class Watch(threading.Thread):
    """@threads_of: a function that returns the harts' threads, of process @pid. @began: when the machine's clock did, monotonic ns."""
    def __init__(self, pid, threads_of, began):
        super().__init__(daemon=True)
        self.pid, self.threads_of, self.began = pid, threads_of, began
        self.samples, self.done = [], threading.Event()

    def run(self):
        files = []
        try:
            files = [os.open(schedstat(self.pid, thread), os.O_RDONLY) for thread in self.threads_of()]
            self.samples.append((0, [0] * len(files)))      # QEMU may have been late to tell who they are
            while files and not self.done.wait(INTERVAL_S):
                now = time.monotonic_ns()
                self.samples.append((now - self.began, [int(os.pread(f, 64, 0).split()[1]) for f in files]))
        except (OSError, IndexError):       # QEMU has ended; or a host that does not count
            pass
        for f in files:
            os.close(f)

    def write(self, path):
        """What was seen, if anything was."""
        self.done.set()
        self.join()
        if len(self.samples) > 1:
            write(path, self.samples)


def write(path, samples):
    with open(path, 'w') as f:
        json.dump(samples, f)
