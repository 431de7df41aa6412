using ChainRule.Randomness;
using ChainRule.Tests;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Tests.Models;

/// <summary>What a reader says must be what the model says that sees the whole window anew, at every place.</summary>
static class Reading
{
    public const double Tolerance = 1e-5;

    /// <summary>
    /// Of a model whose windows begin anew: the ids of the window after each id read, the first at 0.
    /// </summary>
    public static void Agrees(LanguageModel model, int vocabulary, int length, int? slide, Func<int, int> windowStart)
    {
        model.Eval();
        int[] text = Ids.Random([length], 0, vocabulary, new TorchRandom(5)).Span.ToArray();
        var reader = model.BeginDecoding(slide);
        for (int t = 0; t < length; t++)
        {
            int[] window = text[windowStart(t)..(t + 1)];
            Same(Last(model, window), reader.Next(text[t]), $"after {t + 1} of {length}");
        }
    }

    /// <summary>Many at once, and then one after another, are as one after another from the beginning.</summary>
    public static void AgreesInOneGo(LanguageModel model, int vocabulary, int first, int length)
    {
        model.Eval();
        int[] text = Ids.Random([length], 0, vocabulary, new TorchRandom(5)).Span.ToArray();
        DecodingState one = model.BeginDecoding(), many = model.BeginDecoding();
        for (int t = 0; t < first - 1; t++) one.Next(text[t]);
        Same(one.Next(text[first - 1]), many.Next(text.AsSpan(0, first)), $"after {first} at once");
        for (int t = first; t < length; t++) Same(one.Next(text[t]), many.Next(text[t]), $"after {t + 1} of {length}");
    }

    static Tensor Last(LanguageModel model, int[] window)
    {
        using var quiet = NoGrad.Begin();
        return model.Forward(Ids.From(window, [1, window.Length])).Select(1, -1).Flatten();
    }

    static void Same(Tensor expected, Tensor actual, string what) =>
        Close.Equal(expected.To(DType.Float64).Read<double>(), actual.To(DType.Float64).Read<double>(),
            Tolerance, what);
}
