# SPDX-License-Identifier: MIT
# Commands of the shell's own.
### test-strings
t() { "$@"; echo $?; }
t [ a ]; t [ '' ]; t [ ]; t [ a = a ]; t [ a = b ]; t [ a != b ]; t [ -z '' ]; t [ -n '' ]; t [ -n x ]; t [ ! a ]; t [ ! '' ]
t [ = = = ]; t [ -n ]; t [ -z ]; t [ ! ]; t [ '(' a ')' ]; t [ a -a b ]; t [ a -a '' ]; t [ '' -o b ]; t [ ! a = b ]
t [ ! -z a ]; t [ '(' a = a ')' -a b = b ]; t [ a = b -o c = c ]; t test x; t test '' ; t [ '!' = '!' ]; t [ -f = -f ]
t [ abc \< abd ]; t [ b \> a ]
### test-numbers
t() { "$@"; echo $?; }
t [ 1 -eq 1 ]; t [ 1 -ne 1 ]; t [ 1 -lt 2 ]; t [ 2 -le 1 ]; t [ 2 -gt 1 ]; t [ 1 -ge 1 ]; t [ -3 -lt -2 ]; t [ 010 -eq 10 ]
t [ ' 5 ' -eq 5 ]; t [ +5 -eq 5 ]
t [ a -eq 1 ] 2>/dev/null; t [ 1 -eq '' ] 2>/dev/null; t [ 1 -eq 1x ] 2>/dev/null
### test-files
t() { "$@"; echo $?; }
: > e; echo x > f; mkdir d
t [ -e e ]; t [ -e none ]; t [ -f f ]; t [ -f d ]; t [ -d d ]; t [ -s e ]; t [ -s f ]; t [ -r f ]; t [ -w f ]; t [ -c /dev/null ]
t [ -p f ]; t [ -h f ]; t [ -L f ]; t [ -b f ]; t [ f -ef f ]; t [ f -ef e ]; t [ -d / ]; t [ -x /bin/sh ]; t [ -t 0 ]; t [ -O f ]
### test-errors
[ a b 2>/dev/null; echo $?
[ a b ] 2>/dev/null; echo $?
[ a = b c ] 2>/dev/null; echo $?
[ a -foo b ] 2>/dev/null; echo $?
[ '(' a 2>/dev/null; echo $?
### printf
printf 'a\n'; printf '%s\n' a b c; printf '%s-%s\n' a b c
printf '%d %i %u\n' 1 -2 3; printf '%o %x %X\n' 8 255 255; printf '%c%c\n' abc def
printf '%5s|%-5s|%05d|%+d|% d\n' a b 42 7 8
printf '%.2s|%5.1s|\n' abc xyz
printf '%*s|%-*s|%.*s|\n' 4 a 4 b 1 cd
printf '%%|%s\n'
printf '%d %s\n'
printf '\t\\\101\n'
printf '%b|%s\n' 'a\tb\n\0101' 'a\tb'
printf '%b' 'x\cy' z; echo
printf '%d %d %d\n' 0x10 010 "'A"
printf '%s' no newline; echo
printf 'once\n' extra
printf '%#x %#o\n' 255 8
### printf-float
printf '%f %.2f %e %g %G\n' 1.5 3.14159 12345.678 0.0001 1e20
printf '%8.3f|%-8.1f|%08.2f\n' 1 2 3
### printf-errors
printf '%d\n' abc 2>/dev/null; echo $?
printf '%d\n' 12x 2>/dev/null; echo $?
printf 2>/dev/null; echo $?
printf '%q\n' a 2>/dev/null; echo $?
### read
printf 'a b c\n' | { read x y; echo "[$x][$y]"; }
printf 'a\n' | { read x y; echo "[$x][$y]"; }
printf '  a  b  \n' | { read x; echo "[$x]"; }
printf ' a  b c \n' | { read x y; echo "[$x][$y]"; }
printf 'a\\ b\\\nc\n' | { read x; echo "[$x]"; }
printf 'a\\ b\n' | { read -r x; echo "[$x]"; }
printf 'a:b:c\n' | { IFS=: read x y; echo "[$x][$y]"; }
printf 'a::b\n' | { IFS=: read x y z; echo "[$x][$y][$z]"; }
printf 'a:b:\n' | { IFS=: read x y; echo "[$x][$y]"; }
printf 'a:b:c:\n' | { IFS=: read x y; echo "[$x][$y]"; }
printf ' a : b \n' | { IFS=' :' read x y; echo "[$x][$y]"; }
printf '  keep  \n' | { IFS= read x; echo "[$x]"; }
printf 'no newline' | { read x; echo "$? [$x]"; }
read x < /dev/null; echo "$? [$x]"
printf '\n' | { read x; echo "$? [$x]"; }
read 2>/dev/null < /dev/null; echo $?
### getopts
while getopts ab:c o -a -b val -c rest; do echo "$o [$OPTARG] $OPTIND"; done; echo $? $OPTIND
set -- -abv -c -- -x
OPTIND=1
while getopts ab:c o; do echo "$o [$OPTARG] $OPTIND"; done; shift $((OPTIND-1)); echo "$@"
OPTIND=1
while getopts :ab: o -x -b; do echo "$o [$OPTARG]"; done
OPTIND=1
while getopts ab: o -x -b 2>/dev/null; do echo "$o [$OPTARG]"; done
f() { local OPTIND=1 o; while getopts x o; do echo f$o; done; }; f -x; f -x
### export
export a=1 b; b=2
sh -c 'echo $a $b'
x='1 2'; export c=$x d="$x"; sh -c 'echo "$c|$d"'
export -p | grep -c '^export a='
export 1bad 2>/dev/null
echo never
### readonly
readonly r=1; echo $r
(r=2; echo no) 2>/dev/null; echo $?
(unset r; echo no) 2>/dev/null; echo $?
(export r=3; echo no) 2>/dev/null; echo $?
(for r in 1; do echo no; done) 2>/dev/null; echo $?
(r=2 true; echo no) 2>/dev/null; echo $?
readonly -p | grep -c ' r='
echo $r
### unset
x=1; unset x; echo "[$x]"; unset x nosuch; echo $?
f() { echo f; }; unset -f f; f 2>/dev/null; echo $?
x=1; unset -v x; echo "${x-unset}"
### set
set -- a 'b c'; echo $# "$2"
set -; echo $#
x="it's"; set | grep '^x='
y='a  b'; set | grep '^y='
set -o errexit; case $- in *e*) echo on;; esac; set +o errexit; case $- in *e*) ;; *) echo off;; esac
set -Z 2>/dev/null
echo never
### shift
set -- a b c; shift 2; echo $1; shift; echo $#
set -- a; shift 0; echo $1
shift 2 2>/dev/null
echo never
### cd
mkdir d d/e
here=$PWD
cd d; echo ${PWD#$here}; cd e; cd ..; echo ${PWD#$here}; cd - > /dev/null; echo ${PWD#$here}
cd - > f; grep -c "$here/d" f; [ "$PWD" = "$here/d" ] && echo back
cd ../d/./e/..; echo ${PWD#$here}
HOME=$here; cd; echo ${PWD#$here}
cd /none 2>/dev/null; echo $?
[ "$(pwd)" = "$here" ] && echo same
cd /; pwd; cd tmp; pwd
(cd d 2>/dev/null || echo no)
### type
type cd true : | cat
f() { :; }; type f
alias a=b; type a
type if
type nosuch-xyz; echo $?
command -v cd; command -v f; command -v a; command -v if; command -v nosuch-xyz; echo $?
command -V f
### command
command echo a; command true; echo $?
command nosuch-xyz 2>/dev/null; echo $?
true() { echo function; }; true; command true
command : < /dev/null; command exit 3; echo no
### command-not-special
command . /none 2>/dev/null; echo still
command shift 99 2>/dev/null; echo here
command export 1x 2>/dev/null; echo too
### umask
umask 022; umask; umask -S; umask 77; umask; umask u=rwx,g=rx,o=; umask; umask g-x; umask -S; umask a+r; umask
umask 999 2>/dev/null; echo $?
### trap-exit
trap 'echo bye $?' EXIT
echo work
(echo sub; exit 3)
exit 5
### trap-signals
trap 'echo got usr1' USR1
kill -USR1 $$; echo after
trap 'echo got term; x=1' TERM
kill -s TERM $$; echo $x
trap '' USR1; kill -USR1 $$; echo ignored
trap - USR1 TERM
trap 'echo int' INT; kill -2 $$
trap - INT
trap
kill -TERM $$
echo never
### trap-list
trap 'echo "a b"' INT TERM
trap '' HUP
trap "it's" USR2
trap
trap 0 2; trap
trap - TERM HUP USR2; trap
trap x BAD 2>/dev/null; echo $?
### trap-status
trap 'echo t; false' USR1
true; kill -USR1 $$; echo $?
f() { trap 'echo in f' EXIT; }; f
### trap-subshell
trap 'echo parent' EXIT
(trap; echo sub)
(trap 'echo child' EXIT; echo c)
x=$(trap 'echo sub exit' EXIT; echo out); echo "$x"
trap 'echo usr' USR1
echo end
### trap-wait
exec 2>/dev/null
trap 'echo alarm' USR1
(sleep 0.3; kill -USR1 $$) &
sleep 50 & p=$!
wait $p; [ $? -gt 128 ] && echo interrupted
kill $p; wait $p; echo $?
### kill
exec 2>/dev/null
sleep 9 & kill $!; wait $!; echo $?
sleep 9 & kill -9 $!; wait $! ; echo $?
sleep 9 & kill -s HUP $!; wait $!; echo $?
kill -0 $$; echo $?
kill -l 9; kill -l 143
kill 2>/dev/null; echo $?
kill -FOO $$ 2>/dev/null; echo $?
kill xyz 2>/dev/null; echo $?
### wait
(exit 3) & wait $!; echo $?
(sleep 0.1; exit 4) & p=$!; true & wait; wait $p; echo $?
wait 99999 2>/dev/null; echo $?
(exit 5) & a=$!; (exit 6) & b=$!; wait $a; echo $?; wait $b; echo $?
wait; echo $?
sleep 0.1 & wait %1; echo $?
### background
{ echo bg; } & wait; echo fg
x=1; { x=2; } & wait; echo $x
cat & wait $!; echo $?
(sleep 0.7; echo late) & echo early; wait
f() { echo f $1; }; f a & wait
if true; then echo c; fi & wait
echo a && echo b & wait
### jobs
sleep 30 & jobs > f; grep -c Running f
kill $!
### times
times | wc -l
### ulimit
ulimit -n 100; ulimit -n; (ulimit -n 50; ulimit -n); ulimit -n
ulimit -c 0; ulimit -c
ulimit -n abc 2>/dev/null; echo $?
### true-false
true x; echo $?; false x; echo $?; :; echo $?
### echo
echo; echo a  b; echo -n a; echo; echo -e a; echo - b; echo -- c; echo '\n' | wc -l
### exit-errors
(exit abc) 2>/dev/null; echo $?
(exit 1000); echo $?
(return 3); echo $?
### not-found
nosuch-xyz 2>/dev/null; echo $?
./none 2>/dev/null; echo $?
: > noexec; ./noexec 2>/dev/null; echo $?
PATH=/none; ls 2>/dev/null; echo $?
