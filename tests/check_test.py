#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What tools/check.py says of walls: each fault that is planted in a small tree is told, once and where it is, and what is right is not."""
import os
import sys
import tempfile

from tap import ROOT, done, ok

sys.path.insert(0, os.path.join(ROOT, 'tools'))
sys.dont_write_bytecode = True
import check  # noqa: E402

FIELDS = 'struct one {\n\tint id;\t/* [I] */\n\tint n;\t/* [s] */\n};\nstruct two {\n\tstruct one one;\n};\n'
# The check, a file, its text, and the line that is told; 0: none.
CASES = [
    (check.check_layers, 'src/vm/a.c', '#include "proc/fork.h"\n', 1),
    (check.check_layers, 'src/proc/a.c', '#include "vm/mm.h"\n', 0),
    (check.check_prototypes, 'src/proc/a.c', 'int one(void)\n{\n\treturn 1;\n}\n\nlong two(int a,\n\t int b);\n', 6),
    (check.check_prototypes, 'src/proc/a.c', 'extern void two(int (*fn)(void *), int);\n', 1),
    (check.check_prototypes, 'src/proc/a.c', 'int one(void)\n{\n\textern int two(void);\n\n\treturn two();\n}\n', 3),
    (check.check_prototypes, 'src/proc/a.c', '/*\n * int two(void);\n */\nstatic int one(int n);\nint n __section(".sdata");\n', 0),
    (check.check_contracts, 'src/proc/a.h', '/** one - The first. Context: any. */\nint one(void);\nint two(void);\n', 3),
    (check.check_contracts, 'src/proc/a.h', '/** one, two - Both. Context: any. */\nint one(void);\nint two(int a,\n\tint b);\n', 0),
    (check.check_contracts, 'src/proc/a.h', 'struct ops {\n\tint (*one)(int);\n};\nstatic inline int two(void)\n{\n\treturn f(1);\n}\n', 0),
    (check.check_held, 'src/sched/a.h', '/** one - It. Context: rq->lock held. */\nstatic inline void one(struct rq *rq)\n{\n'
     '\tf(rq);\n}\n', 2),
    (check.check_held, 'src/sched/a.h', '/** one - It. Context: rq->lock held. */\nstatic inline void one(struct rq *rq)\n{\n'
     '\tlockdep_assert_held(&rq->lock);\n}\n', 0),
    (check.check_letters, 'src/proc/a.c', FIELDS + 'static void f(struct one *p)\n{\n\tp->n = 1;\n}\n', 10),
    (check.check_letters, 'src/proc/a.c', FIELDS + 'static void f(struct one *p)\n{\n\tspin_lock(&p->siglock);\n\tp->n = 1;\n}\n', 0),
    (check.check_letters, 'src/proc/a.c', FIELDS + 'static void f(struct two *p)\n{\n\tp->one.id++;\n}\n', 10),
    (check.check_letters, 'src/proc/a.c', FIELDS + 'static void one_init(struct one *p)\n{\n\tp->id = 1;\n}\n', 0),
    (check.check_abi, 'src/proc/a.c', '#define WNOHANG 1\n', 1),
    (check.check_abi, 'tests/guest/a.c', '\n#define CLOCK_TAI 11\n', 2),
    (check.check_abi, 'user/a.c', '#define WIDTH 80\n', 0),
]


for function, name, text, line in CASES:
    with tempfile.TemporaryDirectory() as top:
        for path, content in ((name, text), ('src/abi/wait.h', '#define WNOHANG 1\n')):
            os.makedirs(os.path.dirname(os.path.join(top, path)), exist_ok=True)
            with open(os.path.join(top, path), 'w') as f:
                f.write(content)
        told = list(function(top, [name, 'src/abi/wait.h']))
    ok(len(told) == (line > 0) and (not line or told[0].startswith(f'{name}:{line}:')),
       f'{function.__name__}: {text.strip().splitlines()[0]!r}', told)
sys.exit(done())
