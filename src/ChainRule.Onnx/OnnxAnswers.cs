namespace ChainRule.Formats;

/// <summary>What a network's outputs say of a row: a number, or the probabilities of classes.</summary>
public sealed record OnnxAnswers
{
    /// <summary>The names of the classes, in the order of the outputs; empty where a number is predicted.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>Of two classes, the second is the label from this probability on.</summary>
    public double Threshold { get; init; } = 0.5;

    /// <summary>Of a number: what an output of 0 stands for.</summary>
    public double Mean { get; init; }

    /// <summary>Of a number: what an output of 1 is more than one of 0.</summary>
    public double Std { get; init; } = 1;
}
