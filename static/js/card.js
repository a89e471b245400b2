// The card's code turns every half minute, with a signal or without: signed with this card's own
// secret (pwa/members/card_codes.py) and drawn here as a QR code of version 3, level M (ISO 18004).
const TURN_MS = 30_000;
const SIZE = 29;
// Codewords: version 3, level M, one block.
const [DATA, CHECK] = [44, 26];
const QUIET = 4;
// Level M, mask 0.
const FORMAT = 0x5412;

async function textAt(card, secret, at) {
  const bytes = (text) => new TextEncoder().encode(text);
  const said = `SC1.${card}.${Math.floor(at / TURN_MS).toString(36)}`;
  const key = await crypto.subtle.importKey("raw", bytes(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, bytes(said))).slice(0, 6);
  return `${said}.${btoa(String.fromCharCode(...mac)).replaceAll("+", "-").replaceAll("/", "_")}`;
}

// Multiplication in GF(256) with 0x11D, and what Reed and Solomon add to the data.
function times(a, b) {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) product = (product << 1) ^ ((product >>> 7) * 0x11d) ^ (((b >>> bit) & 1) * a);
  return product;
}

function checked(data) {
  let divisor = [...Array(CHECK - 1).fill(0), 1];
  for (let root = 1, i = 0; i < CHECK; i++, root = times(root, 2)) {
    divisor = divisor.map((one, j) => times(one, root) ^ (divisor[j + 1] || 0));
  }
  const rest = Array(CHECK).fill(0);
  for (const byte of data) {
    const factor = byte ^ rest.shift();
    rest.push(0);
    divisor.forEach((one, i) => (rest[i] ^= times(one, factor)));
  }
  return [...data, ...rest];
}

function codewords(text) {
  const bytes = [...new TextEncoder().encode(text)];
  const bits = [[4, 4], [bytes.length, 8], ...bytes.map((byte) => [byte, 8]), [0, 4]];
  const line = bits.map(([value, length]) => value.toString(2).padStart(length, "0")).join("");
  const data = line.match(/.{8}/g).map((byte) => parseInt(byte, 2));
  while (data.length < DATA) data.push(0xec, 0x11);
  return checked(data.slice(0, DATA));
}

// 1 dark, 0 light; undefined is still free for data.
function patterns() {
  const grid = Array.from({ length: SIZE }, () => Array(SIZE));
  const put = (x, y, dark) => grid[y]?.[x] !== null && x >= 0 && x < SIZE && y >= 0 && y < SIZE && (grid[y][x] = Number(dark));
  for (let i = 0; i < SIZE; i++) put(6, i, i % 2 === 0), put(i, 6, i % 2 === 0);
  const square = (cx, cy, reach, light) => {
    for (let y = -reach; y <= reach; y++) for (let x = -reach; x <= reach; x++) put(cx + x, cy + y, !light.includes(Math.max(Math.abs(x), Math.abs(y))));
  };
  for (const [x, y] of [[3, 3], [SIZE - 4, 3], [3, SIZE - 4]]) square(x, y, 4, [2, 4]);
  square(22, 22, 2, [1]);
  const bit = (i) => (FORMAT >>> i) & 1;
  for (let i = 0; i < 15; i++) {
    put(8, i < 6 ? i : i < 8 ? i + 1 : SIZE - 15 + i, bit(i));
    put(i < 8 ? SIZE - 1 - i : i === 8 ? 7 : 14 - i, 8, bit(i));
  }
  put(8, SIZE - 8, 1);
  return grid;
}

function matrix(text) {
  const grid = patterns();
  const bits = codewords(text).flatMap((byte) => [...byte.toString(2).padStart(8, "0")].map(Number));
  let up = true;
  for (let right = SIZE - 1; right > 0; right -= right === 8 ? 3 : 2, up = !up) {
    for (let step = 0; step < SIZE; step++) {
      const y = up ? SIZE - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (grid[y][x] === undefined) grid[y][x] = (bits.shift() || 0) ^ Number((x + y) % 2 === 0);
      }
    }
  }
  return grid;
}

function draw(svg, text) {
  const all = SIZE + 2 * QUIET;
  const dark = matrix(text).flatMap((row, y) => row.flatMap((one, x) => (one ? [`M${x + QUIET} ${y + QUIET}h1v1h-1z`] : [])));
  svg.setAttribute("viewBox", `0 0 ${all} ${all}`);
  svg.innerHTML = `<path fill="#fff" d="M0 0h${all}v${all}h-${all}z"/><path fill="#1c1836" shape-rendering="crispEdges" d="${dark.join("")}"/>`;
}

async function turn(place) {
  const { turning, secret, skew } = place.dataset;
  const text = await textAt(turning, secret, Date.now() + Number(skew));
  draw(place.querySelector("svg.qr"), text);
  place.dataset.text = text;
}

let clock;
function start() {
  const places = [...document.querySelectorAll("[data-turning]")];
  if (!places.length || !globalThis.crypto?.subtle) return;
  // People set their phones' clocks: how far off this one is, the server's time has told.
  for (const { dataset } of places) dataset.skew ??= dataset.now - Date.now() || 0;
  const all = () => document.visibilityState === "visible" && places.forEach((place) => turn(place).catch(() => {}));
  clearInterval(clock);
  clock = setInterval(all, TURN_MS / 2);
  document.addEventListener("visibilitychange", all);
  all();
}
addEventListener("load", start);
document.addEventListener("setia:card", start);
