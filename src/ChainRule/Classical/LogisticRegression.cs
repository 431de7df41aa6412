using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Randomness;

namespace ChainRule.Classical;

/// <summary>
/// Probabilities of classes p = softmax(x Wᵀ + b), of the least Σ −ln p of the actual class + λ/2 ‖W‖². Of two classes
/// the first has the logit 0, so that p of the other is the sigmoid of one number. What every network that predicts
/// classes must be better than.
/// </summary>
public sealed class LogisticRegression
{
    const string Asked = "logistic regression";
    const int MostSteps = 10_000;

    readonly double[] _weights;
    readonly int _columns;

    LogisticRegression(double[] weights, int columns, int classes, bool converged) =>
        (_weights, _columns, Classes, Converged) = (weights, columns, classes, converged);

    /// <summary>Fits it, by L-BFGS in double.</summary>
    /// <param name="x">[rows, columns], finite; columns of like size are penalised alike, so scale them first.</param>
    /// <param name="y">The class of each row.</param>
    /// <param name="regularization">λ, 0 or more: scikit-learn's 1 / C. The intercepts are not penalised. At 0, classes
    /// that a line separates have no finite weights.</param>
    /// <param name="classes">How many classes there are; if null, as many as the largest says, at least 2.</param>
    /// <param name="classWeights">How much a row of each class counts; if null, all count alike.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, a number is not finite, or a class is not
    /// there.</exception>
    public static LogisticRegression Fit(
        Tensor x, Ids y, double regularization = 1, int? classes = null, IReadOnlyList<double>? classWeights = null)
    {
        Throw.IfNegative(regularization, Asked, "regularization");
        double[] numbers = Columns.Matrix(Asked, x);
        int rows = x.Shape[0], columns = x.Shape[1];
        int[] targets = Columns.Targets(Asked, y, rows);
        int count = ClassCount.Of(Asked, targets, classes);
        if (classWeights is not null && classWeights.Count != count)
            Throw.Argument($"{Asked}: {classWeights.Count} weights for {count} classes: give one for each",
                nameof(classWeights));
        if (classWeights is not null)
            foreach (double weight in classWeights)
                Throw.IfNegative(weight, Asked, "the weight of a class is", nameof(classWeights));
        // The first of two classes has the logit 0; of more, each has its own.
        int outputs = count == 2 ? 1 : count;
        double[] weights = new double[outputs * (columns + 1)];
        var sum = new Sum(numbers, columns, targets, classWeights, regularization, outputs);
        var (converged, _) = Lbfgs.Minimise(sum.Value, weights, 1e-8 * rows, MostSteps);
        return new(weights, columns, count, converged);
    }

    /// <summary>How many classes there are.</summary>
    public int Classes { get; }

    /// <summary>Whether the search came to its end.</summary>
    public bool Converged { get; }

    /// <summary>The weight of a column for a class.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class or column.</exception>
    public double Weight(int label, int column)
    {
        if ((uint)column >= (uint)_columns)
            Throw.OutOfRange($"{Asked}: column {column}: {Throw.Run("columns", _columns)}", nameof(column));
        return At(label, column);
    }

    /// <summary>The intercept of a class.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double Intercept(int label) => At(label, _columns);

    /// <summary>The probability of each class: [rows, columns] → [rows, classes].</summary>
    /// <exception cref="ArgumentException">x is no matrix of as many columns as the model was fitted to, or a number is
    /// not finite.</exception>
    public Tensor Probabilities(Tensor x)
    {
        double[] numbers = Columns.Matrix($"{Asked}: predict", x, _columns), p = new double[x.Shape[0] * Classes];
        for (int i = 0; i < x.Shape[0]; i++)
        {
            var row = p.AsSpan(i * Classes, Classes);
            for (int c = 0; c < Classes; c++)
                row[c] = Classes == 2 && c == 0 ? 0
                    : Logit(_weights, Classes == 2 ? 0 : c, numbers.AsSpan(i * _columns, _columns));
            TensorPrimitives.Subtract(row, TensorPrimitives.Max<double>(row), row);
            TensorPrimitives.Exp(row, row);
            TensorPrimitives.Divide(row, TensorPrimitives.Sum<double>(row), row);
        }
        return Tensor.From(p, [x.Shape[0], Classes]).To(x.DType);
    }

    /// <summary>The same as a layer [rows, columns] → logits [rows, classes], in float32: to be saved, explained or
    /// trained further as any network is.</summary>
    public Linear ToLayer()
    {
        var layer = new Linear(_columns, Classes, new TorchRandom(0));
        for (int c = 0; c < Classes; c++)
        {
            for (int j = 0; j < _columns; j++) layer.Weight.Write<float>()[c * _columns + j] = (float)At(c, j);
            layer.Bias!.Value.Write<float>()[c] = (float)At(c, _columns);
        }
        return layer;
    }

    public override string ToString() => $"logistic regression of {_columns} columns and {Classes} "
        + $"classes{(Converged ? "" : ", not converged")}";

    double At(int label, int place)
    {
        if ((uint)label >= (uint)Classes)
            Throw.OutOfRange($"{Asked}: class {label}: {Throw.Run("classes", Classes)}", nameof(label));
        if (Classes == 2) return label == 0 ? 0 : _weights[place];
        return _weights[label * (_columns + 1) + place];
    }

    static double Logit(ReadOnlySpan<double> weights, int output, ReadOnlySpan<double> row)
    {
        var w = weights.Slice(output * (row.Length + 1), row.Length + 1);
        return TensorPrimitives.Dot(row, w[..^1]) + w[^1];
    }

    /// <summary>What is minimised: Σ −ln p + λ/2 ‖W‖².</summary>
    sealed class Sum(double[] x, int columns, int[] targets, IReadOnlyList<double>? classWeights, double regularization,
        int outputs)
    {
        readonly double[] _logits = new double[outputs];

        public double Value(double[] weights, double[] gradient)
        {
            double value = 0;
            Array.Clear(gradient);
            for (int o = 0; o < outputs; o++)
            {
                var w = weights.AsSpan(o * (columns + 1), columns);
                value += regularization / 2 * TensorPrimitives.SumOfSquares<double>(w);
                TensorPrimitives.Multiply(w, regularization, gradient.AsSpan(o * (columns + 1), columns));
            }
            for (int i = 0; i < targets.Length; i++)
            {
                var row = x.AsSpan(i * columns, columns);
                double weight = classWeights?[targets[i]] ?? 1;
                for (int o = 0; o < outputs; o++) _logits[o] = Logit(weights, o, row);
                value += weight * Loss(targets[i]);
                for (int o = 0; o < outputs; o++)
                {
                    var dw = gradient.AsSpan(o * (columns + 1), columns + 1);
                    TensorPrimitives.MultiplyAdd(row, weight * _logits[o], dw[..^1], dw[..^1]);
                    dw[^1] += weight * _logits[o];
                }
            }
            return value;
        }

        // −ln p of the target; the logits become p − 1 of the target and p of the others.
        double Loss(int target)
        {
            // The first of two classes has the logit 0.
            double fixedLogit = outputs == 1 ? 0 : double.NegativeInfinity, most = fixedLogit;
            foreach (double logit in _logits) most = Math.Max(most, logit);
            double sum = Math.Exp(fixedLogit - most), own = outputs == 1 && target == 0 ? 0
                : _logits[outputs == 1 ? 0 : target];
            foreach (double logit in _logits) sum += Math.Exp(logit - most);
            double log = most + Math.Log(sum);
            for (int o = 0; o < outputs; o++)
                _logits[o] = Math.Exp(_logits[o] - log) - ((outputs == 1 ? 1 : o) == target ? 1 : 0);
            return log - own;
        }
    }
}
