using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Randomness;

namespace ChainRule.Zoo.Models;

/// <summary>A model of the next character: contexts [N, context] in, logits [N, vocabulary] out.</summary>
public abstract class LanguageModel : Module
{
    // No first name is this long; a model that never ends a name must still end.
    const int Longest = 100;

    /// <summary>How many characters it looks back.</summary>
    public abstract int Context { get; }

    /// <summary>
    /// Draws a text that ends where the model says it ends: each character from softmax(logits / temperature), by torch's multinomial.
    /// </summary>
    /// <param name="vocabulary">The characters of the ids; id 0 is the boundary.</param>
    /// <param name="rng">The generator to draw from.</param>
    /// <param name="temperature">Below 1 the likely becomes likelier; 0 takes the likeliest always.</param>
    /// <param name="prefix">What the text begins with.</param>
    /// <exception cref="ArgumentException">The temperature is negative or not finite, or the prefix holds an unknown character.</exception>
    public string Sample(Vocabulary vocabulary, TorchRandom rng, double temperature = 1, string prefix = "")
    {
        if (!double.IsFinite(temperature) || temperature < 0) throw new ArgumentException($"sample: temperature {temperature}: give 0 or more");
        List<int> text = [.. vocabulary.Encode(prefix)];
        if (text.Contains(0)) throw new ArgumentException($"sample: the prefix '{prefix}' holds '{vocabulary.Characters[0]}', which marks the end: leave it out");

        bool training = Training;
        Eval();
        using var quiet = NoGrad.Begin();
        var window = new int[Context];
        while (text.Count < Longest)
        {
            for (int k = 0; k < Context; k++) window[k] = text.Count - Context + k is >= 0 and var i ? text[i] : 0;
            using var scope = Scope.Begin("sampling");
            var logits = Forward(Ids.From(window, [1, Context]));
            int next = temperature == 0 ? logits.ArgMax()[0] : rng.Multinomial((logits / temperature).Softmax().Read<float>());
            if (next == 0) break;
            text.Add(next);
        }
        if (training) Train();
        return vocabulary.Decode([.. text]);
    }
}
