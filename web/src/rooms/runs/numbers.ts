// What is computed for the drawings of a run.
import type { Order } from './view';

export const KINDS = ['weights', 'gradients', 'updates'] as const;
export type Kind = typeof KINDS[number];

export interface Layer {
  name: string;
  sizes: Record<Kind, Float64Array>;
}

/** A number in three digits. */
export const short = (x: number): string => (Number.isNaN(x) ? '' : x !== 0 && (Math.abs(x) < 1e-3 || Math.abs(x) >= 1e5) ? x.toExponential(2) : String(Number(x.toPrecision(3))));

/** The latest size that is known. */
export const latest = (sizes: Float64Array): number => sizes.findLast((x) => !Number.isNaN(x)) ?? Number.NaN;

/** The layers, the greatest first; what has no number comes last. */
export function sorted(layers: Layer[], order: Order): Layer[] {
  if (order === 'model') return layers;
  const key = (layer: Layer) => { const x = latest(layer.sizes[order]); return Number.isNaN(x) ? -1 : x; };
  return [...layers].sort((a, b) => key(b) - key(a));
}

/** The least and the greatest logarithm of all positive numbers. */
export function logRange(all: Float64Array[]): [number, number] {
  let [from, to] = [Infinity, -Infinity];
  for (const numbers of all) {
    for (const x of numbers) {
      if (!(x > 0) || !Number.isFinite(x)) continue;
      from = Math.min(from, Math.log10(x));
      to = Math.max(to, Math.log10(x));
    }
  }
  return from > to ? [0, 1] : from === to ? [from - 0.5, to + 0.5] : [from, to];
}

/** The outline of the bars, the highest of which is as high as the drawing. */
export function outline(counts: Int32Array): string {
  const most = Math.max(1, ...counts);
  const bars = [...counts].map((count, i) => `V${(40 - (38 * count) / most).toFixed(1)}H${((100 * (i + 1)) / counts.length).toFixed(1)}`);
  return `M0,40${bars.join('')}V40Z`;
}

/** How many settings are the same, beside those that differ. */
export function same(different: number, alike: number): string {
  if (different === 0) return 'All settings are the same.';
  return alike === 0 ? 'No setting is the same.' : alike === 1 ? '1 setting is the same.' : `${alike} settings are the same.`;
}
