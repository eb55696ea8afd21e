// What both maps share: the outline of a theme, and where its name stands.

// The corners of the smallest convex outline around points (Andrew's monotone chain), in order.
function outline(points) {
  const sorted = [...points].sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  const left = (from, by, to) => (by[0] - from[0]) * (to[1] - from[1]) - (by[1] - from[1]) * (to[0] - from[0]);
  const half = (row) => {
    const kept = [];
    for (const point of row) {
      while (kept.length > 1 && left(kept.at(-2), kept.at(-1), point) <= 0) kept.pop();
      kept.push(point);
    }
    return kept.slice(0, -1);
  };
  return sorted.length < 2 ? sorted : [...half(sorted), ...half(sorted.reverse())];
}

const UP = [0, -12, 12, -24, 24, -38, 38, -54, 54, -72, 72], ASIDE = [0, -24, 24, -52, 52, -84, 84];
const DOT = 5;

// Puts boxes ({ x, y, w, h }: the middle wanted, the size) where they cover no other box and the fewest of the dots, and not far away.
function placeNames(boxes, dots, width, height) {
  const placed = [];
  for (const box of boxes) {
    let least = Infinity;
    for (const up of UP) for (const aside of ASIDE) {
      const x = Math.min(Math.max(box.x + aside - box.w / 2, 0), Math.max(0, width - box.w));
      const y = Math.min(Math.max(box.y + up - box.h / 2, 0), Math.max(0, height - box.h));
      const away = Math.hypot(x + box.w / 2 - box.x, y + box.h / 2 - box.y);
      const covered = dots.reduce((count, [dx, dy]) => count + (dx > x - DOT && dx < x + box.w + DOT && dy > y - DOT + 2 && dy < y + box.h + DOT - 2), 0);
      const over = placed.filter((other) => x < other.x + other.w && other.x < x + box.w && y < other.y + other.h && other.y < y + box.h).length;
      const cost = 400 * over + 14 * covered + away;
      if (cost < least) { least = cost; box.at = { x, y, w: box.w, h: box.h }; }
    }
    placed.push(box.at);
  }
  return boxes;
}
