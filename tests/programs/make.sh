# SPDX-License-Identifier: MIT
printf 'all: a b c\n\t@echo all of $^\na b c:\n\t@sleep 0.1; echo $@ > $@\n' > Makefile; make -s -j3; cat a b c; make -s
make -n nothing 2>&1; echo $?
