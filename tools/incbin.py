#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""incbin.py ARCHIVE OUT.S: a section with the archive in it."""
import os
import sys

with open(sys.argv[2], 'w') as f:
    f.write('\t.section .init.ramfs, "a"\n\t.balign 16\n\t.incbin "%s"\n' % os.path.abspath(sys.argv[1]))
