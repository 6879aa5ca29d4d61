// SPDX-License-Identifier: MIT
// The lanes of the harts, and what both canvases share: the span of time that is seen, and who is in it.

// Of a hart: the lane, the strip of its queue's depth below, and what lies between.
const [LANE, STRIP, SPACE] = data.harts > 32 ? [10, 4, 2] : data.harts > 8 ? [20, 6, 5] : [30, 9, 5];
const PITCH = LANE + STRIP + SPACE, BRACKET = 15, TOP = 22, ROOM = 12;
const LEFT = 103 + BRACKET * data.groups.length;
const ARROW_ROOM = 8;			// px that a migration wants for itself to be an arrow
const canvas = document.getElementById('view'), tip = document.getElementById('tip');
const view = { from: 0, to: data.length, wanted: null, chosen: null, range: null };	// chosen: a slice
const hidden = new Set();		// colours that the legend turned off
const reasonOn = new Map([...new Set(data.migrations.map(reasonOf))].sort().map(r => [r, true]));

let inks = {};
const css = name => inks[name] ||= getComputedStyle(document.documentElement).getPropertyValue(name).trim();
let inner = 0;				// px of the lanes: asking for it again and again is slow
const width = () => inner;
const xOf = t => LEFT + (t - view.from) / (view.to - view.from) * width();
const tOf = x => view.from + (x - LEFT) / width() * (view.to - view.from);
const xIn = t => Math.min(Math.max(xOf(t), LEFT), LEFT + width());
const yOf = hart => TOP + hart * PITCH;
const height = () => yOf(data.harts) + 2 * ROOM + 22;

const isShown = pid => !hidden.has(data.colours[pid]);
const isLit = pid => view.chosen ? view.chosen[PID] === pid : !view.wanted || view.wanted.has(pid);

function isLight(colour) {
	const [r, g, b] = [1, 3, 5].map(i => parseInt(colour.slice(i, i + 2), 16));
	return 2 * r + 5 * g + b > 8 * 140;
}

// @canvas ready to be drawn on, @h px high.
function surface(canvas, h) {
	const dpr = window.devicePixelRatio || 1, g = canvas.getContext('2d');
	canvas.style.height = h + 'px';
	canvas.width = canvas.clientWidth * dpr;
	canvas.height = h * dpr;
	g.scale(dpr, dpr);
	g.font = '11px system-ui, sans-serif';
	return g;
}

function fillSpan(g, a, b, y, h, least) {
	const x = xIn(a);
	g.fillRect(x, y, Math.max(xIn(b) - x, least), h);
}

function drawLine(g, x0, y0, x1, y1) {
	g.beginPath();
	g.moveTo(x0, y0);
	g.lineTo(x1, y1);
	g.stroke();
}

function drawAxis(g) {
	const step0 = (view.to - view.from) / Math.max(width() / 110, 1), scale = 10 ** Math.floor(Math.log10(step0));
	const step = [1, 2, 5, 10].map(k => k * scale).find(k => k >= step0);
	g.strokeStyle = css('--line');
	g.textAlign = 'center';
	for (let t = Math.ceil(view.from / step) * step; t <= view.to; t += step) {
		const x = Math.round(xOf(t)) + .5;
		g.fillStyle = css('--dim');
		g.fillText(time(t).replace(/\.0+ /, ' '), x, 12);
		g.globalAlpha = .5;
		drawLine(g, x, TOP - 4, x, height() - 20);
		g.globalAlpha = 1;
	}
}

function viridis(part) {
	const stops = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]];
	const at = Math.min(part, .9999) * (stops.length - 1), i = Math.floor(at), f = at - i;
	return 'rgb(' + stops[i].map((c, k) => Math.round(c + (stops[i + 1][k] - c) * f)).join(',') + ')';
}

// One slice, @text in it where it fits.
function drawSlice(g, s, y, h, text) {
	const x = xIn(s[START]), w = Math.max(xIn(s[END]) - x, .6);
	g.globalAlpha = isLit(s[PID]) ? 1 : .15;
	g.fillStyle = data.colours[s[PID]];
	g.fillRect(x, y, w, h);
	if (s === view.chosen) {
		g.strokeStyle = css('--link');
		g.lineWidth = 2;
		g.strokeRect(x, y, w, h);
		g.lineWidth = 1;
	}
	if (w > 24 && g.measureText(text).width < w - 6) {
		g.fillStyle = isLight(data.colours[s[PID]]) ? '#000' : '#fff';
		g.textAlign = 'left';
		g.fillText(text, x + 4, y + h / 2 + 4);
	}
	g.globalAlpha = 1;
}

// Of @list what is seen; of what is narrower than half a pixel, one in a place, and who is lit first.
function* visible(list) {
	let lastX = -1;
	for (const s of between(list, view.from, view.to)) {
		const x = xIn(s[START]);
		if (!isShown(s[PID]) || (xIn(s[END]) - x < .5 && x - lastX < .5 && !(view.chosen && isLit(s[PID]))))
			continue;
		lastX = x;
		yield s;
	}
}

function drawDepth(g, hart) {
	const depth = data.depth[hart];
	for (let i = Math.max(firstAfter(depth, view.from, p => p[0]) - 1, 0); i < depth.length && depth[i][0] < view.to; i++) {
		g.fillStyle = viridis(depth[i][1] / maxDepth);
		if (depth[i][1])
			fillSpan(g, depth[i][0], i + 1 < depth.length ? depth[i + 1][0] : data.length, yOf(hart) + LANE + 1, STRIP - 2, .5);
	}
}

function drawSteal(g, hart) {
	g.fillStyle = css('--steal');
	(data.steal || []).forEach(([at, parts], i, all) => {
		g.globalAlpha = parts[hart];
		const end = i + 1 < all.length ? all[i + 1][0] : data.length;
		if (parts[hart] && end > view.from && at < view.to)
			fillSpan(g, at, end, yOf(hart) + LANE - 3, 3, 0);
	});
	g.globalAlpha = 1;
}

function drawLane(g, hart) {
	const y = yOf(hart);
	g.fillStyle = css('--lane');
	g.fillRect(LEFT, y, width(), LANE);
	for (const s of visible(lanes[hart]))
		drawSlice(g, s, y, LANE, label(s[PID]));
	drawDepth(g, hart);
	drawSteal(g, hart);
	g.fillStyle = css('--ink');
	g.textAlign = 'left';
	g.fillText('hart ' + hart, 12 + BRACKET * data.groups.length, y + LANE / 2 + 4);
	g.fillStyle = css('--dim');
	g.textAlign = 'right';
	g.fillText((100 * data.busy[hart]).toFixed(0) + ' %', LEFT - 8, y + LANE / 2 + 4);
}

// What harts share, at the side: harts of a group that follow each other have one bracket.
function drawBrackets(g) {
	g.strokeStyle = g.fillStyle = css('--dim');
	g.textAlign = 'center';
	data.groups.forEach(([level, groups], column) => groups.forEach((harts, n) => {
		const x = 14 + BRACKET * column;
		for (let i = 0; i < harts.length;) {
			let k = i;
			while (k + 1 < harts.length && harts[k + 1] === harts[k] + 1)
				k++;
			const y0 = yOf(harts[i]) + 1, y1 = yOf(harts[k]) + LANE - 1, text = level + ' ' + n;
			drawLine(g, x, y0, x, y1);
			drawLine(g, x, y0, x + 4, y0);
			drawLine(g, x, y1, x + 4, y1);
			g.save();
			g.translate(x - 3, (y0 + y1) / 2);
			g.rotate(-Math.PI / 2);
			if (y1 - y0 > g.measureText(text).width + 4)
				g.fillText(text, 0, 0);
			g.restore();
			i = k + 1;
		}
	}));
}

function drawArrow(g, x0, y0, x1, y1) {
	const down = y1 > y0 ? 1 : -1;
	drawLine(g, x0, y0, x1, y1);
	g.beginPath();
	g.moveTo(x1, y1);
	g.lineTo(x1 - 3, y1 - 6 * down);
	g.lineTo(x1 + 3, y1 - 6 * down);
	g.fill();
}

// What may be drawn of migrations, by columns of pixels.
function moveColumns() {
	const columns = new Map();
	for (let i = firstAfter(data.migrations, view.from, m => m[0]); i < data.migrations.length && data.migrations[i][0] <= view.to; i++) {
		const m = data.migrations[i], at = Math.floor(xOf(m[0]) / ARROW_ROOM);
		if (reasonOn.get(reasonOf(m)) && isLit(m[3]) && isShown(m[3]))
			columns.set(at, [...(columns.get(at) || []), m]);
	}
	return columns;
}

// Arrows where they have room; how many there are, below.
function drawMigrations(g) {
	const y = yOf(data.harts) + ROOM, columns = moveColumns();
	const most = Math.max(1, ...[...columns.values()].map(c => c.length));
	g.strokeStyle = g.fillStyle = css('--ink');
	for (const [at, moves] of columns) {
		const h = 9 * (.25 + .75 * moves.length / most);
		g.fillRect(at * ARROW_ROOM + 1, y + 9 - h, ARROW_ROOM - 2, h);
		if (moves.length === 1)
			drawArrow(g, xOf(moves[0][0]), yOf(moves[0][1]) + LANE / 2, xOf(moves[0][0]), yOf(moves[0][2]) + LANE / 2);
	}
}

function drawFoot(g) {
	const y = yOf(data.harts);
	g.fillStyle = css('--bad');
	for (const [a, b] of data.gaps)
		if (b > view.from && a < view.to)
			fillSpan(g, a, b, y, 9, 1);
	g.fillStyle = css('--dim');
	g.textAlign = 'right';
	g.fillText('work waits', LEFT - 8, y + 9);
	g.fillText('moves', LEFT - 8, y + ROOM + 9);
}

// The range that is measured, over all of a canvas.
function drawRange(g, h) {
	if (!view.range)
		return;
	g.fillStyle = css('--band');
	fillSpan(g, view.range[0], view.range[1], 0, h, 1);
}

function drawHarts() {
	const g = surface(canvas, height());
	drawAxis(g);
	drawBrackets(g);
	for (let hart = 0; hart < data.harts; hart++)
		drawLane(g, hart);
	drawMigrations(g);
	drawFoot(g);
	drawLinks(g, s => yOf(s[HART]) + LANE / 2, s => yOf(s[WAKER_HART]) + LANE / 2);
	drawRange(g, height());
}
