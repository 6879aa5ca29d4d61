# SPDX-License-Identifier: MIT
# What other shells have and dash has not: refused, or taken for words, but never run as something else.
### test-missing-operand
x=; [ $x = a ] ; echo $?
### increment
a=1; b=$((a++)); echo $b
### function-keyword
function foo { echo hi; }; foo
### array
arr=(a b)
echo no
### double-brackets
[[ a = a ]] && echo yes; echo $?
### pipe-both
echo a |& cat
### arithmetic-for
for ((i=0;i<3;i++)); do echo $i; done
### read-option
read -n 1 x <<E
abc
E
echo $?
### replace
echo ${x/a/b}
### upper
echo ${x^^}
### indirect
echo ${!x}
### here-string
cat <<< abc
### let
let x=1; echo $?
### declare
declare x=1; echo $?
### select
select x in a; do :; done
### append
x+=1; echo $?
### local-outside
local x=1; echo no
### pipefail
set -o pipefail; echo $?
### export-option
export -n x; echo $?
### process-substitution
echo <(echo a)
### coproc
coproc cat
### double-equals
[ "a" == "a" ]; echo $?
