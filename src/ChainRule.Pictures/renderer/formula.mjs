// Sets every formula of the page, for the eye and as MathML for who listens.
import katex from 'katex';

for (const place of document.querySelectorAll('figure.formula .tex')) {
  const latex = place.textContent;
  try {
    katex.render(latex, place, { displayMode: true, output: 'htmlAndMathml', strict: 'ignore' });
  } catch (error) {
    place.textContent = latex;
    const sentence = document.createElement('p');
    sentence.className = 'lack';
    sentence.textContent = `This formula could not be set: ${error.message}`;
    place.after(sentence);
    console.error(error);
  }
  place.dataset.drawn = 'true';
}
