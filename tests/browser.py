# SPDX-License-Identifier: MIT
"""Debian's Chromium, headless, by its debugging protocol over a pipe: enough to open a page, touch it and look at it."""
import json
import os
import subprocess
import tempfile


class Browser:
    def __init__(self, width=1200, height=900):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        ours, theirs = os.pipe(), os.pipe()         # to it; from it

        def plumb():
            # Its ends are to be 3 and 4; first away from there, lest one overwrite the other.
            a, b = os.dup(ours[0]), os.dup(theirs[1])
            a, b = (os.dup(a), os.dup(b)) if {a, b} & {3, 4} else (a, b)
            os.dup2(a, 3)
            os.dup2(b, 4)
        self.process = subprocess.Popen(
            ['chromium', '--headless', '--no-sandbox', '--disable-gpu', '--remote-debugging-pipe', '--no-first-run',
             '--user-data-dir=' + self.profile.name, f'--window-size={width},{height}', 'about:blank'],
            preexec_fn=plumb, close_fds=False, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        os.close(ours[0])
        os.close(theirs[1])
        self.to, self.answers, self.rest = ours[1], theirs[0], b''
        self.n, self.session, self.thrown = 0, None, []
        target = self.call('Target.createTarget', url='about:blank')['targetId']
        self.session = self.call('Target.attachToTarget', targetId=target, flatten=True)['sessionId']
        for domain in ('Page', 'Runtime'):
            self.call(domain + '.enable')
        self.call('Emulation.setDeviceMetricsOverride', width=width, height=height, deviceScaleFactor=1, mobile=False)

    def message(self):
        while b'\0' not in self.rest:
            more = os.read(self.answers, 1 << 16)
            if not more:
                raise RuntimeError('the browser has ended')
            self.rest += more
        one, _, self.rest = self.rest.partition(b'\0')
        one = json.loads(one)
        if one.get('method') == 'Runtime.exceptionThrown':
            self.thrown.append(one['params']['exceptionDetails'])
        return one

    def call(self, method, **params):
        self.n += 1
        order = {'id': self.n, 'method': method, 'params': params}
        if self.session:
            order['sessionId'] = self.session
        os.write(self.to, json.dumps(order).encode() + b'\0')
        while True:
            answer = self.message()
            if answer.get('id') == self.n:
                if 'error' in answer:
                    raise RuntimeError(f'{method}: {answer["error"]}')
                return answer['result']

    def open(self, path):
        self.call('Page.navigate', url='file://' + path)
        while self.message().get('method') != 'Page.loadEventFired':
            pass

    def value(self, script):
        """What a JavaScript expression is, by value."""
        found = self.call('Runtime.evaluate', expression=script, returnByValue=True)
        if 'exceptionDetails' in found:
            raise RuntimeError(f'{script}: {found["exceptionDetails"]}')
        return found['result'].get('value')

    def mouse(self, kind, x, y, **more):
        self.call('Input.dispatchMouseEvent', type=kind, x=x, y=y, **more)

    def __enter__(self):
        return self

    def __exit__(self, *why):
        os.close(self.to)       # at the end of its orders it ends
        os.close(self.answers)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.profile.cleanup()
