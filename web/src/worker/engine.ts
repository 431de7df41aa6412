// The worker of the static site: starts .NET, calls its sessions, and lets them work while no message waits.
import type { OpenAnswer } from '../generated/sessions';
import { decode } from '../shared/wire';
import type { Call, Told } from './messages';

/** What ChainRule.Lab.Browser exports. */
interface Lab {
  Rooms(): Uint8Array<ArrayBuffer>;
  Open(request: Uint8Array): Uint8Array<ArrayBuffer>;
  Answer(session: string, request: Uint8Array): Uint8Array<ArrayBuffer> | null;
  Close(session: string): void;
  Listen(session: string, listener: number, heard: (text: string) => void): Promise<boolean>;
  Unlisten(listener: number): void;
  Work(): number;
}

interface Runtime {
  getAssemblyExports(name: string): Promise<{ ChainRule: { Lab: { Browser: { LabWorker: Lab } } } }>;
}

interface Dotnet {
  withResourceLoader(load: (type: string, name: string, uri: string) => string | Promise<Response>): Dotnet;
  create(): Promise<Runtime>;
}

// Compressed by the export, so that it travels short whatever the static host does.
async function unpacked(uri: string): Promise<Response> {
  const response = await fetch(`${uri}.gz`);
  if (!response.ok || !response.body) throw new Error(`${uri}.gz: the static host answered ${response.status}`);
  return new Response(response.body.pipeThrough(new DecompressionStream('gzip')), { headers: { 'Content-Type': 'application/wasm' } });
}

async function start(): Promise<Lab> {
  // Beside the page, wherever that is; this script is in assets.
  const framework: string = new URL('../_framework/dotnet.js', self.location.href).href;
  const { dotnet } = await import(/* @vite-ignore */ framework) as { dotnet: Dotnet };
  const runtime = await dotnet.withResourceLoader((_, name, uri) => (name.endsWith('.wasm') ? unpacked(uri) : uri)).create();
  return (await runtime.getAssemblyExports('ChainRule.Lab.Browser')).ChainRule.Lab.Browser.LabWorker;
}

const tell = (told: Told, transfer: Transferable[] = []) => { self.postMessage(told, { transfer }); };

// A message to itself comes after those that wait: sessions work in slices, and whoever asks is answered between them.
const turn = new MessageChannel();
let working = false;
let later = 0;

function work(lab: Lab): void {
  if (working) return;
  working = true;
  clearTimeout(later);
  turn.port1.onmessage = () => {
    working = false;
    const due = lab.Work();
    if (due === 0) work(lab);
    else if (due > 0) later = setTimeout(() => { work(lab); }, due);
  };
  turn.port2.postMessage(null);
}

const encoder = new TextEncoder();

function answer(lab: Lab, call: Call): Uint8Array<ArrayBuffer> | null {
  switch (call.method) {
    case 'rooms': return lab.Rooms();
    case 'open': return lab.Open(encoder.encode(call.request));
    case 'ask': return lab.Answer(call.session, encoder.encode(call.request));
    case 'close': lab.Close(call.session); return null;
    case 'unlisten': lab.Unlisten(call.listener); return null;
    case 'listen':
      void lab.Listen(call.session, call.call, (heard) => { tell({ call: call.call, heard }); })
        .finally(() => { tell({ call: call.call, ended: true }); });
      return null;
  }
}

// The interpreter compiles a loop when it ran often enough. While nobody asks anything, a network is trained that nobody sees, so that one's own is soon
// as quick as it gets; whoever asks something ends it.
const IDLE = 400, LOOK = 100, LOOKS = 80;
let asked = performance.now();
let unseen: string | null = null;

function warm(lab: Lab, looks: number): void {
  const isIdle = performance.now() - asked > IDLE;
  const ask = (session: string, request: object) => lab.Answer(session, encoder.encode(JSON.stringify(request)));
  try {
    if (isIdle && unseen === null) {
      unseen = decode<OpenAnswer>(lab.Open(encoder.encode(JSON.stringify({ room: 'playground' }))).buffer).answer.session;
      ask(unseen, { type: 'play', stepsPerSecond: 0 });
    }
    // A training that nobody looks at rests.
    if (unseen !== null) { ask(unseen, { type: 'frame', grid: 40 }); work(lab); }
  } catch {
    // Nobody asked for it, and nobody misses it.
    looks = 1;
  }
  if (looks > 1) setTimeout(() => { warm(lab, isIdle ? looks - 1 : looks); }, LOOK);
  else cool(lab);
}

function cool(lab: Lab): void {
  if (unseen !== null) lab.Close(unseen);
  unseen = null;
}

const started = start();
void started.then((lab) => { warm(lab, LOOKS); }, () => undefined);
// Not as self.onmessage: where that is set, .NET takes the worker for one of its own threads, and waits for a message of its own.
self.addEventListener('message', async ({ data }: MessageEvent<Call>) => {
  try {
    const lab = await started;
    asked = performance.now();
    cool(lab);
    const bytes = answer(lab, data)?.buffer ?? null;
    if (data.method !== 'listen') tell({ call: data.call, answer: bytes }, bytes ? [bytes] : []);
    work(lab);
  } catch (error) {
    tell({ call: data.call, fault: error instanceof Error ? error.message : String(error) });
  }
});
