using System.Text.Json;
using ChainRule.Data;
using ChainRule.Formats.Graph;
using ChainRule.Layers;

namespace ChainRule.Formats.Export;

/// <summary>Columns of a table as inputs, their encoding, a network behind it, and its answers.</summary>
sealed class TableGraph
{
    // Words that are read as yes and no, whatever a column's own are.
    static readonly string[] s_yes = ["true", "yes", "y", "t", "on", "1"], s_no = ["false", "no", "n", "f", "off", "0"];

    readonly GraphBuilder _builder = new();

    public static OnnxGraph Write(Module model, TableEncoder columns, OnnxAnswers answers)
    {
        var graph = new TableGraph();
        using var json = JsonDocument.Parse(columns.ToJson());
        JsonElement[] said = [.. json.RootElement.GetProperty("columns").EnumerateArray()];
        // Before anything else has a name: a column may be called as an operator is.
        foreach (var column in said) graph.Input(column);
        string[] encoded = [.. said.SelectMany(graph.Column)];
        string matrix = graph._builder.Node("Concat", encoded, ("axis", 1L));
        var dtype = model.StateDict().Values.Select(x => x.DType).FirstOrDefault();
        var example = Tensor.Full([2, columns.Columns.Count], 0.5, dtype);
        var exporter = new Exporter(Samples.Of(model, [OnnxInput.Of("rows", example, new DynamicAxis(0, "batch"))],
            x => new Dictionary<string, Tensor> { ["outputs"] = Answers(model.Forward(x.Tensor("rows")), answers) }),
            graph._builder, new Dictionary<string, string> { ["rows"] = graph.Cast(matrix, Exporter.Element(dtype)) });
        graph.Give(exporter.Run()[0], answers);
        return graph._builder.Graph;
    }

    static Tensor Answers(Tensor outputs, OnnxAnswers answers) =>
        answers.Classes.Count > 0 ? outputs.Softmax() : outputs * answers.Std + answers.Mean;

    void Give((string Name, OnnxPort Port) outputs, OnnxAnswers answers)
    {
        bool classes = answers.Classes.Count > 0;
        _builder.Give((outputs.Name, outputs.Port with { Name = classes ? "probabilities" : "prediction" }));
        if (!classes) return;
        var dtype = NumberTypes.Of(outputs.Port.Element);
        string best = answers.Classes.Count > 2 ? _builder.Node("ArgMax", [outputs.Name], ("axis", 1L),
            ("keepdims", 0L))
            : Cast(_builder.Node("Squeeze", [_builder.Node("GreaterOrEqual", [Part(outputs.Name, 1, 2),
                _builder.Number(answers.Threshold, dtype)]), _builder.Whole(1)]), OnnxElement.Int64);
        string label = _builder.DataNode("LabelEncoder", [best],
            ("keys_int64s", (long[])[.. Enumerable.Range(0, answers.Classes.Count).Select(i => (long)i)]),
            ("values_strings", (string[])[.. answers.Classes]), ("default_string", ""));
        _builder.Give((label, new("label", OnnxElement.Text, ["batch"])));
    }

    void Input(JsonElement json)
    {
        bool text = json.GetProperty("kind").GetString() is "category" or "boolean";
        _builder.Graph.Inputs.Add(new(_builder.Named(json.GetProperty("column").GetString()!),
            text ? OnnxElement.Text : OnnxElement.Float64, ["batch", "1"]));
    }

    /// <summary>The columns of numbers that a column of the table becomes, as double.</summary>
    IEnumerable<string> Column(JsonElement json)
    {
        string x = json.GetProperty("column").GetString()!;
        return json.GetProperty("kind").GetString() switch
        {
            "number" => Number(x, json),
            "boolean" => Boolean(x, json),
            "date" => Date(x, json),
            _ => Category(x, json),
        };
    }

    IEnumerable<string> Number(string x, JsonElement json)
    {
        var (known, missing) = Known(x, json.GetProperty("median").GetDouble());
        yield return Standardised(known, json.GetProperty("mean").GetDouble(), json.GetProperty("deviation")
            .GetDouble());
        if (json.GetProperty("indicator").GetBoolean()) yield return Cast(missing, OnnxElement.Float64);
    }

    IEnumerable<string> Category(string x, JsonElement json)
    {
        string[] categories = [.. json.GetProperty("categories").EnumerateArray().Select(one => one.GetString()!)];
        bool other = json.GetProperty("other").GetBoolean(), missing = json.GetProperty("missing").GetBoolean();
        // What is neither known nor missing is "other", or no column's.
        string place = _builder.DataNode("LabelEncoder", [x], ("keys_strings", (string[])[.. categories, ""]),
            ("values_int64s", (long[])[.. Enumerable.Range(0, categories.Length).Select(i => (long)i),
                missing ? categories.Length + (other ? 1 : 0) : -1]),
            ("default_int64", other ? (long)categories.Length : -1L));
        int width = categories.Length + (other ? 1 : 0) + (missing ? 1 : 0);
        string places = _builder.Whole([.. Enumerable.Range(0, width).Select(i => (long)i)]);
        yield return Cast(_builder.Node("Equal", [place, places]), OnnxElement.Float64);
    }

    IEnumerable<string> Boolean(string x, JsonElement json)
    {
        string no = json.GetProperty("no").GetString()!, yes = json.GetProperty("yes").GetString()!;
        Dictionary<string, long> words = [];
        // A column's own words come before those that are usual.
        foreach (var (word, value) in new (string, long)[] { (yes, 1), (no, 0) }.Concat(s_yes.Select(word =>
            (word, 1L)))
            .Concat(s_no.Select(word => (word, 0L))))
            foreach (string spelling in (string[])[word, word.ToLowerInvariant(), word.ToUpperInvariant(),
                word.Length == 0 ? "" : char.ToUpperInvariant(word[0]) + word[1..].ToLowerInvariant(), $"{word}.0"])
                words.TryAdd(spelling, value);
        words.Remove("");
        string value01 = _builder.DataNode("LabelEncoder", [x], ("keys_strings", words.Keys.ToArray()),
            ("values_int64s", words.Values.ToArray()), ("default_int64", -1L));
        string unknown = _builder.Node("Less", [value01, _builder.Whole(0)]);
        yield return Cast(_builder.Node("Where", [unknown, _builder.Whole(json.GetProperty("usual").GetBoolean() ? 1
            : 0),
            value01]), OnnxElement.Float64);
        if (json.GetProperty("indicator").GetBoolean()) yield return Cast(unknown, OnnxElement.Float64);
    }

    IEnumerable<string> Date(string x, JsonElement json)
    {
        bool clock = json.TryGetProperty("clock", out var said) && said.GetBoolean(),
            time = clock || json.TryGetProperty("timeOfDay", out var timed) && timed.GetBoolean();
        double[] scales = [.. json.GetProperty("scales").EnumerateArray().Select(one => one.GetDouble())];
        var (day, missing) = Known(x, json.GetProperty("median").GetDouble());
        List<string> parts = [];
        if (!clock) parts.AddRange(Calendar(day));
        if (time)
        {
            string angle = Cast(Times(Minus(day, Floor(day)), 2 * Math.PI), OnnxElement.Float32);
            parts.AddRange(Cast(_builder.Node("Sin", [angle]), OnnxElement.Float64),
                Cast(_builder.Node("Cos", [angle]), OnnxElement.Float64));
        }
        for (int i = 0; i < parts.Count; i++) yield return Standardised(parts[i], scales[2 * i], scales[2 * i + 1]);
        if (json.GetProperty("indicator").GetBoolean()) yield return Cast(missing, OnnxElement.Float64);
    }

    /// <summary>Year, month and day of the week of a day number, by the rules of the Gregorian calendar.</summary>
    /// <remarks>In eras of 400 years that begin on 1 March, so that a leap day is a year's last: Howard Hinnant,
    /// "chrono-compatible low-level date algorithms".</remarks>
    IEnumerable<string> Calendar(string number)
    {
        // Of 1 March of the year 0: 306 days before 1 January of the year 1.
        string whole = Floor(number), days = Plus(whole, 306), era = Floor(Over(days, 146_097)),
            ofEra = Minus(days, Times(era, 146_097));
        string year = Floor(Over(Plus(Minus(Minus(ofEra, Floor(Over(ofEra, 1_460))), Floor(Over(ofEra, 146_096))),
            Floor(Over(ofEra, 36_524))), 365));
        string ofYear = Minus(ofEra, Minus(Plus(Times(year, 365), Floor(Over(year, 4))), Floor(Over(year, 100))));
        string shifted = Floor(Over(Plus(Times(ofYear, 5), 2), 153));
        // March is 0.
        string late = Cast(_builder.Node("GreaterOrEqual", [shifted, Double(10)]), OnnxElement.Float64);
        yield return Plus(Plus(Times(era, 400), year), late);
        yield return Minus(Plus(shifted, 3), Times(late, 12));
        yield return Plus(Minus(whole, Times(Floor(Over(whole, 7)), 7)), 1);
        yield return number;
    }

    (string Known, string Missing) Known(string x, double otherwise)
    {
        string missing = _builder.Node("IsNaN", [x]);
        return (_builder.Node("Where", [missing, Double(otherwise), x]), missing);
    }

    string Standardised(string x, double mean, double deviation) => Over(Minus(x, Double(mean)), deviation);

    string Part(string x, long first, long end) =>
        _builder.Node("Slice", [x, _builder.Whole(first), _builder.Whole(end), _builder.Whole(1)]);

    string Cast(string x, OnnxElement to) => _builder.Node("Cast", [x], ("to", (long)to));

    string Double(double value) => _builder.Number(value, DType.Float64);

    string Floor(string x) => _builder.Node("Floor", [x]);

    string Plus(string x, double y) => Plus(x, Double(y));

    string Plus(string x, string y) => _builder.Node("Add", [x, y]);

    string Minus(string x, string y) => _builder.Node("Sub", [x, y]);

    string Times(string x, double y) => _builder.Node("Mul", [x, Double(y)]);

    string Over(string x, double y) => _builder.Node("Div", [x, Double(y)]);
}
