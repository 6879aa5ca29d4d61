# SPDX-License-Identifier: MIT
"""What gdb knows of the kernel: commands and functions in the names of Linux's scripts/gdb, and some of our own.

gdb loads it by itself beside kernel.elf (./hw gdb). "help hartwood" lists the commands.
"""
import contextlib
import os

import gdb

PAGE_OFFSET, KERNEL_OFFSET = 0xffffffd800000000, 0xffffffff00000000
MASK = (1 << 64) - 1
SATP_SV39 = 8 << 60
STATES = {0: 'R', 1: 'S', 2: 'D', 4: 'T', 8: 't', 0x80: 'X'}
CALLEE_SAVED = ['s%d' % i for i in range(12)]


@contextlib.contextmanager
def supervisor():
    """QEMU reads memory as the selected hart may: one that is in user mode is lent the kernel's rights."""
    thread, mode = gdb.selected_thread(), int(gdb.parse_and_eval('$priv'))
    if mode == 0:
        gdb.execute('set $priv = 1', to_string=True)
    try:
        yield
    finally:
        thread.switch()
        if mode == 0:
            gdb.newest_frame().select()
            gdb.execute('set $priv = 0', to_string=True)


def number(value):
    return int(value) & MASK


def variable(name):
    symbol = gdb.lookup_global_symbol(name) or gdb.lookup_static_symbol(name)
    if symbol is None:
        raise gdb.GdbError(f'the kernel has no {name}')
    return symbol.value()


def chain(first, following):
    """The members of a LIST or TAILQ."""
    item = first
    while item:
        yield item
        item = following(item)


def tree(node, entry):
    """Those of a red-black tree, in order."""
    if node:
        yield from tree(node[entry]['rbe_left'], entry)
        yield node
        yield from tree(node[entry]['rbe_right'], entry)


def nr_harts():
    return int(variable('nr_cpu_ids'))


def per_cpu(name, cpu):
    symbol = variable(name)
    return gdb.Value((number(symbol.address) + number(variable('__per_cpu_offset')[cpu])) & MASK).cast(symbol.type.pointer()).dereference()


def task_pointer(address):
    return gdb.Value(number(address)).cast(gdb.lookup_type('struct task_struct').pointer())


def current_of(thread):
    """The task that a hart runs: tp in the kernel, sscratch while in user mode."""
    before = gdb.selected_thread()
    thread.switch()
    frame = gdb.newest_frame()
    tp = number(frame.read_register('tp'))
    if number(frame.read_register('pc')) < 1 << 63 or tp < 1 << 63:     # or at the first instructions of a trap
        tp = number(frame.read_register('sscratch'))
    before.switch()
    if tp < 1 << 63:
        raise gdb.GdbError('this hart is not in the kernel yet')
    return task_pointer(tp)


def tasks():
    """All threads of all processes, then each hart's idle task."""
    for leader in chain(variable('all_tasks')['lh_first'], lambda t: t['tasks']['le_next']):
        yield from chain(leader['signal']['threads']['tqh_first'], lambda t: t['thread_node']['tqe_next'])
    for cpu in range(nr_harts()):
        yield per_cpu('runqueues', cpu)['idle']


def task_of(pid):
    for task in tasks():
        if int(task['pid']) == pid:
            return task
    raise gdb.GdbError(f'no task {pid}')


def running_on(task):
    """The gdb thread of the hart that runs it, or None."""
    for thread in gdb.selected_inferior().threads():
        try:
            if number(current_of(thread)) == number(task):
                return thread
        except gdb.GdbError:
            pass
    return None


def place(address):
    text = gdb.execute(f'info symbol {address:#x}', to_string=True).split(' in section')[0].strip()
    return text if not text.startswith('No symbol') else f'{address:#x}'


def state(task):
    if int(task['exit_state']):
        return 'Z'
    return STATES.get(int(task['__state']) & 0x8f, '?')


def comm(task):
    return task['comm'].string()


class Command(gdb.Command):
    def __init__(self):
        self.__doc__ = type(self).__doc__
        super().__init__(self.name, gdb.COMMAND_DATA)

    def invoke(self, text, from_tty):
        with supervisor():
            self.run(*gdb.string_to_argv(text))


class Hartwood(Command):
    """Commands on the kernel: lx-ps, lx-dmesg, lx-cpus, hw-runq, hw-domains, hw-vmas, hw-vtop, hw-bt, hw-locks,
hw-user, hw-fault;
functions: $lx_current(), $lx_per_cpu("runqueues", hart), $lx_task_by_pid(pid)."""
    name = 'hartwood'

    def run(self, *args):
        print(self.__doc__)


class LxPs(Command):
    """lx-ps: all tasks: address, pid, state, hart, name, and where one that sleeps does so."""
    name = 'lx-ps'

    def run(self, *args):
        print(f'{"TASK":<18} {"PID":>5} S {"HART":>4} {"COMM":<16} WHERE')
        for t in tasks():
            where = 'running' if int(t['on_cpu']) else place(self.sleeps_at(t))
            print(f'{number(t):#018x} {int(t["pid"]):>5} {state(t)} {int(t["thread_info"]["cpu"]):>4} {comm(t):<16} {where}')

    @staticmethod
    def sleeps_at(task):
        """The first return address on its stack that is not the scheduler's."""
        stack, sp = gdb.selected_inferior(), number(task['thread']['sp'])
        best = number(task['thread']['ra'])
        for offset in range(0, 512, 8):
            try:
                word = int.from_bytes(stack.read_memory(sp + offset, 8).tobytes(), 'little')
            except gdb.MemoryError:
                break
            if word >> 31 != 0x1ffffffff:
                continue
            name = place(word)
            if '+' in name and not name.startswith(('__schedule', 'schedule', 'preempt_schedule', 'finish_task_switch')):
                return word
        return best


class LxDmesg(Command):
    """lx-dmesg: the kernel's log."""
    name = 'lx-dmesg'

    def run(self, *args):
        buffer, end = variable('log_buf'), number(variable('log_end'))
        size = buffer.type.sizeof
        data = gdb.selected_inferior().read_memory(number(buffer.address), size).tobytes()
        start = max(end - size, 0)
        print(b''.join(data[i % size:i % size + 1] for i in range(start, end)).decode(errors='replace'), end='')


class LxCpus(Command):
    """lx-cpus: harts: number, hartid, online or not, and what each runs."""
    name = 'lx-cpus'

    def run(self, *args):
        online = variable('cpu_online_mask')['bits']
        for cpu in range(nr_harts()):
            task = per_cpu('runqueues', cpu)['curr']
            up = int(online[cpu // 64]) >> cpu % 64 & 1
            print(f'{cpu:>3} hartid {int(variable("cpuid_to_hartid")[cpu]):>3} {"online " if up else "offline"} '
                  f'{int(task["pid"])} {comm(task)}' if task else f'{cpu:>3} no task yet')


class HwRunq(Command):
    """hw-runq [HART]: run queues: what runs, what waits in each class, in the order it would run."""
    name = 'hw-runq'

    def run(self, *args):
        for cpu in [int(args[0])] if args else range(nr_harts()):
            rq = per_cpu('runqueues', cpu)
            curr = rq['curr']
            print(f'hart {cpu}: {int(rq["nr_running"])} to run, {int(rq["nr_switches"])} switches, clock {number(rq["clock"]) / 1e9:.6f}')
            print(f'  running   {int(curr["pid"]):>5} {comm(curr):<16} prio {int(curr["prio"])}')
            for se in tree(rq['dl']['tree']['rbh_root'], 'node'):
                task = self.owner(se, 'dl')
                print(f'  deadline  {int(task["pid"]):>5} {comm(task):<16} deadline {number(se["deadline"]) / 1e9:.6f}')
            for prio in range(100):
                for rt in chain(rq['rt']['queue'][prio]['tqh_first'], lambda e: e['run_list']['tqe_next']):
                    task = self.owner(rt, 'rt')
                    print(f'  real-time {int(task["pid"]):>5} {comm(task):<16} prio {prio}')
            self.show_fair(rq['cfs'], '  ')

    @staticmethod
    def owner(entity, field):
        offset = next(f.bitpos // 8 for f in gdb.lookup_type('struct task_struct').fields() if f.name == field)
        return task_pointer(number(entity) - offset)

    def show_fair(self, cfs, indent):
        least = number(cfs['min_vruntime'])
        for se in tree(cfs['tasks_timeline']['rbh_root'], 'run_node'):
            ahead = ((number(se['vruntime']) - least + (1 << 63)) & MASK) - (1 << 63)
            if se['my_q']:
                print(f'{indent}group     weight {int(se["load"]["weight"])}, {ahead / 1e6:+.3f} ms')
                self.show_fair(se['my_q'], indent + '  ')
            else:
                task = self.owner(se, 'se')
                print(f'{indent}fair      {int(task["pid"]):>5} {comm(task):<16} weight {int(se["load"]["weight"])}, {ahead / 1e6:+.3f} ms')


class HwDomains(Command):
    """hw-domains [HART]: the scheduling domains that a hart is in, and their groups."""
    name = 'hw-domains'

    def run(self, *args):
        def harts(mask):
            return ','.join(str(c) for c in range(nr_harts()) if int(mask['bits'][c // 64]) >> c % 64 & 1)

        for cpu in [int(args[0])] if args else range(nr_harts()):
            for n, sd in enumerate(chain(per_cpu('sd_base', cpu), lambda d: d['parent'])):
                groups, group = [], sd['groups']
                while True:
                    groups.append(harts(group['span']))
                    group = group['next']
                    if number(group) == number(sd['groups']):
                        break
                print(f'hart {cpu} domain-{n} {sd["name"].string()}: harts {harts(sd["span"])}; groups '
                      + ' '.join(f'{{{g}}}' for g in groups))


class HwVmas(Command):
    """hw-vmas PID: the regions of a process's address space."""
    name = 'hw-vmas'

    def run(self, *args):
        if len(args) != 1:
            raise gdb.GdbError('hw-vmas PID')
        mm = task_of(int(args[0]))['mm']
        if not mm:
            raise gdb.GdbError('a kernel thread has no address space')
        for vma in chain(mm['mmap']['tqh_first'], lambda v: v['vm_list']['tqe_next']):
            flags = int(vma['vm_flags'])
            rights = ''.join(c if flags >> i & 1 else '-' for i, c in enumerate('rwx')) + ('s' if flags & 8 else 'p')
            what = 'file' if vma['vm_file'] else 'shared' if vma['vm_mapping'] else ''
            print(f'{number(vma["vm_start"]):012x}-{number(vma["vm_end"]):012x} {rights} {number(vma):#x} {what}')


class HwVtop(Command):
    """hw-vtop ADDR [PID]: walk the page tables of ADDR, as PID has them or as this hart has."""
    name = 'hw-vtop'

    def run(self, *args):
        if not 1 <= len(args) <= 2:
            raise gdb.GdbError('hw-vtop ADDR [PID]')
        address = number(gdb.parse_and_eval(args[0]))
        if len(args) == 2:
            mm = task_of(int(args[1]))['mm']
            if not mm:
                raise gdb.GdbError('a kernel thread has no address space')
            table = number(mm['pgd'])
            table -= PAGE_OFFSET if table < KERNEL_OFFSET else KERNEL_OFFSET
        else:
            satp = number(gdb.parse_and_eval('$satp'))
            if not satp:
                raise gdb.GdbError('paging is off on this hart')
            table = (satp & (1 << 44) - 1) << 12
        for level, shift in ((2, 30), (1, 21), (0, 12)):
            entry_at = table + (address >> shift & 511) * 8
            entry = int.from_bytes(gdb.selected_inferior().read_memory(entry_at + PAGE_OFFSET, 8).tobytes(), 'little')
            bits = ''.join(c if entry >> i & 1 else '-' for i, c in enumerate('vrwxugad'))
            print(f'level {level}: entry at {entry_at:#x} = {entry:#018x} {bits[::-1]}')
            if not entry & 1:
                print('not mapped')
                return
            table = (entry >> 10 & (1 << 44) - 1) << 12
            if entry & 0xe:
                print(f'{address:#x} is physical {table + (address & (1 << shift) - 1):#x}')
                return


class HwBt(Command):
    """hw-bt PID: backtrace of a task, wherever it sleeps or runs."""
    name = 'hw-bt'

    def run(self, *args):
        if len(args) != 1:
            raise gdb.GdbError('hw-bt PID')
        task = task_of(int(args[0]))
        before, thread = gdb.selected_thread(), running_on(task)
        print(f'{comm(task)}, pid {int(task["pid"])}, {"runs on hart " + str(int(task["thread_info"]["cpu"])) if thread else "sleeps"}')
        if thread:
            thread.switch()
            gdb.execute('backtrace')
            before.switch()
            return
        # Lend this hart the task's registers for as long as the walk lasts.
        gdb.newest_frame().select()
        names = ['satp', 'pc', 'sp', 'ra'] + CALLEE_SAVED
        kept = {name: number(gdb.newest_frame().read_register(name)) for name in names}
        saved = task['thread']
        lent = {'satp': self.satp_of(task, kept['satp']), 'pc': saved['ra'], 'ra': saved['ra'], 'sp': saved['sp'],
                **{n: saved['s'][i] for i, n in enumerate(CALLEE_SAVED)}}
        try:
            self.set_registers(lent)
            gdb.execute('backtrace')
        finally:
            self.set_registers(kept)

    @staticmethod
    def satp_of(task, own):
        """With its address space, for the frames in the program; a kernel thread does with any."""
        if not task['mm']:
            return own
        table = number(task['mm']['pgd'])
        return SATP_SV39 | (table - (PAGE_OFFSET if table < KERNEL_OFFSET else KERNEL_OFFSET)) >> 12

    @staticmethod
    def set_registers(values):
        for name, value in values.items():
            gdb.newest_frame().select()         # each change makes the frames anew
            try:
                gdb.execute(f'set ${name} = {number(value):#x}', to_string=True)
            except gdb.error:       # it is set; gdb then looks for the frame that was selected, along a stack that is half another's
                if number(gdb.newest_frame().read_register(name)) != number(value):
                    raise


class HwLocks(Command):
    """hw-locks: the sleeping locks that each task holds (debug build)."""
    name = 'hw-locks'

    def run(self, *args):
        if not any(f.name == 'held_locks' for f in gdb.lookup_type('struct task_struct').fields()):
            raise gdb.GdbError('a release build does not keep that: use --debug-kernel')
        classes = gdb.lookup_type('enum lock_class').fields()
        for t in tasks():
            held = t['held_locks']
            for i in range(int(held['depth'])):
                lock = held['held'][i]
                name = next((f.name for f in classes if f.enumval == int(lock['class'])), '?')
                print(f'{int(t["pid"]):>5} {comm(t):<16} {name:<16} {place(number(lock["lock"]))}')


class HwUser(Command):
    """hw-user PROGRAM [OFFSET]: have the symbols of a program, too: the name of one of this build, or a file; OFFSET: what was
added to the addresses it was linked for (static PIE). Programs lie at the same addresses, so it is one at a time, and a
breakpoint in it stops whoever comes there: b main if $_streq($lx_current().comm, "hello")."""
    name = 'hw-user'
    shown = None

    def run(self, *args):
        if not 1 <= len(args) <= 2:
            raise gdb.GdbError('hw-user PROGRAM [OFFSET]')
        path = args[0]
        if '/' not in path:
            kernel = next(o.filename for o in gdb.objfiles() if o.lookup_global_symbol('start_kernel'))
            path = os.path.join(os.path.dirname(kernel), 'user', path + '.elf')
        if not os.path.isfile(path):
            raise gdb.GdbError(f'no such file: {path}')
        if self.shown:
            gdb.execute(f'remove-symbol-file "{self.shown}"', to_string=True)
        gdb.execute(f'add-symbol-file "{path}"' + (f' -o {number(gdb.parse_and_eval(args[1])):#x}' if len(args) == 2 else ''),
                    to_string=True)
        self.shown = path
        print(f'symbols of {path}')


class HwFault(Command):
    """hw-fault [PID]: let the machine go on to the next page fault (of PID), and tell its way, function by function. The debug
build (--debug-kernel) has them all; what the compiler made a part of its caller is not seen in the other."""
    name = 'hw-fault'
    WAY = ('handle_page_fault', 'do_user_addr_fault', 'do_kern_addr_fault', 'vm_on_fault', 'find_vma', 'expand_stack',
           'handle_mm_fault', 'do_anonymous_page', 'do_fault', 'do_wp_page', 'proc_on_user_fault')
    CAUSES = {12: 'fetch from', 13: 'load from', 15: 'store to'}

    def invoke(self, text, from_tty):
        args = gdb.string_to_argv(text)
        if len(args) > 1:
            raise gdb.GdbError('hw-fault [PID]')
        stops = [self.stop_at('do_exception')]
        stops[0].condition = ' || '.join(f'regs->cause == {cause}' for cause in self.CAUSES)
        try:
            pid = number(gdb.parse_and_eval(args[0])) if args else None
            task = self.go_on(stops)
            while pid not in (None, int(task['pid'])):
                task = self.go_on(stops)
            regs = gdb.newest_frame().read_var('regs')
            address = number(regs['badaddr'])
            print(f'{comm(task)}[{int(task["pid"])}] at {number(regs["epc"]):#x}: {self.CAUSES[int(regs["cause"])]} {address:#x}')
            end = number(gdb.parse_and_eval('&ret_from_exception'))
            stops += [self.stop_at(name) for name in self.WAY + (f'*{end:#x}',)]
            self.tell(stops, task, number(regs))
        finally:
            for stop in stops:
                stop.delete()

    @staticmethod
    def stop_at(where):
        stop = gdb.Breakpoint(where, internal=True)
        stop.silent = True
        return stop

    @staticmethod
    def go_on(stops):
        """To the next of @stops; the task that came there."""
        before = sum(stop.hit_count for stop in stops)
        gdb.execute('continue', to_string=True)
        if sum(stop.hit_count for stop in stops) == before:
            raise gdb.GdbError('stopped elsewhere')
        return current_of(gdb.selected_thread())

    def tell(self, stops, task, regs):
        """The way of @task, to where it leaves by @regs. Others may come along meanwhile, and interrupts of its own."""
        while True:
            if number(self.go_on(stops)) != number(task):
                continue
            if gdb.newest_frame().name() == 'ret_from_exception':
                if number(gdb.newest_frame().read_register('sp')) == regs:
                    print('  ret_from_exception')
                    return
                continue
            print('  ' + gdb.execute('frame', to_string=True).splitlines()[0].split(maxsplit=1)[1])


class LxCurrent(gdb.Function):
    """$lx_current(): the task that the selected hart runs."""
    def __init__(self):
        super().__init__('lx_current')

    def invoke(self):
        with supervisor():
            value = current_of(gdb.selected_thread()).dereference()
            value.fetch_lazy()
            return value


class LxPerCpu(gdb.Function):
    """$lx_per_cpu("NAME", [HART]): a hart's own copy of a variable; without HART that of the selected hart."""
    def __init__(self):
        super().__init__('lx_per_cpu')

    def invoke(self, name, cpu=-1):
        with supervisor():
            if int(cpu) < 0:
                cpu = current_of(gdb.selected_thread())['thread_info']['cpu']
            if not 0 <= int(cpu) < nr_harts():
                raise gdb.GdbError(f'no hart {int(cpu)}')
            value = per_cpu(name.string(), int(cpu))
            value.fetch_lazy()
            return value


class LxTaskByPid(gdb.Function):
    """$lx_task_by_pid(PID): the task_struct of a task."""
    def __init__(self):
        super().__init__('lx_task_by_pid')

    def invoke(self, pid):
        with supervisor():
            value = task_of(int(pid)).dereference()
            value.fetch_lazy()
            return value


for made in (Hartwood, LxPs, LxDmesg, LxCpus, HwRunq, HwDomains, HwVmas, HwVtop, HwBt, HwLocks, HwUser, HwFault,
             LxCurrent, LxPerCpu, LxTaskByPid):
    made()
