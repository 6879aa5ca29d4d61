# SPDX-License-Identifier: MIT
# Quoting, splitting, globs. Each case is a script of its own; dash says what it prints, and with which status it ends.
### quotes
echo 'a  b' "c  d" e\ \ f '$x' "\$x" "\\" "a\b" '"' "'" '' "" x''y
echo a"b"'c'd\e
### line-continuation
echo one \
two "th\
ree" 'fo\
ur'
ec\
ho five && \
echo six
if true; th\
en echo seven; fi
### comments
echo a # b c
echo a#b # '
# "
echo '# no'
### splitting-default
x='  a   b	c
d '
set -- $x
echo $# "$1" "$4"
set -- "$x"
echo $#
set -- a$x"b"
echo $# "[$1]" "[$5]" "[$6]"
### splitting-ifs
IFS=:
x=a:b::c:
set -- $x
echo $#; for i; do echo "[$i]"; done
x=:a
set -- $x; echo $# "[$1]"
IFS=': '
x=' a : b  c:: d '
set -- $x
for i; do echo "[$i]"; done
IFS=
x='a b'
set -- $x; echo $#
unset IFS
set -- $x; echo $#
### splitting-literal-not
IFS=:
set -- a:b $(echo c:d) "e:f"
for i; do echo "[$i]"; done
### empty-words
x=
set -- $x "$x" ''$x $x$x
echo $#
set -- "" ''
echo $#
### at-and-star
for i in "$@"; do echo "[$i]"; done
for i in $@; do echo "<$i>"; done
for i in "$*"; do echo "{$i}"; done
for i in $*; do echo "($i)"; done
for i in "x$@y"; do echo "[$i]"; done
IFS=-
echo "$*"
IFS=
echo "$*"
set --
for i in "$@"; do echo never; done
for i in "x$@"; do echo "$i"; done
for i in "$*"; do echo "[$i]"; done
set -- "" a ""
for i in "$@"; do echo "[$i]"; done
### positional
echo $# $1 "$2"
shift
echo $# "$1"
set -- a b c d e f g h i j k
echo $1 $10 ${10} ${11} "${12}"
shift 9; echo $1
set -- -e x; echo $#
set x y; echo $1 $2
set --; echo $#
### globs
: > a1; : > a2; : > b1; : > 'c d'; : > .hidden
echo *
echo a*
echo a?
echo [ab]1
echo [!a]1
echo [a-b][0-9]
echo *x
echo "*" '*' \*
echo .h*
echo "c"*
x='a*'; echo $x "$x"
mkdir d; : > d/e1; : > d/e2
echo */e*
echo d/*
echo ./*1
echo */
### globs-classes
: > a; : > B; : > 1; : > '['
echo [[:alpha:]]
echo [[:digit:]]
echo [[:upper:][:digit:]]
echo []x[]
echo [[]
echo [z
### noglob
: > a
set -f
echo *
set +f
echo *
### tilde
HOME=/home/me
echo ~ ~/x "~" '~' a~ ~x/y
x=~/b:~/c
echo $x
echo x=~
cd() { echo "$1"; }
cd ~/q
### case-patterns
for w in abc a.c 'a b' '' '*' '[' x1 -; do
  case $w in
    abc) echo plain;;
    a?c) echo question;;
    a\ b) echo blank;;
    '') echo empty;;
    "*") echo star;;
    [[]) echo bracket;;
    [a-z][0-9]|-) echo range;;
    *) echo none;;
  esac
done
p='a*'; case abc in $p) echo unquoted;; esac
case abc in "$p") echo quoted;; *) echo not;; esac
case 'a*' in "$p") echo same;; esac
### case-forms
case a in (a) echo one;; esac
case b in a) echo a;; b) ;; esac; echo $?
case c in a|b) echo no;; esac; echo $?
case x in
  x) echo last
esac
case x in esac
case in in in) echo in;; esac
### adjacent
x=1; y=2
echo "$x"$y'z'${x}w"$y"
echo $x$y $x"$y" a$x-$y.b
echo "a$x b${y}c"
### dollar-literal
echo $ "$" a$ "a$" $% "$ x"
### backslashes
echo a\\b "a\\b" 'a\\b'
printf '%s\n' a\nb "a\nb" 'a\nb' "\"q\"" "\`" "\z"
### escapes-of-echo
echo 'a\tb\nc\\d\0101\q'
echo -n no; echo ' newline'
echo 'stop\chere'; echo x
### unicode-bytes
x='äöü€'
echo "$x" ${x%€}
### homes
echo ~root ~daemon/x ~nosuch ~root"x" ~"root" ~root:~daemon a~root ~/x
a=~root:~daemon b=~/x:~
x=root
echo $a $b ~$x "~root"
HOME=/home
echo ~ ~/x
unset HOME
echo ~ ~/x
