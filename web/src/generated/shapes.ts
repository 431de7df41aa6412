// Written from the C# records by TypeScriptTypesTest, with CHAINRULE_ACCEPT=1.
import type { NumberBlock } from './sessions';

export type ShapesRequest =
  | ({ type: 'ops' } & OpsRequest)
  | ({ type: 'compute' } & ComputeRequest)
  | ({ type: 'why' } & WhyShapesRequest);

export type OpsRequest = object;

export interface ComputeRequest {
  op: string;
  a: string;
  b: string;
  axes: string;
  keepDim: boolean;
}

export interface WhyShapesRequest {
  op: string;
  a: string;
  b: string;
  axes: string;
  keepDim: boolean;
  tensor: string;
  place: number;
}

export type ShapesAnswer =
  | ({ type: 'ops' } & OpsAnswer)
  | ({ type: 'computed' } & ComputedAnswer)
  | ({ type: 'why' } & ShapesWhyAnswer);

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

export interface ShapesWhyAnswer {
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
