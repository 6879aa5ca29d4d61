# SPDX-License-Identifier: MIT
# Corners of the language that scripts do meet.
### read-in-pipe
f() { echo "$@"; }; f a "b c" | while read -r x; do echo "[$x]"; done
### at-twice
set -- a b; echo "$@$@" "$*$*"
### trap-exit-exec
(trap 'echo x' EXIT; exec true)
### arithmetic-comma
echo $(( (1,2) ))
### break-in-read
while read x; do case $x in a) echo A;; b) break;; esac; done <<X
a
b
c
X
echo $x
### not-pipeline
! false | true; echo $?
if ! { true; }; then :; else echo e; fi
### function-subshell
f() ( exit 3 ); f; echo $?
### arithmetic-loop
x=5; while [ $((x-=1)) -gt 0 ]; do echo $x; done
### nested-quotes
echo "a`echo "b"`c" "$(echo "$(echo "q")")"
### heredoc-pipe
cat <<E | { read a; read b; echo $b $a; }
1
2
E
### local-list
f() { local x=1 y; echo $x$y; local 2>&1; }; f
### substitution-redirect-only
x=$(< /dev/null); echo "[$x]"
### comment-lines
if true
then
  # comment
  echo a # x

fi
### case-comments
case x in
# comment
x)
	echo a
	;;
esac
### trap-exit-in-action
trap 'echo int; exit 3' TERM; kill -TERM $$; echo n
### exit-in-exit-trap
trap 'exit 4' EXIT; exit 2
### trap-exit-reset
trap 'echo a' EXIT; trap - EXIT; exit 1
### trap-return
f() { trap 'return 5' USR1; kill -USR1 $$; echo after; }; f; echo $?
### trap-break
while :; do trap 'break' USR1; kill -USR1 $$; done; echo left
### trap-exit-substitution
echo "$(trap 'echo bye' EXIT; exit 7)" $?
### errexit-eval
set -e; . /dev/null; eval ''; echo y; command false; echo n
### errexit-pipe-subshell
set -e; true | (exit 2); echo n
### errexit-substitution
set -e; x=$(f2() { false; echo q; }; f2); echo no
### errexit-brace
set -e; { false; echo n; } && echo x; echo y
### errexit-loop
set -e; while :; do false; done; echo n
### eval-twice
x='$(echo hi)'; echo $x "$x"; eval echo $x
### continuation-in-quotes
echo "\
x" '\
y'
### brace-in-default
echo ${x:-\}} "${x:-\}}" ${x:-"}"}
### continuation-in-expansions
echo $((1 +\
2)) ${x:-a\
b}
### default-with-quotes
echo "${x-"a"b'c'}" ${x-"a"b'c'}
### star-assigned
set -- "a b" c; IFS=,; echo "$*" $* "$@" $@; x=$*; echo "$x"; x=$@; echo "$x"
### ifs-trailing
IFS=,; x='a,b,,c,'; for i in $x; do echo "[$i]"; done; set -- $x; echo $#
### printf-missing
printf '%s %s\n' a; printf '[%s]\n' ''; printf '\n%d\n'; printf '%5d|%-5d|%.3d\n' 1 2 3
### printf-large
printf '%x\n' -1; printf '%u\n' -1; printf '%d\n' 9999999999999999999; echo $?
### printf-octal
printf '%s' 'a%b\n'; printf 'a%%b\n'; printf '\60\061\0062\n'; printf '%b\n' '\60' '\060' '\0060'
### printf-empty-char
printf '%c|%c|%3c|\n' '' ab x
### status-of-assignment
false; x=$?; echo $x; true $(false); echo $?; x=$(false) true; echo $?
### kill-0
wait; sleep 0.1 & p=$!; kill -0 $p && echo alive; wait $p; kill -0 $p 2>/dev/null || echo gone
### alias-chain
alias a='echo A' ; alias b='a '; alias c='X'; b c; a c
### alias-for
alias f='for i in'; f 1 2; do echo $i; done
### alias-semicolon
alias x='echo x;' ; x echo y
### alias-pipe
alias ll='echo 1 |'; ll cat
### read-remainder
read a b c <<E
1 2 3 4  5  
E
echo "[$a][$b][$c]"
### readonly-unset
readonly x; x=1; echo no
### argument-counts
f() { echo $#; }; f $x; f "$x"; f '' $x; f "" ''
### heredoc-in-substitution
echo "$(cat <<E
a "b" 'c' $(echo d)
E
)"
### heredoc-default
cat <<E
${x:-"q"} ${x:-'s'} "${x:-a "b"}"
E
### heredoc-tabs
cat <<-'E'
		a $x
	 b
	E
### heredoc-blank-delimiter
cat <<"a b"
x
a b
### heredoc-side-effect
x=1; cat <<E; echo $x
$((x=5))
E
### command-path
command -v ls | wc -l; command -pv cat >/dev/null; echo $?
### eval-lines
eval 'echo a
echo b' ; eval "x=1
y=2"; echo $x$y
### status-of-groups
{ exit 3; } | cat; echo $?; (return 4); echo $?
### flags
echo $- | wc -l; set -f; echo $-; sh -c 'echo $-'; sh -fc 'echo $-'
### until-continue
x=10; until [ $x -le 7 ]; do x=$((x-1)); continue; echo n; done; echo $x
### break-in-subshell
for i in 1 2 3; do [ $i = 2 ] && continue; echo $i; done; for i in 1 2 3; do (break); echo $i; done
### shift-too-far
shift; echo $1; shift 5; echo no
### substitution-nul
a=$(printf 'x\0y'); echo ${#a}
### lengths-of-special
echo "${#*}" | wc -l; echo ${##} ${#?} ${#-} ${#$} | wc -w
### read-raw
echo "a
b" | { IFS= read -r x; echo "$x"; }; echo 'a\' | { read -r x; echo "$x"; }
### assignment-order
x=a; x=b y=$x; echo $y; x=c echo $x; z=$x$(echo $x); echo $z
### loop-substitution
x=1; while [ $x -lt 50 ]; do x=$((x+1)); y=$(echo $x); done; echo $y
### recursion-deep
f() { [ $1 -eq 0 ] || f $(($1-1)); }; f 300; echo deep
### words-large
x=a; i=0; while [ $i -lt 12 ]; do x=$x$x; i=$((i+1)); done; echo ${#x}; set -- $x; echo $#; for w in $x$x; do echo ${#w}; done
### file-lines
i=0; while [ $i -lt 200 ]; do i=$((i+1)); echo line $i; done > f; n=0; while read a b; do n=$((n+b)); done < f; echo $n; wc -l < f
### arguments-many
set -- $(i=0; while [ $i -lt 400 ]; do i=$((i+1)); echo $i; done); echo $# ${399}; echo "$@" | wc -c
### scopes
a=1 b=2; { echo $a; (a=3; echo $a; { a=4; echo $a; } | cat; echo $a); echo $a; }
### exit-in-pipe
echo a | while read x; do exit 3; done; echo $?
### exit-trap-function
trap 'echo E' EXIT; f() { exit 3; }; (f); echo $?; f
### trap-while-waiting
trap 'echo T' TERM; sh -c 'kill -TERM $PPID'; echo done
### backquote-status
x=`echo a | grep a`; echo $x $?; x=`echo a | grep b`; echo "$x" $?
### heredoc-exec
exec 3<<E
l1
l2
E
read a <&3; read b <&3; echo $b $a
### default-nested
unset a; echo ${a-${b-${c-x}}} "${a-"${b-"y z"}"}"
### trap-in-child
sh -c 'trap "echo bye" EXIT; echo hi'; sh -c 'trap "exit 9" TERM; kill $$; sleep 1'; echo $?
### endless-pipe
(while :; do echo y; done) | head -n 2
### endless-function
yes() { while :; do echo y || return; done; }; yes 2>/dev/null | head -n 1; echo $?
### arithmetic-mixed
echo $((0x7fffffffffffffff)) $((1 - -1)) $((!(1 > 2))) $((~0)) $((2 + 3 * 4 % 5 - 6 / 2)) $((1 << 2 + 1)) $((7 & 3 == 3))
### option-loop
f() { while [ $# -gt 0 ]; do case "$1" in -n) shift; echo "n=$1";; *) echo "arg $1";; esac; shift; done; }; f -n 3 x "y z"
### ifs-empty-read
IFS= ; x=" a b "; for i in $x; do echo "[$i]"; done; read -r l <<E
  keep me  
E
echo "[$l]"
### heredoc-two
cat <<'A' <<'B'
a
A
b
B
### substitution-descriptor
exec 5>&1; x=$(echo captured; echo direct >&5); exec 5>&-; echo $x
### status-of-conditions
if :; then (exit 4); fi; echo $?; while (exit 5); do :; done; echo $?
### glob-in-variable
a='* ?'; mkdir q; cd q; echo "$a"; for i in $a; do echo "[$i]"; done; : > z; for i in $a; do echo "[$i]"; done
### substitution-newlines
x=$(printf '\n'); [ -z "$x" ] && echo empty; x=$(printf 'a\n\nb\n\n'); echo "$x"
### errexit-tests
set -e; x=1; [ $x = 1 ] && echo one; [ $x = 2 ] && echo two; echo three; if [ $x = 2 ]; then echo n; fi; [ $x = 2 ]; echo never
### nounset-at
set -u; set --; for i in "$@" $@ "$*"; do echo "[$i]"; done; echo ${1:-none} ${1+x}; echo $1
