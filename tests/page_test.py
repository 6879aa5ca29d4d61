#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""./hw trace --html: the page, in a browser: what it shows is what the trace has, and it answers to mouse and keys.

page_test.py KERNEL
"""
import os
import re
import sys
import tempfile

from browser import Browser
from tap import done, hw, ok


def span(browser):
    """What is seen, ns."""
    unit = {'ns': 1, 'µs': 1e3, 'ms': 1e6, 's': 1e9}
    text = browser.value('document.getElementById("span").textContent')
    return [float(n) * unit[u] for n, u in re.findall(r'([\d.]+) (ns|µs|ms|s)\b', text)]


def main():
    kernel = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        page = os.path.join(folder, 'page.html')
        # All on one hart, then free; and a name that would end a script.
        r = hw('trace', '--kernel', kernel, '-p', '4', '--html', page, '--text', folder + '/text', '--', 'sh', '-c',
               "taskset -c 0 load 'name=</script>' run=20ms ; load name=hog run=100ms instance=6 , name=beat run=1ms period=10ms loop=8")
        ok(r.returncode == 0 and os.path.getsize(page) > 10000, 'a page', r)
        with open(page) as f:
            source = f.read()
        ok(not re.search(r'(https?:)?//[\w.]+\.\w+/|\b(src|href)=', source) and source.count('</script>') == 1,
           'it needs nothing but itself')
        with Browser() as b:
            b.open(page)
            ok(not b.thrown and b.value('document.title').startswith('sh -c'), 'it opens without an error', b.thrown)
            ok(b.value('performance.getEntriesByType("resource").length') == 0, 'and asks the network for nothing')
            verdict = b.value('document.getElementById("verdict").textContent')
            said = re.search(r'# +([\d.]+) % of the time some hart idled', r.stdout)[1]
            ok(f'not work-conserving {said} %' in verdict, 'its verdict is the report\'s', (verdict, said))
            ok(b.value('document.getElementById("report").textContent') == r.stdout[r.stdout.index(' Hart balance'):],
               'and so is its table')
            ok(b.value('document.getElementById("legend").textContent.includes("</script>")'), 'a name is text, whatever it looks like')

            # The data: each hart's slices follow each other, as long as it was busy.
            ok(b.value('lanes.length === 4 && lanes.every(l => l.every((s, i) => s[2] < s[3] && (!i || l[i - 1][3] <= s[2])))'),
               'slices of a hart do not overlap')
            ok(b.value('data.busy.every((part, h) => Math.abs(lanes[h].reduce((n, s) => n + s[3] - s[2], 0) / data.length - part) < 1e-6)'),
               'and add up to what it was busy')
            start, length = b.value('[data.start, data.length]')
            with open(folder + '/text') as f:
                moves = [int(m[1]) * 10**9 + int(m[2]) for m in re.finditer(r' (\d+)\.(\d{9}): sched_migrate_task:', f.read())]
            moves = [at for at in moves if start <= at <= start + length]
            ok(b.value('data.migrations.filter(m => !m[4].startsWith("fork")).map(m => m[0] + data.start)') == moves, f'each of {len(moves)} migrations is there, in order')
            ok(b.value('data.migrations.some(m => /^(periodic|newidle|active|affinity)/.test(m[4]))'), 'with its reason')
            ok(b.value('data.slices.some(s => s[4] > 1e6) && data.slices.some(s => s[6] === "X")'), 'waits, and how each slice ended')

            # Hover over the middle of the longest slice.
            box = b.value('(r => [r.left, r.top])(canvas.getBoundingClientRect())')
            x, y, pid = b.value('(s => [xOf((s[2] + s[3]) / 2 + 1), yOf(s[0]) + LANE / 3, s[1]])'
                                '(data.slices.reduce((a, b) => b[3] - b[2] > a[3] - a[2] ? b : a))')
            b.mouse('mouseMoved', box[0] + x, box[1] + y)
            tip = b.value('tip.style.display === "block" && tip.innerText')
            ok(tip and f'-{pid}\n' in tip and all(x in tip for x in ('ran for', 'waited before', 'then')),
               f'hover tells of a slice: {tip!r}')
            b.mouse('mouseMoved', box[0] + 20, box[1] + y)
            ok(b.value('tip.style.display') == 'none', 'and of nothing where there is nothing')

            whole = span(b)
            under = b.value(f'tOf({x})')
            b.mouse('mouseWheel', box[0] + x, box[1] + y, deltaX=0, deltaY=-600)
            near = span(b)
            ok(near[1] - near[0] < (whole[1] - whole[0]) / 2 and abs(b.value(f'tOf({x})') - under) < (whole[1] - whole[0]) / 100,
               f'the wheel zooms in, about the mouse: {whole} {near}')
            b.mouse('mousePressed', box[0] + x, box[1] + y, button='left', clickCount=1)
            b.mouse('mouseMoved', box[0] + x - 200, box[1] + y, button='left')
            b.mouse('mouseReleased', box[0] + x - 200, box[1] + y, button='left', clickCount=1)
            moved = span(b)
            ok(moved[0] > near[0] and abs((moved[1] - moved[0]) - (near[1] - near[0])) < 1e4, f'dragging pans: {near} {moved}')
            b.value('canvas.focus()')
            b.call('Input.dispatchKeyEvent', type='keyDown', key='+', text='+')
            ok(span(b)[1] - span(b)[0] < 0.7 * (moved[1] - moved[0]), '+ zooms')
            b.value('document.getElementById("all").click()')
            ok(span(b) == whole, '"All" shows all again')

            picture = b.value('canvas.toDataURL()')
            ok(b.value('(f => { f.value = "hog"; f.dispatchEvent(new Event("input")); return canvas.toDataURL(); })'
                       '(document.getElementById("find"))') != picture, 'a search dims the others')
            b.value('(f => { f.value = ""; f.dispatchEvent(new Event("input")); })(document.getElementById("find"))')
            ok(b.value('canvas.toDataURL()') == picture, 'and without one all are as before')
            b.value('document.querySelector("#legend button").click()')
            ok(b.value('canvas.toDataURL()') != picture, 'the legend hides a task')
            b.value('document.querySelector("#legend button").click()')
            if b.value('document.querySelectorAll("#reasons input").length'):
                b.value('document.querySelectorAll("#reasons input").forEach(i => i.click())')
                ok(b.value('canvas.toDataURL()') != picture, 'migrations can be left out, by reason')
            ok(not b.thrown, 'no error meanwhile', b.thrown)
            if len(sys.argv) > 2:
                import base64
                with open(sys.argv[2], 'wb') as f:
                    f.write(base64.b64decode(b.call('Page.captureScreenshot')['data']))
    return done()


if __name__ == '__main__':
    sys.exit(main())
