using System.Diagnostics.CodeAnalysis;
using ChainRule.Randomness;

namespace ChainRule.Derivations;

/// <summary>
/// Is my derivation right? Compares gradients that were written by hand with those of the engine, one by one, and says
/// which mistake explains the first wrong one.
/// <code>
/// var x = Tensor.From(0.5, -1.0, 2.0).RequireGrad();
/// var h = x.Tanh();
/// var loss = (h * h).Sum();
/// Tensor mine = 2 * h;
/// var report = Derivation.Check(loss).Name("x", x).Name("h", h)
///     .Step("dh", mine)
///     .Step("dx", "(1 - x**2) * dh")
///     .Report();
/// Console.WriteLine(report);          // dx: the local derivative of h ('tanh') is taken at another place
/// </code>
/// A step <c>dh</c> is the gradient of the tensor that was named <c>h</c>. It is given as numbers, as one formula, or
/// with others as text (<see cref="Steps"/>). The program stays as it is, and its gradients too, whether a backward
/// pass was made or not.
/// </summary>
public sealed class Derivation
{
    readonly Tensor _loss;
    readonly Dictionary<string, object?> _values = [];
    readonly Dictionary<Slot, string> _names = [];
    readonly List<GivenLines> _given = [];

    Derivation(Tensor loss) => _loss = loss;

    /// <summary>Begins a check of the gradients of a loss, a single number.</summary>
    /// <exception cref="ArgumentException">The loss is no single number.</exception>
    public static Derivation Check(Tensor loss)
    {
        if (loss.Count != 1)
            Throw.Argument($"derivation of {loss.Shape}: {loss.Count} numbers have no single gradient: take a Sum() or "
                + "Mean()", nameof(loss));
        return new(loss);
    }

    /// <summary>
    /// Begins a check of a program that is text itself, with its gradients below it. The lines down to the one that
    /// computes <c>loss</c> are the program, in the language of docs/backprop-by-hand.md; its numbers are drawn by
    /// <c>randn</c>, <c>rand</c> and <c>randint</c>, or written down, as in <c>tensor([1.5, -2])</c>. All its tensors
    /// are named. The lines after it are steps.
    /// </summary>
    /// <exception cref="ArgumentException">No line computes <c>loss</c>, or it is no single number.</exception>
    /// <exception cref="FormulaException">A line cannot be read, or one of the program cannot be computed.</exception>
    public static Derivation Read([StringSyntax("python")] string text, RandomSource random)
    {
        Throw.IfNull(text, "derivation");
        Throw.IfNull(random, "derivation");
        var lines = FormulaReader.Read(text);
        int end = lines.FindLastIndex(static line => line.Assigned().Contains("loss")) + 1;
        if (end == 0)
            Throw.Argument("derivation: no line computes 'loss': write the program first, down to loss = ..., and the "
                + "gradients below it", nameof(text));
        Dictionary<string, object?> values = [];
        new FormulaRunner(text, values) { Random = random }.Run(lines[..end]);
        return Of(values, text, lines[end..]);
    }

    /// <summary>A check of a program that was computed, all of whose values are named.</summary>
    internal static Derivation Of(Dictionary<string, object?> values, string text, List<Statement> steps)
    {
        if (values.GetValueOrDefault("loss") is not Tensor { RequiresGrad: true } loss)
        {
            Throw.Argument("derivation: the loss depends on no tensor: begin with numbers such as x = randn(3), or "
                + "x = tensor([1.5, -2])", nameof(text));
            return null;
        }
        var derivation = Check(loss);
        foreach (var (name, value) in values)
        {
            if (FormulaFunctions.TensorIn(value) is { } x) derivation.Name(name, x, value!);
            else if (value is Ids ids) derivation.Name(name, ids);
            else if (value is double number) derivation.Name(name, number);
        }
        derivation._given.Add(new(text, steps) { IsBelowProgram = true });
        return derivation;
    }

    /// <summary>Names a tensor of the graph, or one that formulas read.</summary>
    public Derivation Name(string name, Tensor x)
    {
        _ = x.Slot;
        return Name(name, x, x);
    }

    /// <summary>Names whole numbers that formulas read, such as targets.</summary>
    public Derivation Name(string name, Ids x)
    {
        Throw.IfNull(x, "derivation");
        Named(name, x);
        return this;
    }

    /// <summary>Names a number that formulas read, such as n.</summary>
    public Derivation Name(string name, double value)
    {
        Throw.IfNotFinite(value, "derivation", "number");
        Named(name, value);
        return this;
    }

    /// <summary>A gradient as numbers: <c>dlogits</c> is that of the tensor named <c>logits</c>.</summary>
    public Derivation Step(string name, Tensor gradient)
    {
        CheckName(name);
        _ = gradient.Slot;
        _given.Add(new("", [], name, gradient));
        return this;
    }

    /// <summary>A gradient as a formula: <c>Step("dh", "dlogits @ W2.T")</c>.</summary>
    /// <exception cref="FormulaException">The formula cannot be read.</exception>
    public Derivation Step(string name, [StringSyntax("python")] string formula)
    {
        CheckName(name);
        Throw.IfNull(formula, "derivation");
        _given.Add(new(formula, [new(name, null, "=", FormulaReader.ReadFormula(formula), 0)]));
        return this;
    }

    /// <summary>
    /// Gradients as text, a line each: <c>dhpreact = (1 - h**2) * dh</c>. Lines that assign to other names are steps on
    /// the way. The language is that of docs/backprop-by-hand.md.
    /// </summary>
    /// <exception cref="FormulaException">A line cannot be read.</exception>
    public Derivation Steps([StringSyntax("python")] string formulas)
    {
        Throw.IfNull(formulas, "derivation");
        _given.Add(new(formulas, FormulaReader.Read(formulas)));
        return this;
    }

    /// <summary>Compares all steps.</summary>
    /// <exception cref="FormulaException">A formula reads a name that has no value.</exception>
    /// <exception cref="InvalidOperationException">A step is the gradient of nothing that was named, or of what the
    /// loss does not depend on; or the loss is NaN or infinite; or the graph was overwritten since.</exception>
    public DerivationReport Report()
    {
        using var quiet = NoGrad.Begin();
        if (!double.IsFinite(_loss.Item()))
            Throw.Invalid($"derivation: the loss is {_loss.Item()}, and no gradient of it can be judged: look for what "
                + "left the numbers that have a value, such as the logarithm of a negative number or a division by 0");
        return new DerivationCheck(new(_loss.Slot), _values, _names, _given).Report();
    }

    public override string ToString() => $"derivation of {_names.Count} tensors";

    Derivation Name(string name, Tensor x, object value)
    {
        Named(name, value);
        _names.TryAdd(x.Slot, name);
        return this;
    }

    void Named(string name, object x)
    {
        CheckName(name);
        if (!_values.TryAdd(name, x))
            Throw.Argument($"derivation: '{Printable.Of(name)}' is named already: give each tensor a name of its own",
                nameof(name));
    }

    static void CheckName(string name)
    {
        Throw.IfNull(name, "derivation");
        if (name.Length == 0 || char.IsDigit(name[0]) || !name.All(c => char.IsLetterOrDigit(c) || c == '_'))
            Throw.Argument($"derivation: '{Printable.Of(name)}' is no name: write letters, digits and _, a letter "
                + "first",
                nameof(name));
    }
}

/// <summary>What was given at once: lines of a text, or one gradient as numbers.</summary>
sealed record GivenLines(string Text, IReadOnlyList<Statement> Lines, string Name = "", Tensor? Numbers = null)
{
    /// <summary>Whether the text has the program too, and its names are those of the program.</summary>
    public bool IsBelowProgram { get; init; }
}
