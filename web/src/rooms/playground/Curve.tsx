// The losses so far: training and test.
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { FrameAnswer } from '../../generated/playground';
import { css, CLASSES, dark } from '../../shared/colour';
import type { Reply } from '../../shared/wire';

export function Curve({ frame }: { frame: Reply<FrameAnswer> }) {
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);

  useEffect(() => {
    const element = holder.current!;
    const make = () => {
      plot.current?.destroy();
      const ink = getComputedStyle(element).color;
      const axis = { stroke: ink, grid: { stroke: 'rgb(128 128 128 / 0.25)', width: 1 }, ticks: { show: false } };
      plot.current = new uPlot({
        width: element.clientWidth, height: 170, legend: { show: false }, cursor: { show: false },
        scales: { x: { time: false } }, axes: [axis, { ...axis, size: 55 }],
        series: [{}, { stroke: css(CLASSES[1]!), width: 2 }, { stroke: css(CLASSES[0]!), width: 2, dash: [6, 3] }],
      }, [[], [], []], element);
    };
    make();
    const watch = new ResizeObserver(() => { plot.current?.setSize({ width: element.clientWidth, height: 170 }); });
    watch.observe(element);
    dark.addEventListener('change', make);
    return () => { watch.disconnect(); dark.removeEventListener('change', make); plot.current?.destroy(); };
  }, []);

  useEffect(() => {
    const numbers = frame.float64(frame.answer.curve);
    const columns: [number[], (number | null)[], (number | null)[]] = [[], [], []];
    const finite = (x: number) => (Number.isFinite(x) ? x : null);
    for (let i = 0; i < numbers.length; i += 3) {
      columns[0].push(numbers[i]!);
      columns[1].push(finite(numbers[i + 1]!));
      columns[2].push(finite(numbers[i + 2]!));
    }
    plot.current?.setData(columns);
  }, [frame]);

  return (
    <figure class="curve">
      <div ref={holder} />
      <figcaption><span class="train">training</span> and <span class="test">test</span> loss by step</figcaption>
    </figure>
  );
}
