using System.Text;
using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Randomness;

namespace ChainRule.Zoo.Models;

/// <summary>
/// A model of the next character. Windows of ids go in; logits of what follows come out: after each character of the
/// window, [N, T] → [N, T, vocabulary] with T of at most <see cref="Context"/>, or after its last alone, [N,
/// context] → [N, vocabulary].
/// </summary>
public abstract class LanguageModel : Module
{
    /// <summary>
    /// The most characters of a drawn text that has an end: a model that never ends one must still end.
    /// </summary>
    public const int Longest = 100;

    /// <summary>How many characters it looks back.</summary>
    public abstract int Context { get; }

    /// <summary>Whether it says after each character of a window what follows, and not after the last alone.</summary>
    public virtual bool PredictsEveryPosition => true;

    /// <summary>Begins to read a text, character after character.</summary>
    /// <param name="slide">
    /// How many of the oldest characters are let go when the window is full, and the rest is read anew: null means half
    /// the window, so that a character costs the work of two at most; 1 for always the longest window, at a window's
    /// work for each character. Models that do not read anew have no need of it.
    /// </param>
    public abstract DecodingState BeginDecoding(int? slide = null);

    /// <summary>
    /// Samples a text that ends where the model says it ends, or at <see cref="Longest"/> characters.
    /// </summary>
    /// <param name="vocabulary">The characters of the ids; id 0 is the start/end token.</param>
    /// <param name="rng">The random generator to sample with.</param>
    /// <param name="how">How to sample; null means by the model's own probabilities.</param>
    /// <param name="prefix">What the text begins with.</param>
    /// <exception cref="ArgumentException">The prefix is too long, or holds the start/end token or an
    /// unknown character.</exception>
    public string Sample(Vocabulary vocabulary, RandomSource rng, Sampling? how = null, string prefix = "")
    {
        int length = prefix.EnumerateRunes().Count();
        if (length >= Longest)
            throw new ArgumentException($"sample: the prefix has {length:N0} characters: give fewer than {Longest}");
        CheckPrefix($"the prefix '{Printable.Of(prefix)}'", vocabulary, prefix, from: 1);
        if (prefix.EnumerateRunes().Any(c => c == vocabulary[0]))
            throw new ArgumentException($"sample: the prefix '{Printable.Of(prefix)}' holds "
                + $"'{Printable.Of($"{vocabulary[0]}")}', which marks the end: leave it out");
        int[] drawn = [.. GenerateIds([0, .. vocabulary.Encode(prefix)], rng, how).TakeWhile(id => id != 0)
            .Take(Longest - length)];
        return prefix + vocabulary.Decode(drawn);
    }

    /// <summary>Generates text without end, each character drawn when it is asked for.</summary>
    /// <param name="vocabulary">The characters of the ids.</param>
    /// <param name="rng">The random generator to sample with.</param>
    /// <param name="how">How to sample; null means by the model's own probabilities.</param>
    /// <param name="prefix">What to continue; null means as after the end of a line.</param>
    /// <exception cref="ArgumentException">The prefix holds an unknown character.</exception>
    public IEnumerable<Rune> Generate(Vocabulary vocabulary, RandomSource rng, Sampling? how = null, string prefix = "")
    {
        CheckPrefix("the prefix", vocabulary, prefix, from: 0);
        int[] begun = prefix.Length > 0 ? vocabulary.Encode(prefix)
            : vocabulary.Contains('\n') ? vocabulary.Encode("\n") : [0];
        return GenerateIds(begun, rng, how).Select(id => vocabulary[id]);
    }

    static void CheckPrefix(string what, Vocabulary vocabulary, string prefix, int from)
    {
        foreach (var c in prefix.EnumerateRunes())
        {
            if (vocabulary.Contains(c)) continue;
            string known = string.Concat(Enumerable.Range(from, vocabulary.Size - from).Select(id => vocabulary[id])
                .Where(c => !Rune.IsControl(c)));
            throw new ArgumentException($"sample: {what} holds '{Printable.Of(c.ToString())}', which the model does "
                + $"not know: use {Printable.Of(known, 200)}");
        }
    }

    /// <summary>
    /// The mean loss over data, in nats for each character that is predicted, in evaluation mode; the mode is put back.
    /// </summary>
    /// <param name="data">Windows, and what should follow; −1 does not count.</param>
    /// <exception cref="ArgumentException">There is nothing to predict.</exception>
    public double Loss(Dataset<Ids, Ids> data)
    {
        const int Characters = 2048;
        using var mode = InEvaluation();
        using var quiet = NoGrad.Begin();
        double sum = 0;
        int count = 0;
        foreach (var (x, y) in Batches.InOrder(data,
            (int)Math.Max(1, Characters * (long)data.Count / Math.Max(1, data.Targets.Count))))
        {
            using var scope = Scope.Begin("evaluation");
            sum += Forward(x).CrossEntropy(y, Reduction.Sum).Item();
            foreach (int target in y.Span) if (target >= 0) count++;
        }
        return count > 0 ? sum / count
            : throw new ArgumentException("loss: there is nothing to predict: give windows, and what should follow");
    }

    /// <summary>Goes on with a text, as far as one asks: each id is drawn when it is asked for.</summary>
    /// <param name="begun">What the text begins with: one id or more.</param>
    /// <param name="rng">The random generator to sample with.</param>
    /// <param name="how">How to sample; null means by the model's own probabilities.</param>
    /// <param name="slide">See <see cref="BeginDecoding"/>.</param>
    /// <exception cref="ArgumentException">There is nothing to go on from, or an id is none of the
    /// vocabulary's.</exception>
    public IEnumerable<int> GenerateIds(IReadOnlyList<int> begun, RandomSource rng, Sampling? how = null,
        int? slide = null)
    {
        if (begun.Count == 0)
            throw new ArgumentException("continue: there is nothing to go on from: give one id or more");
        how ??= new();
        return Draw();

        IEnumerable<int> Draw()
        {
            var reader = BeginDecoding(slide);
            int[] next = [.. begun];
            while (true)
            {
                int id = how.Draw(reader.Next(next), rng);
                yield return id;
                next = [id];
            }
        }
    }

    /// <summary>How many steps a window of ids has; refuses one that is none, or has more than the context.</summary>
    private protected int CheckWindow(Ids ids)
    {
        if (ids.Shape.Rank != 2 || ids.Shape[1] < 1 || ids.Shape[1] > Context)
            throw new ArgumentException(
                $"{GetType().Name}: ids {ids.Shape}: give [batch, steps], with 1 to {Context} steps");
        return ids.Shape[1];
    }
}
