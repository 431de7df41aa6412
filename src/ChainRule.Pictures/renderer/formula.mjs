// Sets every formula of the page, for the eye and as MathML for who listens.
import katex from 'katex';
import { whenResized } from './place.mjs';

const SMALLEST = 0.5; // of a formula's own size

// A formula has no place to break: where its line is too narrow, its letters are smaller, and where they would be too small it scrolls.
function fit(place) {
  const line = place.closest('.step');
  place.style.fontSize = '';
  const fraction = line.clientWidth / place.scrollWidth;
  place.style.overflowX = fraction < SMALLEST ? 'auto' : '';
  if (fraction < 1) place.style.fontSize = `${Math.max(fraction * 0.98, SMALLEST)}em`;
}

for (const place of document.querySelectorAll('figure.formula .tex')) {
  const latex = place.textContent;
  try {
    katex.render(latex, place, { displayMode: true, output: 'htmlAndMathml', strict: 'ignore' });
    whenResized(place.closest('.step'), () => fit(place));
  } catch (error) {
    place.textContent = latex;
    const sentence = document.createElement('p');
    sentence.className = 'lack';
    sentence.textContent = `This formula could not be set: ${error.message}`;
    place.after(sentence);
    console.error(error);
  }
}

// Widths are those of the fonts, which are there a moment later.
document.fonts.ready.then(() => {
  for (const place of document.querySelectorAll('figure.formula .tex')) {
    fit(place);
    place.dataset.drawn = 'true';
  }
});
