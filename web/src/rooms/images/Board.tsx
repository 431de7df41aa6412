// The drawing board: a mouse, a finger, a pen, or the keyboard.
import { useEffect, useRef, useState } from 'preact/hooks';
import { line, type Pen, type Picture } from './pixels';

interface Props {
  picture: Picture;
  /** While one draws. */
  onDraw: (picture: Picture) => void;
  /** A stroke is made. */
  onStroke: (picture: Picture) => void;
}

const hex = (colour: readonly number[]): string => `#${colour.map((x) => x.toString(16).padStart(2, '0')).join('')}`;

export function Board({ picture, onDraw, onStroke }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const stroke = useRef<{ at: readonly [number, number]; picture: Picture } | null>(null);
  const [cursor, setCursor] = useState<readonly [number, number]>([Math.floor(picture.width / 2), Math.floor(picture.height / 2)]);
  const [seesCursor, setSeesCursor] = useState(false);
  const [width, setWidth] = useState(1.2);
  const [erases, setErases] = useState(false);
  const [colour, setColour] = useState<readonly [number, number, number]>([255, 255, 255]);
  // Of an image of 28 pixels, as MNIST's; of larger ones as much wider.
  const pen = (): Pen => ({ radius: (width * picture.width) / 28, colour, erases });
  useEffect(() => { if (canvas.current) show(canvas.current, picture); }, [picture]);

  const place = (event: PointerEvent): readonly [number, number] => {
    const { left, top, width: wide, height: high } = canvas.current!.getBoundingClientRect();
    return [((event.clientX - left) / wide) * picture.width, ((event.clientY - top) / high) * picture.height];
  };
  const draw = (event: PointerEvent, from?: readonly [number, number]) => {
    const now = stroke.current;
    if (!now && !from) return;
    let { at, picture: made } = now ?? { at: from!, picture };
    for (const one of event.getCoalescedEvents?.().length ? event.getCoalescedEvents() : [event]) {
      const to = place(one);
      made = line(made, at, to, pen());
      at = to;
    }
    stroke.current = { at, picture: made };
    onDraw(made);
  };
  const end = () => {
    if (stroke.current) onStroke(stroke.current.picture);
    stroke.current = null;
  };
  const keyed = (event: KeyboardEvent) => {
    const [x, y] = cursor;
    const by = ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] } as Record<string, [number, number]>)[event.key];
    const to: readonly [number, number] = by ? [Math.min(picture.width - 1, Math.max(0, x + by[0])), Math.min(picture.height - 1, Math.max(0, y + by[1]))] : cursor;
    const paints = event.key === ' ' || event.key === 'Enter' || (by && event.shiftKey);
    if (!by && !paints && event.key !== 'Delete') return;
    event.preventDefault();
    setSeesCursor(true);
    setCursor(to);
    if (paints || event.key === 'Delete') onStroke(line(picture, [x + 0.5, y + 0.5], [to[0] + 0.5, to[1] + 0.5], { ...pen(), erases: erases || event.key === 'Delete' }));
  };
  return (
    <div class="board">
      <div class="paper">
        <canvas ref={canvas} tabIndex={0} role="application" aria-label={`Drawing board of ${picture.width} by ${picture.height} pixels, at column ${cursor[0] + 1}, row ${cursor[1] + 1}`} aria-describedby="board-keys"
          onPointerDown={(e) => { e.currentTarget.setPointerCapture(e.pointerId); setSeesCursor(false); draw(e, place(e)); }} onPointerMove={(e) => { draw(e); }} onPointerUp={end} onPointerCancel={end}
          onKeyDown={keyed} onBlur={() => { setSeesCursor(false); }} />
        {seesCursor && <i class="cursor" aria-hidden="true" style={{ left: `${(100 * cursor[0]) / picture.width}%`, top: `${(100 * cursor[1]) / picture.height}%`, width: `${100 / picture.width}%`, height: `${100 / picture.height}%` }} />}
      </div>
      <p id="board-keys" class="hover">Draw here. By keyboard: arrows move, Space paints, Shift and an arrow draws, Delete erases.</p>
      <p class="pens">
        <label>Pen <input name="pen" type="range" min="0.4" max="3" step="0.1" value={width} onInput={(e) => { setWidth(Number(e.currentTarget.value)); }} /></label>
        {picture.channels === 3 && <label>Colour <input name="colour" type="color" value={hex(colour)} onInput={(e) => { const n = parseInt(e.currentTarget.value.slice(1), 16); setColour([n >> 16, (n >> 8) & 255, n & 255]); }} /></label>}
        <button type="button" aria-pressed={erases} onClick={() => { setErases(!erases); }}>Eraser</button>
      </p>
    </div>
  );
}

/** Draws a picture in its own colours. */
export function show(canvas: HTMLCanvasElement, { width, height, channels, bytes }: Picture): void {
  Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d');
  if (!context) return;
  const image = context.createImageData(width, height);
  for (let i = 0; i < width * height; i++) for (let c = 0; c < 4; c++) image.data[4 * i + c] = c === 3 ? 255 : bytes[channels === 1 ? i : 3 * i + c]!;
  context.putImageData(image, 0, 0);
}

export function Small({ picture }: { picture: Picture }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => { if (canvas.current) show(canvas.current, picture); }, [picture]);
  return <canvas ref={canvas} aria-hidden="true" />;
}
