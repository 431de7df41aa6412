// Curves of runs over each other, with the least and the greatest over seeds as bands.
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { css, CLASSES, dark } from '../../shared/colour';
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

  useEffect(() => { plot.current?.setData(joined(lines)); }, [lines]);

  const points = lines.reduce((sum, line) => sum + line.x.length, 0);
  return (
    <figure class="runs-curves">
      <div ref={holder} role="img" aria-label={`${metric} by ${axis}: ${lines.length} curves`} data-points={points} />
      <figcaption>
        {lines.map((line, i) => <span key={line.label}><i aria-hidden="true" style={{ background: colour(i) }} /> {line.label}</span>)}
      </figcaption>
    </figure>
  );
}
