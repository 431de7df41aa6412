// What the page and the worker say to each other: bytes as they go over HTTP, and which call they belong to.
export type Call =
  | { call: number; method: 'rooms' }
  | { call: number; method: 'open'; request: string }
  | { call: number; method: 'ask'; session: string; request: string }
  | { call: number; method: 'close'; session: string }
  | { call: number; method: 'listen'; session: string }
  | { call: number; method: 'unlisten'; listener: number };

export type Told =
  | { call: number; answer: ArrayBuffer | null }
  | { call: number; heard: string }
  | { call: number; ended: true }
  | { call: number; fault: string };
