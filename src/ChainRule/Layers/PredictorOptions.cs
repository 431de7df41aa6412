namespace ChainRule.Layers;

/// <summary>What <see cref="Module.ToPredictor"/> can be told.</summary>
public sealed record PredictorOptions
{
    /// <summary>
    /// What the weights are rounded to; Float32 leaves them as they are. Float16, BFloat16: computed in float32. Int8:
    /// linear layers multiply whole numbers, and rows that go in are made whole numbers as they come; everything else
    /// is computed in float32 from the rounded weights.
    /// </summary>
    public WeightFormat Weights { get; init; }
}
