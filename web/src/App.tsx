import { useEffect, useState } from 'preact/hooks';
import { Course } from './rooms/course/Course';
import { Graph } from './rooms/graph/Graph';
import { Images } from './rooms/images/Images';
import { LanguageModels } from './rooms/language-models/LanguageModels';
import { Playground } from './rooms/playground/Playground';
import { Runs } from './rooms/runs/Runs';
import { Shapes } from './rooms/shapes/Shapes';
import { route } from './shared/route';
import type { Host } from './shared/wire';

/** The rooms that this page can show; a host names those that it has. */
const ROOMS: Record<string, (props: { host: Host }) => preact.JSX.Element> = { playground: Playground, graph: Graph, shapes: Shapes, course: Course, 'language-models': LanguageModels, images: Images, runs: Runs };

export function App({ host }: { host: Host }) {
  const [lab, setLab] = useState<Awaited<ReturnType<Host['rooms']>> | null>(null);
  const [fault, setFault] = useState('');
  useEffect(() => {
    host.rooms().then(setLab, (error: Error) => { setFault(error.message); });
  }, [host]);
  const shown = lab?.rooms.filter((room) => room.name in ROOMS) ?? [];
  const current = shown.find((room) => room.name === route.value.room) ?? shown[0];
  const asked = route.value.room, isElsewhere = lab !== null && asked !== '' && asked !== current?.name;
  const Room = current && ROOMS[current.name];
  return (
    <>
      <header>
        <h1>ChainRule lab</h1>
        <nav aria-label="Rooms">
          {shown.map((room) => (
            <a key={room.name} href={`#/${room.name}`} aria-current={room === current ? 'page' : undefined}>{room.title}</a>
          ))}
        </nav>
        <span class="engine">{lab?.engine}</span>
      </header>
      {fault !== '' && <p role="alert" class="fault">{fault}</p>}
      {isElsewhere && <p role="status" class="elsewhere">There is no room “{asked}” here.{asked in ROOMS && <> It shows runs of a machine: <code>chainrule lab --runs DIR</code> has it.</>}</p>}
      {Room && <Room host={host} />}
    </>
  );
}
