# SPDX-License-Identifier: MIT
# Redirections and here-documents.
### files
echo a > f; cat f; echo b >> f; cat < f; wc -l < f
> e; cat e; echo c 1> f; cat f
cat < f > g; cat g
cat 0< f
echo x >f 2>&1; cat f
### stderr
sh -c 'echo out; echo err >&2' 2>&1 | cat
sh -c 'echo out; echo err >&2' 2>/dev/null
sh -c 'echo out; echo err >&2' 2>&1 >/dev/null | cat
sh -c 'echo out; echo err >&2' > f 2>&1; wc -l < f
{ echo out; echo err >&2; } 2> f; cat f
### descriptors
exec 3> f; echo three >&3; echo more >&3; exec 3>&-; cat f
exec 4< f; read x <&4; echo $x; read x <&4; echo $x; exec 4<&-
exec 5>&1; echo five >&5; exec 5>&-
echo x >&5 2>/dev/null; echo $?
echo swap 3>&1 >&2 2>&3 | cat
exec 6<> f; read a <&6; echo $a; echo new >&6; exec 6>&-; cat f
### dup-word
n=1; echo a >&$n
exec 3>&1; n=3; echo b >&$n
echo c >&- 2>/dev/null; echo $?
### builtin-restored
echo in > f
read x < f; echo $x
{ read y; } < f; echo $y
echo a >f; echo b
f() { echo body; }; f > g; echo after; cat g
while read l; do echo "<$l>"; done < f
for i in 1 2; do echo $i; done > f; cat f
if true; then echo x; fi > f; cat f
case a in a) echo c;; esac > f; cat f
### errors
cat < none 2>/dev/null; echo $?
echo x > /none/x 2>/dev/null; echo $?
{ echo no; } < none 2>/dev/null; echo $?
(echo no) < none 2>/dev/null; echo $?
true < none 2>/dev/null || echo failed
while true; do echo no; break; done < none 2>/dev/null; echo $?
f() { echo no; }; f < none 2>/dev/null; echo $?
> /none/x 2>/dev/null; echo $?
x=1 < none 2>/dev/null; echo $?
echo end
### special-error
: < none 2>/dev/null
echo never
### noclobber
set -C
echo a > f; echo b > f 2>/dev/null; echo $?; cat f
echo c >| f; cat f
echo d >> f; cat f
echo e > /dev/null; echo $?
### heredoc
cat <<E
a
 b
E
cat <<-E
	tab
		two
	E
cat <<A; cat <<B
first
A
second
B
cat <<A - <<B
lost
A
kept
B
cat << 'E' | wc -l
1
2
E
### heredoc-places
if true; then cat <<E
in if
E
fi
f() { cat <<E
in f $1
E
}
f x; f y
for i in 1 2; do cat <<E; done
loop $i
E
x=$(cat <<E
in sub
E
)
echo "$x"
cat <<E && echo and
text
E
while read a b; do echo "$b-$a"; done <<E
1 2
3 4
E
### heredoc-continuation
cat <<E
one \
two
a\\
b \$ c
E
cat <<'E'
one \
two
E
### heredoc-big
x=0123456789abcdef
x=$x$x$x$x; x=$x$x$x$x; x=$x$x$x$x; x=$x$x$x$x$x
cat <<E | wc -c
$x
E
cat <<E | wc -c
$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x
E
### heredoc-fd
cat 0<<E
zero
E
read x <<E
line  with  blanks
E
echo "$x"
read x 3<<A <<B
three
A
std
B
echo $x
### order
echo a > f; cat < f > f2 < f; cat f2
> g echo first; cat g
2>/dev/null ls /none || echo no
echo a >f b; cat f
### exec-permanent
(exec > f; echo to file; echo more); cat f
exec 3>&1 > f; echo hidden; exec >&3 3>&-; echo shown; cat f
### exec-replace
(exec echo replaced; echo no)
(exec nosuch-xyz; echo no) 2>/dev/null; echo $?
exec sh -c 'exit 8'
### close-stdin
cat <&- 2>/dev/null || echo closed
### subshell-redirect
(echo a; cat f 2>/dev/null) > g; cat g
{ cat; } <<E > g
here
E
cat g
### single-digit
echo 2>f; cat f
echo 12>f; cat f
echo a2>f; cat f
echo a 2>f; cat f
### read-shares-stdin
printf 'a\nb\nc\n' | { read x; echo "x=$x"; cat; }
printf 'a\nb\n' > f; { read x; read y; read z; echo "$x$y[$z]$?"; } < f
