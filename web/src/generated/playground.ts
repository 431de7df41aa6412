// Written from the C# records by TypeScriptTypesTest, with CHAINRULE_ACCEPT=1.
import type { NumberBlock } from './sessions';

export type PlaygroundRequest =
  | ({ type: 'configure' } & ConfigureRequest)
  | ({ type: 'frame' } & FrameRequest)
  | ({ type: 'play' } & PlayRequest)
  | ({ type: 'pause' } & PauseRequest)
  | ({ type: 'step' } & StepRequest)
  | ({ type: 'rewind' } & RewindRequest)
  | ({ type: 'change' } & ChangeRequest)
  | ({ type: 'diagnose' } & DiagnoseRequest)
  | ({ type: 'export' } & ExportRequest)
  | ({ type: 'save' } & SaveRequest)
  | ({ type: 'describe' } & DescribeRequest)
  | ({ type: 'csv' } & CsvRequest)
  | ({ type: 'whyWeight' } & WhyWeightRequest)
  | ({ type: 'whyNeuron' } & WhyNeuronRequest);

export interface ConfigureRequest {
  settings: PlaygroundSettings;
}

export interface PlaygroundSettings {
  data: string;
  classes: number;
  points: number;
  noise: number;
  trainFraction: number;
  seed: number;
  own: PlanePoint[];
  features: string[];
  hidden: number[];
  activation: string;
  initialization: string;
  initialScale: number;
  normalization: string;
  dropout: number;
  skip: boolean;
  loss: string;
  optimizer: string;
  learningRate: number;
  schedule: string;
  scheduleSteps: number;
  batchSize: number;
  l1: number;
  l2: number;
}

export interface PlanePoint {
  x1: number;
  x2: number;
  y: number;
}

export interface FrameRequest {
  grid: number;
}

export interface PlayRequest {
  stepsPerSecond: number;
}

export type PauseRequest = object;

export interface StepRequest {
  steps: number;
}

export interface RewindRequest {
  step: number;
}

export interface ChangeRequest {
  parameter: string;
  index: number;
  value: number | null;
  frozen: boolean | null;
}

export type DiagnoseRequest = object;

export type ExportRequest = object;

export type SaveRequest = object;

export type DescribeRequest = object;

export interface CsvRequest {
  text: string;
  x1: string | null;
  x2: string | null;
  y: string | null;
  components: boolean;
}

export interface WhyWeightRequest {
  parameter: string;
  index: number;
}

export interface WhyNeuronRequest {
  layer: number;
  neuron: number;
  point: number;
}

export type PlaygroundAnswer =
  | ({ type: 'configured' } & ConfiguredAnswer)
  | ({ type: 'frame' } & FrameAnswer)
  | ({ type: 'diagnosis' } & DiagnosisAnswer)
  | ({ type: 'export' } & ExportAnswer)
  | ({ type: 'saved' } & SavedAnswer)
  | ({ type: 'describe' } & DescribeAnswer)
  | ({ type: 'csv' } & CsvAnswer)
  | ({ type: 'why' } & PlaygroundWhyAnswer);

export interface ConfiguredAnswer {
  settings: PlaygroundSettings;
  points: NumberBlock;
  trainCount: number;
  parameters: ParameterShape[];
  stepsPerEpoch: number;
}

export interface ParameterShape {
  name: string;
  shape: number[];
}

export interface FrameAnswer {
  step: number;
  furthest: number;
  playing: boolean;
  batchLoss: number;
  trainLoss: number;
  testLoss: number;
  learningRate: number;
  stepsPerSecond: number;
  broken: string | null;
  curve: NumberBlock;
  widths: number[];
  maps: NumberBlock | null;
  weights: NumberBlock | null;
  gradients: NumberBlock | null;
  frozen: NumberBlock;
  confusion: NumberBlock;
}

export interface DiagnosisAnswer {
  findings: FindingText[];
  rules: number;
  looked: string;
}

export interface FindingText {
  rule: string;
  cause: string;
  evidence: string;
  cure: string;
  tried: string | null;
}

export interface ExportAnswer {
  cSharp: string;
  pyTorch: string;
}

export interface SavedAnswer {
  name: string;
  zip: NumberBlock | null;
}

export interface DescribeAnswer {
  presets: Preset[];
  defaults: PlaygroundSettings;
  names: PlaygroundNames;
}

export interface Preset {
  name: string;
  title: string;
  look: string;
  steps: number;
  settings: PlaygroundSettings;
}

export interface PlaygroundNames {
  classData: string[];
  numberData: string[];
  features: string[];
  activations: string[];
  initializations: string[];
  normalizations: string[];
  numberLosses: string[];
  twoClassLosses: string[];
  manyClassLosses: string[];
  optimizers: string[];
  schedules: string[];
}

export interface CsvAnswer {
  columns: string[];
  classes: number;
  labels: string[];
  leftOut: number;
  points: PlanePoint[];
}

export interface PlaygroundWhyAnswer {
  tree: WhyTree;
}

export interface WhyTree {
  sentence: string;
  about: string;
  numbers: WhyNumber[];
}

export interface WhyNumber {
  subject: string;
  value: number;
  isCut: boolean;
  steps: WhyStep[];
}

export interface WhyStep {
  op: string;
  formula: string;
  numbers: string;
  sum: number;
  addsUp: boolean;
  terms: WhyTerm[];
  omitted: number;
  omittedSum: number;
}

export interface WhyTerm {
  value: number;
  fraction: number;
  derivative: string;
  text: string;
  from: number;
}
