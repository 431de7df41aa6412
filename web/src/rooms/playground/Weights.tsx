// One weight: its value and gradient, to be changed or frozen. The keyboard's way to what a click on a line does.
import type { FrameAnswer, ParameterShape, PlaygroundRequest } from '../../generated/playground';
import type { Reply } from '../../shared/wire';
import { Typed } from './Fields';
import { limits } from './settings';

interface Props {
  parameters: ParameterShape[];
  frame: Reply<FrameAnswer>;
  chosen: number | null;
  onChoose: (weight: number) => void;
  act: (request: PlaygroundRequest) => Promise<void>;
  onWhy: (parameter: string, index: number) => void;
}

const count = (shape: number[]) => shape.reduce((a, b) => a * b, 1);

/** Which parameter a place among all weights is in, and which of its numbers. */
export function find(parameters: ParameterShape[], place: number): { parameter: ParameterShape; index: number; start: number } | null {
  let start = 0;
  for (const parameter of parameters) {
    if (place < start + count(parameter.shape)) return { parameter, index: place - start, start };
    start += count(parameter.shape);
  }
  return null;
}

export function Weights({ parameters, frame, chosen, onChoose, act, onWhy }: Props) {
  const { weights, gradients } = frame.answer;
  if (!weights || !gradients) return <p>There are too many weights to show one by one.</p>;
  const at = find(parameters, chosen ?? 0);
  if (!at) return null;
  const place = at.start + at.index;
  const frozen = frame.int32(frame.answer.frozen).includes(place);
  const change = (value: number | null, freeze: boolean | null) => void act({ type: 'change', parameter: at.parameter.name, index: at.index, value, frozen: freeze });
  return (
    <div class="weights" role="group" aria-label="One weight">
      <label class="field">
        <span>Parameter</span>
        <select name="parameter" value={at.parameter.name} onChange={(e) => {
          let start = 0;
          for (const one of parameters) {
            if (one.name === e.currentTarget.value) { onChoose(start); return; }
            start += count(one.shape);
          }
        }}>
          {parameters.map((one) => <option key={one.name} value={one.name}>{`${one.name} [${one.shape.join(', ')}]`}</option>)}
        </select>
      </label>
      <label class="field">
        <span>Number</span>
        <Typed name="index" type="number" min={0} max={count(at.parameter.shape) - 1} step={1} value={String(at.index)}
          hint={limits('Number', 0, count(at.parameter.shape) - 1, true)}
          onDone={(text, valid) => { if (valid) onChoose(at.start + Number(text)); return valid; }} />
      </label>
      <label class="field">
        <span>Value</span>
        <Typed name="value" type="number" step="any" value={String(Number(frame.float32(weights)[place]!.toPrecision(7)))}
          hint="Value: a number, such as 0.5"
          onDone={(text, valid) => { if (valid) change(Number(text), null); return valid; }} />
      </label>
      <p>gradient <output name="gradient">{frame.float32(gradients)[place]!.toPrecision(4)}</output>{' '}
        <button type="button" onClick={() => { onWhy(at.parameter.name, at.index); }}>Where does it come from?</button></p>
      <label class="check">
        <input name="frozen" type="checkbox" checked={frozen} onChange={(e) => { change(null, e.currentTarget.checked); }} />
        <span>frozen</span>
      </label>
    </div>
  );
}
