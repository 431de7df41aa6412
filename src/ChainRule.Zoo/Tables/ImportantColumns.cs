using ChainRule.Diagnostics;
using ChainRule.Layers;

namespace ChainRule.Zoo.Tables;

/// <summary>What a model of a table goes by: how much worse it becomes when a column is shuffled.</summary>
static class ImportantColumns
{
    /// <summary>The most columns that are shuffled: of more, those that the outputs depend on most.</summary>
    public const int Most = 500;

    /// <summary>The importance of the columns, the most important first.</summary>
    /// <param name="model">The model.</param>
    /// <param name="x">Rows that it was not trained on, encoded.</param>
    /// <param name="sources">The column of the table that each number of a row comes from.</param>
    /// <param name="error">The error of the model on such rows.</param>
    /// <param name="seed">What decides the shuffles.</param>
    public static ColumnImportance[] Of(Module model, Tensor x, string[] sources, Func<Tensor, double> error,
        ulong seed)
    {
        string[] columns = [.. sources.Distinct()];
        HashSet<string> kept = columns.Length <= Most ? [.. columns] : Steepest(model, x, sources);
        int[] places = [.. Enumerable.Range(0, sources.Length).Where(c => kept.Contains(sources[c]))];
        float[] whole = x.ToArray<float>();
        int rows = x.Shape[0], width = sources.Length;
        float[] part = new float[rows * places.Length];
        for (int i = 0; i < rows; i++)
            for (int c = 0; c < places.Length; c++) part[i * places.Length + c] = whole[i * width + places[c]];
        var found = PermutationImportance.Of(shuffled => error(Among(shuffled)),
            Tensor.From(part, [rows, places.Length]), [.. places.Select(c => sources[c])],
            repeats: columns.Length > 200 ? 2 : columns.Length > 60 ? 4 : 10, seed: seed);
        return [.. found.Lines.Select(one => new ColumnImportance(one.Column, one.Mean, one.Low, one.High))];

        Tensor Among(Tensor shuffled)
        {
            float[] numbers = [.. whole], own = shuffled.ToArray<float>();
            for (int i = 0; i < rows; i++)
                for (int c = 0; c < places.Length; c++) numbers[i * width + places[c]] = own[i * places.Length + c];
            return Tensor.From(numbers, [rows, width]);
        }
    }

    // |number · derivative of the sum of the squared outputs|, summed over the rows: numbers are standardised, so that
    // this is about what shuffling changes.
    static HashSet<string> Steepest(Module model, Tensor x, string[] sources)
    {
        using var mode = model.InEvaluation();
        var inputs = x.Detach().Clone().RequireGrad();
        var outputs = model.Forward(inputs);
        float[] numbers = x.ToArray<float>(), derivatives = (outputs * outputs).Sum().Gradients([inputs])[0]
            .ToArray<float>();
        var sums = new Dictionary<string, double>();
        for (int i = 0; i < numbers.Length; i++)
        {
            string source = sources[i % sources.Length];
            sums[source] = sums.GetValueOrDefault(source) + Math.Abs((double)numbers[i] * derivatives[i]);
        }
        return [.. sums.OrderByDescending(one => one.Value).Take(Most).Select(one => one.Key)];
    }
}
