using System.Globalization;
using ChainRule.Scalar;

namespace ChainRule.Pictures;

/// <summary>
/// A network in DOT, each layer a column: every arrow ends at the weight it is multiplied by, blue where that is
/// positive and orange where it is negative, and the wider the larger it is. With an example's errors the arrows run
/// backward, and show what each neuron hands to those before it.
/// </summary>
/// <remarks>
/// The places are given (layout=neato), so that neurons stand in their order; above twelve in a layer some
/// give way to an ellipsis.
/// </remarks>
sealed class NetworkDot
{
    /// <summary>Neurons of a layer that are all drawn; of more, the first and the last.</summary>
    const int MostDrawn = 12, First = 7, Last = 4;

    // With more inputs a neuron names none of its weights: colour and width must do.
    const int MostNamed = 8;

    // In inches: a letter, a line of text, the room between two columns.
    const double Letter = 0.09, TextLine = 0.27, Between = 1.1;

    readonly DotText _text = new("layout=neato", "splines=line");
    readonly Network _network;
    readonly bool _flow;

    NetworkDot(Network network) => (_network, _flow) = (network, network.Values is not null);

    public static string Write(Network network) => new NetworkDot(network).Write();

    string Write()
    {
        var layers = _network.Layers;
        double scale = _flow ? layers.Max(layer => Largest(Handed(layer)))
            : layers.Max(layer => Largest(layer.Weights));
        int tallest = layers.Select(layer => Shown(layer.Neurons).Count()).Append(Shown(_network.Inputs).Count()).Max();
        double step = layers.Max(StepOf), top = (tallest + 1) * step / 2, x = 0, half = 0.35;

        var nodes = Shown(_network.Inputs).Select(i => i < 0 ? "" : $"x{i + 1}").ToList();
        Heading(x, top, $"input\n{_network.Inputs}");
        foreach (var (row, i) in Shown(_network.Inputs).Index())
        {
            if (i < 0) Ellipsis(-1, x, Place(row, nodes.Count, step), _network.Inputs);
            else
                Circle($"x{i + 1}", x, Place(row, nodes.Count, step),
                    _flow ? $"\n{Number(_network.Values![i])}\nerror {Number(_network.Errors![i])}" : "");
        }
        int[] before = [.. Shown(_network.Inputs)];
        foreach (var (l, layer) in layers.Index())
        {
            double width = WidthOf(layer);
            x += half + Between + width / 2;
            half = width / 2;
            int[] shown = [.. Shown(layer.Neurons)];
            string neurons = layer.Neurons == 1 ? "1 neuron" : $"{layer.Neurons} neurons";
            Heading(x, top, $"{_network.NameOf(l)}\n{neurons}, {layer.Activation}");
            foreach (var (row, i) in shown.Index())
            {
                if (i < 0) Ellipsis(l, x, Place(row, shown.Length, step), layer.Neurons);
                else Neuron(l, i, x, Place(row, shown.Length, step));
            }
            foreach (int i in shown.Where(i => i >= 0))
            {
                foreach (int j in before.Where(j => j >= 0)) Arrow(l, j, i, scale);
            }
            before = shown;
        }
        x += half + 0.9;
        foreach (var (row, i) in before.Index())
        {
            if (i < 0) continue;
            Circle($"y{i + 1}", x, Place(row, before.Length, step), "");
            _text.Arrow($"n{layers.Count - 1}_{i}:e", $"y{i + 1}:w", _flow ? "dir=back" : "");
        }
        return _text.ToString();
    }

    void Neuron(int l, int i, double x, double y)
    {
        var layer = _network.Layers[l];
        int inputs = layer.Weights.GetLength(1);
        string weights = inputs > MostNamed ? ""
            : "{ " + string.Join(" | ",
                Enumerable.Range(0, inputs).Select(j => $"<w{j}> {Number(layer.Weights[i, j])}")) + " } | ";
        string sum = layer.Biases is { } biases
            ? $"Σ {(biases[i] < 0 ? "−" : "+")} {Number(Math.Abs(biases[i]))}" : "Σ";
        string words = _flow ? $"{Number(layer.Outputs![i])}\\nerror {Number(layer.Errors![i])}"
            : $"{weights}{sum} | {DotText.Field(layer.Activation)}";
        _text.Record($"n{l}_{i}", words, (x, y));
    }

    // Forward: how much an input counts. Backward: what this neuron's error adds to that of the one
    // before it, ∂L/∂z · w.
    void Arrow(int l, int j, int i, double scale)
    {
        var layer = _network.Layers[l];
        double weight = layer.Weights[i, j], carried = _flow ? layer.SumErrors![i] * weight : weight;
        string from = l == 0 ? $"x{j + 1}" : $"n{l - 1}_{j}",
            port = _flow || layer.Weights.GetLength(1) > MostNamed ? "" : $":w{j}";
        double width = scale > 0 ? 0.4 + 2.6 * Math.Abs(carried) / scale : 0.4;
        string colour = DotText.Quoted(Theme.Series[carried < 0 ? 1 : 0]), tooltip = DotText.Quoted(Number(carried));
        _text.Arrow($"{from}:e", $"n{l}_{i}{port}:w", string.Create(CultureInfo.InvariantCulture,
            $"{(_flow ? "dir=back, " : "")}color={colour}, penwidth={width:0.00}, tooltip={tooltip}"));
    }

    void Heading(double x, double y, string words) =>
        _text.Node(DotText.Quoted(words), label: null, "shape=plaintext", (x, y));

    void Circle(string name, double x, double y, string numbers) =>
        _text.Node(name, name + numbers,
            numbers.Length > 0 ? "shape=box, style=rounded" : "shape=circle, fixedsize=true, width=0.5", (x, y));

    void Ellipsis(int layer, double x, double y, int all) =>
        _text.Node($"more{layer + 1}", $"⋮\n{all - First - Last} more", "shape=plaintext", (x, y));

    static IEnumerable<int> Shown(int count) =>
        count <= MostDrawn ? Enumerable.Range(0, count)
            : [.. Enumerable.Range(0, First), -1, .. Enumerable.Range(count - Last, Last)];

    static double Place(int row, int rows, double step) => ((rows - 1) / 2.0 - row) * step;

    double StepOf(Network.Layer layer)
    {
        int inputs = layer.Weights.GetLength(1);
        return _flow ? 3.4 * TextLine : Math.Max((inputs > MostNamed ? 1 : inputs) * TextLine, 1.4 * TextLine) + 0.22;
    }

    double WidthOf(Network.Layer layer) =>
        Letter * (_flow ? 14 : (layer.Weights.GetLength(1) > MostNamed ? 0 : 9) + 12 + layer.Activation.Length + 3);

    // What each neuron hands back along each of its weights.
    static double[,] Handed(Network.Layer layer)
    {
        double[,] handed = (double[,])layer.Weights.Clone();
        for (int i = 0; i < handed.GetLength(0); i++)
        {
            for (int j = 0; j < handed.GetLength(1); j++) handed[i, j] *= layer.SumErrors![i];
        }
        return handed;
    }

    static double Largest(double[,] numbers) => numbers.Cast<double>().Select(Math.Abs).DefaultIfEmpty().Max();

    static string Number(double x) => Words.Fixed(x);
}
