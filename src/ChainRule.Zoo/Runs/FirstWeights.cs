using System.Security.Cryptography;
using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Training;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Runs;

/// <summary>Which parameters of a new model were taken from one that was trained before.</summary>
/// <param name="From">Where from.</param>
/// <param name="Taken">The names of those that were taken.</param>
/// <param name="Left">Those that were not, each with the reason: they begin as the recipe has them.</param>
public sealed record Transfer(string From, IReadOnlyList<string> Taken, IReadOnlyList<string> Left)
{
    const int Shown = 8;

    /// <summary>How many were taken, and which were not.</summary>
    public override string ToString() => $"{Taken.Count:N0} of {Taken.Count + Left.Count:N0} parameters and buffers "
        + $"begin as in {Printable.Path(From)}" + (Left.Count == 0 ? ""
            : $"; not taken: {string.Join(", ", Left.Take(Shown))}"
                + (Left.Count > Shown ? $" and {Left.Count - Shown:N0} more" : ""));
}

/// <summary>
/// The weights of a trained model, for another to begin with. What fits by name and shape is taken; the output layer
/// is not where the classes are others, since what an output means is then another.
/// </summary>
sealed class FirstWeights
{
    const string Wanted = "give the folder of a run, or a file of safetensors", Classes = "classes";

    const int Shown = 8;

    readonly IEnumerable<KeyValuePair<string, Tensor>> _weights;
    readonly IReadOnlyDictionary<string, string> _metadata;

    FirstWeights(string path, IEnumerable<KeyValuePair<string, Tensor>> weights,
        IReadOnlyDictionary<string, string> metadata) => (Path, _weights, _metadata) = (path, weights, metadata);

    /// <summary>The file, by its full path.</summary>
    public string Path { get; }

    /// <summary>The hash of the file.</summary>
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path)));

    /// <summary>Those of a model that is not saved yet.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="model">The model.</param>
    /// <param name="preprocessing">What its inputs and outputs are.</param>
    public static FirstWeights Of(string name, Module model, Preprocessing preprocessing) =>
        new(name, model.StateDict(), preprocessing.Metadata);

    /// <summary>Opens the best model of a run's folder, or a file.</summary>
    /// <exception cref="ArgumentException">There is none, or it cannot be read.</exception>
    public static FirstWeights Open(string from)
    {
        string asked = $"from {Printable.Path(from)}";
        if (string.IsNullOrWhiteSpace(from) || from.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException($"{asked}: this is no path: {Wanted}");
        string path = System.IO.Path.GetFullPath(from);
        if (Directory.Exists(path))
        {
            path = System.IO.Path.Combine(path, RunFolder.ModelFile);
            if (!File.Exists(path))
                throw new ArgumentException($"{asked}: this folder holds no {RunFolder.ModelFile}: {Wanted} that was "
                    + "trained");
        }
        else if (!File.Exists(path))
        {
            throw new ArgumentException($"{asked}: there is no such folder or file: {Wanted}");
        }
        try
        {
            var file = RunFile.Tensors(path, Wanted);
            return new(path, file.Tensors(), file.Metadata);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new ArgumentException($"from {e.Message}", e);
        }
    }

    /// <summary>Puts what fits into a new model.</summary>
    /// <param name="model">The new model.</param>
    /// <param name="own">What its inputs and outputs are.</param>
    /// <exception cref="ArgumentException">Nothing fits, or what an input is differs.</exception>
    public Transfer Into(Module model, Preprocessing own)
    {
        string asked = $"from {Printable.Path(Path)}";
        var weights = _weights.ToDictionary();
        if (own is LanguageEncoding language && _metadata.Keys.Any(key => key is Characters.Name or Tokens.Name)
            && language.Metadata.Any(one => _metadata.GetValueOrDefault(one.Key) != one.Value))
            throw new ArgumentException($"{asked}: its {language.Unit}s are others than those of this data, so its "
                + $"weights mean others: give a model of the same {language.Unit}s");
        List<string> taken = [], left = [];
        Dictionary<string, Tensor> fitting = [];
        var state = model.StateDict();
        string output = ClassesDiffer(own) ? OutputLayer(state.Keys) : "";
        foreach (var (name, mine) in state)
        {
            string? why = !weights.TryGetValue(name, out var theirs) ? "is not there"
                : mine.Shape != theirs.Shape ? $"is {theirs.Shape} there and {mine.Shape} here"
                : output.Length > 0 && Freezing.IsWithin(name, output) ? "is of other classes" : null;
            if (why is null)
            {
                taken.Add(name);
                fitting.Add(name, theirs.To(mine.DType));
            }
            else
            {
                left.Add($"{name} ({why})");
            }
        }
        if (taken.Count == 0)
            throw new ArgumentException($"{asked}: nothing of it fits: {string.Join(", ", left.Take(Shown))}: give a "
                + "model of the same kind and sizes");
        if (model.LoadStateDict(fitting, strict: false).NotNumbers is [var nan, ..])
            throw new ArgumentException($"{asked}: {nan} holds NaN: give a model that was trained to a finite loss");
        return new(Path, taken, left);
    }

    bool ClassesDiffer(Preprocessing own) => _metadata.TryGetValue(Classes, out string? theirs)
        && own.Metadata.TryGetValue(Classes, out string? mine) && theirs != mine;

    /// <summary>The layer whose parameters are declared last.</summary>
    static string OutputLayer(IEnumerable<string> names) => names.Last() is var last
        && last.LastIndexOf('.') is > 0 and var dot ? last[..dot] : last;
}
