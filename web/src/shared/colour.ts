// Colours of numbers and classes, as bytes for canvases. Blue is positive, orange negative, in light and dark alike.
type Rgb = readonly [number, number, number];

const POSITIVE: Rgb = [8, 119, 189];
const NEGATIVE: Rgb = [224, 123, 20];

// Okabe and Ito's, which most kinds of colour vision tell apart, and three more.
export const CLASSES: readonly Rgb[] = [
  NEGATIVE, POSITIVE, [0, 158, 115], [204, 121, 167], [176, 155, 0], [86, 180, 233], [160, 60, 30], [120, 94, 240], [90, 90, 90], [40, 110, 60],
];

export const dark = window.matchMedia('(prefers-color-scheme: dark)');

const paper = (): Rgb => (dark.matches ? [22, 24, 28] : [255, 255, 255]);

const mix = (a: Rgb, b: Rgb, t: number): Rgb => [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];

/** The colour of a number: strong from −1 and 1 on. */
export function signed(x: number): Rgb {
  if (Number.isNaN(x)) return [128, 128, 128];
  return mix(paper(), x >= 0 ? POSITIVE : NEGATIVE, Math.min(1, Math.abs(x)) * 0.85);
}

/** The colour of a class, fainter where the network is less sure. */
export const ofClass = (c: number, sure: number): Rgb => mix(paper(), CLASSES[c % CLASSES.length]!, 0.25 + 0.55 * Math.min(1, Math.max(0, sure)));

export const css = ([r, g, b]: Rgb): string => `rgb(${Math.round(r)} ${Math.round(g)} ${Math.round(b)})`;

/** Draws a square of colours into a canvas, whatever the size it is shown at. */
export function paint(canvas: HTMLCanvasElement, side: number, colour: (i: number) => Rgb): void {
  if (canvas.width !== side || canvas.height !== side) { canvas.width = side; canvas.height = side; }
  const context = canvas.getContext('2d');
  if (!context) return;
  const image = context.createImageData(side, side);
  for (let i = 0; i < side * side; i++) {
    const [r, g, b] = colour(i);
    image.data.set([r, g, b, 255], 4 * i);
  }
  context.putImageData(image, 0, 0);
}
