# SPDX-License-Identifier: MIT
bash-static <<'END'
a=(1 2 3); a+=(4); echo ${a[@]/3/three} ${#a[@]}; declare -A m=([x]=1 [y]=2); echo ${m[y]}
f() { local n=$1; ((n < 2)) && echo 1 || echo $((n * $(f $((n - 1))))); }; f 6
printf '%05.2f|%-5s|%x\n' 3.14159 ab 255; [[ abc =~ b(.) ]] && echo ${BASH_REMATCH[1]}
coproc { tr a-z A-Z; }; echo hello >&${COPROC[1]}; exec {COPROC[1]}>&-; cat <&${COPROC[0]}; wait
diff <(echo a) <(echo a) 2>/dev/null; for s in 15 9; do (kill -$s $BASHPID); echo $?; done 2>/dev/null; set -o pipefail
false | true; echo $?
END
