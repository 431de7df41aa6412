// What moves networks through their steps: play, pause, one step, one epoch, speed, and back to any step.
import { useState } from 'preact/hooks';
import type { PlaygroundRequest } from '../../generated/playground';
import type { Training } from './useTraining';

const SPEEDS: [number, string][] = [[1, '1 step a second'], [10, '10 a second'], [100, '100 a second'], [1000, '1,000 a second'], [0, 'as fast as it goes']];

export function Transport({ trainings }: { trainings: Training[] }) {
  const [speed, setSpeed] = useState(0);
  const frame = trainings[0]?.frame?.answer;
  const playing = trainings.some((one) => one.frame?.answer.playing);
  const all = (request: PlaygroundRequest) => { for (const one of trainings) void one.act(request); };
  return (
    <div class="transport" role="group" aria-label="Steps">
      {playing
        ? <button type="button" class="main" onClick={() => { all({ type: 'pause' }); }}>Pause</button>
        : <button type="button" class="main" onClick={() => { all({ type: 'play', stepsPerSecond: speed }); }}>Play</button>}
      <button type="button" onClick={() => { all({ type: 'step', steps: 1 }); }}>One step</button>
      <button type="button" onClick={() => { all({ type: 'step', steps: 0 }); }}>One epoch</button>
      <button type="button" onClick={() => { all({ type: 'rewind', step: 0 }); }}>To the start</button>
      <label>
        <span>Speed</span>{' '}
        <select name="speed" value={speed} onChange={(e) => {
          const next = Number(e.currentTarget.value);
          setSpeed(next);
          if (playing) all({ type: 'play', stepsPerSecond: next });
        }}>
          {SPEEDS.map(([value, text]) => <option key={value} value={value}>{text}</option>)}
        </select>
      </label>
      <label class="rewind">
        <span>Step</span>{' '}
        <input name="step" type="range" min={0} max={frame?.furthest ?? 0} value={frame?.step ?? 0} disabled={!frame || frame.furthest === 0}
          onChange={(e) => { all({ type: 'rewind', step: e.currentTarget.valueAsNumber }); }} />
      </label>
    </div>
  );
}
