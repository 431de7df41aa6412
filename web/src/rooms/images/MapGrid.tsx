// Maps of numbers side by side on one canvas: blue is positive, orange negative.
import { useEffect, useRef, useState } from 'preact/hooks';
import { dark, signed } from '../../shared/colour';
import { short } from '../runs/numbers';

/** A window in one map, or in several. */
export interface Frame {
  channel: number;
  channels: number;
  top: number;
  left: number;
  height: number;
  width: number;
}

interface Props {
  /** [maps, height, width]. */
  numbers: Float32Array;
  height: number;
  width: number;
  label: string;
  /** What a map is called: channel, unit. */
  unit: string;
  chosen?: Frame | null;
  frame?: Frame | null;
  onChoose?: (channel: number, row: number, column: number) => void;
  /** What Escape does. */
  onLeave?: () => void;
  perRow?: number;
  /** About how large a map is drawn, in pixels of the page. */
  side?: number;
}

export function MapGrid({ numbers, height, width, label, unit, chosen = null, frame = null, onChoose, onLeave, perRow, side = 60 }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null), box = useRef<HTMLDivElement>(null);
  const [wide, setWide] = useState(600);
  const [over, setOver] = useState('');
  const [isDark, setDark] = useState(dark.matches);
  const [at, setAt] = useState<readonly [number, number, number]>([0, 0, 0]);
  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => { setWide(Math.floor(entry!.contentRect.width)); });
    const change = () => { setDark(dark.matches); };
    watch.observe(box.current!);
    dark.addEventListener('change', change);
    return () => { watch.disconnect(); dark.removeEventListener('change', change); };
  }, []);
  const plane = height * width, maps = Math.floor(numbers.length / plane);
  const scale = plane === 1 ? 10 : Math.max(1, Math.min(10, Math.round(side / Math.max(width, height)))), gap = plane === 1 ? 0 : 1;
  const across = Math.max(1, Math.min(maps, perRow ?? maps, Math.floor((wide / scale + gap) / (width + gap))));
  const down = Math.ceil(maps / across);
  const [w, h] = [across * (width + gap) - gap, down * (height + gap) - gap];
  let most = 0;
  for (const x of numbers) if (Math.abs(x) > most) most = Math.abs(x);

  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || w < 1 || h < 1) return;
    Object.assign(canvas.current!, { width: w, height: h });
    const image = context.createImageData(w, h);
    for (let map = 0; map < maps; map++) {
      const left = (map % across) * (width + gap), top = Math.floor(map / across) * (height + gap);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const [r, g, b] = signed(numbers[map * plane + y * width + x]! / (most || 1)), to = 4 * ((top + y) * w + left + x);
          image.data[to] = r; image.data[to + 1] = g; image.data[to + 2] = b; image.data[to + 3] = 255;
        }
      }
    }
    context.putImageData(image, 0, 0);
  }, [numbers, w, h, isDark]);

  const find = (event: MouseEvent): readonly [number, number, number] | null => {
    const { left, top } = canvas.current!.getBoundingClientRect();
    const [x, y] = [Math.floor((event.clientX - left) / scale), Math.floor((event.clientY - top) / scale)];
    const channel = Math.floor(y / (height + gap)) * across + Math.floor(x / (width + gap));
    const [row, column] = [y % (height + gap), x % (width + gap)];
    return row < height && column < width && x < w && channel < maps && channel >= 0 ? [channel, row, column] : null;
  };
  const said = (c: number, y: number, x: number) => `${unit} ${c + 1}${plane > 1 ? `, row ${y + 1}, column ${x + 1}` : ''}: ${short(numbers[c * plane + y * width + x]!)}`;
  const keyed = (event: KeyboardEvent) => {
    if (!onChoose) return;
    let [c, y, x] = at;
    if (event.key === 'Enter' || event.key === ' ') onChoose(c, y, x);
    else if (event.key === 'Escape') onLeave?.();
    else if (event.key === 'PageDown') c++;
    else if (event.key === 'PageUp') c--;
    else if (event.key === 'ArrowLeft') { if (plane === 1) c--; else x--; }
    else if (event.key === 'ArrowRight') { if (plane === 1) c++; else x++; }
    else if (event.key === 'ArrowUp') y--;
    else if (event.key === 'ArrowDown') y++;
    else return;
    event.preventDefault();
    [c, y, x] = [Math.min(maps - 1, Math.max(0, c)), Math.min(height - 1, Math.max(0, y)), Math.min(width - 1, Math.max(0, x))];
    setAt([c, y, x]);
    setOver(said(c, y, x));
  };
  const rects = [...outlines(frame, 'frame'), ...outlines(chosen, 'chosen')];
  function outlines(one: Frame | null, kind: string) {
    if (!one) return [];
    return Array.from({ length: Math.max(0, Math.min(one.channels, maps - one.channel)) }, (_, i) => {
      const map = one.channel + i, left = Math.max(0, one.left), top = Math.max(0, one.top);
      return <rect key={`${kind}${i}`} class={kind} x={(map % across) * (width + gap) + left} y={Math.floor(map / across) * (height + gap) + top}
        width={Math.max(0, Math.min(width, one.left + one.width) - left)} height={Math.max(0, Math.min(height, one.top + one.height) - top)} />;
    });
  }
  return (
    <div ref={box} class="maps">
      <div class="sheet" style={{ width: `${w * scale}px`, height: `${h * scale}px` }}>
        <canvas ref={canvas} role={onChoose ? 'application' : 'img'} tabIndex={onChoose ? 0 : undefined} data-most={most} data-maps={maps}
          aria-label={`${label}: ${maps} ${unit}${maps === 1 ? '' : 's'}, at most ${short(most)}${onChoose ? '. Arrows, Page Up and Page Down move, Enter takes a number apart' : ''}`}
          onMouseMove={(e) => { const found = find(e); setOver(found ? said(...found) : ''); }} onMouseLeave={() => { setOver(''); }} onBlur={() => { setOver(''); }}
          onClick={(e) => { const found = find(e); if (found && onChoose) { setAt(found); onChoose(...found); } }} onKeyDown={keyed} />
        {rects.length > 0 && <svg viewBox={`0 0 ${w} ${h}`} aria-hidden="true">{rects}</svg>}
      </div>
      <p class="hover" aria-live="polite">{over}</p>
    </div>
  );
}
