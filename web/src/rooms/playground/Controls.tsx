// All settings of a network, in the order in which they matter.
import type { DescribeAnswer, PlaygroundSettings } from '../../generated/playground';
import { Amount, Check, Choice, Text } from './Fields';
import { label, lossesOf, widths } from './settings';

interface Props {
  about: DescribeAnswer;
  settings: PlaygroundSettings;
  onChange: (change: Partial<PlaygroundSettings>) => void;
}

export function Controls({ about: { names }, settings: s, onChange }: Props) {
  const own = s.data === 'own' ? ['own'] : [];
  return (
    <form class="controls" onSubmit={(e) => { e.preventDefault(); }}>
      <fieldset>
        <legend>Data</legend>
        <Choice name="data" title="Data set" value={s.data} names={[...names.classData, ...names.numberData, ...own]} onChange={(data) => { onChange({ data }); }} />
        {s.classes > 0 && s.data !== 'own' && <Amount name="classes" title="Classes" value={s.classes} min={2} max={10} step={1} onChange={(classes) => { onChange({ classes }); }} />}
        {s.data !== 'own' && <>
          <Amount name="points" title="Points" value={s.points} min={10} max={10000} step={1} onChange={(points) => { onChange({ points }); }} />
          <Amount name="noise" title="Noise" value={s.noise} min={0} max={3} step="any" onChange={(noise) => { onChange({ noise }); }} />
        </>}
        <Amount name="trainFraction" title="Fraction to train on" value={s.trainFraction} min={0.1} max={0.9} step="any" onChange={(trainFraction) => { onChange({ trainFraction }); }} />
        <Amount name="seed" title="Seed" value={s.seed} min={0} max={2147483647} step={1} onChange={(seed) => { onChange({ seed }); }} />
      </fieldset>
      <fieldset>
        <legend>Network</legend>
        <div class="features" role="group" aria-label="Features">
          {names.features.map((feature) => (
            <Check key={feature} name={feature} title={label(feature)} value={s.features.includes(feature)} onChange={(on) => {
              const features = names.features.filter((one) => (one === feature ? on : s.features.includes(one)));
              if (features.length > 0) onChange({ features });
            }} />
          ))}
        </div>
        <Text name="hidden" title="Hidden layers" value={s.hidden.join(', ')} read={widths} hint="Widths, such as 8, 8; empty for none" onChange={(hidden) => { onChange({ hidden }); }} />
        <Choice name="activation" title="Activation function" value={s.activation} names={names.activations} onChange={(activation) => { onChange({ activation }); }} />
        <Choice name="initialization" title="First weights" value={s.initialization} names={names.initializations} onChange={(initialization) => { onChange({ initialization }); }} />
        <Amount name="initialScale" title="… multiplied by" value={s.initialScale} min={0} max={100} step="any" onChange={(initialScale) => { onChange({ initialScale }); }} />
        <Choice name="normalization" title="Normalisation" value={s.normalization} names={names.normalizations} onChange={(normalization) => { onChange({ normalization }); }} />
        <Amount name="dropout" title="Dropout" value={s.dropout} min={0} max={0.9} step="any" onChange={(dropout) => { onChange({ dropout }); }} />
        <Check name="skip" title="Skip connections" value={s.skip} onChange={(skip) => { onChange({ skip }); }} />
      </fieldset>
      <fieldset>
        <legend>Training</legend>
        <Choice name="loss" title="Loss" value={s.loss} names={lossesOf(names, s.classes)} onChange={(loss) => { onChange({ loss }); }} />
        <Choice name="optimizer" title="Optimiser" value={s.optimizer} names={names.optimizers} onChange={(optimizer) => { onChange({ optimizer }); }} />
        <Amount name="learningRate" title="Learning rate" value={s.learningRate} min={0} max={1000000} step="any" onChange={(learningRate) => { onChange({ learningRate }); }} />
        <Choice name="schedule" title="Schedule" value={s.schedule} names={names.schedules} onChange={(schedule) => { onChange({ schedule }); }} />
        {s.schedule !== 'constant' && <Amount name="scheduleSteps" title="… over steps" value={s.scheduleSteps} min={1} max={10000000} step={1} onChange={(scheduleSteps) => { onChange({ scheduleSteps }); }} />}
        <Amount name="batchSize" title="Batch size" value={s.batchSize} min={1} max={10000} step={1} onChange={(batchSize) => { onChange({ batchSize }); }} />
        <Amount name="l1" title="L1" value={s.l1} min={0} max={1000} step="any" onChange={(l1) => { onChange({ l1 }); }} />
        <Amount name="l2" title="L2 (weight decay)" value={s.l2} min={0} max={1000} step="any" onChange={(l2) => { onChange({ l2 }); }} />
      </fieldset>
    </form>
  );
}
