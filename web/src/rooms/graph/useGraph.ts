// The room's session: every request has all that is needed, so that a session that ended is made anew without a word.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { GraphReply, GraphRequest } from '../../generated/graph';
import { Session, type Host } from '../../shared/wire';

export function useGraph(host: Host) {
  const [fault, setFault] = useState('');
  const session = useRef<Session | null>(null);
  session.current ??= new Session(host, 'graph');
  useEffect(() => {
    const leave = () => { session.current?.close(); };
    window.addEventListener('pagehide', leave);
    return () => { window.removeEventListener('pagehide', leave); leave(); session.current = null; };
  }, [host]);
  const ask = async (request: GraphRequest): Promise<GraphReply | null> => {
    try {
      const reply = request.type === 'examples'
        ? await session.current!.first<GraphReply>(request, (error) => { setFault(error.message); }) : await session.current!.ask<GraphReply>(request);
      setFault('');
      return reply.answer;
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
      return null;
    }
  };
  return { ask, fault };
}
