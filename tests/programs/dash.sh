# SPDX-License-Identifier: MIT
for i in 3 1 2; do echo $i; done | sort -r | tr '\n' ' '; echo
trap 'echo a signal' USR1; kill -USR1 $$; (exit 7); echo $?
cat <<END | while read a b; do echo "$b $a"; done
one two
three four
END
sleep 0.1 & wait $!; echo waited $?; x=$(echo sub $(echo sub)); echo "$x"
mkfifo pipe; (echo through the pipe > pipe &); read line < pipe; echo "$line"; umask; cd /tmp; pwd; type cd
(ulimit -n 20; ulimit -n); sh -c 'kill -9 $$'; echo $?; dash -c 'exit 3' || echo $?; echo "${x#sub }" "${#x}" $((0x10 * 3))
