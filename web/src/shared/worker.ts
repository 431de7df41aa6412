// The host in a web worker: the same engine as WebAssembly, for the static site.
import type { Call, Told } from '../worker/messages';
import { Ended, type Host } from './wire';

type Ask = Call extends infer One ? One extends Call ? Omit<One, 'call'> : never : never;

export function worker(): Host {
  const engine = new Worker(new URL('../worker/engine.ts', import.meta.url), { type: 'module' });
  const waiting = new Map<number, (told: Told) => void>();
  let calls = 0;
  engine.onmessage = ({ data }: MessageEvent<Told>) => { waiting.get(data.call)?.(data); };
  engine.onerror = (event) => {
    const fault = `The engine did not start: ${event.message || 'its script could not be read'}.`;
    for (const [call, tell] of waiting) tell({ call, fault });
  };

  const send = (ask: Ask, tell: (told: Told) => void): number => {
    const call = ++calls;
    waiting.set(call, tell);
    engine.postMessage({ ...ask, call });
    return call;
  };
  const post = (ask: Ask): Promise<ArrayBuffer> => new Promise((resolve, reject) => {
    const call = send(ask, (told) => {
      waiting.delete(call);
      if ('answer' in told && told.answer) resolve(told.answer);
      else reject(new Ended('fault' in told ? told.fault : 'The session ended while nobody used it.'));
    });
  });
  const tellOnly = (ask: Ask): void => { const call = send(ask, () => { waiting.delete(call); }); };

  return {
    rooms: async () => JSON.parse(new TextDecoder().decode(await post({ method: 'rooms' }))),
    open: (request) => post({ method: 'open', request }),
    ask: (session, request) => post({ method: 'ask', session, request }),
    close: (session) => { tellOnly({ method: 'close', session }); },
    listen: (session, heard, ended) => {
      const listener = send({ method: 'listen', session }, (told) => {
        if ('heard' in told) { heard(told.heard); return; }
        waiting.delete(listener);
        ended();
      });
      return () => {
        waiting.delete(listener);
        tellOnly({ method: 'unlisten', listener });
      };
    },
  };
}
