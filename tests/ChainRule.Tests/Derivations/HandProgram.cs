using ChainRule.Derivations;
using ChainRule.Randomness;

namespace ChainRule.Tests.Derivations;

/// <summary>A small network with its gradients written by hand.</summary>
/// <param name="Name">What it is.</param>
/// <param name="HeldBack">Whether the diagnosis was written without a look at it.</param>
/// <param name="Build">Makes the tensors: the loss, and all by name.</param>
/// <param name="Lines">The right gradients.</param>
/// <param name="Slips">Mistakes of its own: a line, what is written instead, and what it is.</param>
sealed record HandProgram(string Name, bool HeldBack, Func<Sheet, Tensor> Build, string Lines,
    params (string Right, string Wrong, Mistake Mistake)[] Slips)
{
    public override string ToString() => Name;

    /// <summary>A check of this program with all its names.</summary>
    public Derivation Check(DType dtype = DType.Float64, int seed = 1) => Check(out _, dtype, seed);

    /// <summary>A check of this program where every gradient is given as numbers, one of them by other lines.</summary>
    public Derivation CheckNumbers(string step, string wrong)
    {
        var check = Check(out var sheet);
        var (right, other) = (Run(sheet, Lines), Run(sheet, wrong));
        foreach (string name in FormulaReader.Read(Lines).SelectMany(line => line.Assigned()).Reverse().Distinct()
            .Reverse())
            check.Step(name, FormulaFunctions.Tensor(name == step ? other[name] : right[name]));
        return check;
    }

    static Dictionary<string, object?> Run(Sheet sheet, string lines)
    {
        using var quiet = NoGrad.Begin();
        var values = sheet.Named.ToDictionary(one => one.Key,
            one => one.Value is Tensor x ? (object?)x.Detach().To(DType.Float64) : one.Value);
        new FormulaRunner(lines, values).Run(FormulaReader.Read(lines));
        return values;
    }

    Derivation Check(out Sheet sheet, DType dtype = DType.Float64, int seed = 1)
    {
        sheet = new Sheet(dtype, seed);
        var check = Derivation.Check(Build(sheet));
        foreach (var (name, value) in sheet.Named)
        {
            if (value is Tensor x) check.Name(name, x);
            else if (value is Ids ids) check.Name(name, ids);
            else check.Name(name, (double)value);
        }
        return check;
    }
}

/// <summary>Draws the numbers of a program and remembers what is named.</summary>
sealed class Sheet(DType dtype, int seed)
{
    readonly TorchRandom _rng = new((ulong)seed);

    public Dictionary<string, object> Named { get; } = [];

    public DType DType => dtype;

    public TorchRandom Rng => _rng;

    /// <summary>A parameter.</summary>
    public Tensor Parameter(string name, Shape shape, double scale = 0.5) =>
        Name(name, (Tensor.Randn(shape, _rng) * scale).Detach().To(dtype).Detach().RequireGrad());

    /// <summary>Numbers without a gradient.</summary>
    public Tensor Data(string name, Shape shape, double scale = 1) =>
        Name(name, (Tensor.Randn(shape, _rng) * scale).Detach().To(dtype).Detach());

    public Ids Ids(string name, Shape shape, int below)
    {
        var ids = ChainRule.Ids.Random(shape, 0, below, _rng);
        Named.Add(name, ids);
        return ids;
    }

    public void Number(string name, double x) => Named.Add(name, x);

    public Tensor Name(string name, Tensor x)
    {
        Named.Add(name, x);
        return x;
    }
}
