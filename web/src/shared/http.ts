// The host over HTTP: the server that 'chainrule lab' started.
import { Ended, type Host } from './wire';

async function post(path: string, body: string): Promise<ArrayBuffer> {
  let response: Response;
  try {
    response = await fetch(path, { method: 'POST', body, headers: { 'Content-Type': 'application/json' } });
  } catch {
    throw new Ended('The lab does not answer: is chainrule lab still running?');
  }
  if (response.status === 404) throw new Ended('The session ended while nobody used it.');
  if (!response.ok) throw new Ended(`The lab refused: ${(await response.text()).slice(0, 300)}`);
  return response.arrayBuffer();
}

export const http: Host = {
  rooms: async () => {
    const response = await fetch('api/rooms');
    if (!response.ok) throw new Ended(await response.text());
    return response.json();
  },
  open: (request) => post('api/sessions', request),
  ask: (session, request) => post(`api/sessions/${session}`, request),
  file: (session, name) => `api/sessions/${session}/files/${encodeURIComponent(name)}`,
  listen: (session, heard, ended, lost) => {
    const source = new EventSource(`api/sessions/${session}/events`);
    source.onmessage = (event: MessageEvent<string>) => { heard(event.data); };
    // It reconnects by itself, unless the server says that there is no such session any more.
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) ended();
      else lost(true);
    };
    return () => { source.close(); };
  },
  close: (session) => {
    // A request that outlives the page.
    void fetch(`api/sessions/${session}`, { method: 'DELETE', keepalive: true }).catch(() => undefined);
  },
};
