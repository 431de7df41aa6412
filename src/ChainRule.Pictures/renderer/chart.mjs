// Draws every chart of the page. Expressions are interpreted, not compiled, so the page can forbid itself to make code from text.
import embed from 'vega-embed';
import { expressionInterpreter } from 'vega-interpreter';
import { fit } from './fit.mjs';
import { pictures, whenResized } from './place.mjs';

const options = {
  mode: 'vega-lite', renderer: 'svg', actions: false, defaultStyle: false, ast: true, expr: expressionInterpreter,
  tooltip: { disableDefaultStyle: true },
};

for (const { drawing, canvas, data, done, failed } of pictures('chart')) {
  let view = null;
  const draw = async () => {
    try {
      view?.finalize();
      ({ view } = await embed(canvas, fit(data, drawing.clientWidth), options));
      done();
    } catch (error) {
      failed(error);
    }
  };
  draw();
  whenResized(drawing, draw);
}
