# SPDX-License-Identifier: MIT
"""Traces that no machine made: what timeline.Timeline takes."""
import collections
import random
import types


class Made:
    """Of events one after the other, 10 ns apart unless self.now is set between them."""
    def __init__(self, harts, topology=None):
        self.harts, self.topology, self.steal, self.events, self.complete_from, self.now = harts, topology, None, [], 0, 1000

    @property
    def written(self):
        return len(self.events)

    def add(self, name, cpu, by, text='', in_interrupt=False, pid=0, to=0, source=0, state='', comm='load'):
        task = types.SimpleNamespace(pid=pid, comm=comm, cpu=to, orig_cpu=source, state=state)
        self.now += 10
        self.events.append(types.SimpleNamespace(ts=self.now, cpu=cpu, name=name, pid=by, comm=comm, text=text, task=task,
                                                 in_interrupt=in_interrupt))


class MadeUp(Made):
    """@tasks called load run 1 ms and sleep 2 ms in turns, up to @switches, the same each time; some are moved, and now and then one
    wakes another."""
    def __init__(self, harts, tasks, switches, topology=None):
        super().__init__(harts, topology)
        self.reasons, chance = collections.Counter(), random.Random(1)
        self.add('sched_process_exec', 0, 2, text='/bin/load')
        ready, sleeping, on = [], [], [0] * harts
        for pid in range(3, tasks + 3):
            self.add('sched_process_fork', 0, 2, pid=pid)
            self.add('sched_wakeup_new', 0, 2, pid=pid, to=pid % harts)
            ready.append(pid)
        while switches > 0:
            self.now += 1_000_000 // harts
            hart = chance.randrange(harts)
            while sleeping and sleeping[0][0] <= self.now:
                _, pid = sleeping.pop(0)
                self.wake(hart, on[hart], pid, chance.random() < .5)
                ready.append(pid)
            prev, on[hart] = on[hart], ready.pop(0) if ready else 0
            if prev == on[hart]:
                continue
            self.add('sched_switch', hart, prev, pid=on[hart], state='S' if prev else 'R')
            switches -= 1
            if prev:
                sleeping.append((self.now + 2_000_000, prev))
        self.add('sched_process_exit', 0, 2, pid=2)

    def move(self, on, pid, source, target, why):
        """A wake-up tells the reason before it moves a task, all else after."""
        self.reasons[why] += 1
        mark = {'name': 'tracing_mark_write', 'cpu': on, 'by': 0, 'text': f'I|1|migrate load {source}->{target} {why}'}
        if why.startswith('wake'):
            self.add(**mark)
        self.add('sched_migrate_task', on, 0, pid=pid, to=target, source=source)
        if not why.startswith('wake'):
            self.add(**mark)

    def wake(self, hart, by, pid, in_interrupt):
        self.add('sched_waking', hart, by, in_interrupt=in_interrupt or not by, pid=pid, to=hart)
        if pid % 7 == 0:
            self.move(hart, pid, (hart + 1) % self.harts, hart, 'wake-MC')
        self.add('sched_wakeup', hart, by, pid=pid, to=hart)
        if pid % 5 == 0:
            self.move((hart + 1) % self.harts, pid, hart, (hart + 1) % self.harts, ('newidle-SMT', 'periodic-PKG')[pid % 2])
