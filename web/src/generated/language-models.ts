// Written from the C# records by TypeScriptTypesTest, with CHAINRULE_ACCEPT=1.
import type { NumberBlock } from './sessions';

export type LanguageModelsRequest =
  | ({ type: 'models' } & ModelsRequest)
  | ({ type: 'next' } & NextRequest)
  | ({ type: 'generate' } & GenerateRequest)
  | ({ type: 'attention' } & AttentionRequest)
  | ({ type: 'embeddings' } & EmbeddingsRequest)
  | ({ type: 'memory' } & MemoryRequest)
  | ({ type: 'losses' } & LossesRequest)
  | ({ type: 'activations' } & ActivationsRequest)
  | ({ type: 'whyNext' } & WhyNextRequest)
  | ({ type: 'whyLoss' } & WhyLossRequest)
  | ({ type: 'whyAttention' } & WhyAttentionRequest);

export type ModelsRequest = object;

export interface NextRequest {
  run: string;
  prompt: string;
  temperature: number;
  topK: number | null;
}

export interface GenerateRequest {
  run: string;
  prompt: string;
  temperature: number;
  topK: number | null;
  count: number;
  seed: number;
}

export interface AttentionRequest {
  run: string;
  text: string;
}

export interface EmbeddingsRequest {
  run: string;
}

export interface MemoryRequest {
  run: string;
  text: string;
}

export interface LossesRequest {
  run: string;
  text: string;
}

export interface ActivationsRequest {
  run: string;
  text: string;
  layer: string | null;
  unit: number;
}

export interface WhyNextRequest {
  run: string;
  prompt: string;
  character: number;
  isLogit: boolean;
}

export interface WhyLossRequest {
  run: string;
  text: string;
  place: number;
}

export interface WhyAttentionRequest {
  run: string;
  text: string;
  layer: number;
  head: number;
  from: number;
  to: number;
}

export type LanguageModelsAnswer =
  | ({ type: 'models' } & ModelsAnswer)
  | ({ type: 'next' } & NextAnswer)
  | ({ type: 'generate' } & GenerateAnswer)
  | ({ type: 'attention' } & AttentionAnswer)
  | ({ type: 'embeddings' } & EmbeddingsAnswer)
  | ({ type: 'memory' } & MemoryAnswer)
  | ({ type: 'losses' } & LossesAnswer)
  | ({ type: 'activations' } & ActivationsAnswer)
  | ({ type: 'missing' } & MissingAnswer)
  | ({ type: 'why' } & LanguageModelsWhyAnswer);

export interface ModelsAnswer {
  runs: ModelRun[];
}

export interface ModelRun {
  id: string;
  name: string;
  model: string;
  valLoss: number | null;
}

export interface NextAnswer {
  characters: string[];
  probabilities: NumberBlock;
  drawn: NumberBlock;
  context: number;
  read: string[];
}

export interface GenerateAnswer {
  text: string;
  ended: boolean;
}

export interface AttentionAnswer {
  characters: string[];
  layers: number;
  heads: number;
  weights: NumberBlock;
}

export interface EmbeddingsAnswer {
  characters: string[];
  width: number;
  x: NumberBlock;
  y: NumberBlock;
}

export interface MemoryAnswer {
  characters: string[];
  what: string;
  computed: NumberBlock;
  with: NumberBlock;
  without: NumberBlock;
}

export interface LossesAnswer {
  characters: string[];
  losses: NumberBlock;
  mean: number;
}

export interface ActivationsAnswer {
  characters: string[];
  layers: LayerWidth[];
  layer: string;
  unit: number;
  values: NumberBlock;
}

export interface LayerWidth {
  name: string;
  units: number;
}

export interface MissingAnswer {
  why: string;
}

export interface LanguageModelsWhyAnswer {
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
