using ChainRule.Layers;

namespace ChainRule.Diagnostics;

/// <summary>
/// Why this prediction? Each input's contribution to the difference between the prediction for a row x and that for a
/// baseline row x′, such as the mean of the training rows: the gradient, averaged along the straight line from one to
/// the other, times how far the input is from the baseline. They sum to the difference.
/// <code lang="math">
/// contribution of i = (xᵢ − x′ᵢ) ∫₀¹ ∂f/∂xᵢ (x′ + t (x − x′)) dt
/// </code>
/// </summary>
/// <remarks>
/// Sundararajan, Taly and Yan, "Axiomatic attribution for deep networks", 2017. The line is cut into pieces, each
/// integrated by four points (Gauss and Legendre), and halved until the sum over a piece is the difference that the
/// model has between its ends: so the sum is right for networks with kinks too.
/// </remarks>
public static class IntegratedGradients
{
    const string Asked = "integrated gradients";
    const int MostHalvings = 96, PiecesAtOnce = 256;

    // Places and weights in [0, 1].
    static readonly double[] s_places = [0.06943184420297371, 0.33000947820757187, 0.6699905217924281,
        0.9305681557970263];
    static readonly double[] s_weights = [0.17392742256872692, 0.32607257743127307, 0.32607257743127307,
        0.17392742256872692];

    /// <summary>The contributions of a model's inputs to one of its outputs.</summary>
    /// <param name="model">A model of [rows, columns] → [rows, outputs], each row by itself; in float64
    /// (<c>model.To(DType.Float64)</c>), since float32 cannot tell 1e-6.</param>
    /// <param name="x">The rows to explain, [rows, columns], float64.</param>
    /// <param name="baseline">The row to compare with, [columns], float64.</param>
    /// <param name="output">Which of the model's outputs.</param>
    /// <param name="tolerance">How far the sum of a row's contributions may be from the difference, relative to it and
    /// to 1, above 0.</param>
    /// <returns>[rows, columns]. Their sum over a row is f(x) − f(baseline).</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, x is not float64, or there is no such
    /// output.</exception>
    /// <exception cref="InvalidOperationException">The model jumps between the baseline and a row: no gradients sum to
    /// its difference.</exception>
    public static Tensor Of(Module model, Tensor x, Tensor baseline, int output = 0, double tolerance = 1e-6)
    {
        Throw.IfNull(model, Asked);
        Throw.IfNotPositive(tolerance, Asked, "tolerance");
        if (x.Rank != 2 || x.Shape[0] == 0)
            Throw.Argument($"{Asked}: x is {x.Shape}: give the rows to explain, [rows, columns]", nameof(x));
        if (baseline.Count != x.Shape[1])
            Throw.Argument($"{Asked}: the baseline is {baseline.Shape} for rows of {x.Shape[1]} columns: give "
                + $"[{x.Shape[1]}]", nameof(baseline));
        if (x.DType != DType.Float64 || baseline.DType != DType.Float64)
            Throw.Argument($"{Asked}: x is {x.DType} and the baseline {baseline.DType}: give both, and the model, in "
                + "Float64, which alone can tell such small errors", nameof(x));
        using var evaluation = model.InEvaluation();
        var path = new Path(model, x.Detach().ToArray<double>(), baseline.Detach().ToArray<double>(), output);
        // Errors of pieces add up: where there are very many, each is allowed less.
        for (double part = 1.0 / 64; ; part /= 64)
        {
            var (contributions, errors) = Summed(path, x.Shape[0], tolerance, part);
            if (part < 1e-9 || errors.All(error => error <= tolerance)) return Tensor.From(contributions, x.Shape);
        }
    }

    static (double[] Contributions, double[] Errors) Summed(Path path, int rows, double tolerance, double part)
    {
        double[] contributions = new double[rows * path.Columns], errors = new double[rows];
        double[] ends = path.Values([.. Enumerable.Range(0, rows).SelectMany(row => new[] { (row, 0.0), (row, 1.0) })]);
        double Scale(int row) => Math.Max(1, Math.Abs(ends[2 * row + 1] - ends[2 * row]));
        var open = new Stack<Piece>();
        for (int row = rows - 1; row >= 0; row--) open.Push(new(row, 0, 1, ends[2 * row], ends[2 * row + 1], 0));
        while (open.Count > 0)
        {
            Piece[] pieces = [.. Enumerable.Range(0, Math.Min(PiecesAtOnce, open.Count)).Select(_ => open.Pop())];
            List<(Piece Piece, double At)> cuts = [];
            foreach (var (piece, sums, cut) in path.Integrate(pieces))
            {
                double error = Math.Abs(sums.Sum() - (piece.High - piece.Low)) / Scale(piece.Row);
                if (error > tolerance * part)
                {
                    cuts.Add((piece, cut));
                    continue;
                }
                errors[piece.Row] += error;
                for (int c = 0; c < sums.Length; c++) contributions[piece.Row * sums.Length + c] += sums[c];
            }
            double[] values = cuts.Count == 0 ? [] : path.Values([.. cuts.Select(cut => (cut.Piece.Row, cut.At))]);
            foreach (var ((piece, at), value) in cuts.Zip(values))
            {
                if (piece.Halvings == MostHalvings)
                {
                    Throw.Invalid($"{Asked}: between the baseline and row {piece.Row} the model jumps from "
                        + $"{piece.Low:G4} to {piece.High:G4}, and no gradients sum to that: "
                        + "explain a model without steps");
                }
                open.Push(piece with { From = at, Low = value, Halvings = piece.Halvings + 1 });
                open.Push(piece with { To = at, High = value, Halvings = piece.Halvings + 1 });
            }
        }
        return (contributions, errors);
    }

    /// <summary>A part of the line to a row, and the model's values at its ends.</summary>
    readonly record struct Piece(int Row, double From, double To, double Low, double High, int Halvings);

    /// <summary>The lines from the baseline to the rows.</summary>
    sealed class Path(Module model, double[] x, double[] baseline, int output)
    {
        /// <summary>The model's output at places on the lines.</summary>
        public double[] Values((int Row, double T)[] places)
        {
            using var quiet = NoGrad.Begin();
            return Outputs(model.Forward(At(places))).ToArray<double>();
        }

        public int Columns => baseline.Length;

        /// <summary>The integral over each piece, times the way along each column; and where to cut the piece if that
        /// is not exact.</summary>
        public IEnumerable<(Piece Piece, double[] Sums, double Cut)> Integrate(Piece[] pieces)
        {
            int points = s_places.Length;
            var at = At([.. pieces.SelectMany(piece =>
                s_places.Select(place => (piece.Row, piece.From + place * (piece.To - piece.From))))]).RequireGrad();
            var y = Outputs(model.Forward(at));
            double[] gradients = y.RequiresGrad ? y.Sum().Gradients([at])[0].ToArray<double>() : new double[at.Count];
            for (int i = 0; i < pieces.Length; i++)
            {
                var (piece, sums) = (pieces[i], new double[Columns]);
                double length = piece.To - piece.From, first = 0, last = 0;
                for (int c = 0; c < Columns; c++)
                {
                    double way = length * (x[piece.Row * Columns + c] - baseline[c]);
                    for (int p = 0; p < points; p++)
                        sums[c] += s_weights[p] * way * gradients[(i * points + p) * Columns + c];
                    first += way * gradients[i * points * Columns + c];
                    last += way * gradients[(i * points + points - 1) * Columns + c];
                }
                // One kink between two straight parts lies where these meet; all else is cut in the middle.
                double kink = (piece.High - piece.Low - last) / (first - last);
                yield return (piece, sums, piece.From + length * (piece.Halvings % 2 == 0 && kink is > 0.001 and < 0.999
                    ? kink : 0.5));
            }
        }

        Tensor At((int Row, double T)[] places)
        {
            double[] numbers = new double[places.Length * Columns];
            for (int i = 0; i < places.Length; i++)
                for (int c = 0; c < Columns; c++)
                    numbers[i * Columns + c] = baseline[c]
                        + places[i].T * (x[places[i].Row * Columns + c] - baseline[c]);
            return Tensor.From(numbers, [places.Length, Columns]);
        }

        Tensor Outputs(Tensor y)
        {
            if (y.Rank != 2)
                Throw.Argument($"{Asked}: the model gives {y.Shape}: explain one that gives [rows, outputs]",
                    nameof(model));
            if ((uint)output >= (uint)y.Shape[1])
                Throw.OutOfRange($"{Asked}: output {output}: {Throw.Run("outputs", y.Shape[1])}", nameof(output));
            return y.Select(1, output);
        }
    }
}
