// SPDX-License-Identifier: MIT
// Mouse, keys, the bar above and the legend below.

const LEGEND = 48;		// entries at most
const byId = id => document.getElementById(id);

function draw() {
	inner = canvas.clientWidth - LEFT - 20;
	drawHarts();
	drawRows();
	byId('span').textContent = time(view.from) + ' to ' + time(view.to);
}

function setSpan(a, b) {
	const least = 1000, length = Math.min(Math.max(b - a, least), data.length);
	view.from = Math.min(Math.max(a, 0), data.length - length);
	view.to = view.from + length;
	draw();
}

function zoom(factor, at) {
	setSpan(at - (at - view.from) * factor, at + (view.to - at) * factor);
}

// What is at a place of the harts' canvas: a migration that has an arrow, a slice, or nothing.
function whatIsAt(x, y) {
	const hart = Math.floor((y - TOP) / PITCH), t = tOf(x);
	if (x < LEFT || x > LEFT + width() || hart < 0 || hart >= data.harts)
		return null;
	const moves = moveColumns().get(Math.floor(x / ARROW_ROOM)) || [], [move] = moves;
	if (moves.length === 1 && Math.abs(xOf(move[0]) - x) < 3 && hart >= Math.min(move[1], move[2]) && hart <= Math.max(move[1], move[2]))
		return { move };
	const near = (view.to - view.from) / width(), lane = lanes[hart], i = firstAfter(lane, t - near, s => s[END]);
	if (y - yOf(hart) > LANE || i >= lane.length || lane[i][START] > t + near)
		return { hart, t };
	return { slice: lane[i] };
}

function describe(found) {
	if (found.move)
		return describeMove(found.move);
	return found.slice ? describeSlice(found.slice) : '<b>hart ' + found.hart + ' idles</b>' + line('at', time(found.t));
}

function showTip(event, text) {
	tip.style.display = text ? 'block' : 'none';
	if (!text)
		return;
	tip.innerHTML = text;
	tip.style.left = Math.min(event.clientX + 14, window.innerWidth - tip.offsetWidth - 8) + 'px';
	tip.style.top = Math.min(event.clientY + 14, window.innerHeight - tip.offsetHeight - 8) + 'px';
}

// Both canvases pan, zoom and measure alike. @find: what is at a place; @tell: of it, in words; @pick: its slice.
function listen(surface, find, tell, pick) {
	let drag = null;
	const xAt = event => event.clientX - surface.getBoundingClientRect().left;
	const foundAt = event => find(xAt(event), event.clientY - surface.getBoundingClientRect().top);
	surface.addEventListener('pointerdown', event => {
		drag = { x: event.clientX, from: view.from, to: view.to, range: event.shiftKey && tOf(xAt(event)), far: false };
		surface.setPointerCapture(event.pointerId);
		surface.classList.add(event.shiftKey ? 'measuring' : 'moving');
	});
	surface.addEventListener('pointermove', event => {
		const found = !drag && foundAt(event);
		showTip(event, found && tell(found));
		if (!drag)
			return;
		drag.far ||= Math.abs(drag.x - event.clientX) > 3;
		const by = (drag.x - event.clientX) / width() * (drag.to - drag.from);
		if (drag.range !== false)
			measure(drag.range, tOf(xAt(event)));
		else if (drag.far)
			setSpan(drag.from + by, drag.to + by);
	});
	surface.addEventListener('pointerup', event => {
		const found = drag && !drag.far && drag.range === false && foundAt(event);
		if (drag && !drag.far && drag.range === false)
			choose(found && pick(found));
		drag = null;
		surface.classList.remove('moving', 'measuring');
	});
	surface.addEventListener('pointercancel', () => { drag = null; });
	surface.addEventListener('pointerleave', event => showTip(event, ''));
	surface.addEventListener('dblclick', () => setSpan(0, data.length));
}

function wheel(event) {
	const x = event.clientX - canvas.getBoundingClientRect().left;
	event.preventDefault();
	if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
		const by = (event.deltaX || event.deltaY) / width() * (view.to - view.from);
		setSpan(view.from + by, view.to + by);
	} else {
		zoom(Math.exp(event.deltaY * .0015), tOf(Math.max(x, LEFT)));
	}
}

function letGo() {
	measure(0, 0);
	choose(null);
}

const middle = () => (view.from + view.to) / 2;
const pan = part => setSpan(view.from + part * (view.to - view.from), view.to + part * (view.to - view.from));
const KEYS = {
	'+': () => zoom(.6, middle()), '=': () => zoom(.6, middle()), '-': () => zoom(1 / .6, middle()), '0': () => setSpan(0, data.length),
	Home: () => setSpan(0, data.length), ArrowLeft: () => pan(-.2), ArrowRight: () => pan(.2), ',': () => step(-1), '.': () => step(1),
	w: toWaker, z: () => view.range && setSpan(...view.range), Escape: letGo,
};

function search() {
	const text = byId('find').value.trim(), hint = byId('hint');
	const found = tasksCalled(text), none = found && !found.size, names = [...new Set(pids.map(pid => data.tasks[pid]))];
	view.wanted = none ? null : found;
	hint.className = none ? 'none' : '';
	hint.textContent = !found ? '' : none ? `no task is called “${text}”; there are ${names.slice(0, 6).join(', ')}${names.length > 6 ? ', …' : ''}` :
			   found.size === 1 ? label([...found][0]) : found.size + ' tasks';
	setRows();
	draw();
}

function addReasons() {
	for (const [reason] of reasonOn) {
		const holder = document.createElement('label'), box = document.createElement('input');
		const n = data.migrations.filter(m => reasonOf(m) === reason).length;
		box.type = 'checkbox';
		box.checked = true;
		box.addEventListener('change', () => { reasonOn.set(reason, box.checked); draw(); });
		holder.append(box, ' ' + reason + ' (' + n + ') ');
		byId('reasons').append(holder);
	}
}

// A colour is a task's, or that of all tasks of a name.
function addLegend() {
	const groups = new Map();
	for (const pid of pids)
		groups.set(data.colours[pid], [...(groups.get(data.colours[pid]) || []), pid]);
	for (const [colour, some] of [...groups].slice(0, LEGEND)) {
		const swatch = document.createElement('span'), names = new Set(some.map(pid => data.tasks[pid]));
		const b = button('', () => {
			b.classList.toggle('off', !hidden.delete(colour) && hidden.add(colour));
			setRows();
			draw();
		});
		swatch.className = 'swatch';
		swatch.style.background = colour;
		b.append(swatch, some.length === 1 ? label(some[0]) : `${[...names].join(', ')} (${some.length})`);
		byId('legend').append(b);
	}
	if (groups.size > LEGEND)
		byId('legend').append(`and ${groups.size - LEGEND} more, in the rows above`);
}

function addVerdict() {
	for (const [what, value] of data.verdict) {
		const d = document.createElement('div');
		d.innerHTML = escape(what) + ' <b>' + escape(value) + '</b>';
		byId('verdict').append(d);
	}
}

function start() {
	document.title = byId('title').textContent = data.title;
	byId('report').textContent = data.report;
	byId('stealkey').hidden = !data.steal || !data.steal.length;
	rowsBox.style.height = Math.min(Math.max(rowOrder.length * ROW + 6, 60), Math.max(window.innerHeight * .45, 160)) + 'px';
	addVerdict();
	addReasons();
	addLegend();
	listen(canvas, whatIsAt, describe, found => found.slice);
	listen(rowsCanvas, rowAtPlace, describeRow, found => found.slice || found.next || found.last);
	canvas.addEventListener('wheel', wheel, { passive: false });
	rowsCanvas.addEventListener('wheel', event => event.ctrlKey && wheel(event), { passive: false });
	rowsBox.addEventListener('scroll', drawRows);
	new ResizeObserver(drawRows).observe(rowsBox);
	document.addEventListener('keydown', event => {
		if (event.target.id === 'find' || event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key])
			return;
		KEYS[event.key]();
		event.preventDefault();
	});
	byId('all').addEventListener('click', () => setSpan(0, data.length));
	byId('find').addEventListener('input', search);
	byId('find').addEventListener('keydown', event => {
		if (event.key === 'Enter' && view.wanted && view.wanted.size)
			choose(slicesOf.get(rows[0])[0]);
	});
	window.addEventListener('resize', draw);
	window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { inks = {}; draw(); });
	setRows();
	showTask();
	showRange();
	draw();
}

start();
