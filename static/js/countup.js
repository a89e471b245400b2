// The big number counts from what this phone showed last to what it is now.
const LONG_MS = 900;
const still = matchMedia("(prefers-reduced-motion: reduce)");
const digits = new Intl.NumberFormat(document.documentElement.lang || "id");
const key = `points:${document.documentElement.dataset.member || ""}`;

function last() {
  try {
    return Number(sessionStorage.getItem(key) ?? NaN);
  } catch {
    return NaN;
  }
}

function keep(points) {
  try {
    sessionStorage.setItem(key, points);
  } catch {
    // Private windows may refuse; then there is just no counting.
  }
}

function count(place, from, to) {
  const start = performance.now();
  const final = place.textContent;
  const step = (now) => {
    const part = Math.min(1, (now - start) / LONG_MS);
    const eased = 1 - (1 - part) ** 4;
    place.textContent = part < 1 ? digits.format(Math.round(from + (to - from) * eased)) : final;
    if (part < 1) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}

for (const place of document.querySelectorAll("[data-countup]")) {
  const to = Number(place.dataset.countup);
  const from = Number(place.dataset.from ?? last());
  if (from < to && !still.matches) count(place, from, to);
  keep(to);
}
