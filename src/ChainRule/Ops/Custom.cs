namespace ChainRule;

/// <summary>
/// What an op of your own sees while it computes: the numbers and shapes of its inputs and of its output, the
/// gradients, and what it saves for the backward pass. All numbers are float64 here; in a float32 network they are
/// converted on the way in, and rounded once on the way out.
/// </summary>
public sealed class CustomFrame
{
    readonly double[][] _x, _saved;
    readonly double[][]? _dx;
    readonly Shape[] _shapes;
    readonly bool[] _wants;
    readonly double[] _y;
    readonly double[]? _dy;

    internal CustomFrame(double[][] x, Shape[] shapes, bool[] wants, double[] y, Shape yShape, double[][] saved,
        double[]? dy, double[][]? dx) =>
        (_x, _shapes, _wants, _y, YShape, _saved, _dy, _dx) = (x, shapes, wants, y, yShape, saved, dy, dx);

    /// <summary>
    /// The output: to be filled by the forward pass, and read by the backward pass. It is all 0 before.
    /// </summary>
    public Span<double> Y => _y;

    /// <summary>The shape of the output.</summary>
    public Shape YShape { get; }

    /// <summary>dL/dy, the gradient of the output.</summary>
    /// <exception cref="InvalidOperationException">Asked for in the forward pass.</exception>
    public ReadOnlySpan<double> DY => _dy ?? NoGradient();

    /// <summary>The numbers of input i.</summary>
    public ReadOnlySpan<double> X(int i = 0) => _x[Input(i)];

    /// <summary>The shape of input i.</summary>
    public Shape XShape(int i = 0) => _shapes[Input(i)];

    /// <summary>
    /// dL/dx, the gradient of input i: to be added to. Where input i requires none, what is added is thrown away.
    /// </summary>
    /// <exception cref="InvalidOperationException">Asked for in the forward pass.</exception>
    public Span<double> DX(int i = 0) => _dx is null ? NoGradient() : _dx[Input(i)];

    /// <summary>Whether input i requires a gradient, so that work for others can be spared.</summary>
    public bool RequiresGrad(int i = 0) => _wants[Input(i)];

    /// <summary>
    /// Saved tensor i, as large as was asked for: filled by the forward pass, and read by the backward pass.
    /// </summary>
    public Span<double> Saved(int i = 0)
    {
        if ((uint)i >= (uint)_saved.Length)
            Throw.OutOfRange($"custom op: saved tensor {i}: {Throw.Run("saved tensors", _saved.Length)}", nameof(i));
        return _saved[i];
    }

    /// <summary>What it sees: <c>custom op of 2 inputs, output [3, 4]</c>.</summary>
    public override string ToString() =>
        $"custom op of {_x.Length} input{(_x.Length == 1 ? "" : "s")}, output {YShape}";

    int Input(int i)
    {
        if ((uint)i >= (uint)_x.Length)
            Throw.OutOfRange($"custom op: input {i}: {Throw.Run("inputs", _x.Length)}", nameof(i));
        return i;
    }

    static double[] NoGradient()
    {
        Throw.Invalid("custom op: the forward pass has no gradients: use DY and DX in the backward pass");
        return [];
    }
}

/// <summary>The op of a function and its gradient that a user wrote.</summary>
readonly struct Custom(string name, Action<CustomFrame> forward, Action<CustomFrame> backward, int inputs,
    double[][] saved) : IOp
{
    string? IOp.Name => name;

    void IOp.Forward<T>(Frame<T> f)
    {
        double[] y = new double[f.Y.Length];
        forward(Framed(f, y, null, null));
        for (int i = 0; i < y.Length; i++) f.Y[i] = T.CreateTruncating(y[i]);
    }

    void IOp.Backward<T>(Frame<T> f)
    {
        double[][] dx = new double[inputs][];
        for (int i = 0; i < inputs; i++) dx[i] = new double[f.X(i).Length];
        backward(Framed(f, Doubles<T>(f.Y), Doubles(f.DY), dx));
        for (int i = 0; i < inputs; i++)
        {
            if (!f.RequiresGrad(i)) continue;
            var sum = f.DX(i);
            for (int k = 0; k < sum.Length; k++) sum[k] += T.CreateTruncating(dx[i][k]);
        }
    }

    CustomFrame Framed<T>(Frame<T> f, double[] y, double[]? dy, double[][]? dx)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        double[][] x = new double[inputs][];
        var shapes = new Shape[inputs];
        bool[] wants = new bool[inputs];
        for (int i = 0; i < inputs; i++)
            (x[i], shapes[i], wants[i]) = (Doubles(f.X(i)), f.XShape(i), f.RequiresGrad(i));
        return new(x, shapes, wants, y, f.YShape, saved, dy, dx);
    }

    static double[] Doubles<T>(ReadOnlySpan<T> x) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        double[] numbers = new double[x.Length];
        for (int i = 0; i < x.Length; i++) numbers[i] = double.CreateTruncating(x[i]);
        return numbers;
    }
}

public readonly partial struct Tensor
{
    /// <summary>
    /// An op of your own: its output from its inputs, and the gradients of its inputs from that of its
    /// output, over spans of numbers.
    /// <code>
    /// var y = Tensor.Custom("cube", x.Shape, [x],
    ///     f => { for (int i = 0; i &lt; f.Y.Length; i++) f.Y[i] = Math.Pow(f.X()[i], 3); },
    ///     f => { for (int i = 0; i &lt; f.DY.Length; i++) f.DX()[i] += 3 * f.X()[i] * f.X()[i] * f.DY[i]; });
    /// </code>
    /// It works in both number types, and <c>GradCheck</c> checks it as any other. An element-wise function is faster
    /// as a formula: <see cref="Map{F}(F, Tensor)"/>.
    /// </summary>
    /// <param name="name">What errors and graphs call it.</param>
    /// <param name="shape">The shape of the output. Several outputs can lie side by side in one, and be taken apart by
    /// <see cref="Split"/>.</param>
    /// <param name="inputs">The inputs: <see cref="CustomFrame.X"/> of 0, 1, 2 …</param>
    /// <param name="forward">Fills <see cref="CustomFrame.Y"/>, and what it saves.</param>
    /// <param name="backward">Adds (∂y/∂x)ᵀ dy to <see cref="CustomFrame.DX"/> of every input.</param>
    /// <param name="saved">How many numbers each saved tensor holds, which the forward pass leaves for
    /// the backward pass.</param>
    /// <exception cref="ArgumentException">There are no inputs, or their number types differ.</exception>
    public static Tensor Custom(string name, Shape shape, IReadOnlyList<Tensor> inputs, Action<CustomFrame> forward,
        Action<CustomFrame> backward, params int[] saved)
    {
        Throw.IfNull(name, "custom op");
        string asked = $"custom op '{name}'";
        Throw.IfNull(inputs, asked);
        Throw.IfNull(forward, asked);
        Throw.IfNull(backward, asked);
        Throw.IfNull(saved, asked);
        if (inputs.Count == 0)
            Throw.Argument($"{asked}: there are no inputs: give at least one tensor", nameof(inputs));
        foreach (int size in saved)
            if (size < 0 || size > Array.MaxLength)
                Throw.OutOfRange($"{asked}: a saved tensor of {size} numbers: give 0 to {Array.MaxLength:N0}",
                    nameof(saved));
        foreach (var x in inputs) if (x.DType != inputs[0].DType)
            Throw.Mixed(asked, inputs[0].DType, x.DType, nameof(inputs));
        var slots = new Slot[inputs.Count];
        for (int i = 0; i < slots.Length; i++) slots[i] = inputs[i].Slot;
        return ChainRule.Op.Run(new Custom(name, forward, backward, slots.Length,
            Array.ConvertAll(saved, size => new double[size])), shape, slots);
    }
}
