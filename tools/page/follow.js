// SPDX-License-Identifier: MIT
// What is told in boxes: of a slice under the mouse, of a task that is followed, of a range that is measured.

const line = (what, value) => '<span>' + what + '</span> ' + value + '<br>';
const HELP = 'Wheel zooms, drag pans (also + - ← →). <b>Click a slice</b> to follow its task: <b>,</b> and <b>.</b> go to the slice before ' +
	     'and after, <b>w</b> to who woke it, Esc lets go.';
const HELP_RANGE = '<b>Shift and drag</b> to measure a range of time; <b>z</b> zooms to it.';

function wokenHow(s) {
	if (s[WAKER] === null || s[WAKER] === undefined)
		return 'it had not slept';
	const on = ' on hart ' + s[WAKER_HART] + ' at ' + time(wakeTime(s));
	return s[WAKER] ? 'by ' + escape(label(s[WAKER])) + on : 'by an interrupt' + on;
}

function describeSlice(s) {
	return '<b class="name">' + escape(label(s[PID])) + '</b>' + line('ran for', time(s[END] - s[START]) + ' on hart ' + s[HART]) +
	       line('from', time(s[START])) + line('waited before', s[WAIT] ? time(s[WAIT]) : 'not at all') + line('woken', wokenHow(s)) +
	       (s[WHY] ? line('came here by', escape(s[WHY])) : '') + line('then', STATES[s[STATE]] || escape(s[STATE]));
}

function describeMove([t, a, b, pid, why]) {
	return '<b>' + escape(label(pid)) + ' moves</b>' + line('from hart', a + ' to ' + b) + line('by', escape(why || 'itself')) +
	       line('at', time(t));
}

// Slices that @s woke while it ran.
const wokenIn = s => (wokenBy.get(s[PID]) || []).filter(k => wakeTime(k) >= s[START] && wakeTime(k) <= s[END]);

// The slice of @s's waker in which it woke @s.
function wakerSlice(s) {
	const list = s[WAKER] > 0 && slicesOf.get(s[WAKER]) || [], k = list[firstAfter(list, wakeTime(s) - 1, k => k[END])];
	return k && k[START] <= wakeTime(s) ? k : undefined;	// else it was before the window
}

// From who woke the chosen slice to it, and from it to whom it woke. @place, @source: y of a slice, and of what woke it.
function drawLinks(g, place, source) {
	const s = view.chosen;
	if (!s)
		return;
	g.strokeStyle = g.fillStyle = css('--link');
	for (const k of [s, ...wokenIn(s)]) {
		const y0 = k[WAKER] > 0 ? source(k) : NaN, y1 = place(k), x0 = xOf(wakeTime(k)), x1 = xOf(k[START]);
		if (isNaN(y0) || isNaN(y1) || Math.max(x0, x1) < LEFT || Math.min(x0, x1) > LEFT + width())
			continue;
		g.lineWidth = k === s ? 2 : 1;
		drawLine(g, x0, y0, x1, y1);
		g.beginPath();
		g.arc(x0, y0, 3, 0, 7);
		g.fill();
		g.fillRect(x1 - 2, y1 - 4, 4, 8);
	}
	g.lineWidth = 1;
}

function choose(s) {
	view.chosen = s || null;
	setRows();
	if (s) {
		if (s[END] < view.from || s[START] > view.to)
			setSpan(s[START] - (view.to - view.from) / 2, s[START] + (view.to - view.from) / 2);
		scrollToRow(s[PID]);
	}
	showTask();
	draw();
}

function step(by) {
	const list = view.chosen && slicesOf.get(view.chosen[PID]), next = list && list[list.indexOf(view.chosen) + by];
	if (next)
		choose(next);
}

function toWaker() {
	const s = view.chosen && wakerSlice(view.chosen);
	if (s)
		choose(s);
}

function button(text, act) {
	const b = document.createElement('button');
	b.textContent = text;
	b.addEventListener('click', act);
	return b;
}

function showTask() {
	const box = document.getElementById('task'), s = view.chosen;
	if (!s) {
		box.innerHTML = '<span>' + HELP + '</span>';
		return;
	}
	const sums = sumsOf(s[PID], 0, data.length), list = slicesOf.get(s[PID]), woken = wokenIn(s);
	const moves = data.migrations.filter(m => m[3] === s[PID] && !m[4].startsWith('fork')).length;
	box.innerHTML = describeSlice(s) + (woken.length ? line('woke', woken.map(k => escape(label(k[PID]))).join(', ')) : '') +
		line('in all', `slice ${list.indexOf(s) + 1} of ${list.length}; ran ${time(sums.ran)}, waited ${time(sums.waited)}, moved ${moves} times`);
	box.append(button('‹ before', () => step(-1)), button('after ›', () => step(1)));
	if (wakerSlice(s))
		box.append(button('who woke it', toWaker));
	box.append(button('let go', () => choose(null)));
}

function measure(a, b) {
	view.range = a === b ? null : [Math.max(Math.min(a, b), 0), Math.min(Math.max(a, b), data.length)];
	showRange();
	draw();
}

function showRange() {
	const box = document.getElementById('range');
	if (!view.range) {
		box.innerHTML = '<span>' + HELP_RANGE + '</span>';
		return;
	}
	const [a, b] = view.range, percent = ns => (100 * ns / (b - a)).toFixed(1) + ' %';
	const harts = lanes.map((_, hart) => busyIn(hart, a, b));
	const most = rowOrder.map(pid => [pid, sumsOf(pid, a, b)]).filter(([, sums]) => sums.ran).sort((x, y) => y[1].ran - x[1].ran);
	const told = ([pid, sums]) => escape(label(pid)) + ' ' + percent(sums.ran) + (sums.waited ? ' (waited ' + percent(sums.waited) + ')' : '');
	box.innerHTML = '<b>' + time(b - a) + '</b> ' + line('from', time(a) + ' to ' + time(b)) +
		line('switches', switchesIn(a, b) + ', <span>migrations</span> ' + migrationsIn(a, b) + ', <span>tasks that ran</span> ' + most.length) +
		line('harts ran', percent(harts.reduce((x, y) => x + y, 0) / data.harts) + ': ' + (data.harts <= 16 ? harts.map(percent).join(', ') :
			`${percent(Math.min(...harts))} to ${percent(Math.max(...harts))}`)) +
		line('tasks ran', most.slice(0, 8).map(told).join(', ') + (most.length > 8 ? ', ...' : ''));
	box.append(button('zoom to it', () => setSpan(...view.range)), button('let go', () => measure(0, 0)));
}
