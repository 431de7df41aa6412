// A saved language model while it reads: what is shown is in the address.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { GenerateAnswer, LanguageModelsAnswer, LanguageModelsRequest, LanguageModelsWhyAnswer, ModelsAnswer, WhyTree } from '../../generated/language-models';
import { Derivation } from '../../shared/Derivation';
import { rest } from '../../shared/route';
import { Session, type Host, type Reply } from '../../shared/wire';
import { Activations, Attention, Embeddings, Losses, Memory, Next } from './Looks';
import { change, current, ended, typed, whyRequest, LOOKS, type Look, type View } from './view';

/** What is asked of the session for a view. */
function request(view: View, run: string): LanguageModelsRequest {
  const { prompt, temperature, topK, layer, unit } = view;
  switch (view.look) {
    case 'next': return { type: 'next', run, prompt, temperature, topK };
    case 'attention': return { type: 'attention', run, text: prompt };
    case 'embeddings': return { type: 'embeddings', run };
    case 'memory': return { type: 'memory', run, text: prompt };
    case 'losses': return { type: 'losses', run, text: prompt };
    case 'activations': return { type: 'activations', run, text: prompt, layer, unit };
  }
}

export function LanguageModels({ host }: { host: Host }) {
  const view = current();
  const [models, setModels] = useState<ModelsAnswer | null>(null);
  const [reply, setReply] = useState<Reply<LanguageModelsAnswer> | null>(null);
  const [fault, setFault] = useState('');
  const [drawn, setDrawn] = useState('');
  const [tree, setTree] = useState<WhyTree | null>(null);
  const session = useRef<Session | null>(null);
  session.current ??= new Session(host, 'language-models');
  const run = models?.runs.find((one) => one.id === view.run) ?? models?.runs[0];
  const asked = run ? request(view, run.id) : null;

  useEffect(() => {
    const leave = () => { session.current?.close(); };
    window.addEventListener('pagehide', leave);
    session.current!.first<ModelsAnswer>({ type: 'models' }, (error) => { setFault(error.message); }).then(({ answer }) => { setFault(''); setModels(answer); }, (error: Error) => { setFault(error.message); });
    return () => { window.removeEventListener('pagehide', leave); leave(); session.current = null; };
  }, [host]);
  useEffect(() => {
    if (!asked) return;
    let stale = false;
    session.current!.ask<LanguageModelsAnswer>(asked).then((next) => {
      if (stale) return;
      setFault(''); setReply(next);
    }, (error: Error) => { if (!stale) { setFault(error.message); setReply(null); } });
    return () => { stale = true; };
  }, [JSON.stringify(asked)]);

  const derived = run ? whyRequest(view, run.id) : null;
  useEffect(() => {
    setTree(null);
    if (!derived) return;
    let stale = false;
    session.current!.ask<LanguageModelsWhyAnswer>(derived).then(({ answer }) => { if (!stale) { setFault(''); setTree(answer.tree); } },
      (error: Error) => { if (!stale) setFault(error.message); });
    return () => { stale = true; };
  }, [JSON.stringify(derived)]);

  const generate = (count: number) => {
    const { prompt, temperature, topK, seed } = view;
    session.current!.ask<GenerateAnswer>({ type: 'generate', run: run!.id, prompt, temperature, topK, count, seed }).then(({ answer }) => {
      setFault('');
      const drawn = [...answer.text].length - [...prompt].length;
      setDrawn(answer.ended ? ended(drawn) : '');
      change(view, { prompt: answer.text, seed: seed + 1 });
    }, (error: Error) => { setFault(error.message); });
  };
  if (models && !run) return <main class="language-models"><p>No run below this folder has a language model: train one, as by <code>chainrule train names</code>.</p></main>;
  return (
    <main class="language-models">
      {run && (
        <form class="ask" onSubmit={(e) => { e.preventDefault(); }}>
          <label><span>Run</span>
            <select name="run" value={run.id} onChange={(e) => { change(view, { run: e.currentTarget.value, layer: null, unit: 0, head: 0 }); }}>
              {models!.runs.map((one) => <option key={one.id} value={one.id}>{one.name}: {one.model}{one.valLoss === null ? '' : `, loss ${one.valLoss.toFixed(3)}`}</option>)}
            </select>
          </label>
          <label class="wide"><span>Text</span>
            <textarea name="prompt" rows={2} value={view.prompt} onInput={(e) => { setDrawn(''); typed(view, { prompt: e.currentTarget.value }); }} onBlur={rest} />
          </label>
          <label><span>Temperature {view.temperature.toFixed(2)}</span>
            <input name="temperature" type="range" min="0" max="2" step="0.05" value={view.temperature} onInput={(e) => { typed(view, { temperature: Number(e.currentTarget.value) }); }} onBlur={rest} />
          </label>
          <label><span>Top k</span>
            <input name="topK" type="number" min="1" value={view.topK ?? ''} placeholder="all" onBlur={rest} onInput={(e) => { typed(view, { topK: e.currentTarget.value === '' ? null : Math.max(1, Math.trunc(Number(e.currentTarget.value))) }); }} />
          </label>
          <span role="group" aria-label="Draw">
            <button type="button" onClick={() => { generate(1); }}>Draw one</button>{' '}
            <button type="button" onClick={() => { generate(100); }}>Draw 100</button>
          </span>
        </form>
      )}
      <p class="looks">
        {(Object.keys(LOOKS) as Look[]).map((look) => <button type="button" key={look} aria-pressed={view.look === look} onClick={() => { change(view, { look }); }}>{LOOKS[look]}</button>)}
      </p>
      {fault !== '' && <p role="alert" class="fault">{fault}</p>}
      {drawn !== '' && <p role="status" class="ended">{drawn}</p>}
      {tree && <Derivation tree={tree} onClose={() => { change(view, {}); }} />}
      {tree && view.why && 'character' in view.why && !view.why.isLogit && (
        <p class="buttons"><button type="button" onClick={() => { change(view, { why: { character: (view.why as { character: number }).character, isLogit: true } }); }}>Where does its logit come from?</button></p>
      )}
      {reply ? <Shown reply={reply} view={view} /> : fault === '' && <p role="status">The model is being read.</p>}
    </main>
  );
}

function Shown({ reply, view }: { reply: Reply<LanguageModelsAnswer>; view: View }) {
  const { answer } = reply;
  switch (answer.type) {
    case 'next': return <Next answer={answer} reply={reply} view={view} />;
    case 'attention': return <Attention answer={answer} reply={reply} view={view} />;
    case 'embeddings': return <Embeddings answer={answer} reply={reply} />;
    case 'memory': return <Memory answer={answer} reply={reply} />;
    case 'losses': return <Losses answer={answer} reply={reply} view={view} />;
    case 'activations': return <Activations answer={answer} reply={reply} view={view} />;
    case 'missing': return <p class="missing">{answer.why}</p>;
    default: return null;
  }
}
