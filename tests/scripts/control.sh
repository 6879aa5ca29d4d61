# SPDX-License-Identifier: MIT
# Lists, compound commands, functions, and how they are left.
### and-or
true && echo a; false && echo b; true || echo c; false || echo d
false && echo x || echo y
true || echo x && echo y
! true; echo $?
! false && echo not
false; ! false; echo $?
true &&

echo after-newline
### if
if true; then echo 1; fi
if false; then echo 1; else echo 2; fi
if false; then echo 1; elif true; then echo 2; else echo 3; fi
if false; then :; elif false; then :; else echo 3; fi
if false; then :; fi; echo $?
if true; then false; fi; echo $?
if false; true; then echo list; fi
if ! false
then
echo newline
fi
### while
i=0
while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done
until [ $i -eq 0 ]; do i=$((i-1)); done; echo $i
while false; do :; done; echo $?
while true; do break; done; echo $?
i=0; while :; do i=$((i+1)); if [ $i = 3 ]; then continue; fi; [ $i = 5 ] && break; echo $i; done
echo a b c | while read x y; do echo "$y $x"; done
### for
for i in a b c; do echo $i; done
for i in 1 2
do
echo $i
done
for i do echo "$i"; done
for i; do echo "$i"; done
for i
do echo "$i"; done
for i in; do :; done; echo $?
for i in x y; do false; done; echo $?
echo $i
### break-levels
for i in 1 2 3; do for j in a b c; do [ $j = b ] && continue 2; [ $i = 3 ] && break 2; echo $i$j; done; done
for i in 1 2; do while :; do break 5; done; echo no; done; echo out
for i in 1 2; do for j in 1 2; do break; done; echo $i; done
while :; do while :; do break 2; done; done; echo end
f() { for i in 1 2; do return 4; done; }; f; echo $?
### break-outside
break; echo $?
continue; echo $?
f() { break; echo in; }
for i in 1 2; do f; echo $i; done
### nested-case
for i in 1 2 3; do case $i in 1) continue;; 2) echo two;; *) break;; esac; done; echo $i
### groups
{ echo a; echo b; } | cat
(echo c; exit 3); echo $?
x=1; (x=2; echo $x); echo $x
x=1; { x=2; }; echo $x
{ echo x; } > f; cat f
(echo y) > f; cat f
{ { { echo deep; }; }; }
( ( echo sub ) )
(cd /; pwd); cd /tmp; (exit 0) && pwd
{ false; } || echo failed
### functions
f() { echo "f: $# $1"; }
f; f a; f 'a b' c
g () { f "$@"; return 5; echo no; }
g x y; echo $?
h() { return; }
false; h; echo $?
k() (x=in; echo $x; exit 6)
x=out; k; echo $? $x
echo $#
f2() if true; then echo $1; fi
f2 arg
f3() { echo out; echo err >&2; } 2>&1
f3 | cat
unset -f f; f 2>/dev/null; echo $?
### recursion
fact() { if [ $1 -le 1 ]; then echo 1; else echo $(($1 * $(fact $(($1 - 1))))); fi; }
fact 10
fib() { if [ $1 -lt 2 ]; then r=$1; else fib $(($1-1)); local a=$r; fib $(($1-2)); r=$((a+r)); fi; }
fib 12; echo $r
### redefine
f() { f() { echo second; }; echo first; }
f; f
echo() { printf 'mine %s\n' "$1"; }
echo x; command echo y; unset -f echo; echo z
### local
x=1; y=2
f() { local x y=3; echo "[$x]" $y; x=5; z=6; g; }
g() { echo g $x $y; x=7; }
f; echo $x $y $z
h() { local x; x=9; unset x; echo "[$x]"; }
h; echo $x
k() { local a=1 b; b=$a; echo $a$b; }
k
### function-parameters
f() { shift; echo $1; set -- p q; echo $*; }
f a b c; echo "$1"
g() { for i; do echo "<$i>"; done; }
g "$@"
g
### return-in-script
f() { return 300; }; f; echo $?
true
return 4
echo never
### exit-status
sh -c 'exit 3'; echo $?
sh -c 'exit 256'; echo $?
sh -c 'false'; echo $?
sh -c 'false; true'; echo $?
sh -c ''; echo $?
nonsense-xyz 2>/dev/null; echo $?
/ 2>/dev/null; echo $?
{ sh -c 'kill -9 $$'; } 2>/dev/null; echo $?
{ sh -c 'kill -TERM $$'; } 2>/dev/null; echo $?
exit 9
### pipeline
echo abc | cat | wc -c
true | false; echo $?
false | true; echo $?
! false | false; echo $?
exit 3 | true; echo $?
echo x | { read y; echo got $y; }
echo a | (cat; echo b)
x=1; echo 2 | read x; echo $x
for i in 3 1 2; do echo $i; done | while read l; do echo "<$l>"; done
echo a |

cat
### sh-arguments
sh -c 'echo $0 $1 $# "$@"' name a 'b c'
sh -c 'echo $#'
echo 'echo "$0" $1 $#; exit 4' > s; sh s x y; echo $?
echo 'echo stdin $1' | sh -s arg
echo 'echo plain $#' | sh
sh -e -c 'false; echo no'; echo $?
sh -ec 'echo $-' | grep -c e
sh ./none 2>/dev/null; echo $?
### eval
eval echo a b
x='echo "$y"'; y='1  2'; eval "$x"
eval 'for i in 1 2; do echo $i; done'
eval; echo $?
eval false; echo $?
eval 'x=3; f() { echo f$x; }'; f
eval "eval 'echo \$x'"
eval 'exit 5' ; echo no
### dot
echo 'y=2; echo dot $1 $x; return 3; echo no' > lib
x=1; . ./lib; echo $? $y
f() { . ./lib; echo back; }; f arg
echo 'exit 6' > lib2; (. ./lib2; echo no); echo $?
. ./none 2>/dev/null
echo never
### alias
alias e='echo hi'
e there
alias two='echo 1
echo 2'
two
alias x='y ' y='z'
alias s='echo '
s e
alias e
unalias e
e 2>/dev/null; echo $?
alias ls='ls -a'
alias ls
alias if2='if true; then'
if2 echo yes; fi
alias nosuch 2>/dev/null; echo $?
### keywords-as-words
echo if then fi done { } in ! case
for in in in; do echo $in; done
if=3; echo $if
x=fi; echo $x; [ do = do ] && echo do
### semicolons
echo a;echo b ;
{ echo c;};{ echo d; }
(echo e);(echo f)
if true;then echo g;fi;echo h
### colon
: ignored $(echo effect >&2) 2>/dev/null; echo $?
: > f; wc -c < f
