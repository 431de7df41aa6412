using System.Diagnostics;
using System.Text;
using ChainRule.Data;
using ChainRule.Lab.Playground;
using ChainRule.Layers;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Lab.LanguageModels;

/// <summary>A saved language model, and what can be seen of it while it reads a text.</summary>
sealed class OpenModel(string folder)
{
    const int MostCharacters = 2000;

    readonly SavedLanguageModel _saved = SavedLanguageModel.Load(folder) is { Encoding: Zoo.Tasks.Characters } saved
        ? saved : throw new ArgumentException($"lab: {Printable.Path(folder)} reads tokens, and the lab shows models "
            + $"of characters: {Shell.Tool} sample {Shell.Path(folder)} generates its text");

    public LanguageModel Model => _saved.Model;

    /// <summary>Whether texts end, with id 0.</summary>
    public bool Ends => _saved.Kind == TaskKind.Names;

    public IReadOnlyList<string> Characters => [.. Enumerable.Range(0, Vocabulary.Size).Select(Shown)];

    Vocabulary Vocabulary => _saved.Vocabulary;

    /// <summary>The ids of a text, behind what stands before its first character: the start token of names, a line end
    /// of texts that know one.</summary>
    /// <exception cref="ArgumentException">It is too long, or holds a character that the model does
    /// not know.</exception>
    public int[] Encode(string text)
    {
        if (text.Length > MostCharacters)
            throw new ArgumentException($"text: {text.Length:N0} characters: give {MostCharacters:N0} at most");
        foreach (var c in text.EnumerateRunes())
            if (!Vocabulary.Contains(c) || Ends && c == Vocabulary[0])
                throw new ArgumentException($"text: '{Printable.Of(c.ToString())}' is no character that the model was "
                    + $"trained on: use {Printable.Of(Known(), 200)}");
        int[] before = Ends ? [0] : Vocabulary.Contains('\n') ? Vocabulary.Encode("\n") : [];
        int[] ids = [.. before, .. Vocabulary.Encode(text)];
        return ids.Length > 0 ? ids : throw new ArgumentException("text: it is empty: give a character or more");
    }

    /// <summary>A character as it may be shown: blanks and ends have signs.</summary>
    public string Shown(int id) => Ends && id == 0 ? "end" : Vocabulary[id].ToString() switch
    {
        " " => "␣",
        "\n" => "↵",
        "\t" => "⇥",
        var text => Printable.Of(text),
    };

    /// <summary>A text as it is read: what ends a name stands before its first character too.</summary>
    public string[] Shown(IEnumerable<int> ids) =>
        [.. ids.Select((id, i) => Ends && id == 0 && i == 0 ? "start" : Shown(id))];

    public string Text(IEnumerable<int> ids) => string.Concat(ids.Select(id => Vocabulary[id].ToString()));

    /// <summary>The logits after a text.</summary>
    public Tensor After(int[] ids) => Model.BeginDecoding().Next(ids);

    /// <summary>−ln p of every id but the first, each after those before it.</summary>
    public float[] Losses(int[] ids)
    {
        var reader = Model.BeginDecoding();
        float[] losses = new float[ids.Length - 1];
        for (int i = 0; i < losses.Length; i++)
            losses[i] = -(float)reader.Next(ids[i]).LogSoftmax()[ids[i + 1]];
        return losses;
    }

    /// <summary>The weights of every head, [layer, head, from, to], of a window of ids; null for a model without
    /// attention.</summary>
    public (int[] Window, int Layers, int Heads, float[] Weights)? Attention(int[] ids)
    {
        using var quiet = NoGrad.Begin();
        return AttentionTensors(ids) is not var (window, weights) ? null
            : (window, weights.Length, weights[0].Shape[1], [.. weights.SelectMany(w => w.ToArray<float>())]);
    }

    /// <summary>The same as tensors [1, head, from, to], one a layer, with their graphs.</summary>
    public (int[] Window, Tensor[] Weights)? AttentionTensors(int[] ids)
    {
        if (Model is not Gpt gpt) return null;
        int[] window = ids[^Math.Min(ids.Length, gpt.Context)..];
        var weights = new Tensor[gpt.Blocks.Count];
        using (gpt.Observe((module, _, y) =>
        {
            for (int i = 0; i < weights.Length; i++)
                if (ReferenceEquals(module, gpt.Blocks[i].Norm1)) weights[i] = gpt.Blocks[i].Attention.Weights(y);
        }))
            gpt.Forward(Ids.From(window, [1, window.Length]));
        return (window, weights);
    }

    /// <summary>The logits after a text, the last row of [characters, vocabulary], with their graph, and the ids that
    /// the model looks at.</summary>
    public (Tensor Logits, int[] Window) Logits(int[] ids)
    {
        int[] window = ids[^Math.Min(ids.Length, Model.Context)..], padded = Model.PredictsEveryPosition ? window
            : [.. new int[Model.Context - window.Length], .. window];
        return (Model.Forward(Ids.From(padded, [1, padded.Length])).Reshape(-1, Vocabulary.Size), window);
    }

    /// <summary>The two principal components of the embedding vectors, and how wide these are; null where there are
    /// none.</summary>
    public (double[] X, double[] Y, int Width)? Embeddings()
    {
        var table = Model.NamedModules().Select(one => one.Value).OfType<Embedding>()
            .FirstOrDefault(one => one.Weight.Shape[0] == Vocabulary.Size);
        if (Model is Bigram || table is null || table.Weight.Shape[1] < 2) return null;
        int rows = table.Weight.Shape[0], width = table.Weight.Shape[1];
        double[] all = table.Weight.To(DType.Float64).ToArray<double>();
        double[][] columns = [.. Enumerable.Range(0, width).Select(j => Standardised(
            [.. Enumerable.Range(0, rows).Select(i => all[i * width + j])]))];
        double[][] components = PrincipalComponents.Of(columns);
        return (components[0], components[1], width);
    }

    /// <summary>Milliseconds for each id, with what the model remembers of those before, and without.</summary>
    public (double[] With, double[] Without) Times(int[] ids)
    {
        double[] with = new double[ids.Length], without = new double[ids.Length];
        // The first time, code is compiled.
        After(ids);
        var reader = Model.BeginDecoding();
        reader.Next(ids[0]);
        reader = Model.BeginDecoding();
        for (int i = 0; i < ids.Length; i++)
        {
            long began = Stopwatch.GetTimestamp();
            reader.Next(ids[i]);
            with[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            began = Stopwatch.GetTimestamp();
            After(ids[..(i + 1)]);
            without[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }
        return (with, without);
    }

    /// <summary>What every layer gives at each id: the vector of the last place that it computed.</summary>
    public Dictionary<string, float[][]> Activations(int[] ids)
    {
        Dictionary<string, float[][]> all = [];
        int now = 0;
        using var watch = Model.Observe((module, name, y) =>
        {
            if (name.Length == 0 || y.Rank == 0) return;
            if (!all.TryGetValue(name, out float[][]? of)) all[name] = of = new float[ids.Length][];
            int units = y.Shape[^1];
            float[] numbers = y.ToArray<float>();
            of[now] = numbers[^units..];
        });
        var reader = Model.BeginDecoding();
        for (; now < ids.Length; now++) reader.Next(ids[now]);
        foreach (string name in all.Keys.Where(name => all[name].Any(one => one is null)).ToArray()) all.Remove(name);
        return all;
    }

    string Known() => string.Concat(Enumerable.Range(Ends ? 1 : 0, Vocabulary.Size - (Ends ? 1 : 0))
        .Select(id => Vocabulary[id]).Where(static c => !Rune.IsControl(c)).Select(static c => c.ToString()));

    static double[] Standardised(double[] column)
    {
        double mean = column.Average(), std = Math.Sqrt(column.Average(x => (x - mean) * (x - mean)));
        return [.. column.Select(x => std > 0 ? (x - mean) / std : 0)];
    }
}
