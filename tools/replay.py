# SPDX-License-Identifier: MIT
"""
A run of one hart that is kept whole: QEMU's record, and its replay under gdb, which can go backwards there.

What came from outside is in the run's folder, replay.bin; the machine as it was at the start is a snapshot, for which QEMU
wants a disk. Replay takes it from there each time that gdb goes back.
"""
import json
import os
import re
import shutil
import struct
import subprocess
import time

import console
import machine
import rundir
from channel import Channel
from machine import Problem

CLUSTER = 1 << 16
FIRMWARE = re.compile(rb'(?s)\A.*?^Boot HART MEDELEG[^\n]*\n', re.M)


def empty_disk(path):
    """A qcow2 image of 1 MiB with nothing in it: header, table of counts, counts, table of places, a cluster each."""
    image = bytearray(4 * CLUSTER)
    header = struct.pack('>4sIQIIQIIQQIIQQQQII', b'QFI\xfb', 3, 0, 0, 16, 1 << 20, 0, 1, 3 * CLUSTER, CLUSTER, 1, 0, 0, 0, 0, 0, 4, 104)
    image[:len(header)] = header
    struct.pack_into('>Q', image, CLUSTER, 2 * CLUSTER)
    struct.pack_into('>4H', image, 2 * CLUSTER, 1, 1, 1, 1)
    with open(path, 'wb') as f:
        f.write(image)


def record(m, program, env, cwd, timeout, loglevel, out):
    """
    Run @program. Its output is the console's, and goes to @out when it is done: QEMU 7.2 does not replay a machine with ports
    (virtserialport). Return: its status.
    """
    m.rr = 'record'
    empty_disk(os.path.join(m.rundir, 'start.qcow2'))
    cmd = m.command(program, loglevel=4 if loglevel is None else loglevel, channel=Channel(console=True, env=env, cwd=cwd))
    proc = subprocess.Popen(cmd, stdin=subprocess.DEVNULL, preexec_fn=machine.ends_with_us)
    try:
        status = proc.wait(timeout)
    except subprocess.TimeoutExpired:
        return machine.TIMEOUT_STATUS
    finally:
        proc.terminate()
        proc.wait()
    with open(os.path.join(m.rundir, 'record.json'), 'w') as f:
        json.dump(cmd, f)
    with open(m.log_path, 'rb') as log:
        console.Sink(out, boot=True)(log.read() if m.verbose else FIRMWARE.sub(b'', log.read()))
    return status


def start():
    """The machine of the latest run that was recorded, held before its first instruction. Return: its folder."""
    folder = next((p for p in rundir.runs(rundir.state('run')) if os.path.exists(os.path.join(p, 'record.json'))), None)
    if not folder:
        raise Problem('no run was recorded: ./hw run --record -- PROGRAM')
    with open(os.path.join(folder, 'record.json')) as f:
        cmd = json.load(f)
    kernel = cmd[cmd.index('-kernel') + 1]
    if os.path.getmtime(kernel) > os.path.getmtime(os.path.join(folder, 'record.json')):
        raise Problem(f'{kernel} was built anew since that run: record it again')
    said, sock, disk = (os.path.join(folder, name) for name in ('replay.log', 'gdb', 'replay.qcow2'))
    shutil.copy(os.path.join(folder, 'start.qcow2'), disk)
    cmd = [w.replace('rr=record', 'rr=replay').replace('start.qcow2', 'replay.qcow2') for w in cmd]
    cmd += ['-chardev', f'socket,path={sock},server=on,wait=off,id=gdb0', '-gdb', 'chardev:gdb0', '-S']
    with open(said, 'wb') as log:
        proc = subprocess.Popen(cmd, stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=machine.ends_with_us)
    while not os.path.exists(sock):
        if proc.poll() is not None:
            with open(said, errors='replace') as log:
                raise Problem('the replay did not begin: ' + log.read().strip()[-300:])
        time.sleep(0.05)
    return folder
