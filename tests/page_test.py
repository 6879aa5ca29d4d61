#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""./hw trace --html: the page, in a browser: what it shows is what the trace has, and it answers to mouse and keys.

page_test.py KERNEL
"""
import html
import os
import re
import sys
import tempfile

from browser import Browser
from made_up import MadeUp
from tap import ROOT, done, hw, ok

sys.path.insert(0, os.path.join(ROOT, 'tools'))
import timeline         # noqa: E402
import trace_html       # noqa: E402


def span(b):
    """What is seen, ns."""
    unit = {'ns': 1, 'µs': 1e3, 'ms': 1e6, 's': 1e9}
    text = b.value('byId("span").textContent')
    return [float(n) * unit[u] for n, u in re.findall(r'([\d.]+) (ns|µs|ms|s)\b', text)]


def text(b, where):
    return b.value(f'byId("{where}").innerText')


def press(b, key):
    b.value('canvas.focus()')
    b.call('Input.dispatchKeyEvent', type='keyDown', key=key, text=key if len(key) == 1 else '')


def drag(b, x, y, to, shift=False):
    more = {'button': 'left', 'clickCount': 1, 'modifiers': 8 if shift else 0}
    b.mouse('mousePressed', x, y, **more)
    if to != x:
        b.mouse('mouseMoved', to, y, **more)
    b.mouse('mouseReleased', to, y, **more)


def place(b, which):
    """Where a slice is, in the window; @which: an expression."""
    return b.value(f'(s => {{ const r = canvas.getBoundingClientRect(); return [r.left + xOf((s[START] + s[END]) / 2 + 1), '
                   f'r.top + yOf(s[HART]) + LANE / 3]; }})({which})')


LONGEST = 'data.slices.reduce((a, b) => b[END] - b[START] > a[END] - a[START] ? b : a)'
OFTEN = LONGEST.replace('slices.', 'slices.filter(s => slicesOf.get(s[PID]).length > 1).')      # of a task that has several


def check_data(b, r, trace):
    """@r: what the run said; @trace: its events, as text."""
    ok(b.value('lanes.length === 4 && lanes.every(l => l.every((s, i) => s[START] < s[END] && (!i || l[i - 1][END] <= s[START])))'),
       'slices of a hart do not overlap')
    ok(b.value('data.busy.every((part, h) => Math.abs(busyIn(h, 0, data.length) / data.length - part) < 1e-6)'),
       'and add up to what it was busy')
    start, length = b.value('[data.start, data.length]')
    moves = [int(m[1]) * 10**9 + int(m[2]) for m in re.finditer(r' (\d+)\.(\d{9}): sched_migrate_task:', trace)]
    moves = [at for at in moves if start <= at <= start + length]
    ok(b.value('data.migrations.filter(m => !m[4].startsWith("fork")).map(m => m[0] + data.start)') == moves,
       f'each of {len(moves)} migrations is there, in order')
    said = {f'{why}-{level} ({n})' for n, why, level in re.findall(r'^ +(\d+) +migrations by (\w+) +within (\w+)$', r.stdout, re.M)}
    shown = set(b.value('[...document.querySelectorAll("#reasons label")].map(l => l.textContent.trim())'))
    ok(said == shown, 'reasons and their counts are the report\'s', (said, shown))
    ok(b.value('data.slices.some(s => s[WAIT] > 1e6) && data.slices.some(s => s[STATE] === "X")'), 'waits, and how each slice ended')
    ok(b.value('data.slices.some(s => s[WAKER] > 0) && data.slices.some(s => s[WAKER] === 0)'),
       'tasks are woken by tasks and by interrupts')
    ends = [int(m[1]) * 10**9 + int(m[2]) for m in re.finditer(r' (\d+)\.(\d{9}): sched_process_exit: comm=(?!perf)', trace)]
    ok(b.value('data.slices.every(s => (data.tasks[s[PID]] === "perf") <= data.tools.includes(s[PID]))') and start + length == max(ends),
       'perf, which counts, is a tool, and the window ends with the program', (start + length, ends[-3:]))


def check_mouse(b):
    x, y = place(b, LONGEST)
    pid = b.value(f'({LONGEST})[PID]')
    b.mouse('mouseMoved', x, y)
    tip = b.value('tip.style.display === "block" && tip.innerText')
    ok(tip and f'-{pid}\n' in tip and all(x in tip for x in ('ran for', 'waited before', 'woken', 'then')),
       f'hover tells of a slice: {tip!r}')
    b.mouse('mouseMoved', b.value('canvas.getBoundingClientRect().left') + 20, y)
    ok(b.value('tip.style.display') == 'none', 'and of nothing where there is nothing')
    whole, left = span(b), b.value('canvas.getBoundingClientRect().left')
    under = b.value(f'tOf({x - left})')
    b.mouse('mouseWheel', x, y, deltaX=0, deltaY=-600)
    near = span(b)
    ok(near[1] - near[0] < (whole[1] - whole[0]) / 2 and abs(b.value(f'tOf({x - left})') - under) < (whole[1] - whole[0]) / 100,
       f'the wheel zooms in, about the mouse: {whole} {near}')
    drag(b, x, y, x - 200)
    moved = span(b)
    ok(moved[0] > near[0] and abs((moved[1] - moved[0]) - (near[1] - near[0])) < 1e4, f'dragging pans: {near} {moved}')
    press(b, '+')
    ok(span(b)[1] - span(b)[0] < 0.7 * (moved[1] - moved[0]), '+ zooms')
    b.value('byId("all").click()')
    ok(span(b) == whole, '"All" shows all again')


def check_follow(b):
    picture = b.value('canvas.toDataURL()')
    drag(b, *place(b, OFTEN), place(b, OFTEN)[0])
    name, n = b.value(f'(s => [label(s[PID]), slicesOf.get(s[PID]).length])({OFTEN})')
    told = text(b, 'task')
    ok(told.startswith(name + '\n') and f'of {n};' in told and b.value('canvas.toDataURL()') != picture,
       'a click follows a task: its box, all others dim', told)
    at = int(re.search(r'slice (\d+) of', told)[1])
    press(b, ',' if at > 1 else '.')
    ok(f'slice {at - 1 if at > 1 else 2} of {n};' in text(b, 'task'), 'keys go to its slice before and after', text(b, 'task'))
    woken = 'data.slices.find(s => s[WAKER] > 0 && wakerSlice(s) && s[WAKER] !== s[PID])'
    b.value(f'choose({woken})')
    waker = b.value(f'label(({woken})[WAKER])')
    ok(f'by {waker} on hart' in text(b, 'task'), 'the box tells who woke it')
    press(b, 'w')
    holds = b.value(f'(k => view.chosen[START] <= wakeTime(k) && wakeTime(k) <= view.chosen[END])({woken})')
    ok(text(b, 'task').startswith(waker + '\n') and holds, 'and w goes to the slice in which that one did', text(b, 'task'))
    press(b, 'Escape')
    ok(b.value('!view.chosen') and b.value('canvas.toDataURL()') == picture, 'Escape lets go')


def check_rows(b):
    waited = 'data.slices.filter(s => s[START] > s[WAIT]).reduce((a, b) => b[WAIT] > a[WAIT] ? b : a)'
    b.value(f'scrollToRow(({waited})[PID])')
    x, y, name = b.value(f'(s => {{ const r = rowsCanvas.getBoundingClientRect(); return [r.left + xOf(s[START] - s[WAIT] / 2), '
                         f'r.top + rowY(s[PID]) + BAR / 2, label(s[PID])]; }})({waited})')
    b.mouse('mouseMoved', x, y)
    tip = b.value('tip.innerText')
    ok(tip.startswith(name + '\n') and 'could run, waits for a hart' in tip, f'a task\'s row: when it waited for a hart: {tip!r}')
    drag(b, x, y, x)
    ok(b.value(f'view.chosen === {waited}'), 'and a click there follows it')
    press(b, 'Escape')


def check_range(b, r):
    x, y = place(b, LONGEST)
    drag(b, x - 40, y, x + 40, shift=True)
    a, e = b.value('view.range')
    told = text(b, 'range')
    ok(abs((e - a) / b.value('80 / width() * data.length') - 1) < 0.03 and 'switches' in told, f'shift and a drag measure: {told!r}')
    b.value('measure(0, data.length)')
    switches = int(re.search(r'^ context-switches.*?(\d+) +[\d.]+ %$', r.stdout, re.M)[1])
    moves = int(re.search(r'^ migrations in.*?(\d+) +[\d.]+ %$', r.stdout, re.M)[1])
    used = float(re.search(r'^ utilized .*?([\d.]+) +[\d.]+ %$', r.stdout, re.M)[1])
    told = text(b, 'range')
    got = [float(re.search(what, told)[1]) for what in (r'switches (\d+)', r'migrations (\d+)', r'harts ran ([\d.]+) %')]
    ok(abs(got[0] - switches) <= 2 and got[1] == moves and abs(got[2] - used) < 0.1, 'all of it measured is the report',
       (got, switches, moves, used))
    press(b, 'Escape')


def check_search(b):
    def search(words):
        b.value(f'(f => {{ f.value = {words!r}; f.dispatchEvent(new Event("input")); }})(byId("find"))')
        return b.value('[...(view.wanted || [])].map(label)'), text(b, 'hint')

    picture, names = b.value('canvas.toDataURL()'), b.value('pids.map(label)')
    hogs = [n for n in names if n.startswith('hog-')]
    ok(search('hog') == (hogs, f'{len(hogs)} tasks') and b.value('canvas.toDataURL()') != picture and b.value('rows.length') == len(hogs),
       'a name finds all of it, dims the others, and their rows are the ones left')
    ok(search(hogs[0])[0] == [hogs[0]] and search(hogs[0].split('-')[1])[0] == [hogs[0]],
       'what is shown finds that task, and so does its pid')
    found, hint = search('nobody')
    ok(not found and 'no task is called “nobody”' in hint and 'hog' in hint and b.value('canvas.toDataURL()') == picture,
       'a name that none has: a hint, and nothing is dimmed', hint)
    search('')
    ok(b.value('canvas.toDataURL()') == picture, 'and without one all are as before')
    b.value('document.querySelector("#legend button").click()')
    ok(b.value('canvas.toDataURL()') != picture, 'the legend hides a task')
    b.value('document.querySelector("#legend button").click()')
    b.value('document.querySelectorAll("#reasons input").forEach(i => i.click())')
    ok(b.value('canvas.toDataURL()') != picture, 'migrations can be left out, by reason')


def check_large(b, page):
    """500 tasks, 12,000 switches, and arrows that no screen has room for."""
    made = MadeUp(8, 500, 12000, [(0, h // 4, -1, h // 2, h % 2) for h in range(8)])
    t = timeline.Timeline(made)
    trace_html.write(t, page, 'large', '')
    took = []
    for _ in range(3):          # the host has other things to do, too
        b.open(page)
        took.append(b.value('performance.getEntriesByType("navigation")[0].loadEventEnd'))
    ok(min(took) < 1000 and not b.thrown, f'a page of {len(t.slices)} slices opens within a second: {min(took):.0f} ms', b.thrown)
    ok(dict(t.reasons) == made.reasons and len(made.reasons) == 3, f'each migration has its reason: {dict(made.reasons)}', t.reasons)
    colours = [c for pid, c in t.colours().items() if pid > 2]
    ok(len(set(colours)) > 450, f'500 tasks of one name: {len(set(colours))} colours')
    ok([level for level, _ in t.groups()] == ['package', 'core'] == b.value('data.groups.map(g => g[0])'),
       'packages and cores have brackets')
    drawn = b.value('(() => { data.migrations = Array.from({ length: 5000 }, (_, i) => [i * data.length / 5000, i % 8, (i + 3) % 8, 5,'
                    '""]); reasonOn.set("other", true); let n = 0; const was = drawArrow; drawArrow = () => n++; draw();'
                    'const all = n; zoom(.002, data.length / 2); drawArrow = was; return [all, n - all]; })()')
    ok(drawn[0] == 0 < drawn[1], f'arrows of 5000 migrations: none where there is no room, {drawn[1]} in a part')


def main():
    kernel = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        page = os.path.join(folder, 'page.html')
        # All on one hart, then free; and a name that would end a script.
        r = hw('balance', '--kernel', kernel, '-p', '4', '--html', page, '--plot', folder + '/plot.svg',
               '--text', folder + '/text', '--', 'sh', '-c',
               "taskset -c 0 load 'name=</script>' run=20ms ; load name=hog run=100ms instance=6 , name=beat run=1ms sleep=3ms loop=8")
        ok(r.returncode == 0 and os.path.getsize(page) > 10000, 'a page', r)
        with open(page) as f:
            source = f.read()
        ok(not re.search(r'(https?:)?//[\w.]+\.\w+/|\b(src|href)=', source) and source.count('</script>') == 1 and '/*FILE' not in source,
           'it needs nothing but itself')
        with open(folder + '/text') as f:
            trace = f.read()
        with Browser() as b:
            b.open(page)
            ok(not b.thrown and b.value('document.title').startswith('sh -c'), 'it opens without an error', b.thrown)
            ok(b.value('performance.getEntriesByType("resource").length') == 0, 'and asks the network for nothing')
            said = re.search(r'# +([\d.]+) % of the time some hart idled', r.stdout)[1]
            ok(f'not work-conserving {said} %' in b.value('byId("verdict").textContent'), 'its verdict is the report\'s')
            ok(b.value('byId("report").textContent') == r.stdout[r.stdout.index(' Hart balance'):], 'and so is its table')
            ok(b.value('byId("legend").textContent.includes("</script>")'), 'a name is text, whatever it looks like')
            with open(folder + '/plot.svg') as f:
                drawn = set(map(html.unescape, re.findall(r'<text [^>]*>([^<]*)</text>', f.read())))
            names = set(b.value('[...document.querySelectorAll("#legend button")].map(e => e.textContent)'))
            ok(names <= drawn and len(names) > 6, 'tasks have the same names in the picture', (names, drawn))
            check_data(b, r, trace)
            check_mouse(b)
            check_follow(b)
            check_rows(b)
            check_range(b, r)
            check_search(b)
            check_large(b, page)
            ok(not b.thrown, 'no error meanwhile', b.thrown)
    return done()


if __name__ == '__main__':
    sys.exit(main())
