// Two networks that are compared make the same steps: a few in each, then a few more, so that both are always seen at one step.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { FrameAnswer } from '../../generated/playground';
import type { Training } from './useTraining';

/** Milliseconds that a round is to take: no more than a frame or two. */
const ROUND = 25;

/** Of a late round no more is made up for than this, in seconds. */
const LATEST = 0.1;

export interface Together {
  /** Whether steps are being made. */
  playing: boolean;
  play: (stepsPerSecond: number) => void;
  stop: () => void;
}

/** How many steps the next round makes, after one of so many steps that took so long; as many as can be made where the speed is 0. */
export function nextRound(steps: number, took: number, stepsPerSecond: number): number {
  if (stepsPerSecond > 0) return Math.max(1, Math.floor(stepsPerSecond * Math.min(took / 1000, LATEST)));
  return Math.max(1, Math.min(2 * steps, 1000, Math.round((steps * ROUND) / Math.max(took, 1))));
}

export function useTogether(trainings: Training[]): Together {
  const [playing, setPlaying] = useState(false);
  const round = useRef(0);
  const latest = useRef(trainings);
  latest.current = trainings;
  const stop = () => { round.current++; setPlaying(false); };
  const play = (stepsPerSecond: number) => {
    const own = ++round.current;
    setPlaying(true);
    void (async () => {
      for (let steps = 1; round.current === own;) {
        const began = performance.now();
        const answers = await Promise.all(latest.current.map((one) => one.ask<FrameAnswer>({ type: 'step', steps })));
        if (round.current !== own) return;
        // One that cannot go on, or does not answer, stops both.
        if (answers.some((one) => one === null || one.broken !== null)) { stop(); return; }
        const rest = stepsPerSecond > 0 ? (1000 * steps) / stepsPerSecond - (performance.now() - began) : 0;
        await new Promise((resolve) => { window.setTimeout(resolve, Math.max(rest, 0)); });
        // A page that nobody sees rests.
        while (document.hidden && round.current === own) await new Promise((resolve) => { window.setTimeout(resolve, 200); });
        steps = nextRound(steps, performance.now() - began, stepsPerSecond);
      }
    })();
  };
  useEffect(() => () => { round.current++; }, []);
  return { playing, play, stop };
}
