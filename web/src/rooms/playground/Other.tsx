// A second network that differs in one setting.
import type { DescribeAnswer, PlaygroundSettings } from '../../generated/playground';
import { Amount, Check, Choice, Text } from './Fields';
import { lossesOf, widths } from './settings';

interface Props {
  about: DescribeAnswer;
  settings: PlaygroundSettings;
  other: Partial<PlaygroundSettings> | undefined;
  onChange: (other: Partial<PlaygroundSettings> | undefined) => void;
}

const DIFFERENCES: [keyof PlaygroundSettings, string][] = [
  ['learningRate', 'Learning rate'], ['activation', 'Activation function'], ['hidden', 'Hidden layers'], ['initialization', 'First weights'],
  ['optimizer', 'Optimiser'], ['batchSize', 'Batch size'], ['normalization', 'Normalisation'], ['dropout', 'Dropout'], ['skip', 'Skip connections'],
  ['l2', 'L2 (weight decay)'], ['loss', 'Loss'], ['seed', 'Seed'],
];

export function Other({ about: { names }, settings, other, onChange }: Props) {
  const key = other && DIFFERENCES.find(([name]) => name in other)?.[0];
  const title = DIFFERENCES.find(([name]) => name === key)?.[1] ?? '';
  const value = key && other[key];
  const choices: Partial<Record<keyof PlaygroundSettings, string[]>> = {
    activation: names.activations, initialization: names.initializations, optimizer: names.optimizers, normalization: names.normalizations,
    loss: lossesOf(names, settings.classes),
  };
  const options = key && choices[key];
  return (
    <fieldset>
      <legend>Second network</legend>
      <label class="field">
        <span>Differs in</span>
        <select name="differs" value={key ?? ''} onChange={(e) => {
          const name = e.currentTarget.value as keyof PlaygroundSettings | '';
          onChange(name === '' ? undefined : { [name]: settings[name] });
        }}>
          <option value="">no second network</option>
          {DIFFERENCES.map(([name, text]) => <option key={name} value={name}>{text}</option>)}
        </select>
      </label>
      {key && options && <Choice name="other" title={title} value={String(value)} names={options} onChange={(next) => { onChange({ [key]: next }); }} />}
      {key && typeof value === 'number' && <Amount name="other" title={title} value={value} min={0} max={1e6} step="any" onChange={(next) => { onChange({ [key]: next }); }} />}
      {key && typeof value === 'boolean' && <Check name="other" title={title} value={value} onChange={(next) => { onChange({ [key]: next }); }} />}
      {key && Array.isArray(value) && <Text name="other" title={title} value={value.join(', ')} read={widths} hint="Widths, such as 8, 8" onChange={(next) => { onChange({ [key]: next }); }} />}
    </fieldset>
  );
}
