# SPDX-License-Identifier: MIT
"""A QEMU machine with Hartwood in it: how it is started, and what is read of it. What its program has of the host: channel.py."""
import contextlib
import ctypes
import json
import os
import queue
import select
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

import gdbstub
import steal
from channel import Channel
from rundir import packed

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PANIC_STATUS = 255
TIMEOUT_STATUS = 124
QUIT_STATUS = 130
MIN_QEMU = (7, 2)
SMALL_ARCHIVE = 16 << 20        # unpacks in the 128M of a machine as it is
MAX_ARCHIVE = 880 << 20         # from where QEMU puts it to where it puts the device tree


class Problem(Exception):
    """Something the user can mend; its text says what."""


def qemu_binary():
    return os.environ.get('QEMU', 'qemu-system-riscv64')


def qemu_version():
    try:
        out = subprocess.run([qemu_binary(), '--version'], capture_output=True, text=True).stdout
    except FileNotFoundError:
        raise Problem(f'{qemu_binary()} is not installed (package qemu-system-misc)')
    words = out.split('version ', 1)[-1].split('.')
    try:
        return int(words[0]), int(words[1].split()[0])
    except (ValueError, IndexError):
        raise Problem(f'cannot tell the version of {qemu_binary()}')


def check_qemu():
    version = qemu_version()
    if version < MIN_QEMU:
        raise Problem('QEMU %d.%d is too old: 7.2 or newer is needed' % version)


def parse_topology(spec):
    """PACKAGESxCLUSTERSxCORESxTHREADS to four numbers."""
    try:
        parts = [int(p) for p in spec.split('x')]
    except ValueError:
        parts = []
    if len(parts) != 4 or min(parts) < 1:
        raise Problem(f'--topology {spec}: PACKAGESxCLUSTERSxCORESxTHREADS is wanted, as 2x1x2x2')
    return parts


def dump_dtb(base_cmd, out):
    """QEMU's own device tree for this machine."""
    subprocess.run(base_cmd + ['-machine', f'dumpdtb={out}'], check=True, capture_output=True)


def topology_dtb(dump, shape, out):
    """Write the wanted cpu-map into the device tree @dump, in which QEMU's is flat."""
    source = subprocess.run(['dtc', '-I', 'dtb', '-O', 'dts', dump], check=True, capture_output=True,
                            text=True).stdout
    phandles, cpu = {}, None    # by hart: its name's number is decimal here and hexadecimal there
    for line in source.splitlines():
        text = line.strip()
        if text.startswith('cpu@'):
            cpu = {}
        elif cpu is not None and text.startswith(('phandle =', 'reg =')):
            cpu[text.split()[0]] = text.split('<')[1].split('>')[0]
            if len(cpu) == 2:
                phandles[int(cpu['reg'], 16)] = cpu['phandle']
                cpu = None
    start = source.index('cpu-map {')
    depth, end = 0, start
    while True:
        depth += {'{': 1, '}': -1}.get(source[end], 0)
        end += 1
        if depth == 0 and source[end - 1] == '}':
            break
    hart, text = 0, 'cpu-map {\n'
    packages, clusters, cores, threads = shape
    for p in range(packages):
        text += f'socket{p} {{\n'
        for c in range(clusters):
            text += f'cluster{c} {{\n'
            for k in range(cores):
                text += f'core{k} {{\n'
                for t in range(threads):
                    link = f'cpu = <{phandles[hart]}>;\n'
                    text += link if threads == 1 else f'thread{t} {{ {link} }};\n'
                    hart += 1
                text += '};\n'
            text += '};\n'
        text += '};\n'
    text += '}'
    subprocess.run(['dtc', '-I', 'dts', '-O', 'dtb', '-q', '-o', out], input=source[:start] + text + source[end:],
                   check=True, capture_output=True, text=True)


def numa_args(specs, distances, ram=None):
    """vng's spelling: SIZE,cpus=A-B, once a node; A,B=D, once a pair. @ram: the nodes' memory is in files so named, .0 and on."""
    args = []
    for i, spec in enumerate(specs):
        size, _, cpus = spec.partition(',')
        kind = f'file,mem-path={ram}.{i},share=on' if ram else 'ram'
        args += ['-object', f'memory-backend-{kind},id=numa{i},size={size}',
                 '-numa', f'node,nodeid={i},memdev=numa{i}' + (f',{cpus}' if cpus else '')]
    for spec in distances:
        try:
            src, dst, val = (int(p) for p in spec.replace('=', ',').split(','))
        except ValueError:
            raise Problem(f'--numa-distance {spec}: A,B=D is wanted, as 0,1=20')
        args += ['-numa', f'dist,src={src},dst={dst},val={val}']
    return args


class Qmp(threading.Thread):
    """QEMU's control socket: keeps the reason for which the machine ended, and reads registers."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.path, self.ended, self.replies = path, None, queue.Queue()
        self.socket = None

    def run(self):
        try:
            self.socket = gdbstub.connect(self.path)
            self.send('qmp_capabilities')
            for line in self.socket.makefile('r'):
                message = json.loads(line)
                if message.get('event') == 'SHUTDOWN':
                    self.ended = message['data']['reason']
                elif 'return' in message or 'error' in message:
                    self.replies.put(message)
        except (OSError, ValueError):
            pass
        self.replies.put({})

    def harts(self):
        """The threads that are the harts, in order; none of a QEMU that does not answer."""
        try:
            self.replies.get(timeout=5)     # to qmp_capabilities
            self.send('query-cpus-fast')
            return [cpu['thread-id'] for cpu in self.replies.get(timeout=5).get('return', [])]
        except (OSError, AttributeError, queue.Empty):
            return []

    def send(self, command, **arguments):
        self.socket.sendall(json.dumps({'execute': command, 'arguments': arguments}).encode() + b'\n')

    def registers(self, harts):
        """Where each hart is: for a machine that hangs."""
        out = ''
        try:
            if not self.is_alive():
                self.start()
                self.replies.get(timeout=5)
            while not self.replies.empty():
                self.replies.get()
            for i in range(harts):
                self.send('human-monitor-command', **{'command-line': 'info registers', 'cpu-index': i})
                text = self.replies.get(timeout=5).get('return', '')
                out += '\n'.join(l for l in text.splitlines() if ' pc ' in l or 'x1/ra' in l or 'CPU#' in l) + '\n'
        except (OSError, AttributeError, queue.Empty):
            pass
        return out


INIT_MARK = b'init: /'
INIT_STAGE = 'init was started'
FIRMWARE_STAGE = 'only the firmware was seen'
SILENT_STAGE = 'the kernel printed nothing (-v shows what the firmware prints)'


def boot_stage(text):
    """How far a boot came, by what the console (bytes) shows."""
    for mark, stage in ((INIT_MARK, INIT_STAGE), (b'smp: ', 'the harts were started'),
                        (b'Hartwood ', 'the kernel had begun'), (b'OpenSBI', FIRMWARE_STAGE)):
        if mark in text:
            return stage
    return SILENT_STAGE


LIBC, PR_SET_PDEATHSIG = ctypes.CDLL(None), 1


def ends_with_us():
    """Between fork and exec: have the child asked to end when this process (its thread) does, however that ends. Linux alone can."""
    if hasattr(LIBC, 'prctl'):
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def memory_for(archive, told):
    """As QEMU's -m has it: @told, or for None what @archive wants. It lies in memory until all of it is files, and programs want some."""
    from options import size_bytes
    size = os.path.getsize(archive) if archive else 0
    if size > MAX_ARCHIVE:
        raise Problem(f'the root folder has {size >> 20}M; {MAX_ARCHIVE >> 20}M is the most that QEMU finds a place for')
    if told is None:
        return '128M' if size <= SMALL_ARCHIVE else f'{-(-((128 << 20) + size * 9 // 4) >> 27) * 128}M'
    if size > SMALL_ARCHIVE and size_bytes(told) < (32 << 20) + 2 * size:
        raise Problem(f'--memory {told}: the root folder has {size >> 20}M, which want {32 + (2 * size >> 20)}M at least')
    return told


class Machine:
    def __init__(self, kernel, harts=1, memory='128M', icount=None, topology=None, numa=(), append='', root=None,
                 qemu_opts='', debug=False, wait=False, rundir=None, cpu=None, numa_distance=(), boot_hart=None,
                 fdt_edits=(), ram=False, verbose=False, seed=None, initrd_at=None):
        self.kernel, self.harts, self.memory = kernel, harts, memory
        self.icount, self.append, self.debug, self.wait, self.seed = icount, append, debug, wait, seed
        self.verbose = verbose
        self.rundir = rundir or tempfile.mkdtemp(prefix='hartwood-')
        self.own_rundir = rundir is None
        os.makedirs(self.rundir, mode=0o700, exist_ok=True)
        self.topology = parse_topology(topology) if topology else None
        if self.topology:
            p, c, k, t = self.topology
            self.harts = p * c * k * t
        self.numa_distance, self.boot_hart, self.fdt_edits = list(numa_distance), boot_hart, list(fdt_edits)
        self.numa, self.root, self.cpu = list(numa), root, cpu
        # QEMU takes one archive, and ours goes behind one that is wanted.
        self.qemu_words, self.given_initrd = shlex.split(qemu_opts), None
        if '-initrd' in self.qemu_words[:-1]:
            at = self.qemu_words.index('-initrd')
            self.given_initrd = self.qemu_words[at + 1]
            del self.qemu_words[at:at + 2]
        self.initrd_at, self.own_initrd = initrd_at, os.path.join(self.rundir, 'initrd.cpio')
        self.log_path = os.path.join(self.rundir, 'console.log')
        self.gdb_path = os.path.join(self.rundir, 'gdb' if debug else 'hold')
        # Its memory in files, which others may read while it runs and after: the folder is its owner's alone.
        self.ram = os.path.join(self.rundir, 'ram') if ram else None
        self.ram_files = [] if not ram else [f'{self.ram}.{i}' for i in range(len(self.numa))] if self.numa else [self.ram]
        self.steal_path = os.path.join(self.rundir, 'steal.json')
        self.rr = None          # tools/replay.py: 'record'
        self.qmp_path, self.qmp = os.path.join(self.rundir, 'qmp'), None

    def command(self, program=None, interactive=False, loglevel=None, channel=None, held=False):
        """QEMU's command. @channel: what @program, a list of words, has of the host. @held: it stands still until start() lets it go."""
        channel = channel or Channel()
        initrd = self.initrd(channel.archive(program) if program else b'')
        memory = memory_for(initrd, self.memory)
        machine = ['-M', 'virt']
        if self.cpu or os.environ.get('QEMU_CPU_MODEL'):
            machine += ['-cpu', self.cpu or os.environ['QEMU_CPU_MODEL']]
        base = [qemu_binary()] + machine + ['-m', memory, '-smp', str(self.harts)]
        if os.environ.get('QEMU_BIOS'):
            base += ['-bios', os.environ['QEMU_BIOS']]
        base += numa_args(self.numa, self.numa_distance, self.ram)
        if self.ram and not self.numa:
            base += ['-object', f'memory-backend-file,id=ram,size={memory},mem-path={self.ram},share=on', '-machine',
                     'memory-backend=ram']
        cmd = list(base)
        if self.topology or self.fdt_edits or self.initrd_at:
            cmd += ['-dtb', self.device_tree(base, initrd)]
        if self.icount is not None:
            kept = f',rr={self.rr},rrfile={self.rundir}/replay.bin,rrsnapshot=start' if self.rr else ''
            cmd += ['-icount', f'shift={self.icount},sleep=off{kept}', '-seed', '1', '-rtc', 'base=2026-01-01,clock=vm']
        append, dashes, words = f' {self.append} '.partition(' -- ')    # words for init stay behind all that is the kernel's
        args = [append.strip()] if append.strip() else []
        args.append('panic=halt' if self.debug else 'panic=exit')
        # A hart that spins in the firmware runs up to the next timer: have one soon. And with no timer at all,
        # QEMU's frozen clock never lets input through.
        if self.icount is not None and (self.harts > 1 or interactive or channel.stdin is not None):
            args.append('nohz=off')
        # Who waits for another hart lets it go on after some thousand instructions.
        if self.icount is not None and self.harts > 1:
            args.append(f'icount={1000 << self.icount}' + (f',{self.seed}' if self.seed else ''))
        if loglevel is not None:
            args.append(f'loglevel={loglevel}')
        args += ['--', words.strip()] if dashes else []
        cmd += ['-kernel', self.kernel, '-append', ' '.join(args), '-no-reboot']
        if initrd and self.initrd_at:
            cmd += ['-device', f'loader,file={initrd},addr={self.initrd_at.partition(",")[0]},force-raw=on']
        elif initrd:
            cmd += ['-initrd', initrd]
        if interactive:
            cmd += ['-nographic']
        elif self.rr:
            cmd += ['-display', 'none', '-serial', f'file:{self.log_path}', '-monitor', 'none', '-drive',
                    f'file={self.rundir}/start.qcow2,if=none,id=rr,format=qcow2']
        else:
            cmd += ['-display', 'none', '-serial', 'stdio', '-monitor', 'none',
                    '-qmp', f'unix:{self.qmp_path},server=on,wait=off'] + channel.options()
        if self.debug or held:
            cmd += ['-chardev', f'socket,path={self.gdb_path},server=on,wait=off,id=gdb0', '-gdb', 'chardev:gdb0']
            if self.wait or held:
                cmd += ['-S']
        cmd += self.qemu_words + shlex.split(os.environ.get('QEMU_OPTS', ''))
        with open(os.path.join(self.rundir, 'command'), 'w') as f:
            f.write(shlex.join(cmd) + '\n')
        with open(os.path.join(self.rundir, 'root'), 'w') as f:     # where gdb finds programs
            f.write(os.path.abspath(self.root) if self.root else '')
        return cmd

    def initrd(self, session):
        """The archive that QEMU is to load: the folder, or the one named, and @session behind it. None: there is nothing."""
        path = self.pack_root() if self.root else self.given_initrd
        if not session:
            return path
        with open(self.own_initrd, 'wb') as f:
            if path:
                with open(path, 'rb') as given:
                    shutil.copyfileobj(given, f, 1 << 20)
                f.write(b'\0' * (-f.tell() % 4))
            f.write(session)
        return self.own_initrd

    def device_tree(self, base, initrd=None):
        """QEMU's tree with the topology wanted, an archive that is not where QEMU puts it, and what dtc's fdtput is to change."""
        dtb = os.path.join(self.rundir, 'machine.dtb')
        dump_dtb(base, dtb)
        if self.topology:
            topology_dtb(dtb, self.topology, dtb)
        edits = list(self.fdt_edits)
        if initrd and self.initrd_at:
            at, _, cells = self.initrd_at.partition(',')
            start = int(at, 16)
            edits += [f'-t x /chosen linux,initrd-{name} {"0 " * (int(cells or 2) - 1)}{value:x}'
                      for name, value in (('start', start), ('end', start + os.path.getsize(initrd)))]
        for edit in edits:
            options = [w for w in edit.split() if w.startswith('-')]
            if '-t' in options:     # its operand
                options.append(edit.split()[edit.split().index('-t') + 1])
            subprocess.run(['fdtput'] + options + [dtb] + edit.split()[len(options):], check=True)
        return dtb

    def pack_root(self):
        if not os.path.isdir(self.root):
            raise Problem(f'--root {self.root}: no such folder')
        try:
            return packed(self.root, self.rundir)
        except OSError as e:
            raise Problem(str(e)) from None

    def start(self, cmd, **how):
        """Start QEMU, @how as Popen has it, by a command that is held; it goes on unless it is to wait for gdb."""
        proc = subprocess.Popen(cmd, preexec_fn=ends_with_us, **how)
        gdbstub.let_go(self.gdb_path, proc, self.boot_hart, self.verbose, self.wait)
        self.began = time.monotonic_ns()
        return proc

    def registers(self):
        return self.qmp.registers(min(self.harts, 16)) if self.qmp else ''

    def run(self, program, timeout, on_user, on_kernel, stdin=None, loglevel=None, **session):
        """
        Run @program as the whole session, with what more of it Channel takes. @on_user gets its output, @on_kernel what is
        on the console, each from a thread of its own. Returns its status; see PANIC_STATUS, TIMEOUT_STATUS, QUIT_STATUS.
        """
        channel = Channel(on_user, stdin=stdin, **session)
        fds = channel.connect()
        cmd = self.command(program, loglevel=loglevel, channel=channel, held=True)
        log = open(self.log_path, 'wb')
        proc = self.start(cmd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          start_new_session=True, pass_fds=fds)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.steal_path)
        self.proc, self.qmp, quit, started = proc, Qmp(self.qmp_path), threading.Event(), proc.poll() is None
        # Under -icount the harts' order is the same each time as long as QEMU's main thread has nothing else to do.
        watch = None
        if self.icount is None:
            self.qmp.start()
            if self.ram:
                watch = steal.Watch(proc.pid, self.qmp.harts, self.began)
                watch.start()
        elif self.ram:
            steal.write(self.steal_path, [])
        deadline, timed_out = time.monotonic() + timeout, False
        fd = proc.stdout.fileno()
        try:
            channel.start(quit.set)
            while not quit.is_set():
                left = deadline - time.monotonic()
                if left <= 0:
                    timed_out = True
                    on_kernel(b'\nhartwood: time is up; ' + self.stage().encode() + b'\n' + self.registers().encode())
                    break
                if not select.select([fd], [], [], min(left, 0.5))[0]:
                    continue
                data = os.read(fd, 65536)
                if not data:
                    break
                log.write(data)
                log.flush()
                on_kernel(data)
        finally:
            if timed_out or quit.is_set() or sys.exc_info()[0]:
                kill_group(proc)
            log.close()
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self.own_initrd)
            status = proc.wait()
            if watch:
                watch.write(self.steal_path)
            channel.finish(1 if timed_out or quit.is_set() or sys.exc_info()[0] else max(0, deadline - time.monotonic()))
        if timed_out:
            return TIMEOUT_STATUS
        if quit.is_set():
            return QUIT_STATUS
        if self.qmp.is_alive():
            self.qmp.join(5)
        # Where neither program nor kernel print, all that is known is that QEMU ran.
        reached = channel.seen or self.stage() == INIT_STAGE or (started and self.stage() in (FIRMWARE_STAGE, SILENT_STAGE))
        return self.verdict(status, reached or not program, on_kernel)

    def verdict(self, status, reached, on_kernel):
        """What QEMU's @status means. @reached: the kernel has started init, for all one knows."""
        if not reached and status != PANIC_STATUS:
            on_kernel(f'\nhartwood: no program was reached; {self.stage()}; QEMU left with status {status}\n'.encode())
            return PANIC_STATUS
        if status == 0 and self.qmp.ended not in ('guest-shutdown', None):
            on_kernel(f'\nhartwood: the machine was ended from elsewhere: {self.qmp.ended}\n'.encode())
            return PANIC_STATUS
        return status if status >= 0 else PANIC_STATUS

    def stage(self):
        with open(self.log_path, 'rb') as f:
            return boot_stage(f.read())

    def clean(self):
        if self.own_rundir:
            shutil.rmtree(self.rundir, ignore_errors=True)


def kill_group(proc):
    try:
        os.killpg(proc.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def symbolise(kernel, text):
    """Add file:line to the [<address>] of a backtrace."""
    import re
    addresses = sorted(set(re.findall(r'\[<([0-9a-f]{16})>\]', text)))
    tool = shutil.which('riscv64-unknown-elf-addr2line')
    if not addresses or not tool:
        return text
    out = subprocess.run([tool, '-e', kernel] + addresses, capture_output=True, text=True).stdout.splitlines()
    where = {a: os.path.relpath(w.split(' ')[0]) if w.startswith('/') else w.replace('../', '')
             for a, w in zip(addresses, out)}
    return re.sub(r'(\[<([0-9a-f]{16})>\][^\r\n]*)', lambda m: f'{m[1]}  {where.get(m[2], "")}', text)
