// The output over the plane, with the points on it. A click adds a point of one's own.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { FrameAnswer } from '../../generated/playground';
import { css, ofClass, paint, signed, CLASSES } from '../../shared/colour';
import type { Reply } from '../../shared/wire';
import { GRID, type Configured } from './useTraining';

const SIDE = 300, REACH = 6;

/** How far an arrow key goes; with Shift it goes as far as four. */
const STEP = 0.25;

const KEYS: Record<string, readonly [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

interface Props {
  configured: Configured;
  frame: Reply<FrameAnswer>;
  onPoint: ((x1: number, x2: number) => void) | null;
}

export function Plane({ configured, frame, onPoint }: Props) {
  const map = useRef<HTMLCanvasElement>(null);
  const points = useRef<HTMLCanvasElement>(null);
  const { settings, trainCount } = configured.answer;
  const [at, setAt] = useState<readonly [number, number]>([0, 0]);
  const pressed = (e: KeyboardEvent) => {
    const by = KEYS[e.key];
    if (by) {
      const moved = (from: number, sign: number) => Math.min(REACH, Math.max(-REACH, from + sign * STEP * (e.shiftKey ? 4 : 1)));
      setAt([moved(at[0], by[0]), moved(at[1], by[1])]);
    } else if (e.key === 'Enter' || e.key === ' ') onPoint?.(...at);
    else return;
    e.preventDefault();
  };

  useEffect(() => {
    const all = frame.answer.maps && frame.float32(frame.answer.maps);
    if (!all) return;
    const outputs = frame.answer.widths.at(-1)!, cells = GRID * GRID, last = all.length - outputs * cells;
    paint(map.current!, GRID, (i) => {
      if (outputs === 1) return signed(settings.loss === 'crossEntropy' ? Math.tanh(all[last + i]! / 2) : all[last + i]!);
      let best = 0, second = -Infinity;
      for (let c = 1; c < outputs; c++) {
        const value = all[last + c * cells + i]!;
        if (value > all[last + best * cells + i]!) { second = all[last + best * cells + i]!; best = c; } else if (value > second) second = value;
      }
      return ofClass(best, Math.tanh((all[last + best * cells + i]! - second) / 2));
    });
  }, [frame]);

  useEffect(() => {
    const element = points.current!, scale = window.devicePixelRatio;
    element.width = element.height = SIDE * scale;
    const context = element.getContext('2d')!;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    const p = configured.points;
    for (let i = 0; i < p.length / 3; i++) {
      const [x, y, target] = [p[3 * i]!, p[3 * i + 1]!, p[3 * i + 2]!];
      context.beginPath();
      context.arc((x / REACH + 1) * SIDE / 2, (1 - y / REACH) * SIDE / 2, i < trainCount ? 3 : 2.5, 0, 2 * Math.PI);
      context.fillStyle = css(settings.classes === 0 ? signed(target) : CLASSES[target]!);
      context.fill();
      // Points to test with have a dark ring.
      // Numbers near 0 have no colour of their own, and a ring that is seen on the paper.
      context.strokeStyle = i >= trainCount ? 'black' : settings.classes === 0 ? 'rgb(128 128 128)' : 'white';
      context.lineWidth = 0.8;
      context.stroke();
    }
  }, [configured]);

  return (
    <div class={`plane${onPoint ? ' drawing' : ''}`} role={onPoint ? 'application' : 'img'} tabIndex={onPoint ? 0 : undefined} onKeyDown={onPoint ? pressed : undefined}
      aria-label={`${onPoint ? 'Arrows move, Enter adds a point. ' : ''}The output over the plane, and ${configured.points.length / 3} points`}
      onClick={onPoint ? (e) => {
        const box = e.currentTarget.getBoundingClientRect();
        const at = (fraction: number) => Math.round(REACH * (2 * fraction - 1) * 1e4) / 1e4;
        onPoint(at((e.clientX - box.left) / box.width), -at((e.clientY - box.top) / box.height));
      } : undefined}>
      <canvas ref={map} />
      <canvas ref={points} />
      {onPoint && <i class="cursor" aria-hidden="true" style={{ left: `${50 * (at[0] / REACH + 1)}%`, top: `${50 * (1 - at[1] / REACH)}%` }} />}
      {onPoint && <p class="heard" aria-live="polite">x₁ {at[0]}, x₂ {at[1]}</p>}
    </div>
  );
}
