// SPDX-License-Identifier: MIT
// What the data say, put in order. trace_html.py tells what is in them.

// The places of a slice.
const HART = 0, PID = 1, START = 2, END = 3, WAIT = 4, WHY = 5, STATE = 6, WAKER = 7, WAKER_HART = 8;
const STATES = { R: 'gave way', 'R+': 'preempted', S: 'went to sleep', D: 'waits, not to be disturbed', X: 'ended', Z: 'ended', T: 'stopped',
		 t: 'traced', I: 'idles' };

const pids = Object.keys(data.colours).map(Number);
const label = pid => (data.tasks[pid] || '?') + '-' + pid;
const reasonOf = move => move[4] || 'other';

// Of each hart, and of each task, by time, so that what is seen is found quickly.
const lanes = Array.from({ length: data.harts }, () => []);
const slicesOf = new Map(pids.map(pid => [pid, []]));
data.slices.sort((a, b) => a[START] - b[START]);
for (const s of data.slices) {
	lanes[s[HART]].push(s);
	slicesOf.get(s[PID]).push(s);
}
const rowOrder = pids.filter(pid => slicesOf.get(pid).length).sort((a, b) => slicesOf.get(a)[0][START] - slicesOf.get(b)[0][START] || a - b);
const maxDepth = Math.max(1, ...data.depth.map(d => d.reduce((most, p) => Math.max(most, p[1]), 0)));

// Those whom a task woke: slices that began for that.
const wokenBy = new Map(pids.map(pid => [pid, []]));
for (const s of data.slices)
	if (s[WAKER] > 0 && wokenBy.has(s[WAKER]))
		wokenBy.get(s[WAKER]).push(s);
const wakeTime = s => s[START] - s[WAIT];

function time(ns) {
	return ns < 0 ? '-' + time(-ns) : ns < 1e3 ? ns.toFixed(0) + ' ns' : ns < 1e6 ? (ns / 1e3).toFixed(1) + ' µs' : ns < 1e9 ? (ns / 1e6).toFixed(3) + ' ms' :
	       (ns / 1e9).toFixed(3) + ' s';
}

function escape(text) {
	const e = document.createElement('i');
	e.textContent = text;
	return e.innerHTML;
}

// Of sorted @list the first whose end (@end) is after @t.
function firstAfter(list, t, end) {
	let lo = 0, hi = list.length;
	while (lo < hi) {
		const mid = (lo + hi) >> 1;
		if (end(list[mid]) > t)
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo;
}

// The slices of a hart or of a task that are, in part, from @a to @b.
function* between(list, a, b) {
	for (let i = firstAfter(list, a, s => s[END]); i < list.length && list[i][START] < b; i++)
		yield list[i];
}

// Who is called @text: a task as it is shown, a pid, or a part of a name. Null: there is no text, so all are.
function tasksCalled(text) {
	if (!text)
		return null;
	const low = text.toLowerCase();
	const exact = pids.filter(pid => label(pid).toLowerCase() === low || String(pid) === text);
	return new Set(exact.length ? exact : pids.filter(pid => label(pid).toLowerCase().includes(low)));
}

// What a task did from @a to @b; its waits as far as it ran in the end.
function sumsOf(pid, a, b) {
	const sums = { ran: 0, waited: 0, slices: 0 };
	const part = (x, y) => Math.max(0, Math.min(y, b) - Math.max(x, a));
	for (const s of slicesOf.get(pid) || []) {
		sums.ran += part(s[START], s[END]);
		sums.waited += part(wakeTime(s), s[START]);
		sums.slices += s[END] > a && s[START] < b;
	}
	return sums;
}

// How often harts changed from one task to another, or to none, from @a to @b.
function switchesIn(a, b) {
	let n = 0;
	const isIn = t => t >= a && t <= b && t > 0 && t < data.length;
	for (const lane of lanes)
		lane.forEach((s, i) => {
			n += isIn(s[START]);
			n += isIn(s[END]) && (i + 1 === lane.length || lane[i + 1][START] > s[END]);
		});
	return n;
}

const migrationsIn = (a, b) => data.migrations.filter(m => m[0] >= a && m[0] <= b && !m[4].startsWith('fork')).length;
const busyIn = (hart, a, b) => [...between(lanes[hart], a, b)].reduce((n, s) => n + Math.min(s[END], b) - Math.max(s[START], a), 0);
