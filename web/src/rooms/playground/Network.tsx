// One network with all that is seen of it: the plane, the picture, losses, curve, confusion matrix, weights, diagnosis, programs.
import { useEffect, useState } from 'preact/hooks';
import type { DiagnosisAnswer, ExportAnswer, FrameAnswer, PlaygroundWhyAnswer, SavedAnswer, WhyTree } from '../../generated/playground';
import { Derivation } from '../../shared/Derivation';
import { save } from '../../shared/save';
import { lit } from '../../shared/why';
import { Curve } from './Curve';
import { Neurons } from './Neurons';
import { NetworkPicture } from './NetworkPicture';
import { Plane } from './Plane';
import { number } from './settings';
import type { Together } from './useTogether';
import type { Training } from './useTraining';
import { Weights } from './Weights';
import { request, toStep, type Question, type Why } from './why';

interface Props {
  name: string;
  training: Training;
  /** What moves it along with another network. */
  together: Together;
  onPoint: ((x1: number, x2: number) => void) | null;
  /** What is derived, which the address says. */
  why: Why | null;
  onWhy: (why: Why | null, replace?: boolean) => void;
}

export function Network({ name, training: { configured, frame, fault, playing: moves, isCurrent, act, ask, whole }, together, onPoint, why, onWhy }: Props) {
  const [chosen, setChosen] = useState<number | null>(null);
  const [diagnosis, setDiagnosis] = useState<DiagnosisAnswer | null>(null);
  const [programs, setPrograms] = useState<ExportAnswer | null>(null);
  const [tree, setTree] = useState<WhyTree | null>(null);
  const [point, setPoint] = useState(0);
  const [saved, setSaved] = useState<SavedAnswer | null>(null);
  const playing = moves || together.playing, speed = together.playing ? together.rate : frame?.answer.stepsPerSecond ?? 0, ready = isCurrent && frame !== null;
  // What was explained is no longer what is drawn.
  useEffect(() => { if (playing && why) onWhy(null, true); }, [playing]);
  // Of other settings, what was saved and exported is no more.
  useEffect(() => { setSaved(null); setPrograms(null); setDiagnosis(null); }, [configured]);
  useEffect(() => {
    if (!why || !ready) { setTree(null); return; }
    let stale = false;
    void (async () => {
      const at = await ask<FrameAnswer>({ type: 'pause' });
      const move = at && toStep(why.step, at);
      if (!at || (move && !await ask<FrameAnswer>(move)) || stale) return;
      const reply = await ask<PlaygroundWhyAnswer>(request(why));
      if (!stale) setTree(reply?.tree ?? null);
    })();
    return () => { stale = true; };
  }, [configured, ready, JSON.stringify(why)]);
  const derive = (question: Question) => {
    together.stop();
    void ask<FrameAnswer>({ type: 'pause' }).then((at) => { if (at) onWhy({ ...question, step: at.step }); });
  };
  const whyNeuron = (layer: number, neuron: number) => { derive({ layer, neuron, point }); };
  const keep = async () => {
    together.stop();
    const reply = await whole<SavedAnswer>({ type: 'save' });
    if (reply?.answer.zip) save(`${reply.answer.name}.zip`, reply.uint8(reply.answer.zip), 'application/zip');
    setSaved(reply?.answer ?? null);
  };
  if (!configured || !frame) return <section class="pane" aria-label={name}>{fault !== '' && <p role="alert" class="fault">{fault}</p>}</section>;
  const { answer } = frame;
  return (
    <section class="pane" aria-label={name} data-step={answer.step}>
      {fault !== '' && <p role="alert" class="fault">{fault}</p>}
      {answer.broken !== null && <p role="alert" class="fault">{answer.broken}</p>}
      <dl class="numbers">
        <div><dt>step</dt><dd>{answer.step.toLocaleString('en')}</dd></div>
        <div><dt>epoch</dt><dd>{Math.floor(answer.step / configured.answer.stepsPerEpoch).toLocaleString('en')}</dd></div>
        <div><dt>training loss</dt><dd class="train" data-exact={answer.trainLoss}>{number(answer.trainLoss)}</dd></div>
        <div><dt>test loss</dt><dd class="test" data-exact={answer.testLoss}>{number(answer.testLoss)}</dd></div>
        <div><dt>learning rate</dt><dd>{number(answer.learningRate)}</dd></div>
        <div><dt>steps a second</dt><dd>{speed === 0 ? '–' : Math.round(speed).toLocaleString('en')}</dd></div>
      </dl>
      <div class="drawn">
        <NetworkPicture configured={configured} frame={frame} chosen={chosen} onChoose={setChosen} lit={tree && lit(tree)} onNeuron={whyNeuron} />
        <div>
          <Plane configured={configured} frame={frame} onPoint={onPoint} />
          <Curve frame={frame} />
        </div>
      </div>
      {tree && <Derivation tree={tree} onClose={() => { onWhy(null); }} />}
      <details open={chosen !== null}>
        <summary>Weights</summary>
        <Weights parameters={configured.answer.parameters} frame={frame} chosen={chosen} onChoose={setChosen} act={act} onWhy={(parameter, index) => { derive({ parameter, index }); }} />
      </details>
      <details>
        <summary>Outputs of neurons</summary>
        <Neurons widths={answer.widths} points={configured.points.length / 3} point={point} onPoint={setPoint} onWhy={whyNeuron} />
      </details>
      {configured.answer.settings.classes > 0 && (
        <details>
          <summary>Confusion matrix</summary>
          <Confusion counts={frame.int32(answer.confusion)} classes={configured.answer.settings.classes} />
        </details>
      )}
      <p class="buttons">
        <button type="button" onClick={() => { together.stop(); void ask<DiagnosisAnswer>({ type: 'diagnose' }).then(setDiagnosis); }}>Diagnose</button>
        <button type="button" onClick={() => { void ask<ExportAnswer>({ type: 'export' }).then(setPrograms); }}>Export programs</button>
        <button type="button" onClick={() => { void keep(); }}>Save as a run</button>
      </p>
      {saved && (
        <p role="status" class="saved">
          {saved.zip ? <>The run is the file {saved.name}.zip: unpack it below a folder of runs.</> : <>Saved as the run {saved.name}: <a href="#/runs">the board</a> shows it.</>}
        </p>
      )}
      {diagnosis && <Findings diagnosis={diagnosis} />}
      {programs && (
        <div class="programs">
          <Program title="C#" file="Program.cs" text={programs.cSharp} />
          <Program title="PyTorch" file="train.py" text={programs.pyTorch} />
        </div>
      )}
    </section>
  );
}

function Confusion({ counts, classes }: { counts: Int32Array; classes: number }) {
  const all = Array.from({ length: classes }, (_, i) => i);
  return (
    <table class="confusion">
      <caption>Test points: a row is the true class, a column what the network says</caption>
      <thead><tr><td />{all.map((c) => <th key={c} scope="col">{c}</th>)}</tr></thead>
      <tbody>
        {all.map((r) => <tr key={r}><th scope="row">{r}</th>{all.map((c) => <td key={c} class={r === c ? 'right' : ''}>{counts[r * classes + c]}</td>)}</tr>)}
      </tbody>
    </table>
  );
}

function Findings({ diagnosis }: { diagnosis: DiagnosisAnswer }) {
  return (
    <div class="findings" role="status">
      <h2>Diagnosis</h2>
      {diagnosis.findings.length === 0 && <p>None of {diagnosis.rules} rules found anything wrong.</p>}
      {diagnosis.findings.map((f) => (
        <dl key={f.rule}>
          <dt>{f.rule}</dt>
          <dd>{f.cause}</dd>
          <dd>Evidence: {f.evidence}</dd>
          <dd>Cure: {f.cure}</dd>
          {f.tried !== null && <dd>Tried: {f.tried}</dd>}
        </dl>
      ))}
    </div>
  );
}

function Program({ title, file, text }: { title: string; file: string; text: string }) {
  return (
    <details open>
      <summary>{title}</summary>
      <p class="buttons"><button type="button" onClick={() => { save(file, text, 'text/plain'); }}>Save {file}</button></p>
      <pre tabIndex={0} aria-label={`Program in ${title}`}>{text}</pre>
    </details>
  );
}
