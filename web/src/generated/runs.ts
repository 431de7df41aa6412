// Written from the C# records by TypeScriptTypesTest, with CHAINRULE_ACCEPT=1.
import type { NumberBlock } from './sessions';

export type RunsRequest =
  | ({ type: 'list' } & ListRequest)
  | ({ type: 'curves' } & CurvesRequest)
  | ({ type: 'tail' } & TailRequest)
  | ({ type: 'bands' } & BandsRequest)
  | ({ type: 'differences' } & DifferencesRequest)
  | ({ type: 'layers' } & LayersRequest)
  | ({ type: 'weights' } & WeightsRequest)
  | ({ type: 'workers' } & WorkersRequest)
  | ({ type: 'origin' } & MetricOriginRequest)
  | ({ type: 'samples' } & SamplesRequest)
  | ({ type: 'diagnose' } & DiagnoseRequest)
  | ({ type: 'stop' } & StopRunRequest)
  | ({ type: 'resume' } & ResumeRunRequest)
  | ({ type: 'export' } & ExportRequest);

export interface ListRequest {
  filter: string | null;
  sort: string | null;
  descending: boolean;
  columns: string[] | null;
  from: number;
  count: number;
}

export interface CurvesRequest {
  runs: string[];
  metric: string;
  axis: string;
  columns: number;
  smoothing: number;
}

export interface TailRequest {
  run: string;
  metric: string;
  axis: string;
  from: number;
  lastStep: number | null;
}

export interface BandsRequest {
  runs: string[];
  metric: string;
}

export interface DifferencesRequest {
  runs: string[];
}

export interface LayersRequest {
  run: string;
}

export interface WeightsRequest {
  run: string;
  other: string | null;
  step: number | null;
  bins: number;
}

export interface WorkersRequest {
  run: string;
}

export interface MetricOriginRequest {
  run: string;
  metric: string;
}

export interface SamplesRequest {
  run: string;
  count: number;
}

export interface DiagnoseRequest {
  run: string;
  try: boolean;
  steps: number;
}

export interface StopRunRequest {
  run: string;
}

export interface ResumeRunRequest {
  run: string;
}

export interface ExportRequest {
  format: string;
  what: string;
  filter: string | null;
  sort: string | null;
  descending: boolean;
  columns: string[] | null;
  runs: string[] | null;
}

export interface TableAnswer {
  root: string;
  total: number;
  matching: number;
  version: number;
  isComplete: boolean;
  columns: string[];
  allColumns: string[];
  metrics: string[];
  rows: RunRow[];
}

export interface RunRow {
  id: string;
  name: string;
  status: RunStatus;
  problem: string | null;
  values: (number | string | null)[];
}

export type RunStatus = 'Running' | 'Stopped' | 'Finished' | 'Diverged' | 'Broken';

export interface CurvesAnswer {
  metric: string;
  axis: string;
  curves: CurveAnswer[];
}

export interface CurveAnswer {
  run: string;
  x: NumberBlock;
  y: NumberBlock;
  smooth: NumberBlock;
  points: number;
  lastStep: number | null;
}

export interface TailAnswer {
  run: string;
  from: number;
  x: NumberBlock;
  y: NumberBlock;
  points: number;
  lastStep: number | null;
}

export interface BandsAnswer {
  metric: string;
  bands: BandAnswer[];
}

export interface BandAnswer {
  title: string;
  runs: string[];
  x: NumberBlock;
  mean: NumberBlock;
  min: NumberBlock;
  max: NumberBlock;
}

export interface DifferencesAnswer {
  runs: string[];
  settings: SettingRow[];
  same: number;
}

export interface SettingRow {
  name: string;
  values: (number | string | null)[];
}

export interface LayersAnswer {
  parameters: string[];
  steps: NumberBlock;
  weights: NumberBlock;
  gradients: NumberBlock;
  updates: NumberBlock;
}

export interface WeightsAnswer {
  steps: number[];
  parameters: WeightsHistogram[];
}

export interface WeightsHistogram {
  parameter: string;
  from: number;
  to: number;
  runs: WeightsCounts[];
}

export interface WeightsCounts {
  run: string;
  counts: NumberBlock;
  mean: number;
  deviation: number;
  count: number;
  notFinite: number;
}

export interface SamplesAnswer {
  states: SamplesAt[];
}

export interface SamplesAt {
  step: number;
  samples: string[];
}

export interface WorkersAnswer {
  workers: number;
  steps: NumberBlock;
  computing: NumberBlock;
  waiting: NumberBlock;
  sent: NumberBlock;
  straggler: number | null;
  sentence: string;
}

export interface DiagnosisAnswer {
  looked: string;
  rules: number;
  findings: FindingAnswer[];
}

export interface FindingAnswer {
  rule: string;
  cause: string;
  evidence: string;
  cure: string;
  tried: string | null;
  helped: boolean;
}

export interface DoneAnswer {
  done: string;
}

export interface MetricOriginAnswer {
  sentence: string;
}

export interface FileAnswer {
  name: string;
  mediaType: string;
  content: NumberBlock;
}

export interface RunsEvent {
  version: number;
  total: number;
  isComplete: boolean;
  isWhole: boolean;
  changed: RunChange[];
  removed: string[];
}

export interface RunChange {
  id: string;
  status: RunStatus;
  points: number;
  lastStep: number | null;
}
