using ChainRule.Bench.Workloads;

namespace ChainRule.Bench;

/// <summary>All that can be timed: a new workload is a file in Workloads and a line here.</summary>
static class Catalog
{
    public static IReadOnlyList<Entry> All { get; } =
    [
        new("fma-peak", () => new FmaPeak()),
        .. Product.All,
        .. Elementwise.All,
        new("mlp-bn", () => new MlpBn()),
        new("mlp-bn-by-hand", () => new MlpBn(byHand: true)),
        new("wavenet", () => new Wavenet()),
        new("lstm", () => new LstmTraining()),
        new("cnn", () => new CnnTraining()),
        new("image-cnn", () => new ImageCnnTraining()),
        new("mlp-regressor", () => new TableTraining(TableSize.Housing)),
        new("mlp-regressor-sklearn", () => new TableTraining(TableSize.Housing)),
        new("mlp-classifier", () => new TableTraining(TableSize.Digits)),
        new("mlp-classifier-sklearn", () => new TableTraining(TableSize.Digits)),
        new("gpt", () => new GptTraining(new())),
        new("gpt-small", () => new GptTraining(new(Width: 64, Context: 32, Batch: 16))),
        new("scalar-moons", () => new ScalarMoons()),
    ];

    /// <summary>The workload of that name, which may be that of a GPT's size, or all whose names contain it.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static IReadOnlyList<Entry> Find(string? only)
    {
        if (only is null) return All;
        if (GptSize.Find(only) is { } gpt) return [gpt];
        Entry[] found = [.. All.Where(entry => entry.Name == only)];
        if (found.Length == 0) found = [.. All.Where(entry => entry.Name.Contains(only, StringComparison.Ordinal))];
        return found.Length > 0 ? found
            : throw new ArgumentException($"workload '{only}': none of that name: --list shows them");
    }
}
