# SPDX-License-Identifier: MIT
# Parameters, command substitution, arithmetic.
### default
unset u; e=; s=v
echo "${u-d}" "${u:-d}" "${e-d}" "${e:-d}" "${s-d}" "${s:-d}"
echo "${u+a}" "${u:+a}" "${e+a}" "${e:+a}" "${s+a}" "${s:+a}"
echo ${u:-a b} "${u:-a  b}" ${u:-"a  b"} "${u:-"c  d"}"
echo ${u:-$s$s} ${u:-${s}} ${u:-$(echo sub)} ${u:-}
set -- ${u:-a b} ${u-"c d"}; echo $#
### assign
echo ${u:=x} $u ${u:=y}
echo ${e=1} $e
: ${a:=$(echo made)}; echo $a
### error
echo before
(echo ${u?gone}; echo no); echo $?
(e=; echo ${e:?}; echo no); echo $?
(set -- ; echo ${1:?one}); echo $?
echo ${u:?message}
echo after
### length
x=hello; echo ${#x} ${#u}
x=; echo ${#x}
set -- a b c; echo ${#} $# ${#1}
### prefix
x=/usr/local/lib/x.tar.gz
echo ${x#/} ${x#*/} ${x##*/} ${x#no} ${x##*.}
echo "${x#/usr}" ${x#"/usr"} ${x#'*'}
y='*'; echo ${y#'*'}e ${y#\*}e
### suffix
x=/usr/local/lib/x.tar.gz
echo ${x%.*} ${x%%.*} ${x%/*} ${x%%/*}e ${x%no}
p='.*'; echo ${x%$p} ${x%"$p"}
echo "${x%'.gz'}" "${x%%"/lib"*}"
### cut-classes
x=abc123; echo ${x%%[0-9]*} ${x##*[a-z]} ${x#[!b]} ${x%[[:digit:]]}
### nested
a=b; b=c
echo ${u:-${v:-${w:-deep}}} "${u:-"${v:-'x'}"}"
eval "echo \$$a"
x=abcabc; echo ${x#${a}} ${x#a${a}}
### unquoted-brace-quotes
echo ${u:-'a  b'} "${u:-'a  b'}" ${u:-"it's"} "${u:-it's}" ${u:-a\}b} "${u:-a\}b}"
### special
echo "$?" "$#" "$*"
false; echo $?
(exit 7); echo $?
[ $$ -gt 0 ] && echo pid
echo "[$!]"
true & wait $!; [ $! -gt 0 ] && echo background
echo ${0##*/} | wc -l
### command-substitution
echo $(echo a; echo b) "$(echo a; echo b)"
echo $(echo $(echo $(echo deep)))
x=$(printf 'a\n\n\n'); echo "[$x]"
x=$(printf '\n\na'); echo "[$x]"
x="$(echo "a  b" 'c  d')"; echo "$x"
echo "$(echo ")")" $(echo ')') $(echo \))
echo $(case x in x) echo paren;; esac)
echo $(case x in (x) echo paren2;; esac)
x=$(
echo lines # comment )
echo more
)
echo $x
echo a$(echo b)c`echo d`e
### backquotes
echo `echo a` `echo \`echo nested\``
x=`echo '$HOME' \\$x "\$y"`; echo "$x"
echo "`echo "in quotes"`"
echo `echo \\\\a` "`echo \\\\a`"
### substitution-status
x=$(exit 3); echo $?
x=$(true) y=$(false); echo $?
echo $(exit 4); echo $?
x=a; echo $?
$(false); echo $?
$(exit 5) $(true); echo $?
### substitution-subshell
x=1; y=$(x=2; echo $x); echo $x $y
cd /; z=$(cd /tmp; pwd); pwd; echo $z
### arithmetic
echo $((1+2*3)) $(((1+2)*3)) $((7/2)) $((7%3)) $((-7/2)) $((-7%3)) $((2-3-4))
echo $((1<2)) $((2<=1)) $((3>2)) $((3>=4)) $((1==1)) $((1!=1))
echo $((5&3)) $((5|3)) $((5^3)) $((~5)) $((!5)) $((!0)) $((1<<4)) $((256>>4))
echo $((1&&0)) $((1||0)) $((0||0)) $((1?2:3)) $((0?2:3)) $((0?1:0?2:3))
echo $((010)) $((0x1f)) $((+5)) $((- -5)) $((-(3)))
echo $((1+2 == 3 && 4 < 5 || 0))
echo $((9223372036854775807)) $((9223372036854775807+1))
### arithmetic-variables
x=5; y=x
echo $((x)) $(($x)) $((x+1)) $((u)) $((x*x))
echo $((x=7)) $x $((x+=3)) $x $((x-=1)) $((x*=2)) $((x/=3)) $((x%=4)) $((x<<=2)) $((x|=1)) $((x&=5)) $((x^=2)) $((x>>=1)) $x
echo $((a=b=3)) $a $b
echo $((0 && (z=1))) "[$z]" $((1 || (z=1))) "[$z]"
echo $((1 ? (p=2) : (q=3))) "[$p$q]"
### arithmetic-spaces
echo $(( 1 + 2 )) $((
3 *
4 )) "$(( 1+1 ))"
echo $(($(echo 2)+${x:-3}))
x='1 + 2'; echo $(($x * 2))
i=0; i=$((i+1)); i=$((i+1)); echo $i
### arithmetic-division
(echo $((1/0))); echo $?
(echo $((1%0))); echo $?
echo $((0 && 1/0)) $((1 || 1/0))
### arithmetic-errors
(echo $((1+))); echo $?
(echo $((1 2))); echo $?
(x=abc; echo $((x))); echo $?
(echo $((08))); echo $?
(echo $((3=4))); echo $?
### nounset
set -u
x=; echo "[$x]" "${y-d}" "${y:-d}" "${y+s}" $# "$@" "$*"
(echo $nosuch; echo no); echo $?
(set --; echo $1; echo no); echo $?
(echo ${#nosuch}; echo no); echo $?
(echo $((nosuch+1)); echo no); echo $?
echo $nosuch
echo no
### assignment-forms
x=a y=b z=$x$y; echo $x $y $z
x=a\ b; echo "$x"
x="a  b"; y=$x; echo "$y"
x=$(echo 'a   b'); echo "$x"
x=*; echo "$x"
x=a=b; echo $x
a.b=c 2>/dev/null; echo $?
1x=3 2>/dev/null; echo $?
### assignment-scope
x=1
x=2 true; echo $x
x=3 :; echo $x
x=4 eval 'echo in $x'; echo $x
f() { echo f $x; }
x=5 f; echo $x
x=6 sh -c 'echo child $x'; echo $x
x=7 sh -c 'echo $x' | cat
export x; sh -c 'echo exported $x'
unset x; sh -c 'echo "[$x]"'
y=8; sh -c 'echo "[$y]"'
### bad-substitution
echo a
echo ${a b}
echo never
### for-word-expansion
x='1 2 3'
for i in $x "$x" 4; do echo "[$i]"; done
for i in; do echo never; done
for i in *.none; do echo "$i"; done
### heredoc-expansion
x=val
cat <<EOF
$x ${x}s "$x" '$x' \$x $(echo sub) `echo bq` $((1+1)) \\ \a
  ${u:-default text}
EOF
cat <<'EOF'
$x \$x `no`
EOF
cat <<\EOF
$x
EOF
cat <<E"O"F
$x
EOF
