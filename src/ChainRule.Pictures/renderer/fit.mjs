// Makes a Vega-Lite specification fit the room it has: charts as wide as their text says, narrower where there is no room for that,
// fewer of them side by side, and as many names in a row of the legend as the row holds.

const AXIS = 110; // what axis, title and legend take beside a chart
const WORDS = 0.8; // of a map's own width: narrower, words in its cells overlap
const NARROWEST = 210; // a chart of a grid that is narrower stands in a row of its own

/** @param over how much wider than the room it came out with nothing spared */
export function fit(spec, room, over = 0) {
  const fitted = structuredClone(spec);
  delete fitted.title; // the page's heading says it
  fitted.config.background = 'transparent';
  if (fitted.concat) {
    fitted.columns = columnsIn(room, fitted.columns);
    for (const view of fitted.concat) {
      unlabel(view, (room - over) / fitted.columns - AXIS);
      shrink(view, (room - over) / fitted.columns - AXIS);
    }
  } else if (fitted.facet) {
    fitted.columns = columnsIn(room, fitted.columns);
    shrink(fitted.spec, (room - over) / fitted.columns - AXIS / 2);
  } else if (fitted.width + AXIS > room) {
    unlabel(fitted, room - AXIS);
    if (isMap(fitted)) fitted.height = (fitted.height * Math.max(room - AXIS, 100)) / fitted.width;
    fitted.width = room;
    fitted.autosize = { type: 'fit-x', contains: 'padding' };
  }
  fitted.config.legend.columns = legendColumns(fitted, room);
  return fitted;
}

function shrink(view, width) {
  if (view.width <= width) return;
  if (isMap(view)) view.height = (view.height * width) / view.width;
  view.width = Math.max(width, 100);
}

const columnsIn = (room, asked) => Math.max(1, Math.min(asked, Math.floor(room / (NARROWEST + AXIS / 2))));

// Rectangles in both directions: their shape matters.
const isMap = (view) => first(view)?.mark?.type === 'rect';

// Words in cells do not shrink: where cells become too small for them, they are left to the pointer and to the table below.
function unlabel(view, width) {
  const isLabelled = isMap(view) && view.layer?.[1]?.encoding?.text?.field === 'label';
  if (isLabelled && width < view.width * WORDS) view.layer.splice(1, 1);
}

function first(view) {
  while (view?.layer) view = view.layer[0];
  return view;
}

function legendColumns(spec, room) {
  const names = [];
  const visit = (node) => {
    if (node === null || typeof node !== 'object') return;
    if (Array.isArray(node.color?.scale?.domain)) names.push(...node.color.scale.domain.map(String));
    for (const [key, value] of Object.entries(node)) if (key !== 'data') visit(value);
  };
  visit(spec);
  const across = spec.concat || spec.facet ? room / spec.columns : Math.min(room, spec.width);
  const longest = Math.min(260, Math.max(1, ...names.map((name) => name.length)) * 7);
  return Math.max(1, Math.min(8, Math.floor(across / (longest + 36))));
}
