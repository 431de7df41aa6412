using ChainRule.Randomness;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Runs;

/// <summary>
/// What a trained model makes up at the end of a run: twenty names that the data does not hold, or a passage of text.
/// </summary>
public static class Samples
{
    /// <summary>
    /// At temperature 1 a model also samples what it thinks improbable; a little below, most samples
    /// could be real names.
    /// </summary>
    public const double Temperature = 0.8;

    const int NamesWanted = 20, CharactersWanted = 500;

    /// <summary>The names, or the one passage.</summary>
    public static IReadOnlyList<string> Of(LanguageModel model, Corpus corpus, ulong seed)
    {
        var rng = new TorchRandom(seed);
        var how = new Sampling(Temperature);
        return corpus is Names names
            ? NewNames(model, names, rng, how)
            : [string.Concat(model.Generate(corpus.Vocabulary, rng, how).Take(CharactersWanted))];
    }

    /// <summary>What is already in the data is no sample of its own.</summary>
    static List<string> NewNames(LanguageModel model, Names names, RandomSource rng, Sampling how)
    {
        var known = names.All.ToHashSet(StringComparer.Ordinal);
        List<string> samples = [];
        for (int tries = 0; samples.Count < NamesWanted && tries < 50 * NamesWanted; tries++)
        {
            string name = model.Sample(names.Vocabulary, rng, how);
            if (name.Length > 0 && known.Add(name)) samples.Add(name);
        }
        return samples;
    }
}
