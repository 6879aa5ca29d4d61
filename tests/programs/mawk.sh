# SPDX-License-Identifier: MIT
seq 10 | mawk '{ s += $1 } END { print s, NR; while (("echo x; echo y" | getline l) > 0) print l
print toupper(substr("hello", 2, 3)) }' 
