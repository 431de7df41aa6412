using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Randomness;

namespace ChainRule.Zoo.Models;

/// <summary>A model of the next character: contexts [N, context] in, logits [N, vocabulary] out.</summary>
public abstract class LanguageModel : Module
{
    /// <summary>The most characters that are drawn: a model that never ends a text must still end.</summary>
    public const int Longest = 100;

    /// <summary>How many characters it looks back.</summary>
    public abstract int Context { get; }

    /// <summary>
    /// Draws a text that ends where the model says it ends, or at <see cref="Longest"/> characters: each from softmax(logits / temperature), by
    /// torch's multinomial.
    /// </summary>
    /// <param name="vocabulary">The characters of the ids; id 0 is the boundary.</param>
    /// <param name="rng">The generator to draw from.</param>
    /// <param name="temperature">Below 1 the likely becomes likelier; 0 takes the likeliest always.</param>
    /// <param name="prefix">What the text begins with.</param>
    /// <exception cref="ArgumentException">
    /// The temperature is negative or not finite, or the prefix is too long, or holds the boundary or an unknown character.
    /// </exception>
    public string Sample(Vocabulary vocabulary, TorchRandom rng, double temperature = 1, string prefix = "")
    {
        if (!double.IsFinite(temperature) || temperature < 0) throw new ArgumentException($"sample: temperature {temperature}: give 0 or more");
        if (prefix.Length >= Longest) throw new ArgumentException($"sample: the prefix has {prefix.Length:N0} characters: give fewer than {Longest}");
        foreach (char c in prefix)
        {
            if (!vocabulary.Contains(c)) throw new ArgumentException($"sample: the prefix '{prefix}' holds '{c}', which the model does not know: use {vocabulary.Characters[1..]}");
            if (c == vocabulary.Characters[0]) throw new ArgumentException($"sample: the prefix '{prefix}' holds '{c}', which marks the end: leave it out");
        }

        bool training = Training;
        Eval();
        try
        {
            return vocabulary.Decode(Draw([.. vocabulary.Encode(prefix)], rng, (float)temperature));
        }
        finally
        {
            if (training) Train();
        }
    }

    int[] Draw(List<int> text, TorchRandom rng, float temperature)
    {
        using var quiet = NoGrad.Begin();
        var window = new int[Context];
        while (text.Count < Longest)
        {
            for (int k = 0; k < Context; k++) window[k] = text.Count - Context + k is >= 0 and var i ? text[i] : 0;
            using var scope = Scope.Begin("sampling");
            var logits = Forward(Ids.From(window, [1, Context]));
            // Less their maximum, so that no temperature is too low: the quotient then goes to minus infinity, which softmax knows.
            int next = temperature == 0 ? logits.ArgMax()[0] : rng.Multinomial(((logits - logits.Max(1, keepDim: true)) / temperature).Softmax().Read<float>());
            if (next == 0) break;
            text.Add(next);
        }
        return [.. text];
    }
}
