using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Scalar;

namespace ChainRule.Pictures.Tests.Browser;

/// <summary>One of every kind of picture, with numbers like those of a training run.</summary>
static class Gallery
{
    const string Letters = ".abcdefghijklmnopqrstuvwxyz";

    static readonly TorchRandom s_rng = new(2147483647);

    static readonly Series s_train = new("train", Decay(1.6, 2.0)), s_dev = new("dev", Decay(1.5, 2.15));

    public static Chart Lines { get; } = Chart.Line("Loss while training", "step", "loss", [s_train, s_dev],
        new() { EndValues = true, RuleY = 2 });

    static readonly Chart s_logarithmic = Chart.Line("Loss on logarithmic axes", "step", "loss",
        [new("plain", Decay(10, 0.01)), new("momentum", Decay(3, 0.05))], new() { LogX = true, LogY = true });

    static readonly Chart s_turning = Chart.Line("A path of gradient descent", "w₁", "w₂",
        [new("path", Spiral(Math.Sin)) { X = Spiral(Math.Cos) }]);

    static readonly Chart s_derivative = Chart.Line("tanh and its derivative", "x", "y",
        [Series.Of("tanh x", Math.Tanh, -3, 3), Series.Of("1 − tanh² x", x => 1 - Math.Pow(Math.Tanh(x), 2), -3, 3)],
        new() { RuleX = 0, RuleY = 0 });

    static readonly Chart s_clouds = Chart.Scatter("Two clouds", "x₁", "x₂",
        [Cloud("moon 0", -0.5, 0.6), Cloud("moon 1", 0.5, -0.6)]);

    static readonly Chart s_letters = Chart.Scatter("Embeddings of letters", "dimension 0", "dimension 1",
        [new("letters", Normal(27)) { X = Normal(27), Labels = [.. Letters.Select(letter => letter.ToString())] }]);

    static readonly Chart s_decision = Chart.Layer("Decision surface",
        Chart.Contour("Score", "x₁", "x₂", (x, y) => 2 * y - Math.Sin(1.5 * x), (-2.5, 2.5), (-1.5, 1.5),
            options: new() { Levels = [0] }), s_clouds);

    static readonly Chart s_contour = Chart.Contour("Seven levels", "x", "y", (x, y) => Math.Sin(1.5 * x) + y * y - 0.5,
        (-2, 2), (-1.5, 1.5));

    static readonly Chart s_bars = Chart.Bar("Targets", "output", "value",
        [("a", 0.3), ("b", -0.2), ("c", 0.9), ("d", 0.5)]);

    static readonly Chart s_manyBars = Chart.Bar("First letters of names", "letter", "names",
        [.. Letters[1..].Select((letter, i) => ($"letter {letter}", 4410.0 / (i + 1)))]);

    static readonly Chart s_counts = Chart.Histogram("Activations of a layer", "tanh(h)", [new("h", Normal(3000))]);

    static readonly Chart s_densities = Chart.Histogram("Activations of every layer", "activation",
        [.. Enumerable.Range(1, 4).Select(
            layer => new Series($"layer {layer} (tanh)", [.. Normal(2000).Select(x => Math.Tanh(x / layer))]))]);

    static readonly Chart s_pairs = Pairs();

    static readonly Chart s_attention = Chart.HeatMap("Attention", "key", "query", Attention(),
        options: new() { Scheme = "viridis" });

    static readonly Chart s_saturation = Chart.HeatMap("Saturated neurons", "neuron", "example", Saturation(32, 200),
        options: new() { Scheme = "greys" });

    static readonly Chart s_grid = Chart.Grid("Four views of a run", 2, s_bars, Lines, s_logarithmic, s_counts);

    static readonly Chart s_weights = Chart.Line("Weights over iterations", "iteration", "weight",
        [.. Enumerable.Range(0, 40).Select(k => new Series($"[{k / 5}, {k % 5}]", Fan(k)) { Group = $"[{k / 5}, ·]" })],
        new() { Legend = "[row, column]" });

    static readonly Chart s_many = Chart.Line("Forty lines", "iteration", "weight",
        [.. Enumerable.Range(0, 40).Select(k => new Series($"line {k}", Fan(k)))]);

    static readonly Chart s_layers = Chart.Facet("Updates of each layer", 3, "step", "log₁₀ of update : data",
        [.. Enumerable.Range(1, 5).Select(k => new Series($"layer {k}", Decay(-k, -3)))], new() { RuleY = -3 });

    static readonly Chart s_twoLines = Chart.Layer("A ROC curve, and chance",
        Chart.Line("Curve", "false positive rate", "true positive rate",
            [new("model", [0, 0.7, 0.9, 1]) { X = [0, 0.1, 0.4, 1] }]),
        Chart.Line("Chance", "", "", [new("chance", [0, 1]) { X = [0, 1], Hue = Hue.Grey }]));

    static readonly Chart s_importance = Chart.Intervals("Importance of columns", "increase of the error", "column",
        [("size", 4.1, 4.6, 5.1), ("distance to the centre", 2.2, 2.5, 2.9), ("garden", -0.1, 0.05, 0.2)],
        new() { RuleX = 0 });

    static readonly Chart s_dependence = Chart.Band("Price by size", "size", "price", "10 % to 90 %",
        [.. Enumerable.Range(0, 9).Select(i => (30 + 20.0 * i, 2.0 * i, 3.0 * i + 1, 4.0 * i + 3))]);

    static readonly (double X, double Y)[] s_places = [.. Enumerable.Range(0, 30).Select(k =>
        (k % 6 + 0.5 * (k / 6 % 2), k / 6 * Math.Sqrt(3) / 2))];

    static readonly Chart s_tiles = Chart.Tiles("Distances on a map", s_places,
        [.. Enumerable.Range(0, 30).Select(k => k == 7 ? double.NaN : Math.Sin(k))], hexagonal: true);

    static readonly Chart s_classes = Chart.Tiles("Classes on a map", s_places,
        [.. Enumerable.Range(0, 30).Select(k => k % 4 == 3 ? null : $"class {k % 4}")]);

    public static Graph Network { get; } = Graph.Of(new Mlp(3, [4, 4, 1], new PythonRandom(1337)),
        "A network of 41 parameters");

    public static Graph Expression { get; } = Written();

    static readonly Graph s_wide =
        Graph.Of(new Sequential(new Linear(64, 30, s_rng), new Sigmoid(), new Linear(30, 10, s_rng)),
            "A network for digits");

    static readonly Graph s_flow = Graph.ErrorFlow(new Mlp(3, [4, 4, 1], new PythonRandom(42)), [2, 3, -1],
        y => (y[0] - 1).Pow(2), "The error flows back");

    static readonly Graph s_neuron = Graph.Of(new Neuron(2, new PythonRandom(1337)), [1, -2], "A neuron at work");

    static readonly Chart s_ten = Chart.Line("Ten outputs", "step", "output",
        [.. Enumerable.Range(0, 10).Select(k => new Series($"output {k}", Decay(k - 5, k)) { Bold = k == 3 })],
        new() { EndNames = true });

    static readonly Chart s_twenty = Chart.Line("Twenty series", "step", "output",
        [.. Enumerable.Range(0, 20).Select(k => new Series($"series {k}", Decay(k - 5, k)))]);

    static readonly Chart s_shapes = Chart.Scatter("Twelve kinds", "x", "y",
        [.. Enumerable.Range(0, 12).Select(k => Cloud($"kind {k}", k % 4, k / 4))]);

    static readonly Chart s_setting = Chart.Line("Loss", "step", "loss",
        [new("rate 0.001", Decay(5, 0)) { Hue = Hue.Red }], new() { Legend = "learning rate", Marks = true });

    static readonly Formula s_softmax = new("Cross-entropy of a softmax",
        @"\frac{\partial L}{\partial z_i} = p_i - [i = y],\qquad p_i = \frac{e^{z_i}}{\sum_j e^{z_j}}");

    static readonly Formula s_derivation = Formula.Derivation("The derivative of tanh",
        (@"y = \tanh x = \frac{e^x - e^{-x}}{e^x + e^{-x}}", "the definition"),
        (@"\frac{dy}{dx} = \frac{(e^x + e^{-x})^2 - (e^x - e^{-x})^2}{(e^x + e^{-x})^2}", "the rule of quotients"),
        (@"\phantom{\frac{dy}{dx}} = 1 - y^2", "the fraction is y, squared"),
        (@"\frac{\partial Y_i}{\partial W_{ij}} = X_j", "a product has the other factor"),
        (@"\frac{\partial L}{\partial Z_1} = W_2^\top (Y - T) \odot [Z_1 > 0]", "through ReLU"));

    public static IReadOnlyList<Picture> Pictures { get; } =
    [
        Lines, s_logarithmic, s_turning, s_derivative, s_clouds, s_letters, s_decision, s_contour, s_bars, s_manyBars,
        s_counts, s_densities, s_pairs, s_attention,
        s_saturation, s_grid, s_weights, s_many, s_layers, s_ten, s_twenty, s_shapes, s_setting, s_twoLines,
        s_importance, s_dependence, s_tiles, s_classes, Chart.Grid("Two layers", 2, s_twoLines, s_twoLines), Expression,
        Network, s_wide,
        s_flow, s_neuron, Step(), s_softmax,
        s_derivation,
    ];

    /// <summary>How many small images stand on the page.</summary>
    public const int Images = 27;

    public static Page Page()
    {
        var page = new Page("Every kind of picture").Add("A page of `Chart`, `Graph` and `Formula`: charts can be "
            + "pointed at, and their legends clicked.\n\nA second paragraph.");
        foreach (var picture in Pictures) page.Add(picture);
        var noise = Enumerable.Range(0, Images / 3).Select(i => Tensor.Randn([8, 8 + i], s_rng));
        page.Images("Images", [.. noise.SelectMany(x => (Raster[])[
            Raster.Picture("as it is, with a caption of several lines", x), Raster.Map("in colours", x),
                Raster.Signed("with a sign", x)])], together: 3);
        return page.Table("Losses", ["split", "loss"], [["train", "2.0583"], ["dev", "2.1051"]]);
    }

    static double[] Decay(double height, double floor) =>
        [.. Enumerable.Range(0, 200).Select(i => height * Math.Exp(-i / 30.0) + floor + 0.03 * Math.Sin(i * 1.7))];

    static double[] Fan(int k) =>
        [.. Enumerable.Range(0, 100).Select(i => (k - 20) * 0.05 * (1 - Math.Exp(-i / 20.0)))];

    static double[] Spiral(Func<double, double> part) =>
        [.. Enumerable.Range(0, 60).Select(i => part(i * 0.4) * Math.Exp(-i / 25.0))];

    static double[] Normal(int n) => Tensor.Randn([n], s_rng).To(DType.Float64).ToArray<double>();

    static Series Cloud(string name, double x, double y) =>
        new(name, [.. Normal(75).Select(v => v * 0.25 + y)]) { X = [.. Normal(75).Select(v => v * 0.6 + x)] };

    static Chart Pairs()
    {
        double[,] counts = new double[27, 27];
        for (int r = 0; r < 27; r++)
        {
            for (int c = 0; c < 27; c++)
                counts[r, c] = Math.Floor(6000 * Math.Pow(Math.Abs(Math.Sin(r * 7.3 + c * 3.1)), 6));
        }
        string[] names = [.. Letters.Select(letter => letter.ToString())];
        return Chart.HeatMap("Pairs of letters", "second letter", "first letter", counts, names, names,
            (r, c) => $"{Letters[r]}{Letters[c]}\n{counts[r, c]}");
    }

    static double[,] Attention()
    {
        double[,] weights = new double[8, 8];
        for (int q = 0; q < 8; q++)
        {
            for (int k = 0; k <= q; k++) weights[q, k] = 1.0 / (q + 1);
        }
        return weights;
    }

    static double[,] Saturation(int examples, int neurons)
    {
        double[,] saturated = new double[examples, neurons];
        for (int i = 0; i < examples; i++)
        {
            for (int j = 0; j < neurons; j++) saturated[i, j] = (i * 31 + j * 17) % 7 == 0 ? 1 : 0;
        }
        return saturated;
    }

    static Graph Written()
    {
        Value a = new(2, "a"), b = new(-3, "b"), c = new(10, "c"), f = new(-2, "f");
        var l = (((a * b).Named("e") + c).Named("d") * f).Named("L");
        l.Backward();
        return Graph.WhatIf(l, "L = (a·b + c)·f");
    }

    static Graph Step()
    {
        Tensor w = Tensor.Ones([3, 2]).RequireGrad(), bias = Tensor.Ones([2]).RequireGrad();
        return Graph.Of((Tensor.Ones([4, 3]).MatMul(w) + bias).Tanh().Sum(), "The graph of a layer");
    }
}
