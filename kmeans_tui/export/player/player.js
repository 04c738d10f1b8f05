"use strict";
// Plays one run. Moments count half steps from 0: 0 is the start, before any assignment, 2i the
// update of iteration i, 2i + 1 its assignment. Texts are only ever set as text.
(() => {
const $ = (id) => document.getElementById(id);
const run = JSON.parse($("run").textContent);
const { k, d, iterations } = run;
const end = 2 * iterations + 1;

// ---------------------------------------------------------------- numbers, written as Python does

function fixed(value, digits) {
  const size = Math.abs(value);
  if (!(size < 1e21)) return String(value);
  let text = size.toFixed(digits);
  // Python rounds a half to the even digit, toFixed up. A half is exact: 40 digits tell.
  const exact = size.toFixed(Math.min(100, digits + 40));
  const cut = digits ? exact.length - 40 : exact.indexOf(".");
  if (digits <= 60 && /^50*$/.test(exact.slice(digits ? cut : cut + 1))) {
    const below = exact.slice(0, cut);
    if ("02468".includes(below[below.length - 1])) text = below;
  }
  return value < 0 && /[1-9]/.test(text) ? "-" + text : text;
}

function general(value, precision) {
  const size = Math.abs(value);
  if (!size || !Number.isFinite(size)) return size ? String(value) : "0";
  const sign = value < 0 ? "-" : "";
  let power = Number(size.toExponential(20).split("e")[1]);
  const decimals = precision - 1 - power;
  if (decimals >= 0 && decimals <= 60) {
    const text = fixed(size, decimals);
    const digits = text.replace(".", "").replace(/^0+/, "");
    if (digits.length > precision) power += 1;
    if (power >= -4 && power < precision) return sign + trimmed(text);
    return sign + exponent(digits.slice(0, precision), power);
  }
  const [mantissa, found] = size.toExponential(precision - 1).split("e");
  return sign + exponent(mantissa.replace(".", ""), Number(found));
}

function trimmed(text) {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

function exponent(digits, power) {
  const mantissa = trimmed(digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits);
  return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

function grouped(text) {
  return text.replace(/\B(?=(\d{3})+$)/g, ",");
}

function amount(value) {
  const size = Math.abs(value);
  if (size >= 1e9 || (size > 0 && size < 1e-4)) return general(value, 3);
  if (size >= 1e5) return grouped(fixed(value, 0));
  return size >= 1 ? fixed(value, 2) : general(value, 3);
}

function place(value, axis) {
  const decimals = run.plane.decimals[axis];
  return decimals === null ? general(value, 6) : fixed(value, decimals);
}

// ---------------------------------------------------------------- the recording

const TYPES = { u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, f8: Float64Array };

function unpacked(array) {
  const text = atob(array.bytes);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  const found = new TYPES[array.type](bytes.buffer);
  if (array.digits === undefined) return found;
  const unit = 10 ** array.digits;
  return Float64Array.from(found, (each) => (each + array.low) / unit);
}

const inertia = unpacked(run.inertia), shares = unpacked(run.shares);
const sizes = unpacked(run.sizes), shifts = unpacked(run.shifts);
const weights = run.weights && unpacked(run.weights);
const centroids = unpacked(run.centroids), places = unpacked(run.places);
const at = unpacked(run.plane.at);
const n = at.length / 2;
const values = run.points.values.map(unpacked);
const clustered = run.points.clustered ? run.points.clustered.map(unpacked) : values;
const numbers = run.points.numbers && unpacked(run.points.numbers);
const texts = run.points.texts.map((each) => ({ ...each, which: unpacked(each.which) }));

const recorded = Object.fromEntries(Object.entries(run.labels).map(([key, each]) => [key, unpacked(each)]));
const begins = new Uint32Array(iterations + 2);
for (let i = 0; i <= iterations; i++) begins[i + 1] = begins[i] + recorded.counts[i];
const labels = Uint16Array.from(recorded.first);
let labelled = 0;

// The clusters of the points in an iteration: from those shown last, XOR by XOR, either way.
function labelsOf(iteration) {
  while (labelled < iteration) flip(++labelled);
  while (labelled > iteration) flip(labelled--);
  return labels;
}

function flip(iteration) {
  for (let j = begins[iteration]; j < begins[iteration + 1]; j++) labels[recorded.rows[j]] ^= recorded.flips[j];
}

// The iteration whose centroids, and that whose clusters, a moment shows; -1 for no clusters yet.
const iterationOf = (moment) => moment >> 1;
const assignedOf = (moment) => (moment % 2 ? moment >> 1 : (moment >> 1) - 1);
const isUpdate = (moment) => moment > 0 && moment % 2 === 0;

function distance(row, iteration, cluster) {
  let sum = 0;
  const from = (iteration * k + cluster) * d;
  for (let j = 0; j < d; j++) sum += (clustered[j][row] - centroids[from + j]) ** 2;
  return Math.sqrt(sum);
}

const number = (row) => (numbers ? numbers[row] : row + 1);
const nameOf = (row) => texts.filter((each) => each.name === "point").map((each) => each.texts[each.which[row]])[0] || "";

// Every change of cluster of a row up to an iteration, with its reason.
function movesOf(row, iteration) {
  const found = [];
  let label = recorded.first[row];
  for (let i = 1; i <= iteration; i++) {
    for (let j = begins[i]; j < begins[i + 1]; j++) {
      if (recorded.rows[j] !== row) continue;
      const old = label;
      label ^= recorded.flips[j];
      found.push(move(row, i, old, label));
    }
  }
  return found;
}

function move(row, i, old, now) {
  const before = [distance(row, i - 1, old), distance(row, i - 1, now)];
  const after = [distance(row, i, old), distance(row, i, now)];
  const took = run.events.some(([when, cluster, who]) => when === i && cluster === now && who === row);
  const why = took ? `cluster ${now + 1} ran empty and took this point over`
    : reason(now, after[0] - before[0], before[1] - after[1], 1e-9 * Math.max(1, before[1]));
  return { i, old, now, before, after, why };
}

function reason(now, away, closer, still) {
  const moved = (by) => (by > 0 ? `moved ${general(by, 3)} away` : `came ${general(-by, 3)} closer`);
  const own = "its own centroid " + (Math.abs(away) <= still ? "stayed as far" : moved(away));
  const other = `centroid ${now + 1} ` + (Math.abs(closer) <= still ? "stayed as far" : moved(-closer));
  const same = (away > still && -closer > still) || (away < -still && closer > still);
  if (!same) return `${own}, ${other}`;
  if (away > 0) return `${own}, but centroid ${now + 1} only ${general(-closer, 3)}`;
  return `${own}, but ${other} still`;
}

// ---------------------------------------------------------------- state

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");
const state = {
  moment: 0, playing: false, speed: run.speeds.indexOf(run.speed), theme: run.dark ? "dark" : "system",
  trails: true, regions: run.plane.exact, coming: false, distances: true, code: false,
  aspect: run.plane.aspect, row: null,
};
let look, styles, glide = null, ground;

function setTheme() {
  ground = state.theme === "system" ? (dark.matches ? "dark" : "light") : state.theme;
  look = run.looks[ground];
  styles = run.styles[ground];
  const root = document.documentElement.style;
  for (const name of ["background", "ink", "faint", "line", "mark"]) root.setProperty(`--${name}`, look[name]);
  root.colorScheme = ground;
  $("theme").textContent = { system: "Auto", light: "Light", dark: "Dark" }[state.theme];
  $("theme").setAttribute("aria-label", `Theme: ${state.theme === "system" ? "the system's" : state.theme}`);
}

// ---------------------------------------------------------------- the picture

const under = $("under").getContext("2d"), dots = $("points").getContext("2d"), over = $("over").getContext("2d");
// matplotlib's markers in a square from -1 to 1; a disc is drawn as an arc.
const MARKERS = {
  o: "M1 0A1 1 0 1 1-1 0A1 1 0 1 1 1 0Z", s: "M-.9-.9H.9V.9H-.9Z", "^": "M0-1L1 .9H-1Z", D: "M0-1.2L1.2 0 0 1.2-1.2 0Z",
  v: "M0 1L1-.9H-1Z", P: "M-.35-1H.35V-.35H1V.35H.35V1H-.35V.35H-1V-.35H-.35Z",
  X: "M-1-.5L-.5-1 0-.5 .5-1 1-.5 .5 0 1 .5 .5 1 0 .5-.5 1-1 .5-.5 0Z",
};
const view = { width: 0, height: 0, ratio: 1, radius: 4, big: 13 };
let px = new Int32Array(n), py = new Int32Array(n), drawn = null;
// Points lie over each other in a fixed order that looks random, so that no cluster is on top.
const order = new Uint32Array(n).map((_, i) => i);
for (let i = n - 1, seed = 1; i > 0; i--) {
  seed = (seed * 48271) % 2147483647;
  const j = seed % (i + 1);
  [order[i], order[j]] = [order[j], order[i]];
}

function layOut() {
  const box = $("plot").getBoundingClientRect();
  view.width = Math.max(120, box.width);
  view.height = Math.max(120, box.height);
  view.ratio = Math.min(window.devicePixelRatio || 1, 3);
  for (const each of [under, dots, over]) {
    each.canvas.width = Math.round(view.width * view.ratio);
    each.canvas.height = Math.round(view.height * view.ratio);
  }
  const scale = Math.min(2.2, Math.max(0.75, Math.min(view.width, view.height) / 420));
  view.font = Math.round(Math.min(22, Math.max(11, 12 * scale)));
  view.radius = Math.max(1.1, (Math.sqrt(run.plane.size) * (4 / 3) * scale) / 2);
  view.big = Math.min(18, Math.max(9, 11 * scale)) * (k > 30 ? 0.7 : 1);
  const margin = { left: 4.2 * view.font, right: 12, top: 12, bottom: 3.4 * view.font };
  const room = [view.width - margin.left - margin.right, view.height - margin.top - margin.bottom];
  frame(margin, room);
  for (let i = 0; i < n; i++) {
    px[i] = Math.round((view.x + (at[2 * i] / 65535) * view.w) * view.ratio);
    py[i] = Math.round((view.y + (1 - at[2 * i + 1] / 65535) * view.h) * view.ratio);
  }
  drawn = many = null;
}

// Where the area lies: a unit of the clustered space as long across as down, unless that is too thin.
function frame(margin, room) {
  const [[left, right], [bottom, top]] = run.plane.area;
  const units = run.plane.units;
  let [w, h] = room, stretch = null;
  if (units) {
    const across = ((right - left) * units[0]) / room[0], down = ((top - bottom) * units[1]) / room[1];
    const most = Math.max(across, down), used = [(across / most) * room[0], (down / most) * room[1]];
    // As the program: 24 columns and 10 rows, the same turned upright, or half of the cells.
    const roomy = [[24, 10], [20, 12]].some(([c, r]) => used[0] >= 8 * c && used[1] >= 16 * r);
    const share = (used[0] * used[1]) / (room[0] * room[1]);
    stretch = down / across;
    if (state.aspect === "equal" || (state.aspect !== "fill" && (roomy || share >= 0.5))) {
      [w, h] = used;
      stretch = 1;
    }
  }
  Object.assign(view, { w, h, stretch, x: margin.left + (room[0] - w) / 2, y: margin.top + (room[1] - h) / 2 });
  $("aspect").setAttribute("aria-pressed", stretch === 1);
  $("aspect").disabled = !units;
}

const toX = (x) => view.x + ((x - run.plane.area[0][0]) / (run.plane.area[0][1] - run.plane.area[0][0])) * view.w;
const toY = (y) => view.y + (1 - (y - run.plane.area[1][0]) / (run.plane.area[1][1] - run.plane.area[1][0])) * view.h;

// A marker as a picture; ``ratio`` pixels to each of the page's.
function sprite(colour, edge, marker) {
  const radius = view.radius * view.ratio, side = 2 * Math.ceil(radius * 1.3 + 2) + 1;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const c = canvas.getContext("2d", { willReadFrequently: true });
  c.setTransform(radius, 0, 0, radius, side / 2, side / 2);
  const path = new Path2D(MARKERS[marker]);
  if (view.radius > 1.6) {
    c.strokeStyle = edge;
    c.lineWidth = 1.2 / view.radius;
    c.stroke(path);
  }
  c.fillStyle = colour;
  c.fill(path);
  return canvas;
}

// Few points are drawn one by one, each style with its marker.
function drawSprites(own) {
  const width = dots.canvas.width, made = [...styles, [look.grey, "o"]].map(([colour, marker]) => sprite(colour, look.edge, marker));
  const half = (made[0].width - 1) / 2;
  dots.clearRect(0, 0, width, dots.canvas.height);
  for (const i of order) dots.drawImage(made[own ? own[i] : k], px[i] - half, py[i] - half);
}

// Many points are discs that never move: a pixel is the sum, over the points seen there, of a fixed
// weight times a colour. Only points that change their colour cost anything, and whole numbers give
// the same picture by any way through the run.
let many = null;

function weigh() {
  const stamp = sprite("#f00", "#0f0", "o"), side = stamp.width, half = (side - 1) / 2;
  const mask = stamp.getContext("2d").getImageData(0, 0, side, side).data, wide = dots.canvas.width;
  const stops = [];
  for (let j = 0; j < side * side; j++) {
    const [r, g, , alpha] = mask.subarray(4 * j, 4 * j + 4), a = alpha / 255;
    if (alpha > 7) stops.push([(Math.floor(j / side) - half) * wide + (j % side) - half, a, (a * r) / (r + g), (a * g) / (r + g)]);
  }
  const image = dots.createImageData(wide, dots.canvas.height), size = image.width * image.height;
  const left = new Float32Array(size).fill(1), alpha = new Int32Array(size), rim = new Int32Array(size);
  const pixels = new Int32Array(n * stops.length), weights = new Uint8Array(n * stops.length);
  const starts = new Uint32Array(n), ends = new Uint32Array(n);
  let used = 0;
  for (let o = n - 1; o >= 0; o--) {
    const i = order[o], from = py[i] * wide + px[i];
    starts[i] = used;
    for (const [by, a, fill, edge] of stops) {
      const pixel = from + by, rest = left[pixel];
      if (rest < 0.008) continue;
      const weight = Math.round(255 * rest * fill), around = Math.round(255 * rest * edge);
      alpha[pixel] += weight + around;
      rim[pixel] += around;
      if (weight) [pixels[used], weights[used++]] = [pixel, weight];
      left[pixel] = rest * (1 - a);
    }
    ends[i] = used;
  }
  const edge = channels(look.edge), sums = edge.map((each) => rim.map((weight) => weight * each));
  many = {
    image, out: new Uint32Array(image.data.buffer), alpha, sums, pixels, weights, starts, ends,
    worn: new Uint16Array(n).fill(k + 1), colours: [...styles.map(([colour]) => channels(colour)), channels(look.grey), [0, 0, 0]],
  };
}

const channels = (colour) => [1, 3, 5].map((from) => parseInt(colour.slice(from, from + 2), 16));

function drawMany(own) {
  const { image, out, alpha, sums: [red, green, blue], pixels, weights, starts, ends, worn, colours } = many;
  for (let i = 0; i < n; i++) {
    const now = own ? own[i] : k;
    if (worn[i] === now) continue;
    const before = colours[worn[i]], after = colours[now];
    const dr = after[0] - before[0], dg = after[1] - before[1], db = after[2] - before[2];
    worn[i] = now;
    for (let j = starts[i]; j < ends[i]; j++) {
      const pixel = pixels[j], weight = weights[j], all = alpha[pixel];
      const r = (red[pixel] += weight * dr), g = (green[pixel] += weight * dg), b = (blue[pixel] += weight * db);
      out[pixel] = (Math.min(255, all) << 24) | ((b / all) << 16) | ((g / all) << 8) | (r / all);
    }
  }
  dots.putImageData(image, 0, 0);
}

const MANY = 2000;

function drawPoints() {
  const iteration = assignedOf(state.moment);
  if (drawn === iteration) return;
  drawn = iteration;
  const own = iteration < 0 ? null : labelsOf(iteration);
  if (n <= MANY) return drawSprites(own);
  if (!many) weigh();
  drawMany(own);
}

// Where the centroids are drawn, in pixels: between two updates while they glide.
function shown() {
  const found = new Float64Array(2 * k), to = iterationOf(state.moment);
  const part = glide ? glide.part : 1, from = glide ? to - 1 : to;
  for (let c = 0; c < k; c++) {
    for (let a = 0; a < 2; a++) {
      const before = places[2 * (from * k + c) + a], after = places[2 * (to * k + c) + a];
      found[2 * c + a] = (a ? toY : toX)(before + (after - before) * part);
    }
  }
  return found;
}

function drawUnder(spots) {
  const c = under;
  c.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
  c.clearRect(0, 0, view.width, view.height);
  if (state.regions && state.moment > 0) drawRegions(c, spots);
  c.strokeStyle = look.line;
  c.lineWidth = 1;
  c.strokeRect(view.x + 0.5, view.y + 0.5, view.w - 1, view.h - 1);
  c.fillStyle = look.faint;
  c.font = `${view.font}px system-ui, sans-serif`;
  const [[left, right], [bottom, top]] = run.plane.area;
  c.textAlign = "center";
  c.textBaseline = "top";
  const base = view.y + view.h;
  for (const [value, text] of ticks(left, right, Math.max(2, Math.floor(view.w / (4.5 * view.font))))) {
    c.fillRect(toX(value), base, 1, 4);
    c.fillText(text, toX(value), base + 6);
  }
  c.textAlign = "right";
  c.textBaseline = "middle";
  for (const [value, text] of ticks(bottom, top, Math.max(2, Math.floor(view.h / (3.5 * view.font))))) {
    c.fillRect(view.x - 4, toY(value), 4, 1);
    c.fillText(text, view.x - 6, toY(value), view.x - 6);
  }
  c.fillStyle = look.ink;
  c.textAlign = "center";
  c.textBaseline = "alphabetic";
  c.fillText(fitted(c, run.plane.names[0] + stretched(), view.w), view.x + view.w / 2, Math.min(view.height - 4, base + 2.9 * view.font));
  c.save();
  c.translate(Math.max(view.font, view.x - 3.1 * view.font), view.y + view.h / 2);
  c.rotate(-Math.PI / 2);
  c.fillText(fitted(c, run.plane.names[1], view.h), 0, 0);
  c.restore();
}

function stretched() {
  if (view.stretch === null || view.stretch === 1) return "";
  const [times, way] = view.stretch >= 1 ? [view.stretch, "across"] : [1 / view.stretch, "down"];
  const text = times < 10 ? general(times, 2) : times < 1e6 ? grouped(fixed(times, 0)) : times.toExponential(0);
  return ` · about stretched ${text} times ${way}`;
}

function fitted(c, text, room) {
  if (c.measureText(text).width <= room) return text;
  const letters = [...text];
  while (letters.length > 1 && c.measureText(letters.join("") + "…").width > room) letters.pop();
  return letters.join("") + "…";
}

function ticks(low, high, most) {
  const rough = (high - low) / most, power = Math.floor(Math.log10(rough));
  const leading = [1, 2, 5, 10].find((each) => each * 10 ** power >= rough) || 10;
  const step = leading * 10 ** power, digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const found = [];
  for (let i = Math.ceil(low / step); i * step <= high && found.length < 50; i++) {
    const large = Math.max(Math.abs(low), Math.abs(high)) >= 1e6 || digits > 6;
    found.push([i * step, large ? general(i * step, 4) : fixed(i * step, digits)]);
  }
  return found;
}

// Regions: the area, cut for each cluster by the line midway to every other centroid.
function drawRegions(c, spots) {
  const [[left, right], [bottom, top]] = run.plane.area, units = run.plane.units;
  // How long a pixel is in the clustered space; with one feature only x counts.
  const ux = units ? (units[0] * (right - left)) / view.w : 1, uy = units ? (units[1] * (top - bottom)) / view.h : 0;
  const { x, y, w, h } = view;
  for (let own = 0; own < k; own++) {
    let cell = [[x, y], [x + w, y], [x + w, y + h], [x, y + h]];
    for (let other = 0; other < k && cell.length; other++) {
      if (other !== own) cell = nearer(cell, spots, own, other, ux * ux, uy * uy);
    }
    if (!cell.length) continue;
    c.beginPath();
    cell.forEach(([a, b]) => c.lineTo(a, b));
    c.closePath();
    c.globalAlpha = ground === "dark" ? 0.2 : 0.13;
    c.fillStyle = styles[own][0];
    c.fill();
    c.globalAlpha = 0.55;
    c.strokeStyle = look.faint;
    c.lineWidth = 1;
    c.stroke();
    c.globalAlpha = 1;
  }
}

function nearer(cell, spots, own, other, xx, yy) {
  const ax = spots[2 * own], ay = spots[2 * own + 1], bx = spots[2 * other], by = spots[2 * other + 1];
  const nx = (bx - ax) * xx, ny = (by - ay) * yy;
  // Two in one place: all of it is that of the lower number.
  if (!nx && !ny) return own < other ? cell : [];
  const limit = (nx * (ax + bx) + ny * (ay + by)) / 2, found = [];
  for (let i = 0; i < cell.length; i++) {
    const p = cell[i], q = cell[(i + 1) % cell.length];
    const inP = nx * p[0] + ny * p[1] - limit, inQ = nx * q[0] + ny * q[1] - limit;
    if (inP <= 0) found.push(p);
    if (inP < 0 !== inQ < 0 && inP !== inQ) {
      const t = inP / (inP - inQ);
      if (t > 0 && t < 1) found.push([p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])]);
    }
  }
  return found;
}

function drawOver(spots) {
  const c = over, moment = state.moment, i = iterationOf(moment);
  c.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
  c.clearRect(0, 0, view.width, view.height);
  c.lineJoin = c.lineCap = "round";
  if (moment % 2 && i > 0) ringChanged(c, i);
  if (state.trails && i > 0) drawTrails(c, i, spots);
  if (i > 0) drawArrows(c, i, spots);
  if (state.coming && !isUpdate(moment) && moment > 0 && i < iterations) drawComing(c, i, spots);
  if (state.row !== null) drawRow(c, spots);
  const big = view.big;
  c.textAlign = "center";
  c.textBaseline = "middle";
  for (const j of [...run.order].reverse()) {
    c.beginPath();
    c.arc(spots[2 * j], spots[2 * j + 1], big, 0, 7);
    c.fillStyle = styles[j][0];
    c.fill();
    c.lineWidth = Math.max(1.5, big / 7);
    c.strokeStyle = look.ink;
    c.stroke();
    c.fillStyle = styles[j][2];
    c.font = `bold ${Math.round(big * (j < 9 ? 1.25 : j < 99 ? 1.05 : 0.8))}px system-ui, sans-serif`;
    c.fillText(String(j + 1), spots[2 * j], spots[2 * j + 1] + big * 0.06);
  }
}

// More rings than this say nothing, and cost a frame.
const MOST_RINGS = 250;

function ringChanged(c, i) {
  if (recorded.counts[i] > MOST_RINGS) return;
  const r = view.radius + 2.5;
  c.beginPath();
  for (let j = begins[i]; j < begins[i + 1]; j++) {
    const x = px[recorded.rows[j]] / view.ratio, y = py[recorded.rows[j]] / view.ratio;
    c.moveTo(x + r, y);
    c.arc(x, y, r, 0, 7);
  }
  c.strokeStyle = look.ink;
  c.lineWidth = 1.4;
  c.stroke();
}

function drawTrails(c, i, spots) {
  c.lineWidth = 2;
  for (let j = 0; j < k; j++) {
    c.beginPath();
    for (let t = 0; t < i; t++) c.lineTo(toX(places[2 * (t * k + j)]), toY(places[2 * (t * k + j) + 1]));
    c.lineTo(spots[2 * j], spots[2 * j + 1]);
    halo(c, styles[j][0], 2.5);
    c.fillStyle = styles[j][0];
    let x = NaN, y = NaN;
    for (let t = 0; t < i; t++) {
      const sx = toX(places[2 * (t * k + j)]), sy = toY(places[2 * (t * k + j) + 1]);
      if (Math.hypot(sx - x, sy - y) < 8) continue;
      [x, y] = [sx, sy];
      c.beginPath();
      c.arc(x, y, 3, 0, 7);
      c.fill();
      c.lineWidth = 1;
      c.strokeStyle = look.background;
      c.stroke();
    }
  }
}

function halo(c, colour, width) {
  c.strokeStyle = look.background;
  c.lineWidth = width + 3;
  c.stroke();
  c.strokeStyle = colour;
  c.lineWidth = width;
  c.stroke();
}

// From where each centroid was to the rim of its disc, where there is room for it.
function drawArrows(c, i, spots) {
  for (let j = 0; j < k; j++) {
    const x = toX(places[2 * ((i - 1) * k + j)]), y = toY(places[2 * ((i - 1) * k + j) + 1]);
    arrow(c, x, y, spots[2 * j], spots[2 * j + 1], look.ink, view.big + 2);
  }
}

function arrow(c, x, y, toX_, toY_, colour, short) {
  const length = Math.hypot(toX_ - x, toY_ - y) - short, size = Math.min(8, view.big * 0.7);
  if (length < size) return;
  const angle = Math.atan2(toY_ - y, toX_ - x), cos = Math.cos(angle), sin = Math.sin(angle);
  const tip = [x + cos * length, y + sin * length];
  c.beginPath();
  c.moveTo(x, y);
  c.lineTo(...tip);
  for (const turn of [2.6, -2.6]) {
    c.moveTo(...tip);
    c.lineTo(tip[0] + size * Math.cos(angle + turn), tip[1] + size * Math.sin(angle + turn));
  }
  halo(c, colour, 2);
}

function drawComing(c, i, spots) {
  c.setLineDash([5, 4]);
  for (let j = 0; j < k; j++) {
    const x = toX(places[2 * ((i + 1) * k + j)]), y = toY(places[2 * ((i + 1) * k + j) + 1]);
    if (Math.hypot(x - spots[2 * j], y - spots[2 * j + 1]) < 1.5) continue;
    c.beginPath();
    c.moveTo(spots[2 * j], spots[2 * j + 1]);
    c.lineTo(x, y);
    c.moveTo(x + view.big, y);
    c.arc(x, y, view.big, 0, 7);
    halo(c, styles[j][0], 2);
  }
  c.setLineDash([]);
}

function drawRow(c, spots) {
  const row = state.row, x = px[row] / view.ratio, y = py[row] / view.ratio, r = view.radius + 5;
  if (state.distances && state.moment > 0) {
    const i = iterationOf(state.moment);
    const near = nearest(row, i).slice(0, 5);
    c.font = `${view.font}px system-ui, sans-serif`;
    for (const [cluster, away] of near) {
      const sx = spots[2 * cluster], sy = spots[2 * cluster + 1];
      c.beginPath();
      c.moveTo(x, y);
      c.lineTo(sx, sy);
      halo(c, styles[cluster][0], cluster === near[0][0] ? 3 : 1.5);
      if (Math.hypot(x - sx, y - sy) < 3 * view.big + 2 * view.font) continue;
      c.textAlign = "center";
      c.textBaseline = "middle";
      c.lineWidth = 4;
      c.strokeStyle = look.background;
      c.strokeText(amount(away), (x + sx) / 2, (y + sy) / 2);
      c.fillStyle = look.ink;
      c.fillText(amount(away), (x + sx) / 2, (y + sy) / 2);
    }
  }
  c.beginPath();
  c.arc(x, y, r, 0, 7);
  halo(c, look.mark, 3);
}

// ---------------------------------------------------------------- the curve of inertia

const curve = $("curve").getContext("2d");
let backdrop = null;

function curveBox() {
  const box = $("curve").getBoundingClientRect();
  return { width: Math.max(80, box.width), height: Math.max(60, box.height), left: 10, right: 10, top: 12, bottom: 12 };
}

function curveScale(box) {
  const most = inertia.reduce((a, b) => Math.max(a, b)), least = inertia.reduce((a, b) => Math.min(a, b));
  const low = least > 0.7 * most ? least - (most - least) * 0.15 : 0;
  const x = (moment) => box.left + ((moment - 1) / Math.max(1, end - 1)) * (box.width - box.left - box.right);
  const y = (value) => box.height - box.bottom - ((value - low) / (most - low || 1)) * (box.height - box.top - box.bottom);
  return { x, y, low };
}

function layOutCurve() {
  const box = curveBox(), scale = curveScale(box);
  curve.canvas.width = Math.round(box.width * view.ratio);
  curve.canvas.height = Math.round(box.height * view.ratio);
  const still = document.createElement("canvas");
  still.width = curve.canvas.width;
  still.height = curve.canvas.height;
  const c = still.getContext("2d");
  c.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
  c.strokeStyle = look.line;
  c.beginPath();
  c.moveTo(box.left, box.height - box.bottom + 6);
  c.lineTo(box.width - box.right, box.height - box.bottom + 6);
  c.stroke();
  c.beginPath();
  inertia.forEach((value, i) => c.lineTo(scale.x(i + 1), scale.y(value)));
  c.strokeStyle = look.first;
  c.lineWidth = 2;
  c.lineJoin = "round";
  c.stroke();
  if (end <= 120) {
    inertia.forEach((value, i) => {
      c.beginPath();
      c.arc(scale.x(i + 1), scale.y(value), 3.5, 0, 7);
      c.fillStyle = i % 2 ? look.background : look.first;
      c.fill();
      c.stroke();
    });
  }
  backdrop = { still, box, scale };
  $("from").textContent = [end > 1 && end <= 120 ? "● assigned ○ moved" : "", scale.low ? `from ${amount(scale.low)} up` : ""].filter(Boolean).join(" · ");
}

function drawCurve() {
  const { still, box, scale } = backdrop, c = curve;
  c.setTransform(1, 0, 0, 1, 0, 0);
  c.clearRect(0, 0, still.width, still.height);
  c.drawImage(still, 0, 0);
  if (!state.moment) return;
  c.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
  const x = scale.x(state.moment), y = scale.y(inertia[state.moment - 1]);
  c.strokeStyle = look.mark;
  c.lineWidth = 1.5;
  c.beginPath();
  c.moveTo(x, 4);
  c.lineTo(x, box.height - 4);
  c.stroke();
  c.beginPath();
  c.arc(x, y, 6, 0, 7);
  c.fillStyle = look.mark;
  c.fill();
}

// ---------------------------------------------------------------- the panels

const set = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};

function made(name, parent, text) {
  const element = document.createElement(name);
  if (text !== undefined) element.textContent = text;
  if (parent) parent.append(element);
  return element;
}

function badge(cluster) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "-1.2 -1.2 2.4 2.4");
  svg.setAttribute("class", "badge");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", MARKERS[styles[cluster][1]]);
  path.setAttribute("fill", styles[cluster][0]);
  svg.append(path);
  return svg;
}

const STEPS = ["initialise", "assign", "update", "converged"];
const TITLES = ["1 initialise", "2 assign", "3 update", "4 converged?"];
let stepRows = [], clusterRows = new Map();

function makePanels() {
  stepRows = TITLES.map((title, step) => {
    const button = made("button", made("li", $("steps")));
    button.type = "button";
    made("span", button, title);
    const result = made("span", button);
    button.addEventListener("click", () => {
      const i = iterationOf(state.moment);
      go([0, 2 * i + 1, Math.min(end, Math.max(2, 2 * i)), end][step]);
    });
    return { button, result };
  });
  const head = made("tr", $("clusters").tHead);
  const axes = run.plane.decimals.map((_, a) => run.plane.names[a]);
  for (const text of ["", weights ? "weight" : "points", ...axes, "shift", "inertia"]) {
    const cell = made("th", head);
    made("span", cell, text);
    cell.scope = "col";
    cell.title = text;
  }
  for (const cluster of run.order) {
    const row = made("tr", $("clusters").tBodies[0]);
    const first = made("th", row);
    first.scope = "row";
    clusterRows.set(cluster, { first, cells: Array.from({ length: axes.length + 3 }, () => made("td", row)) });
  }
  const pressed = $("help").querySelector("tbody");
  for (const key of run.keys) {
    const row = made("tr", pressed);
    made("td", row, key.shown);
    made("td", row, key.does);
  }
}

function paintBadges() {
  for (const [cluster, { first }] of clusterRows) first.replaceChildren(badge(cluster), String(cluster + 1));
}

// The points of a cluster, or their weight: whole as 1,234, else with four digits or two decimals.
function held(at) {
  if (!weights) return grouped(String(sizes[at]));
  const value = weights[at], whole = Math.round(value);
  if (value >= 1e15) return general(value, 4);
  if (Math.abs(value - whole) <= 1e-9 * whole) return grouped(fixed(whole, 0));
  if (value < 100) return general(value, 4);
  const [above, below] = fixed(value, 2).split(".");
  return `${grouped(above)}.${below}`;
}

function paintPanels() {
  const moment = state.moment, told = run.moments[moment], i = iterationOf(moment);
  const name = STEPS.indexOf(told.step);
  set($("where"), `Iteration ${isUpdate(moment) ? `${i - 1} → ` : ""}${i} of ${iterations} · ${TITLES[name]}`);
  set($("told"), told.told);
  const past = told.step === "assign" ? [2, 3] : [];
  stepRows.forEach(({ button, result }, step) => {
    if (step === name) button.setAttribute("aria-current", "step");
    else button.removeAttribute("aria-current");
    button.className = past.includes(step) ? "past" : "";
    set(result, told.results[step]);
  });
  if (state.code) paintCode(told.step);
  set($("inertia"), moment ? amount(inertia[moment - 1]) : "");
  const assigned = assignedOf(moment);
  for (const [cluster, { cells }] of clusterRows) {
    const at = i * k + cluster;
    const axes = run.plane.decimals.map((_, a) => place(places[2 * at + a], a));
    const row = [
      assigned < 0 ? "" : held(assigned * k + cluster), ...axes,
      i ? amount(shifts[at]) : "", moment ? `${fixed(100 * shares[(moment - 1) * k + cluster], 1)}%` : "",
    ];
    row.forEach((text, c) => set(cells[c], text));
  }
  paintChanges();
  paintPoint();
  const scrub = $("scrub");
  if (Number(scrub.value) !== moment) scrub.value = moment;
  scrub.setAttribute("aria-valuetext", $("where").textContent);
  $("plot").setAttribute("aria-label", `${run.facts}. ${$("where").textContent}. ${told.told}`);
  $("curve").setAttribute("aria-label", `Inertia after each half step, now ${$("inertia").textContent || "none"}`);
  $("first").disabled = $("back").disabled = moment === 0;
  $("last").disabled = $("on").disabled = moment === end;
}

function paintCode(step) {
  const [title, source] = run.code[step];
  if ($("called").textContent === title) return;
  $("called").textContent = title;
  $("source").replaceChildren();
  // Comments and docstrings step back, keywords stand out; a line that is too long hangs.
  const parts = /(#.*)|\b(def|return|for|in|if|elif|else|and|or|not|is|None|True|False|break|while)\b/g;
  let quoted = false;
  for (const text of source.split("\n")) {
    const line = made("span", $("source")), indent = text.search(/\S|$/) + 4;
    line.className = "line";
    line.style.paddingLeft = `${indent}ch`;
    line.style.textIndent = `-${indent}ch`;
    const marks = text.split('"""').length - 1;
    if (quoted || marks) {
      made("span", line, text).className = "note";
      quoted = quoted !== (marks === 1);
      continue;
    }
    let from = 0;
    for (const found of text.matchAll(parts)) {
      line.append(text.slice(from, found.index));
      made("span", line, found[0]).className = found[1] ? "note" : "word";
      from = found.index + found[0].length;
    }
    line.append(text.slice(from) || "\u00a0");
  }
}

function nearest(row, iteration) {
  const found = Array.from({ length: k }, (_, c) => [c, distance(row, iteration, c)]);
  return found.sort((a, b) => a[1] - b[1] || a[0] - b[0]);
}

function paintPoint() {
  const row = state.row;
  $("point").hidden = row === null;
  if (row === null) return;
  const i = iterationOf(state.moment), assigned = assignedOf(state.moment), near = nearest(row, i);
  const here = sharing(row).length, name = nameOf(row);
  set($("row"), `row ${grouped(String(number(row)))}${name ? ` · ${name}` : ""}${here > 1 ? ` · one of ${grouped(String(here))} here` : ""}`);
  const own = assigned < 0 ? near[0][0] : labelsOf(assigned)[row];
  const other = near.find(([c]) => c !== own);
  let stands = assigned < 0 ? `no cluster yet, nearest is ${own + 1}` : `cluster ${own + 1}`;
  if (other) {
    const margin = other[1] - distance(row, i, own);
    stands += margin < 0 ? `, but nearer to ${other[0] + 1} by ${amount(-margin)}` : `, margin ${amount(margin)} to ${other[0] + 1}`;
  }
  set($("stands"), stands);
  const moves = assigned < 0 ? [] : movesOf(row, assigned), last = moves[moves.length - 1];
  set($("why"), last ? `iteration ${last.i}, from cluster ${last.old + 1} to ${last.now + 1}: ${last.why}` : "");
  $("moved").hidden = !last;
  const body = $("moved").tBodies[0];
  body.replaceChildren();
  if (last) {
    [last.old, last.now].forEach((cluster, which) => {
      const line = made("tr", body);
      made("th", line, `to ${cluster + 1}`).scope = "row";
      made("td", line, amount(last.before[which]));
      made("td", line, amount(last.after[which]));
    });
  }
  const path = [`starts in cluster ${recorded.first[row] + 1}`, ...moves.map((each) => `cluster ${each.now + 1} from iteration ${each.i}`)];
  set($("path"), assigned < 0 ? "" : path.join("; "));
  set($("near"), "distances " + near.slice(0, 12).map(([c, away]) => `${c + 1}: ${amount(away)}`).join(" · ") + (k > 12 ? " · the rest is farther" : ""));
  const cells = $("cells");
  if (cells.dataset.row === String(row)) return;
  cells.dataset.row = row;
  cells.replaceChildren();
  const facts = run.points.features.map((name, j) => [name, general(values[j][row], 10)]);
  for (const each of texts) facts.push([each.name, each.texts[each.which[row]]]);
  for (const [name, text] of facts) {
    made("dt", cells, name);
    made("dd", cells, text);
  }
}

// The points that changed cluster in this iteration, nearest to the border first.
const MOST_LISTED = 200;
let listed = -1;

function paintChanges() {
  const i = state.moment % 2 ? iterationOf(state.moment) : 0, many = i ? recorded.counts[i] : 0;
  $("changes").hidden = !many;
  if (many) set($("changes").querySelector("summary"), `${grouped(String(many))} ${run.sampled ? "of the points drawn " : many === 1 ? "point " : "points "}changed cluster`);
  if (!$("changes").open || !many || listed === i) return;
  listed = i;
  const list = $("changes").querySelector("ul");
  list.replaceChildren();
  const own = labelsOf(i), rows = [];
  for (let j = begins[i]; j < begins[i + 1]; j++) {
    const row = recorded.rows[j], now = own[row], old = now ^ recorded.flips[j];
    const left = distance(row, i, old), reached = distance(row, i, now);
    let apart = 0;
    for (let a = 0; a < d; a++) apart += (centroids[(i * k + old) * d + a] - centroids[(i * k + now) * d + a]) ** 2;
    rows.push([apart ? Math.abs(left * left - reached * reached) / (2 * Math.sqrt(apart)) : 0, row, old, now]);
  }
  rows.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  for (const [, row, old, now] of rows.slice(0, MOST_LISTED)) {
    const button = made("button", made("li", list), `row ${grouped(String(number(row)))}: ${old + 1} → ${now + 1}`);
    button.type = "button";
    button.addEventListener("click", () => inspect(row));
  }
  if (rows.length > MOST_LISTED) made("li", list, `and ${grouped(String(rows.length - MOST_LISTED))} more`);
}

// ---------------------------------------------------------------- painting

let asked = false;

function paint() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(paintNow);
}

function paintNow() {
  asked = false;
  const spots = shown();
  drawUnder(spots);
  drawPoints();
  drawOver(spots);
  drawCurve();
  paintPanels();
}

function refit() {
  setTheme();
  layOut();
  paintBadges();
  layOutCurve();
  paint();
}

// ---------------------------------------------------------------- going through the run

function go(moment, gliding = false) {
  moment = Math.max(0, Math.min(end, moment));
  if (moment === state.moment) return;
  const one = moment - state.moment === 1;
  state.moment = moment;
  glide = null;
  if (gliding && one && isUpdate(moment) && !calm.matches) startGlide();
  else paint();
}

function startGlide() {
  const mine = (glide = { part: 0 });
  const time = Math.min(450, state.playing ? 800 / run.speeds[state.speed] : 450), began = performance.now();
  paintPanels();
  const frame = (now) => {
    if (glide !== mine) return;
    const done = Math.min(1, Math.max(0, (now - began) / time));
    mine.part = done < 0.5 ? 2 * done * done : 1 - 2 * (1 - done) ** 2;
    if (done === 1) glide = null;
    const spots = shown();
    drawUnder(spots);
    drawPoints();
    drawOver(spots);
    drawCurve();
    if (done < 1) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

let clock = 0;

function play(on) {
  if (on && state.moment === end) go(0);
  state.playing = on;
  clearTimeout(clock);
  $("play").querySelector("path").setAttribute("d", on ? "M4 3h4v14H4zM12 3h4v14h-4z" : "M4 2v16l14-8z");
  $("play").setAttribute("aria-label", on ? "Pause" : "Play");
  // Read aloud while nothing moves, else every half step would begin a sentence anew.
  for (const id of ["told", "stands"]) $(id).setAttribute("aria-live", on ? "off" : "polite");
  if (on) beat();
}

function beat() {
  clock = setTimeout(() => {
    go(state.moment + 1, true);
    if (state.moment === end) play(false);
    else beat();
  }, 1000 / run.speeds[state.speed]);
}

function setSpeed(by) {
  state.speed = Math.max(0, Math.min(run.speeds.length - 1, state.speed + by));
  set($("speed"), `${run.speeds[state.speed]}/s`);
  $("slower").disabled = state.speed === 0;
  $("faster").disabled = state.speed === run.speeds.length - 1;
  if (state.playing) {
    clearTimeout(clock);
    beat();
  }
}

function toggle(name) {
  const button = $(name);
  if (button.disabled) return;
  state[name] = !state[name];
  button.setAttribute("aria-pressed", state[name]);
  if (name === "code") {
    $("listing").hidden = !state.code;
    if (state.code) $("listing").scrollIntoView({ block: "nearest" });
  }
  paint();
}

function toggleAspect() {
  if (!run.plane.units) return;
  state.aspect = view.stretch === 1 ? "fill" : "equal";
  refit();
}

function inspect(row) {
  state.row = row;
  paintPoint();
  if (row !== null) reveal($("point"));
  paint();
}

// A narrow page scrolls only as far as it must, so that the picture stays in sight.
function reveal(element) {
  if (getComputedStyle($("controls")).position !== "sticky") return element.scrollIntoView({ block: "nearest" });
  const away = element.getBoundingClientRect().top - ($("controls").getBoundingClientRect().top - 170);
  if (away > 0) scrollBy(0, away);
}

function find(text) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return;
  const matches = [];
  const asNumber = /^\d+$/.test(wanted) ? Number(wanted) : null;
  for (let row = 0; row < n; row++) if (number(row) === asNumber) matches.push(row);
  for (const fits of [(cell) => cell === wanted, (cell) => cell.includes(wanted)]) {
    if (matches.length) break;
    for (const each of texts) {
      const which = new Set(each.texts.map((cell, i) => (fits(cell.toLowerCase()) ? i : -1)));
      for (let row = 0; row < n; row++) if (which.has(each.which[row])) matches.push(row);
    }
  }
  const next = matches.findIndex((row) => row === state.row) + 1;
  set($("found"), !matches.length ? "no such row here" : matches.length > 1 ? `${next % matches.length + 1} of ${grouped(String(matches.length))}: enter for the next` : "");
  if (matches.length) inspect(matches[next % matches.length]);
}

// ---------------------------------------------------------------- keys, mouse, finger

const ACTIONS = {
  play: () => play(!state.playing),
  half_step: (by) => { play(false); go(state.moment + by, true); },
  // To the assignment of an iteration; from within one, first to its own.
  iteration: (by) => {
    play(false);
    const own = 2 * iterationOf(state.moment) + 1;
    go(state.moment === own ? own + 2 * by : by > 0 ? own : own - 2);
  },
  first: () => { play(false); go(0); },
  last: () => { play(false); go(end); },
  replay: () => { play(false); go(0); play(true); },
  speed: setSpeed,
  changes: () => { if (!$("changes").hidden) { $("changes").open = !$("changes").open; $("changes").scrollIntoView({ block: "nearest" }); } },
  find: () => $("find").focus(),
  trails: () => toggle("trails"),
  regions: () => toggle("regions"),
  coming: () => toggle("coming"),
  distances: () => toggle("distances"),
  code: () => toggle("code"),
  aspect: toggleAspect,
  "app.next_theme": () => { state.theme = { system: "light", light: "dark", dark: "system" }[state.theme]; refit(); },
  "app.help": () => $("help").showModal(),
  "app.close_dialog": () => inspect(null),
};
const KEYS = new Map(run.keys.flatMap((each) => Object.entries(each.keys)));

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || $("help").open) return;
  const typing = event.target.id === "find";
  if (typing && event.key === "Enter") find(event.target.value);
  if (typing && event.key === "Escape") event.target.blur();
  if (typing) return;
  const at = event.target.closest("button, summary, pre, .scrolls");
  // What has the focus keeps what a browser does with these keys there.
  if (at && (event.key === " " || event.key === "Enter") && at.matches("button, summary")) return;
  const found = KEYS.get(event.key);
  if (!found) return;
  event.preventDefault();
  ACTIONS[found[0]](found[1]);
});

// The nearest point; touched again, the next one in the same place.
function onPlot(event) {
  const box = $("plot").getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
  let best = (event.pointerType === "mouse" ? 14 : 26) ** 2, found = null;
  for (let o = n - 1; o >= 0; o--) {
    const i = order[o], away = (px[i] / view.ratio - x) ** 2 + (py[i] / view.ratio - y) ** 2;
    if (away < best) [best, found] = [away, i];
  }
  if (found !== null) {
    const here = sharing(found);
    found = here[(here.indexOf(state.row) + 1) % here.length];
  }
  inspect(found);
}

function sharing(row) {
  const here = [];
  for (let i = 0; i < n; i++) if (at[2 * i] === at[2 * row] && at[2 * i + 1] === at[2 * row + 1]) here.push(i);
  return here;
}

let touched = null;
$("plot").addEventListener("pointerdown", (event) => { touched = event.isPrimary ? event : null; });
$("plot").addEventListener("pointercancel", () => { touched = null; });
$("plot").addEventListener("pointerup", (event) => {
  if (!touched || event.pointerId !== touched.pointerId) return;
  const dx = event.clientX - touched.clientX, dy = event.clientY - touched.clientY;
  touched = null;
  if (Math.hypot(dx, dy) < 10) onPlot(event);
  else if (event.pointerType !== "mouse" && Math.abs(dx) > 40 && Math.abs(dx) > 2 * Math.abs(dy)) ACTIONS.half_step(dx < 0 ? 1 : -1);
});

function onCurve(event) {
  const { box } = backdrop, left = $("curve").getBoundingClientRect().left;
  const share = (event.clientX - left - box.left) / (box.width - box.left - box.right);
  play(false);
  go(1 + Math.round(Math.max(0, Math.min(1, share)) * (end - 1)));
}
$("curve").addEventListener("pointerdown", (event) => { $("curve").setPointerCapture(event.pointerId); onCurve(event); });
$("curve").addEventListener("pointermove", (event) => { if (event.buttons) onCurve(event); });

$("scrub").max = end;
$("scrub").addEventListener("input", () => { play(false); go(Number($("scrub").value)); });
const click = (id, action, by) => $(id).addEventListener("click", () => ACTIONS[action](by));
click("first", "first");
click("back", "half_step", -1);
click("play", "play");
click("on", "half_step", 1);
click("last", "last");
click("slower", "speed", -1);
click("faster", "speed", 1);
for (const name of ["trails", "regions", "coming", "distances", "code", "aspect"]) click(name, name);
click("theme", "app.next_theme");
click("ask", "app.help");
click("leave", "app.close_dialog");
$("changes").addEventListener("toggle", paint);

$("regions").disabled = !run.plane.exact;
$("regions").setAttribute("aria-pressed", state.regions);
if (!run.plane.exact) $("regions").title = "Regions need one or two features";
$("facts").textContent = run.facts;
$("sampled").textContent = run.sampled;
$("sampled").hidden = !run.sampled;
$("main").hidden = false;
makePanels();
setSpeed(0);
refit();
new ResizeObserver(refit).observe($("plot"));
dark.addEventListener("change", refit);
})();
