// The session of the course, what is done, and the lesson that runs.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { CourseEvent, CourseRequest, OverviewAnswer } from '../../generated/course';
import { Session, type Host } from '../../shared/wire';
import { lessons as all, type Lesson } from './lesson';

/** How the lesson stands that was run last, with all that it printed. */
export interface Running extends Omit<CourseEvent, 'text' | 'from'> {
  output: string;
}

export type Ask = <T>(request: CourseRequest) => Promise<T | null>;

export function useCourse(host: Host) {
  const [overview, setOverview] = useState<OverviewAnswer | null>(null);
  const [lessons, setLessons] = useState<Lesson[] | null>(null);
  const [running, setRunning] = useState<Running | null>(null);
  const [fault, setFault] = useState('');
  const session = useRef<Session | null>(null);
  session.current ??= new Session(host, 'course');
  const say = (error: unknown) => { setFault(error instanceof Error ? error.message : String(error)); };

  const ask: Ask = async <T,>(request: CourseRequest): Promise<T | null> => {
    try {
      const { answer } = await session.current!.ask<T>(request);
      setFault('');
      return answer;
    } catch (error) {
      say(error);
      return null;
    }
  };
  const refresh = async () => {
    const answer = await ask<OverviewAnswer>({ type: 'overview' });
    if (answer) setOverview(answer);
  };

  useEffect(() => {
    const made = session.current!;
    let stop = () => { /* Nothing is heard yet. */ };
    let isOver = false;
    // The room cannot begin without either.
    const read = () => {
      all().then((found) => { if (!isOver) setLessons(found); }, (error: unknown) => {
        if (isOver) return;
        say(error);
        window.setTimeout(read, 2000);
      });
    };
    read();
    made.first<OverviewAnswer>({ type: 'overview' }, say).then(({ answer }) => {
      if (isOver) return;
      setFault('');
      setOverview(answer);
      // Where nothing is run there is nothing to hear.
      if (answer.folder === null) return;
      stop = made.listen<CourseEvent>(({ text, from, ...event }) => {
        setRunning((was) => (event.state === 'none' ? null : { ...event, output: (was?.run === event.run ? was.output.slice(0, from) : '') + text }));
        if (event.state === 'ended') void refresh();
      });
    }, (error: unknown) => { if (!isOver) say(error); });
    const leave = () => { isOver = true; stop(); made.close(); };
    window.addEventListener('pagehide', leave);
    return () => { window.removeEventListener('pagehide', leave); leave(); session.current = null; };
  }, [host]);

  const file = (name: string): Promise<string | null> => session.current!.file(name);
  return { overview, lessons, running, fault, ask, refresh, file };
}
