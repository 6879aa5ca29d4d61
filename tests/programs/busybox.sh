# SPDX-License-Identifier: MIT
busybox sh -c 'echo ash $((6*7)); ls -l /scripts/make | cut -c1-10'
busybox find /tmp -name nothing; echo abc | busybox sed s/b/B/; busybox seq 3 | busybox xargs echo
busybox awk 'BEGIN{print 2^10}' 
