// Written from the C# records by TypeScriptTypesTest, with CHAINRULE_ACCEPT=1.
import type { NumberBlock } from './sessions';

export type ImagesRequest =
  | ({ type: 'runs' } & ImageRunsRequest)
  | ({ type: 'open' } & ImageOpenRequest)
  | ({ type: 'examples' } & ImageExamplesRequest)
  | ({ type: 'look' } & ImageLookRequest)
  | ({ type: 'filters' } & ImageFiltersRequest)
  | ({ type: 'pixel' } & ImagePixelRequest)
  | ({ type: 'saliency' } & ImageSaliencyRequest)
  | ({ type: 'occlusion' } & ImageOcclusionRequest)
  | ({ type: 'why' } & ImageWhyRequest);

export type ImageRunsRequest = object;

export interface ImageOpenRequest {
  run: string;
}

export interface ImageExamplesRequest {
  run: string;
}

export interface ImageLookRequest {
  run: string;
  picture: ImagePicture;
}

export interface ImagePicture {
  width: number;
  height: number;
  channels: number;
  bytes: string;
}

export interface ImageFiltersRequest {
  run: string;
  layer: number;
}

export interface ImagePixelRequest {
  run: string;
  picture: ImagePicture;
  layer: number;
  channel: number;
  row: number;
  column: number;
}

export interface ImageSaliencyRequest {
  run: string;
  picture: ImagePicture;
  class: number | null;
}

export interface ImageOcclusionRequest {
  run: string;
  picture: ImagePicture;
  class: number | null;
}

export interface ImageWhyRequest {
  run: string;
  picture: ImagePicture;
  class: number;
  logit: boolean;
}

export type ImagesAnswer =
  | ({ type: 'runs' } & ImageRunsAnswer)
  | ({ type: 'open' } & ImageOpenAnswer)
  | ({ type: 'examples' } & ImageExamplesAnswer)
  | ({ type: 'look' } & ImageLookAnswer)
  | ({ type: 'filters' } & ImageFiltersAnswer)
  | ({ type: 'pixel' } & ImagePixelAnswer)
  | ({ type: 'map' } & ImageMapAnswer)
  | ({ type: 'why' } & ImageWhyAnswer);

export interface ImageRunsAnswer {
  runs: ImageRun[];
}

export interface ImageRun {
  id: string;
  name: string;
  model: string;
  accuracy: number | null;
}

export interface ImageOpenAnswer {
  model: string;
  parameters: number;
  size: number;
  channels: number;
  classes: string[];
  hasOneOutput: boolean;
  layers: ImageLayerShape[];
}

export interface ImageLayerShape {
  name: string;
  type: string;
  does: string;
  channels: number;
  height: number;
  width: number;
  isVector: boolean;
  hasFilters: boolean;
  from: number[];
}

export interface ImageExamplesAnswer {
  source: string;
  examples: ImageExampleShape[];
}

export interface ImageExampleShape {
  class: string;
  width: number;
  height: number;
  channels: number;
  bytes: NumberBlock;
}

export interface ImageLookAnswer {
  isInverted: boolean;
  seen: NumberBlock;
  logits: NumberBlock;
  probabilities: NumberBlock;
  layers: ImageLayerMaps[];
  milliseconds: number;
}

export interface ImageLayerMaps {
  shown: number;
  numbers: NumberBlock;
}

export interface ImageFiltersAnswer {
  layer: number;
  filters: number;
  all: number;
  channels: number;
  height: number;
  width: number;
  weights: NumberBlock;
}

export interface ImagePixelAnswer {
  layer: number;
  channel: number;
  row: number;
  column: number;
  value: number;
  rule: string;
  sum: number | null;
  bias: number | null;
  parts: ImagePart[];
}

export interface ImagePart {
  layer: number;
  channel: number;
  top: number;
  left: number;
  channels: number;
  height: number;
  width: number;
  inputs: NumberBlock;
  weights: NumberBlock | null;
}

export interface ImageMapAnswer {
  class: number;
  formula: string;
  size: number;
  map: NumberBlock;
}

export interface ImageWhyAnswer {
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
