namespace ChainRule.Explaining;

/// <summary>
/// Where a number came from: a gradient dL/dx[i] as the sum over all that x[i] reaches, dL/dx[i] = Σ_j dL/dy[j] ·
/// ∂y[j]/∂x[i], or a value as what its op computed it from. Every term has an explanation of its own, as far as was
/// asked. The terms of each level, with those left out, add up to the number. Printing it gives the tree;
/// <see cref="Sentence"/> says it in one sentence.
/// </summary>
public sealed class Explanation
{
    internal Explanation(string name, double value, double own, bool isGradient) =>
        (Name, Value, Own, IsGradient) = (name, value, own, isGradient);

    /// <summary>The number in the tensor's name: <c>layers.0.weight[3, 7]</c>.</summary>
    public string Name { get; }

    /// <summary>
    /// What is explained: <c>dL/dW[3, 7]</c>, <c>dL/d(layers.0.weight[3, 7])</c>, or the name of a value.
    /// </summary>
    public string Subject => IsGradient ? BackpropStep.Derivative(Name) : Name;

    /// <summary>The number, as the engine computed it.</summary>
    public double Value { get; }

    /// <summary>Whether it is dL/d(the number), and not the number.</summary>
    public bool IsGradient { get; }

    /// <summary>
    /// Of a gradient: every op that uses the number, whose parts add up; of a value: the op that computed it. Empty for
    /// what was given, for dL/dL = 1, and where the explanation was to end.
    /// </summary>
    public IReadOnlyList<ExplanationStep> Steps { get; internal set; } = [];

    /// <summary>Whether it goes no further because that was asked for: depth, fraction or number of numbers.</summary>
    public bool IsCut { get; internal set; }

    /// <summary>
    /// What the terms lack to add up to <see cref="Value"/>; 0 where they do, but for rounding. It is another number
    /// where the backward pass of an op of one's own is not linear in dL/dy.
    /// </summary>
    public double Missing { get; internal set; }

    /// <summary>The explanation in one sentence: where most of the number comes from, and why.</summary>
    public string Sentence => ExplanationSentence.Of(this);

    /// <summary>
    /// The example that the largest part of a gradient comes from, and of how many: its place along the first axis of
    /// what the model was given. Null where the gradient is not a sum over examples.
    /// </summary>
    public (int Row, int Of)? LargestRow =>
        ExplanationSentence.Divided(this).Division?.Group is { IsExample: true } group ? (group.At, group.Of) : null;

    /// <summary>The number itself, also where its gradient is explained.</summary>
    internal double Own { get; }

    /// <summary>
    /// How all terms, also those left out, make up the number; null where it is not what the sentence speaks of.
    /// </summary>
    internal ExplanationDivision? Division { get; set; }

    /// <summary>The tree as text, one line a term.</summary>
    public override string ToString() => ExplanationText.Of(this);

    /// <summary>The formulas with the numbers put in, as LaTeX, <c>aligned</c> at the equals signs.</summary>
    public string ToLatex() => ExplanationLatex.Of(this);

    /// <summary>The tree as DOT, for Graphviz: a node a number, an edge a term.</summary>
    public string ToDot() => ExplanationDot.Of(this);

    /// <summary>
    /// The whole tree as JSON; a number that is explained twice is there once, and named the second time.
    /// </summary>
    public string ToJson() => ExplanationJson.Of(this);
}

/// <summary>One op of an explanation: its formula, and the terms that it adds up.</summary>
public sealed class ExplanationStep
{
    internal ExplanationStep() { }

    /// <summary>What the op is called.</summary>
    public string Op { get; internal init; } = "";

    /// <summary>Its formula in letters: <c>dx[r,k] = Σ_o dy[r,o] w[o,k]</c>; empty for an op without text.</summary>
    public string Formula { get; internal init; } = "";

    /// <summary>The formula with the numbers put in, where it is of a few numbers; else empty.</summary>
    public string Numbers { get; internal init; } = "";

    /// <summary>The sum of all terms of a gradient, or of a value that is a sum; else the value.</summary>
    public double Sum { get; internal init; }

    /// <summary>Whether the terms add up to <see cref="Sum"/>: always of a gradient.</summary>
    public bool AddsUp { get; internal init; }

    /// <summary>The largest terms, the largest first.</summary>
    public IReadOnlyList<ExplanationTerm> Terms { get; internal init; } = [];

    /// <summary>How many terms are left out.</summary>
    public int Omitted { get; internal init; }

    /// <summary>The sum of the terms that are left out.</summary>
    public double OmittedSum { get; internal init; }

    /// <summary>The op and its formula.</summary>
    public override string ToString() => Formula.Length > 0 ? $"{Op}: {Formula}" : Op;

    /// <summary>Σ |term| of all terms.</summary>
    internal double Magnitude { get; init; }

    /// <summary>The sum of the positive terms, and that of the negative ones.</summary>
    internal (double Positive, double Negative) Signs { get; init; }
}

/// <summary>One term of a step.</summary>
public sealed class ExplanationTerm
{
    internal ExplanationTerm() { }

    /// <summary>What it adds: <see cref="From"/> times <see cref="Derivative"/>.</summary>
    public double Value { get; internal init; }

    /// <summary>
    /// |term| / Σ |terms| of all steps: where all terms have one sign, its part of the number. NaN where a term is not
    /// finite.
    /// </summary>
    public double Fraction { get; internal init; }

    /// <summary>
    /// ∂y[j]/∂x[i], what the gradient from above is multiplied by; of a value, the derivative by the
    /// number it is computed from.
    /// </summary>
    public double Derivative { get; internal init; }

    /// <summary>
    /// How the derivative is made up: <c>1 - 0.76^2</c>, or <c>x[7, 3]</c>; empty where there is no text.
    /// </summary>
    public string DerivativeText { get; internal init; } = "";

    /// <summary>Whether <see cref="DerivativeText"/> is the name of a number, and not a formula.</summary>
    internal bool IsNamed { get; init; }

    /// <summary>
    /// The gradient from above, or the number that the value is computed from, with its own explanation.
    /// </summary>
    public Explanation From { get; internal init; } = null!;

    /// <summary>The term as a product: <c>dL/dy[7, 3] · x[7, 7] = −0.0191 · 0.4</c>.</summary>
    public override string ToString() => ExplanationText.Product(this, isSum: true);
}
