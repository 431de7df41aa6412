// Written from the C# records by TypeScriptTypesTest, with CHAINRULE_ACCEPT=1.

export type GraphRequest =
  | ({ type: 'examples' } & ExamplesRequest)
  | ({ type: 'read' } & ReadRequest)
  | ({ type: 'why' } & WhyRequest);

export type ExamplesRequest = object;

export interface ReadRequest {
  text: string;
  nudges: Nudge[];
  order: number[] | null;
}

export interface Nudge {
  name: string;
  by: number;
}

export interface WhyRequest {
  text: string;
  nudges: Nudge[];
  node: number;
  gradient: boolean;
}

export type GraphReply =
  | ({ type: 'examples' } & ExamplesAnswer)
  | ({ type: 'graph' } & GraphAnswer)
  | ({ type: 'wrong' } & WrongAnswer)
  | ({ type: 'why' } & WhyAnswer);

export interface ExamplesAnswer {
  examples: GraphExample[];
}

export interface GraphExample {
  name: string;
  title: string;
  text: string;
}

export interface GraphAnswer {
  nodes: GraphNode[];
  steps: GraphStep[];
  isRightOrder: boolean;
  faults: string[];
}

export interface GraphNode {
  name: string;
  op: string;
  inputs: number[];
  data: number;
  was: number;
  gradient: number | null;
  isParameter: boolean;
  from: number;
  to: number;
}

export interface GraphStep {
  node: number;
  came: number;
  formula: string;
  added: GraphAddition[];
}

export interface GraphAddition {
  node: number;
  formula: string;
  amount: number;
  before: number | null;
  after: number;
}

export interface WrongAnswer {
  sentence: string;
  at: number;
}

export interface WhyAnswer {
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
