// Where a number came from, level by level: the formula, the numbers in it, and how much each term adds.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { WhyStep, WhyTerm, WhyTree } from '../generated/graph';
import { text } from './why';

export function Derivation({ tree, onClose }: { tree: WhyTree; onClose: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const root = tree.numbers[0]!;
  // Who closes it goes on where they asked.
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    const asker = document.activeElement, own = section.current;
    return () => {
      const isHere = document.activeElement === document.body || own?.contains(document.activeElement) === true;
      if (isHere && asker instanceof HTMLElement && asker.isConnected) asker.focus({ preventScroll: true });
    };
  }, []);
  useEffect(() => { heading.current?.focus({ preventScroll: true }); }, [root.subject]);
  return (
    <section ref={section} class="why" aria-label="Derivation" onKeyDown={(e) => { if (e.key === 'Escape') onClose(); }}>
      <h2 ref={heading} tabIndex={-1}>{root.subject} = <output data-exact={root.value}>{text(root.value)}</output></h2>
      <p>{tree.sentence}</p>
      {tree.about !== '' && <p class="hover">{tree.about}</p>}
      <Level key={root.subject} tree={tree} at={0} />
      <p class="buttons"><button type="button" onClick={onClose}>Close the derivation</button></p>
    </section>
  );
}

function Level({ tree, at }: { tree: WhyTree; at: number }) {
  const number = tree.numbers[at]!;
  return (
    <>
      {number.steps.length > 1 && <p>It is used {number.steps.length} times: the parts are added up.</p>}
      {number.steps.map((step, i) => (
        <div key={i} class="level">
          <p><strong>{step.op}</strong>{step.formula !== '' && <>: <code>{step.formula}</code></>}{step.numbers !== '' && <> = <code>{step.numbers}</code></>}
            {number.steps.length > 1 && <> gives {text(step.sum)}</>}</p>
          <ul>
            {step.terms.map((term, k) => <Term key={k} tree={tree} step={step} term={term} />)}
            {step.omitted > 0 && <li>and {step.omitted} more{step.addsUp && <>, in sum {text(step.omittedSum)}</>}</li>}
          </ul>
        </div>
      ))}
      {number.isCut && <p class="hover">It goes on, deeper than is shown here.</p>}
    </>
  );
}

function Term({ tree, step, term }: { tree: WhyTree; step: WhyStep; term: WhyTerm }) {
  const [open, setOpen] = useState(false);
  const below = tree.numbers[term.from]!;
  const percent = 100 * Number(term.fraction);
  const line = (
    <>
      {step.addsUp && Number.isFinite(percent) && <><meter min={0} max={100} value={percent} aria-hidden="true" /> {percent.toFixed(1)} % </>}
      <code>{step.addsUp ? `${text(term.value)} = ` : ''}{term.text}</code>
    </>
  );
  if (below.steps.length === 0) return <li>{line}</li>;
  return (
    <li>
      <details open={open} onToggle={(e) => { setOpen(e.currentTarget.open); }}>
        <summary>{line}</summary>
        {open && <Level tree={tree} at={term.from} />}
      </details>
    </li>
  );
}
