// Curves of runs over each other, with the least and the greatest over seeds as bands.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { css, CLASSES, dark } from '../../shared/colour';
import { short } from './numbers';
import type { Line } from './useRuns';

const HEIGHT = 340;

// What is not finite is a gap; what another curve has and this one has not is none.
const finite = (numbers: Float64Array): (number | null)[] => Array.from(numbers, (x) => (Number.isFinite(x) ? x : null));

/** All curves over one axis. */
export function joined(lines: Line[]): uPlot.AlignedData {
  if (lines.length === 0) return [[]];
  const first = lines[0]!.x;
  if (lines.every((line) => line.x.length === first.length && line.x.every((x, i) => x === first[i])))
    return [Array.from(first), ...lines.flatMap((line) => [line.y, ...(line.min && line.max ? [line.min, line.max] : [])].map(finite))];
  return uPlot.join(lines.map((line) => [
    Array.from(line.x), finite(line.y), ...(line.min && line.max ? [finite(line.min), finite(line.max)] : []),
  ] as uPlot.AlignedData));
}

export const colour = (i: number): string => css(CLASSES[i % CLASSES.length]!);

export function Curves({ lines, axis, metric, log }: { lines: Line[]; axis: string; metric: string; log: boolean }) {
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(lines);
  latest.current = lines;
  // The point at the pointer or at the arrow keys.
  const [at, setAt] = useState<number | null>(null);
  const kind = JSON.stringify([lines.map((line) => [line.label, line.min !== null]), log, axis, metric]);

  useEffect(() => {
    const element = holder.current!;
    const make = () => {
      plot.current?.destroy();
      const ink = getComputedStyle(element).color;
      const usual = { stroke: ink, grid: { stroke: 'rgb(128 128 128 / 0.25)', width: 1 }, ticks: { show: false } };
      const series: uPlot.Series[] = [{}];
      const bands: uPlot.Band[] = [];
      latest.current.forEach((line, i) => {
        const stroke = colour(i);
        series.push({ stroke, width: latest.current.length > CLASSES.length ? 1 : 1.5, dash: i < CLASSES.length ? [] : [6, 3], points: { show: line.x.length < 3 } });
        if (!line.min) return;
        bands.push({ series: [series.length + 1, series.length], fill: stroke.replace(')', ' / 0.2)') });
        series.push({ width: 0, points: { show: false } }, { width: 0, points: { show: false } });
      });
      plot.current = new uPlot({
        width: element.clientWidth, height: HEIGHT, legend: { show: false }, cursor: { drag: { x: true, y: false } },
        hooks: { setCursor: [(drawn) => { setAt(drawn.cursor.idx ?? null); }] },
        scales: { x: { time: false }, y: log ? { distr: 3 } : {} }, series, bands,
        axes: [{ ...usual, label: axis }, { ...usual, size: 70, label: metric }],
      }, joined(latest.current), element);
    };
    make();
    const watch = new ResizeObserver(() => { plot.current?.setSize({ width: element.clientWidth, height: HEIGHT }); });
    watch.observe(element);
    dark.addEventListener('change', make);
    return () => { watch.disconnect(); dark.removeEventListener('change', make); plot.current?.destroy(); plot.current = null; };
  }, [kind]);

  const data = useMemo(() => joined(lines), [lines]);
  useEffect(() => { plot.current?.setData(data); }, [data]);

  const keys = (event: KeyboardEvent) => {
    const drawn = plot.current;
    const xs = drawn?.data[0] ?? [];
    if (!drawn || xs.length === 0) return;
    const [first, last] = [xs[0]!, xs[xs.length - 1]!];
    const { min = first, max = last } = drawn.scales.x!;
    const from = xs.findIndex((x) => x >= (min ?? first));
    const to = xs.findLastIndex((x) => x <= (max ?? last));
    const now = Math.min(Math.max(drawn.cursor.idx ?? from, from), to);
    const steps: Record<string, number> = { ArrowRight: now + 1, ArrowLeft: now - 1, PageDown: now + 10, PageUp: now - 10, Home: from, End: to };
    const next = steps[event.key];
    if (next !== undefined) {
      drawn.setCursor({ left: drawn.valToPos(xs[Math.min(Math.max(next, from), to)]!, 'x'), top: 0 });
    } else if (event.key === '+' || event.key === '-') {
      const half = ((max ?? last) - (min ?? first)) * (event.key === '+' ? 0.25 : 1);
      drawn.setScale('x', { min: Math.max(first, xs[now]! - half), max: Math.min(last, xs[now]! + half) });
    } else if (event.key === '0') {
      drawn.setScale('x', { min: first, max: last });
    } else {
      return;
    }
    event.preventDefault();
  };

  const value = (line: number): string => {
    const column = lines.slice(0, line).reduce((sum, one) => sum + (one.min ? 3 : 1), 1);
    const number = at === null ? null : data[column]?.[at];
    return typeof number === 'number' ? ` ${short(number)}` : '';
  };
  const points = lines.reduce((sum, line) => sum + line.x.length, 0);
  return (
    <figure class="runs-curves">
      <div ref={holder} role="application" tabIndex={0} aria-label={`${metric} by ${axis}: ${lines.length} curves`} data-points={points}
        aria-describedby="curves-keys" onKeyDown={keys} />
      <figcaption aria-live="polite">
        {at !== null && data[0][at] !== undefined && <b>{axis} {data[0][at].toLocaleString('en')}</b>}
        {lines.map((line, i) => <span key={line.label}><i aria-hidden="true" style={{ background: colour(i) }} /> {line.label}{value(i)}</span>)}
        <small id="curves-keys">Arrow keys read values; + and - zoom, as dragging does; 0 shows all.</small>
      </figcaption>
    </figure>
  );
}
