// The graph of a small program: its numbers, its backward pass forward and back, in the right order or not, and what a nudge changes.
import { useEffect, useState } from 'preact/hooks';
import type { ExamplesAnswer, GraphReply, WhyTree } from '../../generated/graph';
import { Derivation } from '../../shared/Derivation';
import { route } from '../../shared/route';
import type { Host } from '../../shared/wire';
import { Nudges } from './Nudges';
import { Picture } from './Picture';
import { Program } from './Program';
import { Steps } from './Steps';
import { useGraph } from './useGraph';
import { read, show, type View } from './view';

export function Graph({ host }: { host: Host }) {
  const view = read(route.value.room === 'graph' ? route.value.state : {});
  const { ask, fault } = useGraph(host);
  const [examples, setExamples] = useState<ExamplesAnswer['examples']>([]);
  // What was answered, and to which nudges: the address may be ahead.
  const [{ reply, nudged }, setShown] = useState<{ reply: GraphReply | null; nudged: Record<string, number> }>({ reply: null, nudged: {} });
  const [tree, setTree] = useState<WhyTree | null>(null);
  const text = view.text ?? examples[0]?.text ?? null;
  const nudges = Object.entries(view.nudges).map(([name, by]) => ({ name, by }));
  const asked = JSON.stringify([text, nudges, view.order]);

  useEffect(() => { void ask({ type: 'examples' }).then((answer) => { if (answer?.type === 'examples') setExamples(answer.examples); }); }, [host]);
  useEffect(() => {
    if (text === null) return;
    let stale = false;
    void ask({ type: 'read', text, nudges, order: view.order }).then((answer) => {
      // What was wrong with another text is not wrong with one that was refused.
      if (!stale) setShown((shown) => answer ? { reply: answer, nudged: view.nudges } : shown.reply?.type === 'wrong' ? { ...shown, reply: null } : shown);
    });
    return () => { stale = true; };
  }, [asked]);
  useEffect(() => {
    if (text === null || view.why === null) { setTree(null); return; }
    let stale = false;
    void ask({ type: 'why', text, nudges, ...view.why }).then((answer) => { if (!stale) setTree(answer?.type === 'why' ? answer.tree : null); });
    return () => { stale = true; };
  }, [JSON.stringify([text, nudges, view.why])]);

  const change = (by: Partial<View>) => { show({ ...view, ...by }); };
  const graph = reply?.type === 'graph' ? reply : null;
  const made = graph ? Math.min(view.at ?? graph.steps.length, graph.steps.length) : 0;
  const move = (to: number) => { if (graph && to >= 0 && to <= graph.steps.length) change({ at: to === graph.steps.length ? null : to }); };
  const keys = (e: KeyboardEvent) => {
    const on = e.target as HTMLElement;
    if (!graph || e.ctrlKey || e.altKey || e.metaKey || ['INPUT', 'TEXTAREA', 'SELECT'].includes(on.tagName)) return;
    const to = { ArrowRight: made + 1, ArrowLeft: made - 1, Home: 0, End: graph.steps.length }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    move(to);
  };
  return (
    <main class="graph-room" onKeyDown={keys} data-made={graph ? made : undefined}>
      <div class="room">
        <aside aria-label="Program">
          <Program text={text ?? ''} examples={examples} wrong={reply?.type === 'wrong' ? reply : null}
            onChange={(next) => { show({ text: next, nudges: {}, order: null, at: null, why: null }); }} />
          {graph && <Nudges nodes={graph.nodes} nudges={view.nudges} shown={nudged} onChange={(next) => { change({ nudges: next }); }} />}
        </aside>
        <div class="panes">
          {fault !== '' && <p role="alert" class="fault">{fault}</p>}
          {graph && <Picture graph={graph} made={made} tree={tree} chosen={view.why} onWhy={(node, gradient) => { change({ why: { node, gradient } }); }} />}
          {tree && <Derivation tree={graph && !graph.isRightOrder ? { ...tree, about: 'As it is in the right order.' } : tree} onClose={() => { change({ why: null }); }} />}
          {graph && <Steps graph={graph} made={made} order={view.order} onMove={move} onOrder={(order) => { change({ order, why: null, at: null }); }} />}
        </div>
      </div>
    </main>
  );
}
