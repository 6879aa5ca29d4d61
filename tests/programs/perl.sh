# SPDX-License-Identifier: MIT
perl -e '
print join(",", map { $_ * 2 } sort { $b <=> $a } 1..5), "\n"; print scalar(gmtime(0)), "\n"; system("echo from a shell");
open(my $p, "-|", "echo piped") or die; print <$p>; close $p; my $pid = fork; if (!$pid) { exit 5 } waitpid($pid, 0)
print $? >> 8, "\n";
$SIG{ALRM} = sub { print "alarm\n" }; alarm 1; sleep 3; my %h = (a => 1, b => 2)
print join(" ", map {"$_$h{$_}"} sort keys %h), "\n";
$_ = "The quick brown fox"; print "$1-$2\n" if /(\w+)\s+(\w+)$/; printf("%.3f %s\n", atan2(1, 1) * 4, "x" x 3)
print -s "/scripts/perl" > 0 ? 1 : 0, "\n";
pipe(my $r, my $w); if (!fork) { syswrite $w, "child"; exit } close $w; my $b; sysread $r, $b, 99; print "$b\n"
select(undef, undef, undef, 0.05); wait;' 
