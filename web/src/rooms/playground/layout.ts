// Where neurons and weights stand in the picture.
import type { ParameterShape, PlaygroundSettings } from '../../generated/playground';

export interface Place { x: number; y: number }

export interface Layout { size: number; height: number; columns: Place[][] }

export interface Line { x1: number; y1: number; x2: number; y2: number; weight: number; name: string }

const GAP = 6;
const MOST_SHOWN = 16;
const LABELS = 48;

/** A column for each layer, each of at most 16 neurons: more would be too small to see. */
export function places(counts: number[], width: number): Layout {
  const shown = counts.map((count) => Math.min(count, MOST_SHOWN));
  const size = Math.max(14, Math.min(40, (width - LABELS) / counts.length / 1.8));
  const height = Math.max(...shown) * (size + GAP);
  const step = counts.length < 2 ? 0 : (width - LABELS - size) / (counts.length - 1);
  const columns = shown.map((count, layer) => {
    const top = (height - count * (size + GAP)) / 2;
    return Array.from({ length: counts[layer]! }, (_, i) => ({ x: layer === 0 ? 0 : LABELS + layer * step, y: i < count ? top + i * (size + GAP) : -1000 }));
  });
  return { size, height, columns };
}

/** A line for each number of each layer's matrix that is shown. */
export function lines(layout: Layout, parameters: ParameterShape[], settings: PlaygroundSettings): Line[] {
  const all: Line[] = [];
  let at = 0, layer = 1;
  for (const { name, shape } of parameters) {
    const [outputs = 0, inputs = 0] = shape;
    // Layers of normalisation have no matrix; a shortcut leads past its layer, and is not drawn.
    if (shape.length === 2 && !name.includes('shortcut')) {
      const from = layout.columns[layer - 1], to = layout.columns[layer];
      if (from && to && to.length === outputs && from.length === inputs) {
        for (let o = 0; o < outputs; o++) {
          for (let i = 0; i < inputs; i++) {
            const a = from[i]!, b = to[o]!;
            if (a.y < 0 || b.y < 0) continue;
            all.push({ x1: layer === 1 ? 44 : a.x + layout.size, y1: a.y + layout.size / 2, x2: b.x, y2: b.y + layout.size / 2,
              weight: at + o * inputs + i, name: `${name}[${o}, ${i}]` });
          }
        }
        if (layer <= settings.hidden.length) layer++;
      }
    }
    at += shape.reduce((a, b) => a * b, 1);
  }
  return all;
}

/** The line that a pointer is at, if one is near. */
export function nearest(all: Line[], x: number, y: number): Line | null {
  let best: Line | null = null, least = 6;
  for (const line of all) {
    if (x < line.x1 || x > line.x2) continue;
    // The curve of the picture: a cubic whose ends are level.
    const t = solve((x - line.x1) / (line.x2 - line.x1));
    const far = Math.abs(y - (line.y1 + (line.y2 - line.y1) * t * t * (3 - 2 * t)));
    if (far < least) { least = far; best = line; }
  }
  return best;
}

// Of x(t) = 1.5 t (1 − t)² + 1.5 t² (1 − t) + t³, by halving.
function solve(x: number): number {
  let low = 0, high = 1;
  for (let i = 0; i < 20; i++) {
    const t = (low + high) / 2;
    if (1.5 * t * (1 - t) * (1 - t) + 1.5 * t * t * (1 - t) + t * t * t < x) low = t;
    else high = t;
  }
  return (low + high) / 2;
}
