# SPDX-License-Identifier: MIT
"""A trace as trace.dat, version 6, for trace-cmd and KernelShark. Ref: trace-cmd.dat.v6(5).

A page holds events one after the other, each with the time since the one before; how an event's bytes are to be read,
the file says itself, in the kernel's own words ("format").
"""
import struct

PAGE = 4096
HEADER_PAGE = ('\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n'
               '\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n'
               '\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n'
               f'\tfield: char data;\toffset:16;\tsize:{PAGE - 16};\tsigned:1;\n')
HEADER_EVENT = ('# compressed entry header\n\ttype_len    :    5 bits\n\ttime_delta  :   27 bits\n\tarray       :   32 bits\n\n'
                '\tpadding     : type == 29\n\ttime_extend : type == 30\n\ttime_stamp : type == 31\n\tdata max type_len  == 28\n')
COMMON = [('unsigned short', 'common_type', 'H'), ('unsigned char', 'common_flags', 'B'),
          ('unsigned char', 'common_preempt_count', 'B'), ('int', 'common_pid', 'i')]
WAKE = [('char', 'comm[16]', '16s'), ('pid_t', 'pid', 'i'), ('int', 'prio', 'i'), ('int', 'target_cpu', 'i')]
WAKE_PRINT = '"comm=%s pid=%d prio=%d target_cpu=%03d", REC->comm, REC->pid, REC->prio, REC->target_cpu'
# Number, system, fields, how it is printed.
EVENTS = {
    'print': (5, 'ftrace', [('unsigned long', 'ip', 'Q'), ('char', 'buf[]', '0s')], '"%ps: %s", (void *)REC->ip, REC->buf'),
    'sched_switch': (301, 'sched', [('char', 'prev_comm[16]', '16s'), ('pid_t', 'prev_pid', 'i'), ('int', 'prev_prio', 'i'),
                                    ('long', 'prev_state', 'q'), ('char', 'next_comm[16]', '16s'), ('pid_t', 'next_pid', 'i'),
                                    ('int', 'next_prio', 'i')],
                     '"prev_comm=%s prev_pid=%d prev_prio=%d prev_state=%ld ==> next_comm=%s next_pid=%d next_prio=%d", '
                     'REC->prev_comm, REC->prev_pid, REC->prev_prio, REC->prev_state, REC->next_comm, REC->next_pid, '
                     'REC->next_prio'),
    'sched_waking': (302, 'sched', WAKE, WAKE_PRINT),
    'sched_wakeup': (303, 'sched', WAKE, WAKE_PRINT),
    'sched_wakeup_new': (304, 'sched', WAKE, WAKE_PRINT),
    'sched_migrate_task': (305, 'sched', WAKE[:3] + [('int', 'orig_cpu', 'i'), ('int', 'dest_cpu', 'i')],
                           '"comm=%s pid=%d prio=%d orig_cpu=%d dest_cpu=%d", REC->comm, REC->pid, REC->prio, REC->orig_cpu, '
                           'REC->dest_cpu'),
    'sched_process_fork': (306, 'sched', [('char', 'parent_comm[16]', '16s'), ('pid_t', 'parent_pid', 'i'),
                                          ('char', 'child_comm[16]', '16s'), ('pid_t', 'child_pid', 'i')],
                           '"comm=%s pid=%d child_comm=%s child_pid=%d", REC->parent_comm, REC->parent_pid, REC->child_comm, '
                           'REC->child_pid'),
    'sched_process_exec': (307, 'sched', [('char', 'filename[56]', '56s'), ('pid_t', 'pid', 'i'), ('pid_t', 'old_pid', 'i')],
                           '"filename=%s pid=%d old_pid=%d", REC->filename, REC->pid, REC->old_pid'),
    'sched_process_exit': (308, 'sched', WAKE[:3], '"comm=%s pid=%d prio=%d", REC->comm, REC->pid, REC->prio'),
    'sched_stat_runtime': (309, 'sched', [('char', 'comm[16]', '16s'), ('pid_t', 'pid', 'i'), ('int', 'unused', 'i'),
                                          ('u64', 'runtime', 'Q'), ('u64', 'vruntime', 'Q')],
                           '"comm=%s pid=%d runtime=%Lu [ns] vruntime=%Lu [ns]", REC->comm, REC->pid, REC->runtime, REC->vruntime'),
    'page_fault_user': (310, 'exceptions', [('unsigned long', 'address', 'Q'), ('unsigned long', 'ip', 'Q'),
                                            ('unsigned long', 'error_code', 'Q')],
                        '"address=0x%lx ip=0x%lx error_code=0x%lx", REC->address, REC->ip, REC->error_code'),
}


def words(number, system, fields, how, named=None):
    """An event of 64-bit words; @fields: their names, @how: as printf has it; @named: field: names of its values, from 0 on."""
    def value(field):
        if field not in (named or {}):
            return f', REC->{field}'
        return f', __print_symbolic(REC->{field}, ' + ', '.join(f'{{ {i}, "{n}" }}' for i, n in enumerate(named[field])) + ')'
    return (number, system, [("unsigned long", f, "Q") for f in fields.split()],
            f"\"{how}\"" + "".join(value(f) for f in fields.split()))


SOFTIRQS = {'vec': ['SCHED']}
PASSES = {'idle': ['busy', 'idle', 'newidle'], 'type': ['none', 'task', 'load', 'spread', 'misfit']}
IPIS = {'reason': ['Rescheduling interrupts', 'Function call interrupts', 'CPU stop interrupts']}


EVENTS.update({
    'irq_handler_entry': words(311, 'irq', 'irq', 'irq=%lu name=plic'),
    'irq_handler_exit': words(312, 'irq', 'irq', 'irq=%lu ret=handled'),
    'softirq_raise': words(313, 'irq', 'vec', 'action=%s', SOFTIRQS),
    'softirq_entry': words(314, 'irq', 'vec', 'action=%s', SOFTIRQS),
    'softirq_exit': words(315, 'irq', 'vec', 'action=%s', SOFTIRQS),
    'hrtimer_expire_entry': words(316, 'timer', 'hrtimer function now', 'hrtimer=%016lx function=%ps now=%lu'),
    'hrtimer_expire_exit': words(317, 'timer', 'hrtimer', 'hrtimer=%016lx'),
    'ipi_raise': words(318, 'ipi', 'target_mask reason', 'target_mask=%08lx (%s)', IPIS),
    'ipi_entry': words(319, 'ipi', 'reason', '(%s)', IPIS),
    'ipi_exit': words(320, 'ipi', 'reason', '(%s)', IPIS),
    'sys_enter': words(321, 'raw_syscalls', 'id a0 a1 a2 a3 a4 a5', 'NR %lu (%lx, %lx, %lx, %lx, %lx, %lx)'),
    'sys_exit': words(322, 'raw_syscalls', 'id ret', 'NR %lu = %ld'),
    'signal_generate': words(323, 'signal', 'sig code pid group', 'sig=%lu errno=0 code=%ld pid=%lu grp=%lu res=0'),
    'signal_deliver': words(324, 'signal', 'sig code sa_handler sa_flags', 'sig=%lu errno=0 code=%ld sa_handler=%lx sa_flags=%lx'),
    'mm_page_alloc': words(325, 'kmem', 'pfn order', 'pfn=0x%lx order=%lu'),
    'mm_page_free': words(326, 'kmem', 'pfn order', 'pfn=0x%lx order=%lu'),
    'load_balance': words(327, 'balance', 'cpu level idle busiest type imbalance moved',
                          'cpu=%lu level=%lu idle=%s busiest=%ld type=%s imbalance=%lu moved=%lu', PASSES),
})
EVENTS['getname'] = (328, 'fs', [('char', 'pathname[56]', '56s')], '"pathname=%s", REC->pathname')
STATES = {'R': 0, 'S': 1, 'D': 2, 'T': 4, 't': 8, 'X': 16, 'Z': 32, 'R+': 256}


def format_of(name):
    number, _, fields, how = EVENTS[name]
    text, offset = f'name: {name}\nID: {number}\nformat:\n', 0
    for i, (kind, field, code) in enumerate(COMMON + fields):
        size = struct.calcsize('<' + code)
        text += f'\tfield:{kind} {field};\toffset:{offset};\tsize:{size};\tsigned:{int(code.islower() and "s" not in code)};\n'
        text += '\n' if i == len(COMMON) - 1 else ''
        offset += size
    return (text + f'\nprint fmt: {how}\n').encode()


def body_of(e):
    """The bytes of an event, as its format says."""
    name = 'print' if e.name == 'tracing_mark_write' else e.name
    number, _, fields, _ = EVENTS[name]
    head = struct.pack('<HBBi', number, (e.flags & 1) | (4 if e.flags & 2 else 0) | (8 if e.flags & 4 else 0) |
                       (16 if e.flags & 8 else 0), e.depth, e.pid)
    t = getattr(e, 'task', None)
    if name == 'sched_switch':
        values = [e.who(e.comm, e.pid).encode(), e.pid, t.prev_prio, STATES.get(t.state, 0), e.who(t.comm, t.pid).encode(), t.pid,
                  t.prio]
    elif name == 'sched_migrate_task':
        values = [t.comm.encode(), t.pid, t.prio, t.orig_cpu, t.cpu]
    elif name == 'sched_process_fork':
        values = [e.comm.encode(), e.pid, t.comm.encode(), t.pid]
    elif name == 'sched_process_exit':
        values = [t.comm.encode(), t.pid, t.prio]
    elif name == 'sched_process_exec':
        values = [e.rest, e.pid, e.pid]
    elif name == 'getname':
        values = [e.rest]
    elif name == 'sched_stat_runtime':
        values = [e.comm.encode(), e.pid, 0, *struct.unpack_from('<QQ', e.rest)]
    elif t is None and name != 'print':
        values = e.words()[:len(fields)]
    elif name == 'print':
        return head + struct.pack('<Q', 0) + e.rest.split(b'\0')[0] + b'\n\0'
    else:
        values = [t.comm.encode(), t.pid, t.prio, t.cpu]
    return head + struct.pack('<' + ''.join(f[2] for f in fields), *values)


def pages_of(events):
    """Ring-buffer pages of one hart."""
    out, page, last = [], b'', 0

    def finish():
        if page:
            out.append(struct.pack('<QQ', first, len(page)) + page + bytes(PAGE - 16 - len(page)))

    for e in events:
        body = body_of(e)
        body += bytes(-len(body) % 4)
        if not page or len(page) + len(body) + 16 > PAGE - 16:
            finish()
            page, first, last = b'', e.ts, e.ts
        delta = e.ts - last
        if delta >> 27:         # an event of its own carries what is too long
            page += struct.pack('<II', 30 | (delta & 0x7ffffff) << 5, delta >> 27)
            delta = 0
        if len(body) <= 28 * 4:
            page += struct.pack('<I', len(body) // 4 | delta << 5) + body
        else:
            page += struct.pack('<II', delta << 5, len(body) + 4) + body
        last = e.ts
    finish()
    return b''.join(out)


def head(trace, version):
    """What events are there and how their bytes are to be read; perf.data has the same."""
    def sized(code, data):
        return struct.pack(code, len(data)) + data

    systems = {}
    for name, (_, system, _, _) in EVENTS.items():
        systems.setdefault(system, []).append(name)
    out = b'\x17\x08\x44tracing' + version + b'\0' + struct.pack('<BBI', 0, 8, PAGE)
    out += b'header_page\0' + sized('<Q', HEADER_PAGE.encode()) + b'header_event\0' + sized('<Q', HEADER_EVENT.encode())
    ftrace = systems.pop('ftrace')
    out += struct.pack('<I', len(ftrace)) + b''.join(sized('<Q', format_of(n)) for n in ftrace)
    out += struct.pack('<I', len(systems))
    for system, names in systems.items():
        out += system.encode() + b'\0' + struct.pack('<I', len(names)) + b''.join(sized('<Q', format_of(n)) for n in names)
    comms = {e.pid: e.comm for e in trace.events if e.pid}
    symbols = ''.join(f'{at:016x} t {name}\n' for at, name in sorted(trace.functions.items())).encode()
    return out + sized('<I', symbols) + sized('<I', b'') + sized(
        '<Q', ''.join(f'{p} {c}\n' for p, c in sorted(comms.items())).encode())


def write(trace, path):
    out = head(trace, b'6') + struct.pack('<I', trace.harts) + b'options  \0' + struct.pack('<H', 0) + b'flyrecord\0'
    data = [pages_of([e for e in trace.events if e.cpu == cpu]) for cpu in range(trace.harts)]
    at = -(-(len(out) + 16 * trace.harts) // PAGE) * PAGE
    first = at
    for d in data:
        out += struct.pack('<QQ', at, len(d))
        at += len(d)
    with open(path, 'wb') as f:
        f.write(out + bytes(first - len(out)))
        f.writelines(data)
