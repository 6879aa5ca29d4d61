// SPDX-License-Identifier: MIT
// A row a task: when it ran, could have run, slept; of many rows those that are scrolled to.

const ROW = 18, BAR = 12;
const rowsBox = document.getElementById('rows'), rowsCanvas = document.getElementById('tasks');
let rows = rowOrder, rowAt = new Map(rowOrder.map((pid, i) => [pid, i]));

function setRows() {
	rows = rowOrder.filter(pid => isShown(pid) && (!view.wanted || view.wanted.has(pid) || (view.chosen && view.chosen[PID] === pid)));
	rowAt = new Map(rows.map((pid, i) => [pid, i]));
	document.getElementById('extent').style.height = rows.length * ROW + 4 + 'px';
}

const rowY = pid => rowAt.get(pid) * ROW - rowsBox.scrollTop + 2;

// What a task did while it did not run: between slice @s and the one before, @last.
function drawPause(g, last, s, y) {
	const ready = s ? wakeTime(s) : data.length, ended = last && /[XZ]/.test(last[STATE]);
	if (last && last[STATE][0] !== 'R' && !ended && ready > last[END]) {
		const blocked = last[STATE] === 'D', h = blocked ? 4 : 2;
		g.fillStyle = css(blocked ? '--blocked' : '--line');
		fillSpan(g, last[END], ready, y + (BAR - h) / 2, h, 0);
	}
	g.fillStyle = css('--wait');
	if (s && s[WAIT] > 0)
		fillSpan(g, ready, s[START], y + 3, BAR - 6, 0);
	else if (!s && last && last[STATE][0] === 'R')
		fillSpan(g, last[END], data.length, y + 3, BAR - 6, 0);
}

function drawRow(g, pid) {
	const list = slicesOf.get(pid), y = rowY(pid), first = firstAfter(list, view.from, s => s[END]);
	g.globalAlpha = isLit(pid) ? 1 : .3;
	for (let i = first; i <= list.length && (!i || list[i - 1][END] < view.to); i++)
		drawPause(g, list[i - 1], list[i], y);
	for (const s of visible(list))
		drawSlice(g, s, y, BAR, 'hart ' + s[HART]);
	g.fillStyle = data.colours[pid];
	g.fillRect(8, y + 1, 9, 9);
	g.fillStyle = css('--ink');
	g.textAlign = 'left';
	g.fillText(label(pid), 22, y + 10, LEFT - 30);
}

function drawRows() {
	const h = rowsBox.clientHeight, g = surface(rowsCanvas, h);
	const first = Math.floor(rowsBox.scrollTop / ROW), last = Math.ceil((rowsBox.scrollTop + h) / ROW);
	g.fillStyle = css('--band');
	if (view.chosen && rowAt.has(view.chosen[PID]))
		g.fillRect(0, rowY(view.chosen[PID]) - 3, canvas.clientWidth, ROW);
	rows.slice(first, last).forEach(pid => drawRow(g, pid));
	g.globalAlpha = 1;
	drawLinks(g, s => rowY(s[PID]) + BAR / 2, s => rowY(s[WAKER]) + BAR / 2);
	drawRange(g, h);
}

// Have the row of @pid seen.
function scrollToRow(pid) {
	const y = rowAt.get(pid) * ROW;
	if (y < rowsBox.scrollTop || y + ROW > rowsBox.scrollTop + rowsBox.clientHeight)
		rowsBox.scrollTop = y - rowsBox.clientHeight / 2;
}

// What is at a place of the rows: a task, and its slice or the next one, if there is one.
function rowAtPlace(x, y) {
	const pid = rows[Math.floor((y + rowsBox.scrollTop) / ROW)], list = pid && slicesOf.get(pid);
	if (!list || x < 0)
		return null;
	const near = (view.to - view.from) / width() * 2, t = tOf(Math.max(x, LEFT));
	const i = firstAfter(list, t - near, s => s[END]), s = list[i];
	return { pid, t, i, last: list[i - 1], next: s, slice: s && s[START] <= t + near ? s : null };
}

function describeRow({ pid, t, last, next, slice }) {
	if (slice)
		return describeSlice(slice);
	const since = last && last[STATE][0] !== 'R' ? (next && t >= wakeTime(next) ? null : STATES[last[STATE]] || last[STATE]) : null;
	const what = next && t >= wakeTime(next) ? 'could run, waits for a hart' : since || (last ? 'could run' : 'is not there yet');
	return '<b>' + escape(label(pid)) + '</b>' + line('at ' + time(t), escape(what)) + (next ? line('woken', wokenHow(next)) : '');
}
