// The keyboard's way to what a click on a neuron does, and the point that the network sees.
import { useState } from 'preact/hooks';
import { Typed } from './Fields';
import { limits } from './settings';

interface Props {
  widths: number[];
  points: number;
  point: number;
  onPoint: (point: number) => void;
  onWhy: (layer: number, neuron: number) => void;
}

export function Neurons({ widths, points, point, onPoint, onWhy }: Props) {
  const [layer, setLayer] = useState(0);
  const [neuron, setNeuron] = useState(0);
  const at = Math.min(layer, widths.length - 1);
  return (
    <div class="weights" role="group" aria-label="One neuron">
      <label class="field">
        <span>Point</span>
        <Typed name="point" type="number" min={0} max={points - 1} step={1} value={String(Math.min(point, points - 1))} hint={limits('Point', 0, points - 1, true)}
          onDone={(text, valid) => { if (valid) onPoint(Number(text)); return valid; }} />
      </label>
      <label class="field">
        <span>Layer</span>
        <select name="layer" value={at} onChange={(e) => { setLayer(Number(e.currentTarget.value)); setNeuron(0); }}>
          {widths.map((width, i) => <option key={i} value={i}>{i === widths.length - 1 ? 'output' : `hidden ${i + 1}`} ({width})</option>)}
        </select>
      </label>
      <label class="field">
        <span>Neuron</span>
        <Typed name="neuron" type="number" min={0} max={widths[at]! - 1} step={1} value={String(neuron)} hint={limits('Neuron', 0, widths[at]! - 1, true)}
          onDone={(text, valid) => { if (valid) setNeuron(Number(text)); return valid; }} />
      </label>
      <button type="button" onClick={() => { onWhy(at, neuron); }}>Where does its output come from?</button>
    </div>
  );
}
