#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""./hw experiment: every combination runs as often as it is to, alone or as an array job, and the table has what came out.

experiment_test.py KERNEL
"""
import csv
import os
import sys
import tempfile

from tap import done, hw, ok

TEXT = """command = "load run={work}ms instance=4"
repeat = 2
setup = ["echo {latency} > /sys/kernel/debug/sched/latency_ns"]
[matrix]
cpus = [1, 4]
latency = [3000000, 24000000]
work = [30]
"""


def main():
    folder = tempfile.mkdtemp()
    path = folder + '/e.toml'
    kernel = os.path.abspath(sys.argv[1])

    def write(text):
        with open(path, 'w') as f:
            f.write(text)

    def rows():
        with open(folder + '/e.results/results.csv', newline='') as f:
            return list(csv.DictReader(f))

    write(TEXT)
    r = hw('experiment', path, '--last')
    ok(r.stdout == '7\n', 'two times two, twice: runs 0 to 7', r)
    r = hw('experiment', path, '--kernel', kernel, '--run', '5')
    ok(r.returncode == 0 and '"cpus": 1' in r.stdout and '"latency": 24000000' in r.stdout and '"repetition": 1' in r.stdout,
       'run 5 alone, for an array job', r)
    r = hw('experiment', path, '--collect')
    ok(r.returncode == 1 and [x['run'] for x in rows()] == ['5'], 'what is done is collected; not all is', r)
    r = hw('experiment', path, '--kernel', kernel, '-j', '2', '--plot', folder + '/e.svg', '--figure', 'makespan_ms')
    found = rows()
    ok(r.returncode == 0 and len(found) == 8 and {(x['cpus'], x['latency'], x['repetition']) for x in found} ==
       {(c, w, n) for c in '14' for w in ('3000000', '24000000') for n in '01'}, 'all of them', r)
    ok(all(x['status'] == '0' for x in found), 'all ended well', found)
    few = len(os.sched_getaffinity(0)) < 4
    ok(('4 harts on' in r.stderr) == few, 'that the host has fewer CPUs than the machine harts is said', r.stderr)
    one, four = ([float(x['makespan_ms']) for x in found if x['cpus'] == c] for c in '14')
    ok(min(one) >= 119, 'four times 30 ms take 120 on a hart', one)
    ok(min(four) < min(one), 'and less on four', (one, four))
    ok(all(x['jain'] == '1.0' for x in found if x['cpus'] == '1'), 'one hart is even')
    ok(all(0 <= float(x['steal_percent']) <= 100 for x in found), 'what the host took of each run', found)
    ok(len(r.stdout.splitlines()) == 6 and '+-' in r.stdout, 'a line a combination, with confidence intervals', r.stdout)
    ok(os.path.getsize(folder + '/e.svg') > 5000, 'a picture')
    for text, name in ((TEXT.replace('{work}', '{nothing}'), 'a name that is not in the matrix'), ('command = 1', 'no command'),
                       ('command = "true"\nother = 1', 'an unknown word'),
                       (TEXT.replace('cpus =', 'harts ='), 'a name of the matrix that nothing uses'),
                       (TEXT.replace('[1, 4]', '[1, 4000]'), 'a value that the option does not take'),
                       (TEXT + 'topology = "1x1x2x1"', 'cpus that are not the topology\'s'),
                       (TEXT.replace('["echo', '"echo').replace('latency_ns"]', 'latency_ns"'), 'setup that is no list'),
                       ('command = ', 'no TOML'),
                       (TEXT.replace('repeat = 2', 'repeat = 0'), 'no repetition')):
        write(text)
        r = hw('experiment', path, '--kernel', kernel)
        ok(r.returncode == 2 and r.stderr.startswith('hw: ') and r.stderr.count('\n') == 1, f'{name}: said so', r)
    r = hw('experiment', folder + '/none.toml')
    ok(r.returncode == 2 and 'none.toml' in r.stderr, 'no file: said so', r)
    return done()


if __name__ == '__main__':
    sys.exit(main())
