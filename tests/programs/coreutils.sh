# SPDX-License-Identifier: MIT
mkdir -p d/e; echo text > d/e/f; cp -r d c; stat -c '%n %a %F %h' c d; stat -c '%n %s %a %F' c/e/f; mv c b; ls -R b; rm -r b
ln -s d/e l; readlink -f l/f
touch -d @0 d/e/f; TZ=UTC ls -l --time-style=full-iso d/e/f; stat -c %Y d/e/f; ln d/e/f hard; stat -c '%h' hard
chmod 4711 hard; ls -l hard | cut -c1-10
seq 100 | shuf --random-source=/bin/true | sort -n | sha256sum; seq 5 | tac | paste -s -d+
dd if=/dev/zero bs=4k count=3 status=none | wc -c
truncate -s 100 z; stat -c %s z; printf 'a b\nb c\n' > j; join j j; comm -12 j j; nl j; factor 1234567891011; od -An -tx1 j
base64 j
timeout 0.2 sleep 5; echo $?; nice -n 5 nice; env -i A=b env; split -l 1 j; cat xaa xab; tee t < j; cksum t j
yes | head -2; head -c 3 j; tail -c 2 j; fold -w 2 j; numfmt --to=iec 1048576; expr 6 \* 7; id -u; uname -s -m
basename /a/b.c .c; test -p j; echo $?
mktemp -u x.XXXX | wc -c; sync; df . | tail -1 | tr -s ' ' | cut -d' ' -f6; nohup true; install -m 640 j k; stat -c %a k
rm -f k; wc j
