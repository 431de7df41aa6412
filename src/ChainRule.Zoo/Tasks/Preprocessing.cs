namespace ChainRule.Zoo.Tasks;

/// <summary>What the numbers are that go into a model and come out of it.</summary>
/// <param name="Input">The shape of one example, without the batch.</param>
/// <param name="Outputs">How many numbers come out for each: classes, characters, or 1.</param>
public readonly record struct DataShape(Shape Input, int Outputs);

/// <summary>
/// What turns data into numbers for a model, and its answers back: a vocabulary, a table's encoder, the names of
/// classes. It is saved with the model, so that the model can be used without the data that it was trained on.
/// </summary>
public abstract class Preprocessing
{
    /// <summary>What the numbers are that go into a model and come out of it.</summary>
    public abstract DataShape Shape { get; }

    /// <summary>What is saved, by name.</summary>
    public abstract IReadOnlyDictionary<string, string> Metadata { get; }
}
