// Written from the C# records by TypeScriptTypesTest, with CHAINRULE_ACCEPT=1.
import type { NumberBlock } from './sessions';

export type ShapesRequest =
  | ({ type: 'ops' } & OpsRequest)
  | ({ type: 'compute' } & ComputeRequest);

export type OpsRequest = object;

export interface ComputeRequest {
  op: string;
  a: string;
  b: string;
  axes: string;
  keepDim: boolean;
}

export type ShapesAnswer =
  | ({ type: 'ops' } & OpsAnswer)
  | ({ type: 'computed' } & ComputedAnswer);

export interface OpsAnswer {
  ops: ShapesOpName[];
}

export interface ShapesOpName {
  name: string;
  title: string;
  takesTwo: boolean;
  takesAxes: boolean;
  a: string;
  b: string;
  axes: string;
}

export interface ComputedAnswer {
  code: string;
  inputs: ShapesTensor[];
  output: ShapesTensor;
  remarks: string[];
}

export interface ShapesTensor {
  name: string;
  shape: number[];
  axes: string[];
  numbers: NumberBlock;
  gradient: NumberBlock;
  reached: NumberBlock;
}
