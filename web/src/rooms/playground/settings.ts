// What follows when one setting changes, and how settings are called.
import type { PlaygroundNames, PlaygroundSettings } from '../../generated/playground';

/** The losses that go with a number of classes. */
export function lossesOf(names: PlaygroundNames, classes: number): string[] {
  return classes === 0 ? names.numberLosses : classes === 2 ? names.twoClassLosses : names.manyClassLosses;
}

/** The settings after a change: what no longer goes with it is changed too. */
export function changed(settings: PlaygroundSettings, change: Partial<PlaygroundSettings>, names: PlaygroundNames): PlaygroundSettings {
  const next = { ...settings, ...change };
  if (next.data !== 'own') {
    const numbers = names.numberData.includes(next.data);
    if (numbers) next.classes = 0;
    else if (next.classes === 0) next.classes = 2;
    if (change.data !== undefined) next.own = [];
  }
  const losses = lossesOf(names, next.classes);
  if (!losses.includes(next.loss)) next.loss = losses[0]!;
  return next;
}

/** A value of one setting that is another than the first network's: with the same, two networks would be one. */
export function unlike(settings: PlaygroundSettings, name: keyof PlaygroundSettings, names: PlaygroundNames): Partial<PlaygroundSettings> {
  const another = (all: string[]) => all.find((one) => one !== settings[name]) ?? all[0]!;
  switch (name) {
    case 'learningRate': return { learningRate: settings.learningRate === 0 ? 0.03 : Number((settings.learningRate / 10).toPrecision(12)) };
    case 'hidden': return { hidden: settings.hidden.length > 1 ? settings.hidden.slice(0, -1) : [...settings.hidden, 8] };
    case 'batchSize': return { batchSize: settings.batchSize > 1 ? 1 : 10 };
    case 'dropout': return { dropout: settings.dropout === 0 ? 0.2 : 0 };
    case 'l2': return { l2: settings.l2 === 0 ? 0.01 : 0 };
    case 'seed': return { seed: settings.seed === 2147483647 ? 0 : settings.seed + 1 };
    case 'skip': return { skip: !settings.skip };
    case 'activation': return { activation: another(names.activations) };
    case 'initialization': return { initialization: another(names.initializations) };
    case 'optimizer': return { optimizer: another(names.optimizers) };
    case 'normalization': return { normalization: another(names.normalizations) };
    case 'loss': return { loss: another(lossesOf(names, settings.classes)) };
    default: return { [name]: settings[name] };
  }
}

const LABELS: Record<string, string> = {
  x1: 'x₁', x2: 'x₂', x1Squared: 'x₁²', x2Squared: 'x₂²', x1x2: 'x₁x₂', sinX1: 'sin x₁', sinX2: 'sin x₂',
  xor: 'XOR', relu: 'ReLU', leakyRelu: 'leaky ReLU', elu: 'ELU', gelu: 'GELU', silu: 'SiLU', linear: 'none (linear)',
  default: 'PyTorch’s default', xavierUniform: 'Xavier, uniform', xavierNormal: 'Xavier, normal', heUniform: 'He, uniform', heNormal: 'He, normal',
  normal: 'standard normal', zeros: 'all zeros', batch: 'batch norm', layer: 'layer norm', crossEntropy: 'cross-entropy', mse: 'mean squared error',
  mae: 'mean absolute error', huber: 'Huber', hinge: 'hinge', sgd: 'SGD', momentum: 'SGD with momentum', nesterov: 'Nesterov', adam: 'Adam',
  adamW: 'AdamW', rmsProp: 'RMSprop', own: 'own points',
};

export const label = (name: string): string => LABELS[name] ?? name;

/** Widths as they are written: "8, 8". What is no list of whole numbers is null. */
export function widths(text: string): number[] | null {
  if (text.trim() === '') return [];
  const numbers = text.split(/[\s,;]+/).filter((part) => part !== '').map(Number);
  return numbers.every((n) => Number.isInteger(n) && n > 0) ? numbers : null;
}

/** What a field of numbers takes: "Points: 10 to 10,000, whole numbers". */
export function limits(title: string, min: number, max: number, isWhole: boolean): string {
  return `${title.replace(/^…\s*/u, '')}: ${min.toLocaleString('en')} to ${max.toLocaleString('en')}${isWhole ? ', whole numbers' : ''}`;
}

/** A loss as it is read: short, and never "NaN" without a word. */
export function number(x: number | string): string {
  const value = Number(x);
  if (!Number.isFinite(value)) return '–';
  return value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5) ? value.toExponential(3) : value.toFixed(4);
}
