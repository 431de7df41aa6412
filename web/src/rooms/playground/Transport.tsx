// What moves networks through their steps: play, pause, one step, one epoch, speed, and back to any step.
import { useState } from 'preact/hooks';
import type { PlaygroundRequest } from '../../generated/playground';
import type { Together } from './useTogether';
import type { Training } from './useTraining';

const SPEEDS: [number, string][] = [[1, '1 step a second'], [10, '10 a second'], [100, '100 a second'], [1000, '1,000 a second'], [0, 'as fast as it goes']];

export function Transport({ trainings, together }: { trainings: Training[]; together: Together }) {
  const [speed, setSpeed] = useState(0);
  const first = trainings[0], frame = first?.frame?.answer, two = trainings.length > 1;
  const playing = together.playing || trainings.some((one) => one.playing);
  const furthest = Math.min(...trainings.map((one) => one.frame?.answer.furthest ?? 0));
  const all = (request: PlaygroundRequest) => {
    together.stop();
    for (const one of trainings) void one.act(request);
  };
  const play = (stepsPerSecond: number) => {
    if (two) together.play(stepsPerSecond);
    else all({ type: 'play', stepsPerSecond });
  };
  // An epoch of one is not always one of the other, and both are to be at the same step.
  const perEpoch = first?.configured?.answer.stepsPerEpoch ?? 1;
  const epoch = two ? perEpoch - ((frame?.step ?? 0) % perEpoch) : 0;
  return (
    <div class="transport" role="group" aria-label="Steps">
      {playing
        ? <button type="button" class="main" onClick={() => { all({ type: 'pause' }); }}>Pause</button>
        : <button type="button" class="main" onClick={() => { play(speed); }}>Play</button>}
      <button type="button" onClick={() => { all({ type: 'step', steps: 1 }); }}>One step</button>
      <button type="button" onClick={() => { all({ type: 'step', steps: epoch }); }}>One epoch</button>
      <button type="button" onClick={() => { all({ type: 'rewind', step: 0 }); }}>To the start</button>
      <label>
        <span>Speed</span>{' '}
        <select name="speed" value={speed} onChange={(e) => {
          const next = Number(e.currentTarget.value);
          setSpeed(next);
          if (playing) play(next);
        }}>
          {SPEEDS.map(([value, text]) => <option key={value} value={value}>{text}</option>)}
        </select>
      </label>
      <label class="rewind">
        <span>Step</span>{' '}
        <input name="step" type="range" min={0} max={furthest} value={frame?.step ?? 0} disabled={!frame || furthest === 0}
          onChange={(e) => { all({ type: 'rewind', step: e.currentTarget.valueAsNumber }); }} />
      </label>
    </div>
  );
}
