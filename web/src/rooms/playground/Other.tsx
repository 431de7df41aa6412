// A second network that differs in one setting.
import type { DescribeAnswer, PlaygroundSettings } from '../../generated/playground';
import { Amount, Check, Choice, Text } from './Fields';
import { lossesOf, unlike, widths } from './settings';

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

// The same limits as those of the first network.
const RANGES: Partial<Record<keyof PlaygroundSettings, { min: number; max: number; step: 1 | 'any' }>> = {
  batchSize: { min: 1, max: 10000, step: 1 }, dropout: { min: 0, max: 0.9, step: 'any' }, l2: { min: 0, max: 1000, step: 'any' },
  seed: { min: 0, max: 2147483647, step: 1 },
};
const ANY: { min: number; max: number; step: 1 | 'any' } = { min: 0, max: 1000000, step: 'any' };

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
          onChange(name === '' ? undefined : unlike(settings, name, names));
        }}>
          <option value="">no second network</option>
          {DIFFERENCES.map(([name, text]) => <option key={name} value={name}>{text}</option>)}
        </select>
      </label>
      {key && options && <Choice name="other" title={title} value={String(value)} names={options} onChange={(next) => { onChange({ [key]: next }); }} />}
      {key && typeof value === 'number' && <Amount name="other" title={title} value={value} {...RANGES[key] ?? ANY} onChange={(next) => { onChange({ [key]: next }); }} />}
      {key && typeof value === 'boolean' && <Check name="other" title={title} value={value} onChange={(next) => { onChange({ [key]: next }); }} />}
      {key && Array.isArray(value) && <Text name="other" title={title} value={value.join(', ')} read={widths} hint="Widths, such as 8, 8" onChange={(next) => { onChange({ [key]: next }); }} />}
    </fieldset>
  );
}
