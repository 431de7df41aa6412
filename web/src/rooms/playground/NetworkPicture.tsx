// The network: a map of every neuron over the plane, and a line for every weight. Hover shows a weight, a click chooses it.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { FrameAnswer } from '../../generated/playground';
import type { Reply } from '../../shared/wire';
import { css, paint, signed } from '../../shared/colour';
import { lines, places, nearest, type Line } from './layout';
import type { Configured } from './useTraining';
import { GRID } from './useTraining';
import { label } from './settings';

interface Props {
  configured: Configured;
  frame: Reply<FrameAnswer>;
  chosen: number | null;
  onChoose: (weight: number) => void;
  /** How much of the number that is explained goes through what is named. */
  lit: Map<string, number> | null;
  onNeuron: (layer: number, neuron: number) => void;
}

// Neither the blue of positive weights nor the orange of negative ones.
const LIT = '214 40 150';

export function NetworkPicture({ configured, frame, chosen, onChoose, lit, onNeuron }: Props) {
  const holder = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(600);
  const [hover, setHover] = useState<Line | null>(null);
  const { settings, parameters } = configured.answer;
  const layout = places([settings.features.length, ...frame.answer.widths], width);
  const drawn = lines(layout, parameters, settings);

  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => { setWidth(Math.round(entry!.contentRect.width)); });
    watch.observe(holder.current!);
    return () => { watch.disconnect(); };
  }, []);

  useEffect(() => {
    const element = canvas.current!, scale = window.devicePixelRatio;
    const [w, h] = [Math.round(width * scale), Math.round(layout.height * scale)];
    if (element.width !== w || element.height !== h) { element.width = w; element.height = h; }
    const context = element.getContext('2d')!;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, layout.height);
    const weights = frame.answer.weights && frame.float32(frame.answer.weights);
    if (weights) {
      for (const line of drawn) {
        const value = weights[line.weight]!;
        context.strokeStyle = css(signed(Math.sign(value) * Math.min(1, 0.25 + Math.abs(value) / 2)));
        context.lineWidth = line.weight === chosen ? 6 : Math.min(6, 0.5 + 2 * Math.abs(value));
        context.beginPath();
        context.moveTo(line.x1, line.y1);
        const middle = (line.x1 + line.x2) / 2;
        context.bezierCurveTo(middle, line.y1, middle, line.y2, line.x2, line.y2);
        context.stroke();
        const part = lit?.get(line.name) ?? 0;
        if (part === 0) continue;
        context.strokeStyle = `rgb(${LIT} / ${0.35 + 0.65 * part})`;
        context.lineWidth = 2 + 4 * part;
        context.stroke();
      }
    }
    const maps = frame.answer.maps && frame.float32(frame.answer.maps);
    if (!maps) return;
    const tile = document.createElement('canvas');
    const first = layout.columns[0]!.length;
    const cells = layout.columns.slice(1).flat();
    context.imageSmoothingEnabled = true;
    cells.forEach(({ x, y }, n) => {
      if ((n + 1) * GRID * GRID > maps.length) return;
      const most = settings.activation === 'relu' || n >= cells.length - frame.answer.widths.at(-1)! ? 2 : 1;
      paint(tile, GRID, (i) => signed(maps[n * GRID * GRID + i]! / most));
      context.drawImage(tile, x, y, layout.size, layout.size);
    });
    context.font = '13px system-ui, sans-serif';
    context.textBaseline = 'middle';
    context.fillStyle = getComputedStyle(element).color;
    context.strokeStyle = context.fillStyle;
    for (let i = 0; i < first; i++) {
      const { y } = layout.columns[0]![i]!;
      context.fillText(label(settings.features[i]!), 2, y + layout.size / 2);
    }
    context.lineWidth = 1;
    for (const { x, y } of cells) context.strokeRect(x + 0.5, y + 0.5, layout.size - 1, layout.size - 1);
  });

  const neuron = (e: { offsetX: number; offsetY: number }) => {
    for (const [layer, column] of layout.columns.slice(1).entries()) {
      const n = column.findIndex(({ x, y }) => e.offsetX >= x && e.offsetX < x + layout.size && e.offsetY >= y && e.offsetY < y + layout.size);
      if (n >= 0) return { layer, n };
    }
    return null;
  };
  const at = (e: { offsetX: number; offsetY: number }) => nearest(drawn, e.offsetX, e.offsetY);
  const weights = frame.answer.weights && frame.float32(frame.answer.weights);
  const gradients = frame.answer.gradients && frame.float32(frame.answer.gradients);
  return (
    <div ref={holder} class="network">
      <canvas ref={canvas} style={{ width: `${width}px`, height: `${layout.height}px` }} role="img"
        aria-label={`Network ${[settings.features.length, ...frame.answer.widths].join('-')}; its weights stand in the table below`}
        onMouseMove={(e) => { setHover(at(e)); }} onMouseLeave={() => { setHover(null); }}
        onClick={(e) => {
          const cell = neuron(e), line = at(e);
          if (cell) onNeuron(cell.layer, cell.n);
          else if (line) onChoose(line.weight);
        }} />
      <p class="hover" aria-hidden="true">
        {hover && weights ? `${hover.name}: ${weights[hover.weight]!.toPrecision(4)}, gradient ${gradients?.[hover.weight]?.toPrecision(3) ?? '–'}; click to change or explain` : 'Point at a line to see its weight, click to change or explain it; click a neuron to see where its output comes from.'}
      </p>
    </div>
  );
}
