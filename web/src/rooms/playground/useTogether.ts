// Two networks that are compared make the same steps: a few in each, then a few more, so that both are always seen at one step.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Training } from './useTraining';

/** Milliseconds that a round is to take: no more than a frame or two. */
const ROUND = 25;

/** Of a late round no more is made up for than this, in seconds. */
const LATEST = 0.1;

/** Milliseconds after which the speed is said anew. */
const SHOWN = 500;

export interface Together {
  /** Whether steps are being made. */
  playing: boolean;
  /** How many are made in a second; 0 until that is known. */
  rate: number;
  play: (stepsPerSecond: number) => void;
  stop: () => void;
}

/**
 * How many steps the next round makes, after one of so many steps that took so long; as many as can be made where the speed is 0. The way to the
 * engine and back takes as long for one step as for many: it is about the least time that any round took, and is not counted.
 */
export function nextRound(steps: number, took: number, stepsPerSecond: number, least = 0, round = ROUND): number {
  if (stepsPerSecond > 0) return Math.max(1, Math.floor(stepsPerSecond * Math.min(took / 1000, LATEST)));
  return Math.max(1, Math.min(2 * steps, 1000, Math.round((steps * round) / Math.max(took - least, 1))));
}

export function useTogether(trainings: Training[]): Together {
  const [playing, setPlaying] = useState(false);
  const [rate, setRate] = useState(0);
  const round = useRef(0);
  const latest = useRef(trainings);
  latest.current = trainings;
  const stop = () => { round.current++; setPlaying(false); setRate(0); };
  const play = (stepsPerSecond: number) => {
    const own = ++round.current;
    setPlaying(true);
    void (async () => {
      let least = Infinity, made = 0, since = performance.now();
      for (let steps = 1; round.current === own;) {
        const began = performance.now();
        const answers = await Promise.all(latest.current.map((one) => one.steps(steps)));
        const stepped = performance.now();
        const frames = await Promise.all(latest.current.map((one) => one.look()));
        if (round.current !== own) return;
        // Both at once, so that what is seen is always of one step.
        frames.forEach((frame, i) => { if (frame) latest.current[i]?.show(frame); });
        // One that cannot go on, or does not answer, stops both.
        if (answers.some((one) => one === null || one.broken !== null) || frames.includes(null)) { stop(); return; }
        const rest = stepsPerSecond > 0 ? (1000 * steps) / stepsPerSecond - (performance.now() - began) : 0;
        await new Promise((resolve) => { window.setTimeout(resolve, Math.max(rest, 0)); });
        made += steps;
        if (performance.now() - since > SHOWN) {
          setRate((1000 * made) / (performance.now() - since));
          made = 0;
          since = performance.now();
        }
        // A page that nobody sees rests.
        while (document.hidden && round.current === own) await new Promise((resolve) => { window.setTimeout(resolve, 200); });
        least = Math.min(least, stepped - began);
        steps = stepsPerSecond > 0 ? nextRound(steps, performance.now() - began, stepsPerSecond)
          : nextRound(steps, stepped - began, 0, least, Math.max(ROUND, performance.now() - stepped));
      }
    })();
  };
  useEffect(() => () => { round.current++; }, []);
  return { playing, rate, play, stop };
}
