using System.Globalization;
using System.Text;

namespace ChainRule.Layers;

public abstract partial class Module
{
    const string None = "–";

    /// <summary>
    /// A table of this module and every module below it: the shape of its latest output, – before the first,
    /// and how many numbers its own parameters hold. What is shared counts where it comes first, so that the
    /// column adds up to the total.
    /// </summary>
    public override string ToString()
    {
        List<(string Layer, string Output, string Parameters)> rows = [("layer", "output", "parameters")];
        AddRows(rows, "", 0, []);
        rows.Add(("total", "", Number(CountParameters())));

        int first = rows.Max(row => row.Layer.Length), second = rows.Max(row => row.Output.Length),
            third = rows.Max(row => row.Parameters.Length);
        var text = new StringBuilder();
        foreach (var (layer, output, parameters) in rows)
            text.Append(layer.PadRight(first + 2)).Append(output.PadRight(second + 2)).Append(parameters.PadLeft(third))
                .Append('\n');
        return text.ToString(0, text.Length - 1);
    }

    /// <summary>
    /// The table, with the output shapes that an input like this one leads to; nothing else is changed by looking.
    /// </summary>
    public string Summary(Tensor x) => Summary(() => Forward(x));

    /// <summary>
    /// The table, with the output shapes that ids like these lead to; nothing else is changed by looking.
    /// </summary>
    public string Summary(Ids ids) => Summary(() => Forward(ids));

    /// <summary>
    /// The module in a word or as its constructor is called, for tables and errors: <c>Linear(30, 200)</c>.
    /// </summary>
    protected internal virtual string Describe() => GetType().Name;

    string Summary(Func<Tensor> forward)
    {
        using (Undisturbed())
        {
            using var quiet = NoGrad.Begin();
            forward();
        }
        return ToString();
    }

    void AddRows(List<(string, string, string)> rows, string label, int depth, HashSet<Tensor> counted)
    {
        long own = OwnState().Select(named => named.Value).Where(x => IsParameter(x) && counted.Add(x))
            .Sum(x => (long)x.Count);
        rows.Add(($"{new string(' ', 2 * depth)}{label}{Describe()}", _outputShape?.ToString() ?? None,
            own == 0 ? None : Number(own)));
        foreach (var (name, child) in Children()) child.AddRows(rows, $"{name} ", depth + 1, counted);
    }

    static string Number(long n) => n.ToString("N0", CultureInfo.InvariantCulture);
}
