# SPDX-License-Identifier: MIT
python3.13 -c '
import os, re, signal, sys, time
print(sys.version_info[:2], sum(range(1000)), 2 ** 100); print(re.sub("a+", "b", "caaat")); r, w = os.pipe()
if not os.fork(): os.write(w, b"child"); os._exit(3)
print(os.read(r, 9), os.waitstatus_to_exitcode(os.wait()[1])); signal.signal(signal.SIGALRM, lambda s, f: print("alarm"))
signal.setitimer(signal.ITIMER_REAL, .05); time.sleep(.2)
open("f", "w").write("x" * 100000); print(os.stat("f").st_size, sorted(os.listdir("/scripts"))[:3])
print({i: i * i for i in range(5)}, "%.6f" % 2 ** .5)
import _thread; lock = _thread.allocate_lock(); done = []
def run(n):
    with lock: done.append(n)
for n in range(20): _thread.start_new_thread(run, (n,))
while len(done) < 20: time.sleep(.01)
print(sorted(done)); print(os.sched_getscheduler(0), os.getpriority(os.PRIO_PROCESS, 0)); sys.exit(4)'; echo $?
