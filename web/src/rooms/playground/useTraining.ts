// One network: its session, its frames, and what it was asked. A frame is asked for when the last one has come and the screen is ready for another,
// so that a slow page never lags behind.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ConfiguredAnswer, FrameAnswer, PlaygroundRequest, PlaygroundSettings } from '../../generated/playground';
import { Session, type Host, type Reply } from '../../shared/wire';

export const GRID = 40;

/** Milliseconds between two pictures on most screens. */
const FRAME = 16;

export interface Configured {
  /** The settings as they were asked for. */
  key: string;
  answer: ConfiguredAnswer;
  points: Float64Array;
}

export interface Training {
  configured: Configured | null;
  frame: Reply<FrameAnswer> | null;
  fault: string;
  /** Whether it makes steps by itself, as far as is known: one that does not answer makes none. */
  playing: boolean;
  /** Asks something that changes the training; the next frame shows it. */
  act: (request: PlaygroundRequest) => Promise<void>;
  /** Whether the network is that of the settings, and no earlier one. */
  isCurrent: boolean;
  /** Asks something that answers by itself. */
  ask: <T>(request: PlaygroundRequest) => Promise<T | null>;
  /** The same, where the asker says itself what was refused. */
  answered: <T>(request: PlaygroundRequest) => Promise<T>;
  /** Makes steps for one who shows the frame themselves: null where they cannot be made. */
  steps: (count: number) => Promise<FrameAnswer | null>;
  /** The frame as it stands, not shown yet. */
  look: () => Promise<Reply<FrameAnswer> | null>;
  show: (frame: Reply<FrameAnswer>) => void;
  /** The same, with the arrays of the answer. */
  whole: <T>(request: PlaygroundRequest) => Promise<Reply<T> | null>;
}

export function useTraining(host: Host, settings: PlaygroundSettings | null): Training {
  const session = useRef<Session | null>(null);
  const [configured, setConfigured] = useState<Configured | null>(null);
  const [frame, setFrame] = useState<Reply<FrameAnswer> | null>(null);
  const [fault, setFault] = useState('');
  const [lost, setLost] = useState(false);
  const wanted = useRef(true);
  const key = JSON.stringify(settings);

  const refuse = (error: unknown) => { setFault(error instanceof Error ? error.message : String(error)); };

  useEffect(() => {
    const made = new Session(host, 'playground');
    session.current = made;
    const leave = () => { made.close(); };
    window.addEventListener('pagehide', leave);
    return () => { window.removeEventListener('pagehide', leave); made.close(); };
  }, [host]);

  useEffect(() => {
    if (!settings || !session.current) return;
    let stale = false;
    session.current.ask<ConfiguredAnswer>({ type: 'configure', settings }).then((reply) => {
      if (stale) return;
      setFault('');
      setConfigured({ key, answer: reply.answer, points: reply.float64(reply.answer.points) });
    }, (error: unknown) => { if (!stale) refuse(error); });
    return () => { stale = true; };
  }, [key, host]);

  useEffect(() => {
    if (!configured) return;
    let ended = false;
    // The loop before may have asked for a frame that it no longer waits for.
    wanted.current = true;
    const next = () => {
      if (ended) return;
      if (!wanted.current || document.hidden) { requestAnimationFrame(next); return; }
      wanted.current = false;
      const asked = performance.now();
      session.current?.ask<FrameAnswer>({ type: 'frame', grid: GRID }).then((reply) => {
        if (ended) return;
        setFrame(reply);
        setLost(false);
        if (reply.answer.playing) wanted.current = true;
        // No more than half of the time goes into frames: an engine of one thread makes steps in the other half.
        const rest = performance.now() - asked - FRAME;
        if (rest > 0) window.setTimeout(() => requestAnimationFrame(next), rest);
        else requestAnimationFrame(next);
      }, (error: unknown) => {
        if (ended) return;
        refuse(error);
        setLost(true);
        // The session is made anew from what the page knows.
        window.setTimeout(() => { void restore(); }, 1000);
      });
    };
    const restore = async () => {
      try {
        await session.current?.ask({ type: 'configure', settings });
        setFault('');
        wanted.current = true;
        next();
      } catch (error) {
        refuse(error);
        if (!ended) window.setTimeout(() => { void restore(); }, 2000);
      }
    };
    requestAnimationFrame(next);
    return () => { ended = true; };
  }, [configured]);

  const answered = async <T,>(request: PlaygroundRequest): Promise<T> => {
    const reply = await session.current!.ask<T>(request);
    setFault('');
    return reply.answer;
  };
  const quietly = async <T,>(request: PlaygroundRequest): Promise<Reply<T> | null> => {
    try {
      const reply = await session.current!.ask<T>(request);
      setFault('');
      return reply;
    } catch (error) {
      refuse(error);
      return null;
    }
  };
  const whole = async <T,>(request: PlaygroundRequest): Promise<Reply<T> | null> => {
    const reply = await quietly<T>(request);
    wanted.current = true;
    return reply;
  };
  const ask = async <T,>(request: PlaygroundRequest): Promise<T | null> => (await whole<T>(request))?.answer ?? null;
  return { configured, frame, fault, playing: !lost && frame?.answer.playing === true, isCurrent: configured?.key === key, ask, answered, whole,
    steps: async (count) => (await quietly<FrameAnswer>({ type: 'step', steps: count }))?.answer ?? null,
    look: () => quietly<FrameAnswer>({ type: 'frame', grid: GRID }), show: setFrame, act: async (request) => { await ask(request); } };
}
