# SPDX-License-Identifier: MIT
# set -e, -x and so on; errors of syntax, which end a script with status 2; and some longer scripts.
### errexit
set -e
true; echo a
false || echo b
if false; then :; fi; echo c
while false; do :; done; echo d
! true; echo e
false && true; echo f
(false) || echo g
{ false; } || echo h
x=$(false) || echo i
false
echo never
### errexit-function
set -e
f() { false; echo in; }
f || echo no
if f; then echo tested; fi
f
echo never
### errexit-subshell
set -e
(set +e; false; echo alive)
(echo x; false; echo never) || echo caught
(echo y; false; echo never)
echo never
### errexit-pipe
set -e
false | true; echo a
true | false
echo never
### errexit-assign
set -e
x=$(echo a; false; echo b) && echo no
x=$(false)
echo never
### errexit-andlist
set -e
true && false || true
echo a
f() { true && false; echo b; }
f || echo not
for i in 1 2; do false && true; done; echo d
case a in a) false;; esac
echo never
### errexit-trap
set -e
trap 'echo exit $?' EXIT
false
echo never
### xtrace
exec 2>&1
set -x
echo a 'b  c'
x=1 y='2 3'
x=3 true
for i in 1; do echo $i; done
[ a = a ]
f() { :; }
f x
set +x
echo off
### xtrace-ps4
exec 2>&1
PS4='> '
set -x
: word
### verbose
exec 2>&1
set -v
echo a
set +v
echo b
### noexec
echo a
set -n
echo never
### allexport
set -a
x=1
set +a
y=2
sh -c 'echo "[$x][$y]"'
### option-string
set -u; case $- in *u*) echo u;; esac
set +u; case $- in *u*) echo u;; *) echo no;; esac
set -eu; case $- in *e*) echo e;; esac
### syntax-fi
echo a
if true; then echo b
### syntax-unexpected
echo a
echo b; fi
echo never
### syntax-done
for i in 1; do echo x; fi
### syntax-paren
echo a
echo (b
### syntax-semis
echo a
;; echo b
### syntax-dsemi
echo a;; echo b
### syntax-amp
echo a
& echo b
### syntax-pipe
echo a
| cat
### syntax-double
echo a && || echo b
### syntax-empty-if
if ; then echo x; fi
### syntax-empty-then
if true; then fi
### syntax-empty-subshell
( )
### syntax-quote
echo a
echo "unterminated
### syntax-single
echo a
echo 'unterminated
### syntax-substitution
echo a
echo $(echo b
### syntax-brace
echo a
{ echo b
### syntax-param
echo a
echo ${x
### syntax-redirect
echo a
echo b >
### syntax-case
case x y) echo;; esac
### syntax-for
for 1x in a; do echo; done
### syntax-in-eval
eval 'if' 2>/dev/null
echo never
### syntax-in-sub
(eval 'fi') 2>/dev/null; echo $?
sh -c 'if' 2>/dev/null; echo $?
sh -c 'echo a; )' 2>/dev/null; echo $?
sh -c 'done' 2>/dev/null; echo $?
sh -c 'f( { :; }' 2>/dev/null; echo $?
### heredoc-eof
cat <<E
no end
### ambiguous-amp-redirect
echo x &> y
wait; wc -c < y
### script-fizzbuzz
i=1
while [ $i -le 15 ]; do
	if [ $((i % 15)) = 0 ]; then echo FizzBuzz
	elif [ $((i % 3)) = 0 ]; then echo Fizz
	elif [ $((i % 5)) = 0 ]; then echo Buzz
	else echo $i; fi
	i=$((i + 1))
done
### script-sieve
n=2; primes=
while [ $n -lt 60 ]; do
	for p in $primes; do
		[ $((p * p)) -gt $n ] && break
		[ $((n % p)) -eq 0 ] && { n=$((n + 1)); continue 2; }
	done
	primes="$primes $n"; n=$((n + 1))
done
echo $primes
### script-stack
push() { stack="$1 $stack"; }
pop() { set -- $stack; top=$1; shift; stack="$*"; }
push 1; push 2; push 3; pop; echo $top; pop; echo $top "[$stack]"
### script-options
usage() { echo "usage: $0" | wc -w; exit 2; }
v=0 out=
set -- -v -o file -v x y
while [ $# -gt 0 ]; do
	case $1 in
	-v) v=$((v + 1));;
	-o) shift; out=$1;;
	-*) usage;;
	*) break;;
	esac
	shift
done
echo $v $out $# "$@"
### script-config
while IFS='=' read -r key value; do
	case $key in ''|\#*) continue;; esac
	echo "$key -> $value"
done <<'E'
# comment
name=value
path=/a=b

empty=
E
### script-join
join() { local IFS="$1"; shift; echo "$*"; }
join , a b c; join - 1 2
split() { local IFS=,; set -f; set -- $1; set +f; for i; do echo "<$i>"; done; }
split 'a,b c,*'
### script-reverse
rev() { r=; s=$1; while [ -n "$s" ]; do r=${s%"${s#?}"}$r; s=${s#?}; done; echo "$r"; }
rev hello; rev 'a b*c'
### script-pids
n=0
for i in 1 2 3; do (exit $i) & pids="$pids $!"; done
for p in $pids; do wait $p; n=$((n + $?)); done
echo $n
### script-gcd
gcd() { [ $2 -eq 0 ] && echo $1 || gcd $2 $(($1 % $2)); }
gcd 1071 462
### script-lines
count=0; longest=
while read -r line; do
	count=$((count + 1))
	[ ${#line} -gt ${#longest} ] && longest=$line
done <<E
one
three
seven
longest here
E
echo "$count: $longest"
