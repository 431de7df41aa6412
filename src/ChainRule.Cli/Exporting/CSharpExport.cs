using System.Globalization;
using System.Text;
using ChainRule.Cli.Exporting.Source;
using ChainRule.Layers;
using ChainRule.Tracing;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Patterns;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Sequences;
using ChainRule.Zoo.Tables;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Cli.Exporting;

/// <summary>A run's model as one file of C# that needs nothing but .NET: its weights, its layers, and what comes before
/// and behind them.</summary>
sealed class CSharpExport
{
    // A compiler takes long over more.
    const long MostNumbers = 50_000_000;

    static readonly string[] s_unfold = ["cross attention", "batch norm"];

    readonly SavedModel _saved;
    readonly string _class;
    string _fields = "", _methods = "";

    CSharpExport(SavedModel saved, string @class) => (_saved, _class) = (saved, @class);

    /// <summary>The text of the file.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="file">The file's name, after which the class is called.</param>
    /// <exception cref="ArgumentException">The model cannot be written.</exception>
    public static string Of(string folder, string file)
    {
        if (SavedPlayground.In(folder) is not null)
            throw new ArgumentException($"export: {Printable.Path(folder)} was saved in the lab's playground, where "
                + "'Export programs' writes the program in C# that trains it: use that, or export it as ONNX");
        var saved = SavedModel.Load(folder);
        if (saved.Model.ParameterCount > MostNumbers)
            throw new ArgumentException($"export: {Printable.Path(folder)} holds {saved.Model.ParameterCount:N0} "
                + $"numbers, and a file of C# carries {MostNumbers:N0}: export it as ONNX");
        string name = SourceText.Pascal(Path.GetFileNameWithoutExtension(file));
        return new CSharpExport(saved, name).Written(folder);
    }

    Module Model => _saved.Model;

    string Written(string folder)
    {
        string answers = _saved.Preprocessing switch
        {
            Characters characters => Language((LanguageModel)Model, characters),
            Tokens => throw new ArgumentException($"export: {Printable.Path(folder)} reads tokens, and a tokenizer is "
                + "not written as C#: export it as ONNX"),
            TableEncoding table => Table(table, TableModel.Load(folder).Threshold),
            MapEncoding map => Rows(map.Encoder, x => Model.Forward(x), "Outputs", "The numbers of each output.", ""),
            ImageEncoding images => Images(images),
            AutoencoderEncoding images => Autoencoder(images.Images),
            SequenceEncoding sequences => Sequences(sequences),
            PatternEncoding patterns => Patterns(patterns),
            _ => throw new ArgumentException($"export: {Printable.Path(folder)} is a run on "
                + $"{TrainingTask.Of(_saved.Kind).Name}, whose model reads several tables at once, and is not written "
                + "as C#"),
        };
        string kernels = string.Join('\n',
            SourceKernels.Of(_methods + answers).Select(SourceText.Indented));
        return $$"""
            // Written by 'chainrule export': the model '{{_saved.Recipe.Name}}', trained on {{TrainingTask.Of(
                _saved.Kind).Name}}.
            // It needs nothing but .NET: put this file into a project. Numbers are computed in double.
            using System;
            using System.Buffers.Binary;
            using System.Buffers.Text;
            using System.Collections.Generic;
            using System.Globalization;
            using System.Linq;

            /// <summary>The model '{{_saved.Recipe.Name}}'.</summary>
            public static class {{_class}}
            {
            {{answers}}
            {{_methods}}
            {{kernels}}
                // The weights.

            {{_fields}}
            {{SourceText.Readers(_fields)}}}

            """.ReplaceLineEndings("\n");
    }

    void Network(SourceRuns runs, params string[] inputs)
    {
        var network = new SourceNetwork(runs, inputs,
            [_class, "Compute", "Encode", "Classes", "Columns", "Bytes", "Singles", "Doubles", .. SourceKernels.Names]);
        (_methods, _fields) = (network.Methods, network.Fields);
    }

    SourceRun Run(Tensor x, Func<Tensor, Tensor> compute, int steps = 0) =>
        new(Trace.Of([x], () => [compute(x)], Model.StateDict(), s_unfold), steps, []);

    // Twice, so that what depends on the numbers outside of ops is found.
    void Fixed(string input, Shape shape, Func<Tensor, Tensor> compute, DType dtype = DType.Float32) => Network(new(
        [Run(Tensor.Full(shape, 0.4, dtype), compute), Run(Tensor.Full(shape, 0.7, dtype), compute)]), input);

    string Images(ImageEncoding encoding)
    {
        var (mean, std) = (Channels(encoding, encoding.Mean), Channels(encoding, encoding.Std));
        Fixed("pixels", [1, .. encoding.Shape.Input.Span], x =>
            encoding.Probabilities(Model.Forward((x - mean) / std)));
        return $$"""
                /// <summary>The classes, in the order of the probabilities.</summary>
                public static readonly string[] Classes = {{SourceText.Quoted(encoding.Classes)}};

                /// <summary>The probability of each class.</summary>
                /// <param name="pixels">{{Sizes(encoding)}} numbers from 0 to 1, channel by channel, by rows.</param>
                public static double[] Probabilities(double[] pixels) =>
                    Compute({{Checked(encoding)}});

            """;
    }

    string Autoencoder(ImageEncoding encoding)
    {
        var (mean, std) = (Channels(encoding, encoding.Mean), Channels(encoding, encoding.Std));
        Fixed("pixels", [1, .. encoding.Shape.Input.Span], x =>
            (Model.Forward((x - mean) / std).Reshape([-1, .. encoding.Shape.Input.Span]) * std + mean).Clamp(0, 1));
        return $$"""
                /// <summary>The image as it is given back.</summary>
                /// <param name="pixels">{{Sizes(encoding)}} numbers from 0 to 1, channel by channel, by rows.</param>
                public static double[] Back(double[] pixels) =>
                    Compute({{Checked(encoding)}});

            """;
    }

    static string Sizes(ImageEncoding encoding) => $"{encoding.Channels} x {encoding.Size} x {encoding.Size}";

    static string Checked(ImageEncoding encoding) =>
        $"CheckedPixels(pixels, {encoding.Channels}, {encoding.Size}, {encoding.Size})";

    static Tensor Channels(ImageEncoding encoding, IReadOnlyList<double> numbers) =>
        Tensor.From([.. numbers.Select(x => (float)x)], [encoding.Channels, 1, 1]);

    string Patterns(PatternEncoding patterns)
    {
        Fixed("pattern", [1, patterns.Shape.Input[0]], x => Model.Forward(x).Sign(), DType.Float64);
        return $$"""
                /// <summary>One step of all neurons at once: repeat it until nothing changes.</summary>
                /// <param name="pattern">{{patterns.Shape.Input[0]}} numbers of 1 and -1.</param>
                public static double[] Step(double[] pattern) =>
                    Compute(CheckedCount(pattern, {{patterns.Shape.Input[0]}}));

            """;
    }

    string Sequences(SequenceEncoding encoding)
    {
        int features = encoding.Features;
        SourceRun Of(int steps, double number) =>
            Run(Tensor.Full([1, steps, features], number), x => Model.Forward(x), steps);
        Network(new([Of(9, 0.4), Of(7, 0.4), Of(4, 0.4), Of(9, 0.7)]), "numbers");
        return $$"""
                /// <summary>The outputs of each step, one behind the other{{(encoding.Classes.Count > 0
                    ? ": logits of the classes" : "")}}.</summary>
                /// <param name="numbers">{{features}} numbers of each step, one step behind the other.</param>
                public static double[] Outputs(double[] numbers) =>
                    Compute(CheckedSteps(numbers, {{features}}), numbers.Length / {{features}});

            """;
    }

    string Language(LanguageModel model, Characters characters)
    {
        string[] known = [.. Enumerable.Range(0, characters.Vocabulary.Size)
            .Select(id => characters.Vocabulary[id].ToString())];
        string ends = characters.Vocabulary.Contains('\n') ? "" : "; id 0 stands for the start and the end";
        string logits = model is Recurrent recurrent ? Recurrent(recurrent) : Windows(model, known.Length);
        return $$"""
                /// <summary>The characters, by id{{ends}}.</summary>
                public static readonly string[] Characters = {{SourceText.Quoted(known)}};

            {{logits}}
                /// <summary>The ids of a text.</summary>
                public static int[] Encode(string text) => text.EnumerateRunes().Select(c =>
                    Array.IndexOf(Characters, c.ToString()) is >= 0 and var id ? id
                        : throw new ArgumentException($"'{c}' is none of the {Characters.Length} characters "
                            + "that the model knows, which Characters lists")).ToArray();

                /// <summary>The probability of each character behind a text of one id or more.</summary>
                public static double[] Probabilities(int[] ids) => Softmax(Logits(ids), Characters.Length);

            """;
    }

    // One step, from a state to the next.
    string Recurrent(Recurrent model)
    {
        int hidden = model.Start.Shape[1];
        SourceRun Of(int id, double number)
        {
            Tensor state = Tensor.Full([1, hidden], number), begin = model.Start;
            return new(Trace.Of([state], () =>
            {
                var logits = model.Step(Ids.From(id), state, out var next);
                return [logits, next];
            }, model.StateDict(), s_unfold), 0, [id]);
        }
        Network(new([Of(1, 0.4), Of(0, 0.7)]), "state");
        _fields = SourceText.Field("FirstState", model.Start) + "\n" + _fields;
        return """
                /// <summary>The logits of what follows: the network goes from id to id, and hands a state on.</summary>
                public static double[] Logits(int[] ids)
                {
                    double[] logits = [], state = FirstState;
                    foreach (int id in CheckedIds(ids, Characters.Length)) (logits, state) = Compute(state, [id]);
                    return logits;
                }

            """;
    }

    string Windows(LanguageModel model, int vocabulary)
    {
        int context = model.Context;
        bool every = model.PredictsEveryPosition && context > 1;
        SourceRun Of(int steps, int seed)
        {
            int[] ids = [.. Enumerable.Range(0, steps).Select(i => (i * 7 + i / 3 + seed) % vocabulary)];
            return new(Trace.Of([], () => [model.Forward(Ids.From(ids, [1, steps]))], model.StateDict(), s_unfold),
                every ? steps : 0, ids);
        }
        int[] lengths = every ? [.. new[] { context, context - 1, (context + 1) / 2 }.Where(one => one > 0).Distinct()]
            : [context];
        Network(new([.. lengths.Select(one => Of(one, 1)), Of(context, 2)]));
        string call = every ? "Compute(window, window.Length)" : "Compute(window)";
        string window = every ? $"ids[Math.Max(0, ids.Length - {context})..]"
            : $"[.. Enumerable.Repeat(0, Math.Max(0, {context} - ids.Length)), "
                + $".. ids[Math.Max(0, ids.Length - {context})..]]";
        return $$"""
                /// <summary>The logits of what follows the last id; of many, the last {{context}} count.</summary>
                public static double[] Logits(int[] ids)
                {
                    ids = CheckedIds(ids, Characters.Length);
                    int[] window = {{window}};
                    return {{call}}[^{{vocabulary}}..];
                }

            """;
    }

    string Table(TableEncoding table, double threshold)
    {
        var target = table.Target;
        if (target.Classes.Count == 0)
            return Rows(table.Encoder, x => Model.Forward(x) * target.Std + target.Mean, "Predict",
                $"The prediction of {target.Name}.", "[0]");
        string label = target.Classes.Count > 2 ? "Array.IndexOf(probabilities, probabilities.Max())"
            : $"probabilities[1] >= {SourceText.Number(threshold)} ? 1 : 0";
        return Rows(table.Encoder, x => Model.Forward(x).Softmax(), "Probabilities",
            "The probability of each class.", "")
            + $$"""

                /// <summary>The classes, in the order of the probabilities.</summary>
                public static readonly string[] Classes = {{SourceText.Quoted(target.Classes)}};

                /// <summary>The predicted class.</summary>
                public static string Predict(IReadOnlyDictionary<string, string?> row)
                {
                    double[] probabilities = Probabilities(row);
                    return Classes[{{label}}];
                }

            """;
    }

    string Rows(Data.TableEncoder columns, Func<Tensor, Tensor> answer, string name, string says, string part)
    {
        Fixed("numbers", [1, columns.Columns.Count], answer, Model.StateDict().Values.First().DType);
        string kind = part.Length > 0 ? "double" : "double[]";
        return SourceTable.Write(columns) + $$"""
                /// <summary>{{Printable.Of(says, 200).Replace("<", "", StringComparison.Ordinal)}}</summary>
                /// <param name="row">The text of each column, as in a CSV file; empty or null where it is
                /// missing.</param>
                public static {{kind}} {{name}}(IReadOnlyDictionary<string, string?> row) =>
                    Compute(Encode(row)){{part}};

            """;
    }
}
