# SPDX-License-Identifier: MIT
"""A trace as perf.data, for perf sched, perf script and perf data convert. Ref: Linux
tools/perf/Documentation/perf.data-file-format.txt.

Each kind of event is one attribute; each event a sample of it, whose raw bytes are those of trace.dat.
"""
import struct

import trace_dat

TRACEPOINT = 2
SAMPLE_TID, SAMPLE_TIME, SAMPLE_CPU, SAMPLE_PERIOD, SAMPLE_RAW, SAMPLE_IDENTIFIER = 1 << 1, 1 << 2, 1 << 7, 1 << 8, 1 << 10, 1 << 16
SAMPLE_TYPE = SAMPLE_TID | SAMPLE_TIME | SAMPLE_CPU | SAMPLE_PERIOD | SAMPLE_RAW | SAMPLE_IDENTIFIER
SAMPLE_ID_ALL = 1 << 18
RECORD_COMM, RECORD_SAMPLE, MISC_KERNEL = 3, 9, 1
FEATURE_TRACING_DATA = 1
# What perf data convert puts into CTF's environment.
FEATURE_STRINGS = {3: 'hartwood', 4: '6.12.0-hartwood', 5: '6.1', 6: 'riscv64'}    # host, release, perf's version, architecture
HEADER_SIZE, ATTR_SIZE = 104, 112


def record(kind, misc, body):
    return struct.pack('<IHH', kind, misc, len(body) + 8) + body


def comm_record(e, identifier):
    name = e.comm.encode()
    name += bytes(8 - len(name) % 8)
    return record(RECORD_COMM, 0, struct.pack('<ii', e.tgid, e.pid) + name +
                  struct.pack('<iiQIIQ', e.tgid, e.pid, e.ts, e.cpu, 0, identifier))


def sample(e, identifier):
    raw = trace_dat.body_of(e)
    raw += bytes(-(len(raw) + 4) % 8)
    return record(RECORD_SAMPLE, MISC_KERNEL, struct.pack('<QiiQIIQI', identifier, e.tgid, e.pid, e.ts, e.cpu, 0, 1, len(raw)) + raw)


def write(trace, path):
    names = [n for n in trace_dat.EVENTS if n != 'print']
    attrs, ids = b'', b''
    at_ids = HEADER_SIZE
    at_attrs = at_ids + 8 * len(names)
    for i, name in enumerate(names):
        attr = struct.pack('<IIQQQQQ', TRACEPOINT, ATTR_SIZE, trace_dat.EVENTS[name][0], 1, SAMPLE_TYPE, 0, SAMPLE_ID_ALL)
        attrs += attr + bytes(ATTR_SIZE - len(attr)) + struct.pack('<QQ', at_ids + 8 * i, 8)
        ids += struct.pack('<Q', i + 1)
    data, known = [], {}
    for e in trace.events:
        if e.name not in names:
            continue
        if e.pid and known.get(e.pid) != e.comm:
            known[e.pid] = e.comm
            data.append(comm_record(e, 1))
        data.append(sample(e, names.index(e.name) + 1))
    data = b''.join(data)
    at_data = at_attrs + len(attrs)
    tracing = trace_dat.head(trace, b'0.6')
    at_features = at_data + len(data)
    sections = [tracing]
    for text in FEATURE_STRINGS.values():
        text = text.encode() + bytes(64 - len(text))
        sections.append(struct.pack('<I', len(text)) + text)
    features, at = b'', at_features + 16 * len(sections)
    for section in sections:
        features += struct.pack('<QQ', at, len(section))
        at += len(section)
    features += b''.join(sections)
    header = b'PERFILE2' + struct.pack('<QQQQQQQQ', HEADER_SIZE, ATTR_SIZE + 16, at_attrs, len(attrs), at_data, len(data), 0, 0)
    header += struct.pack('<QQQQ', 1 << FEATURE_TRACING_DATA | sum(1 << bit for bit in FEATURE_STRINGS), 0, 0, 0)
    with open(path, 'wb') as f:
        f.write(header + ids + attrs + data + features)
