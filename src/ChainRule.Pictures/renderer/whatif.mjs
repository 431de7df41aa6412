// A panel under an expression: move one leaf by h, and see what becomes of the result, beside what the gradient foretold.

const sigmoid = (x) => 1 / (1 + Math.exp(-x));
const functions = {
  '+': (a, b) => a + b, '*': (a, b) => a * b, exp: Math.exp, log: Math.log, sin: Math.sin, cos: Math.cos, tanh: Math.tanh,
  ReLU: (x) => Math.max(x, 0), sigmoid,
};

/** Every value again, with one leaf moved. Values stand after those they are made of. */
export function compute(steps, leaf, h) {
  const now = [];
  for (const [i, { op, of, data }] of steps.entries()) {
    if (!op) now.push(i === leaf ? data + h : data);
    else if (op.startsWith('**')) now.push(now[of[0]] ** Number(op.slice(2)));
    else now.push(functions[op](...of.map((k) => now[k])));
  }
  return now;
}

const short = (x) => String(Number(x.toPrecision(6))).replace('-', '−');

export function panel(drawing, steps, drawings) {
  const leaves = [...steps.entries()].filter(([, step]) => !step.op && step.label);
  const root = steps.length - 1;
  const name = steps[root].label || 'the result';
  const form = document.createElement('form');
  form.className = 'whatif';
  const choice = make('select');
  for (const [i, { label }] of leaves) choice.append(new Option(label, i));
  choice.value = leaves.at(-1)[0];
  const slider = Object.assign(make('input'), { type: 'range', min: -2, max: 2, step: 0.01, value: 1 });
  const typed = Object.assign(make('input'), { type: 'number', step: 'any', value: 1 });
  const said = make('output');
  form.append(labelled('move', choice), labelled('by h', slider), labelled('h =', typed), said);
  form.addEventListener('submit', (event) => event.preventDefault());

  const show = () => {
    const leaf = Number(choice.value);
    const h = typed.valueAsNumber;
    if (!Number.isFinite(h)) return;
    const now = compute(steps, leaf, h);
    const { label, data, grad } = steps[leaf];
    said.textContent = `${label}: ${short(data)} → ${short(now[leaf])}.  ${name}: ${short(steps[root].data)} → ${short(now[root])}, a change of ${short(now[root] - steps[root].data)}.`
      + `  The gradient foretold ${short(grad)} · ${short(h)} = ${short(grad * h)}.`;
    for (const svg of drawings()) write(svg, now);
  };
  choice.addEventListener('input', show);
  slider.addEventListener('input', () => { typed.value = slider.value; show(); });
  typed.addEventListener('input', () => { slider.value = typed.value; show(); });
  drawing.after(form);
  show();
}

// The node v3 of Graphviz has its number in the text that begins with "data".
function write(svg, now) {
  for (const node of svg.querySelectorAll('g.node')) {
    const place = node.querySelector('title')?.textContent.match(/^v(\d+)$/);
    const text = place && [...node.querySelectorAll('text')].find((one) => one.textContent.startsWith('data '));
    if (text) text.textContent = `data ${now[Number(place[1])].toFixed(4)}`;
  }
}

const make = (name) => document.createElement(name);

function labelled(words, control) {
  const label = make('label');
  label.append(words, ' ', control);
  return label;
}
