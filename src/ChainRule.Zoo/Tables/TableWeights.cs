using ChainRule.Layers;
using ChainRule.Zoo.Models;

namespace ChainRule.Zoo.Tables;

/// <summary>The weights of one number that a row became.</summary>
/// <param name="Column">Its name: that of its column, or of a category in it.</param>
/// <param name="Weights">A weight for each of <see cref="TableWeights.Outputs"/>.</param>
public sealed record ColumnWeights(string Column, IReadOnlyList<double> Weights);

/// <summary>
/// The weights of a model that is a weighted sum and no more, z = Σ weight × number + bias. A number is predicted as z
/// itself; of two classes the positive one has the probability σ(z); of more classes each has a sum of its own, and
/// the probabilities are their softmax.
/// </summary>
/// <param name="Outputs">What each sum is of: the target, the positive class, or every class.</param>
/// <param name="Columns">In the order of the columns.</param>
/// <param name="Bias">A number for each of <see cref="Outputs"/>.</param>
/// <param name="Standardised">Whether columns of numbers are in standard deviations from their mean.</param>
public sealed record TableWeights(IReadOnlyList<string> Outputs, IReadOnlyList<ColumnWeights> Columns,
    IReadOnlyList<double> Bias, bool Standardised)
{
    /// <summary>Those of a model; null if it is more than a weighted sum.</summary>
    internal static TableWeights? Of(Module model, TableData data)
    {
        var (layer, target) = (model as Linear ?? (model as OneNeuron)?.Sum, data.Encoding.Target);
        if (layer is null) return null;
        double[] w = Numbers(layer.Weight), b = Numbers(layer.Bias!.Value);
        int columns = data.Encoding.Encoder.Columns.Count;
        string[] outputs = data.IsRegression ? [target.Name] : target.Classes.Count == 2 ? [target.Classes[1]]
            : [.. target.Classes];
        // Of two outputs the difference decides, and that is what σ is taken of.
        double Of(int output, double[] all, int column, int width) => data.IsRegression ? all[column] * target.Std
            : b.Length == 2 ? all[width + column] - all[column] : all[output * width + column];
        return new(outputs, [.. data.Encoding.Encoder.Columns.Select((column, c) => new ColumnWeights(column.Name,
            [.. outputs.Select((_, output) => Of(output, w, c, columns))]))],
            [.. outputs.Select((_, output) => Of(output, b, 0, 1) + (data.IsRegression ? target.Mean : 0))],
            data.Table.Options.Standardise);
    }

    static double[] Numbers(Tensor x) => x.Detach().To(DType.Float64).ToArray<double>();
}
