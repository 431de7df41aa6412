// What is asked of the session: at once while one draws, and the slow questions when one pauses.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ImageLookAnswer, ImageMapAnswer, ImagePicture, ImagesAnswer, ImagesRequest } from '../../generated/images';
import { Refused, Session, type Host, type Reply } from '../../shared/wire';
import { base64, type Picture } from './pixels';

const PAUSE = 350;

export const sent = ({ width, height, channels, bytes }: Picture): ImagePicture => ({ width, height, channels, bytes: base64(bytes) });

/** Two sessions: what is asked while one draws does not wait for maps that take longer. */
export function useSessions(host: Host): { live: Session; slow: Session } {
  const sessions = useRef<{ host: Host; live: Session; slow: Session } | null>(null);
  if (sessions.current?.host !== host) sessions.current = { host, live: new Session(host, 'images'), slow: new Session(host, 'images') };
  const { live, slow } = sessions.current;
  useEffect(() => {
    const leave = () => { live.close(); slow.close(); };
    window.addEventListener('pagehide', leave);
    return () => { window.removeEventListener('pagehide', leave); leave(); };
  }, [live, slow]);
  return { live, slow };
}

/** What the model says of a picture while it changes: one question at a time, and always the newest picture. */
export function useLook(session: Session, run: string, picture: Picture | null): { look: Reply<ImageLookAnswer> | null; milliseconds: number; fault: string } {
  const [state, setState] = useState<{ look: Reply<ImageLookAnswer> | null; milliseconds: number; fault: string; run: string }>({ look: null, milliseconds: 0, fault: '', run: '' });
  const newest = useRef<{ run: string; picture: Picture } | null>(null), asking = useRef(false);
  useEffect(() => {
    if (picture === null || run === '') return;
    newest.current = { run, picture };
    const ask = () => {
      const next = newest.current;
      if (asking.current || next === null) return;
      newest.current = null;
      asking.current = true;
      const began = performance.now();
      session.ask<ImageLookAnswer>({ type: 'look', run: next.run, picture: sent(next.picture) }).then((look) => {
        setState({ look, milliseconds: performance.now() - began, fault: '', run: next.run });
      }, (error: Error) => {
        setState({ look: null, milliseconds: 0, fault: error.message, run: next.run });
      }).finally(() => { asking.current = false; ask(); });
    };
    ask();
  }, [session, run, picture]);
  // Of another run's layers nothing is drawn.
  return state.run === run ? state : { ...state, look: null, fault: '' };
}

/** An answer to a question, asked as soon as nothing changed for a while: the answer to an earlier one stays until then. */
export function useAnswer<T extends ImagesAnswer>(session: Session, request: ImagesRequest | null, pause = 0): { reply: Reply<T> | null; fault: string; isFresh: boolean } {
  const [state, setState] = useState<{ reply: Reply<T> | null; fault: string; of: string | null }>({ reply: null, fault: '', of: null });
  const asked = request && JSON.stringify(request);
  useEffect(() => {
    if (request === null) { setState({ reply: null, fault: '', of: asked }); return; }
    let stale = false;
    const again = () => {
      session.ask<T>(request).then((reply) => { if (!stale) setState({ reply, fault: '', of: asked }); }, (error: Error) => {
        if (stale) return;
        setState({ reply: null, fault: error.message, of: asked });
        // Where nobody answers it is asked again.
        if (!(error instanceof Refused)) wait = setTimeout(again, 2000);
      });
    };
    let wait = setTimeout(again, pause);
    return () => { stale = true; clearTimeout(wait); };
  }, [session, asked]);
  return { ...state, isFresh: state.of === asked };
}

/** A map waits for a pause. */
export const useMap = (session: Session, request: ImagesRequest | null) => useAnswer<ImageMapAnswer & { type: 'map' }>(session, request, PAUSE);
