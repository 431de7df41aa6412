using System.Globalization;
using System.Reflection;
using ChainRule.Cli.Exporting;
using ChainRule.Randomness;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tables;
using ChainRule.Zoo.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ChainRule.Cli.Tests.Commands;

/// <summary>Programs that were written are compiled, and compute what the library computes.</summary>
public sealed class ExportSourceTest : IDisposable
{
    readonly SmallTraining _small = new();

    public void Dispose() => _small.Dispose();

    // Nothing of this project is among them.
    static readonly MetadataReference[] s_references =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal)
                && !path.EndsWith("System.Numerics.Tensors.dll", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path))];

    // In this process: to start the tool for each of forty models would take most of the time.
    void Train(RunConfig config)
    {
        var run = TrainingRun.Start(_small.PathOf("run"), config);
        run.Train();
        run.Finish();
    }

    Type Written() => Compiled(CSharpExport.Of(_small.PathOf("run"), "Price.cs"));

    static Type Compiled(string program)
    {
        var compilation = CSharpCompilation.Create("written", [CSharpSyntaxTree.ParseText(program)], s_references,
            new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(d => d.Severity > 0)));
        return Assembly.Load(image.ToArray()).GetType("Price")!;
    }

    static T Call<T>(Type program, string name, object argument) =>
        (T)program.GetMethod(name)!.Invoke(null, [argument])!;

    static string Refused(Type program, string name, object argument) =>
        Assert.Throws<TargetInvocationException>(() => program.GetMethod(name)!.Invoke(null, [argument]))
            .InnerException!.Message;

    static void Close(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.InRange(Math.Abs(expected[i] - actual[i]), 0, 1e-5 * Math.Max(1, Math.Abs(expected[i])));
    }

    static double[] Numbers(Tensor x) => x.To(DType.Float64).ToArray<double>();

    [Theory]
    [InlineData("counts")]
    [InlineData("bigram")]
    [InlineData("mlp")]
    [InlineData("wavenet")]
    [InlineData("bow")]
    [InlineData("rnn")]
    [InlineData("gru")]
    [InlineData("lstm")]
    [InlineData("gpt")]
    public void A_model_of_names_is_written(string name)
    {
        Train(RunConfig.For(TaskKind.Names, name) with
            { Data = _small.PathOf("few.txt"), Steps = name == "counts" ? 0 : 2 });
        var model = (LanguageModel)SavedModel.Load(_small.PathOf("run")).Model;
        var program = Written();
        var random = new Random(1);
        foreach (int length in (int[])[1, 2, 3, 5, 8])
        {
            int[] ids = [0, .. Enumerable.Range(1, length - 1).Select(_ => random.Next(1, 20))];
            Close(Numbers(model.BeginDecoding().Next(ids)), Call<double[]>(program, "Logits", ids));
        }
        int[] begun = [0, .. Call<int[]>(program, "Encode", "an")];
        Assert.Equal(1, Call<double[]>(program, "Probabilities", begun).Sum(), 1e-9);
    }

    [Theory]
    [InlineData("gru")]
    [InlineData("lstm")]
    [InlineData("rnn")]
    [InlineData("conv")]
    [InlineData("context-1")]
    public void A_model_of_sequences_takes_any_number_of_steps(string name)
    {
        Train(RunConfig.For(TaskKind.Sequences, name) with { Steps = 2 });
        var saved = SavedModel.Load(_small.PathOf("run"));
        var program = Written();
        foreach (int steps in (int[])[1, 2, 12])
        {
            var x = Tensor.Rand([1, steps, 4], new TorchRandom(3));
            Close(Numbers(saved.Model.Forward(x).Flatten()), Call<double[]>(program, "Outputs", Numbers(x.Flatten())));
        }
    }

    [Theory]
    [InlineData("mlp")]
    [InlineData("lenet")]
    [InlineData("cnn")]
    [InlineData("resnet")]
    [InlineData("dense")]
    public void A_model_of_images_is_written(string name)
    {
        Train(RunConfig.For(TaskKind.Images, name) with { Steps = 1, Options = new ImageOptions(PerClass: 8) });
        var saved = SavedModel.Load(_small.PathOf("run"));
        var encoding = (ImageEncoding)saved.Preprocessing;
        var program = Written();
        var pixels = Tensor.Rand([1, 1, encoding.Size, encoding.Size], new TorchRandom(1));
        Close(Numbers(encoding.Probabilities(saved.Model.Forward((pixels - encoding.Mean[0]) / encoding.Std[0]))
            .Flatten()), Call<double[]>(program, "Probabilities", Numbers(pixels.Flatten())));
    }

    [Theory]
    [InlineData("linear", "price")]
    [InlineData("mlp", "price")]
    [InlineData("residual", "price")]
    [InlineData("experts", "price")]
    [InlineData("rbf", "price")]
    [InlineData("svr", "price")]
    [InlineData("dense", "price")]
    [InlineData("mlp", "kind")]
    [InlineData("neuron", "sold")]
    public void A_model_of_a_table_reads_its_columns(string name, string target)
    {
        string[] columns = ["area", "kind", "built", "garden", "sold", "price"];
        var random = new Random(2);
        string[][] rows = [.. Enumerable.Range(0, 240).Select(i => (string[])[
            i % 9 == 4 ? "" : (40 + random.Next(100)).ToString(CultureInfo.InvariantCulture),
            random.Next(3) switch { 0 => "flat", 1 => "house", _ => "barn" },
            new DateTime(1950, 1, 1).AddDays(random.Next(20_000)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            random.Next(2) == 0 ? "yes" : "no", random.Next(2) == 0 ? "old" : "new",
            (100 + random.NextDouble() * 50).ToString("F2", CultureInfo.InvariantCulture)])];
        File.WriteAllLines(_small.PathOf("t.csv"),
            [string.Join(',', columns), .. rows.Select(row => string.Join(',', row))]);
        var config = RunConfig.For(TaskKind.Table, name) with
            { Data = _small.PathOf("t.csv"), Options = new TableOptions(Target: target) };
        TableFit.Run(_small.PathOf("run"), name is "linear" or "svr" ? config : config with { Steps = 2 });
        var model = TableModel.Load(_small.PathOf("run"));
        var program = Written();
        var predictions = model.Predict(model.Read(_small.PathOf("t.csv")));
        for (int i = 0; i < rows.Length; i += 7)
        {
            var row = columns.Zip(rows[i]).Where(one => one.First != target)
                .ToDictionary(one => one.First, one => (string?)one.Second);
            if (predictions[i].Class is null)
            {
                Close([predictions[i].Value], [Call<double>(program, "Predict", row)]);
                continue;
            }
            Close([.. predictions[i].Probabilities], Call<double[]>(program, "Probabilities", row));
            Assert.Equal(predictions[i].Class, Call<string>(program, "Predict", row));
        }
    }

    [Fact]
    public void A_map_is_written_and_its_weights_are_rounded()
    {
        File.WriteAllText(_small.PathOf("t.csv"), "a,b,kind\n" + string.Concat(Enumerable.Range(0, 60).Select(i =>
            $"{i % 7},{i % 5 * 0.5},{(i % 2 == 0 ? "x" : "y")}\n")));
        _small.Run("map", "t.csv", "--epochs", "2", "--out", "run").Well();
        var saved = SavedModel.Load(_small.PathOf("run"));
        var columns = ((MapEncoding)saved.Preprocessing).Encoder;
        Dictionary<string, string?> row = new() { ["a"] = "3", ["b"] = "1.5", ["kind"] = "y" };
        var encoded = columns.Encode(Data.Table.From([.. row.Keys], [[.. row.Values]]), DType.Float64);
        Close(Numbers(saved.Model.Forward(encoded).Flatten()), Call<double[]>(Written(), "Outputs", row));
        Assert.Equal(2, _small.Run("export", "run", "--to", "safetensors", "--weights", "int8").Well().Lines.Length);
    }

    [Fact]
    public void A_memory_of_patterns_is_written()
    {
        _small.Run("train", "patterns", "--out", "run").Well();
        string[] lines = _small.Run("export", "run", "--to", "csharp", "--out", "Price.cs").Well().Lines;
        Assert.Matches("^Price\\.cs: [0-9,]+ kB of C#, [0-9,]+ lines$", Assert.Single(lines));
        File.WriteAllText(_small.PathOf("keep.csv"), "a,b\n");
        Assert.Equal("export: keep.csv is there already, and is not written over: give another name by --out, or "
            + "remove it first", _small.Run("export", "run", "--to", "csharp", "--out", "keep.csv").Refused(1));
        Assert.Equal("a,b\n", File.ReadAllText(_small.PathOf("keep.csv")));
        // In the run's folder it is the command's own file.
        for (int i = 0; i < 2; i++) _small.Run("export", "run", "--to", "csharp").Well();
        var program = Compiled(File.ReadAllText(_small.PathOf("Price.cs")));
        var saved = SavedModel.Load(_small.PathOf("run"));
        var x = (Tensor.Rand([1, 64], new TorchRandom(1), DType.Float64) - 0.5).Sign();
        Close(Numbers(saved.Model.Forward(x).Sign().Flatten()),
            Call<double[]>(program, "Step", Numbers(x.Flatten())));
    }

    [Fact]
    public void An_autoencoder_is_written_and_what_is_not_is_named()
    {
        Train(RunConfig.For(TaskKind.Autoencoder, "dense") with
            { Steps = 1, Sizes = new ImageAutoencoderOptions(Hidden: 16) });
        Assert.All(Call<double[]>(Written(), "Back", Enumerable.Repeat(0.3, 784).ToArray()),
            x => Assert.InRange(x, 0, 1));
        File.WriteAllText(_small.PathOf("places.csv"),
            "id,name,lat,lon,tags\na,Alpha,48.85,2.35,jazz\nb,Beta,48.86,2.36,pub\nc,Gamma,48.87,2.34,\n");
        File.WriteAllText(_small.PathOf("visits.csv"), "user,place,lat,lon,time,tags\n"
            + string.Concat(Enumerable.Range(0, 36).Select(i =>
                $"u{i / 6},{"abc"[i % 3]},48.85{i % 5},2.3{i % 6},{i},jazz\n")));
        _small.Run("recommend", "fit", "places.csv", "visits.csv", "--steps", "2", "--out", "other").Well();
        Assert.Equal("export: other is a run on places, whose model reads several tables at once, and is not written "
            + "as C#", _small.Run("export", "other", "--to", "csharp").Refused(1));
        Assert.Equal("export: --cache is of --to onnx: leave it out",
            _small.Run("export", "run", "--to", "csharp", "--cache").Refused(1));
    }

    [Fact]
    public void A_written_program_says_what_is_wrong_with_a_row()
    {
        File.WriteAllLines(_small.PathOf("t.csv"), ["area,kind,built,garden,price",
            .. Enumerable.Range(0, 240).Select(i => string.Create(CultureInfo.InvariantCulture,
                $"{40 + i * 7 % 101},{(i % 3 == 0 ? "flat" : "house")},19{50 + i % 50}-03-{1 + i % 28:00},"
                + $"{(i % 2 == 0 ? "yes" : "no")},{100 + i * 13 % 57}"))]);
        TableFit.Run(_small.PathOf("run"), RunConfig.For(TaskKind.Table, "linear") with
            { Data = _small.PathOf("t.csv"), Options = new TableOptions(Target: "price") });
        var program = Written();
        Dictionary<string, string?> row = new()
            { ["area"] = "60", ["kind"] = "flat", ["built"] = "1980-03-02", ["garden"] = "yes", ["colour"] = "red" };
        string With(string column, string? text) =>
            Refused(program, "Predict", new Dictionary<string, string?>(row) { [column] = text });

        Assert.True(double.IsFinite(Call<double>(program, "Predict", row)));
        Assert.True(double.IsFinite(Call<double>(program, "Predict",
            new Dictionary<string, string?>(row) { ["area"] = null, ["kind"] = " ", ["built"] = "" })));
        Assert.Equal("column 'area': 'large' is no number", With("area", "large"));
        Assert.Equal("column 'area': 'Infinity' is no number", With("area", "Infinity"));
        Assert.Equal("column 'kind': 'castle' is none of 'flat', 'house'", With("kind", "castle"));
        Assert.Equal("column 'garden': 'maybe' is neither 'yes' nor 'no'", With("garden", "maybe"));
        Assert.Equal("column 'built': '3 May' is no date such as 2024-03-31, or time", With("built", "3 May"));
        row["Kind"] = row["kind"];
        row.Remove("kind");
        Assert.Equal("the row has no column 'kind', which the model learned from: it has 'area', 'built', 'garden', "
            + "'colour', 'Kind'; where a value is missing, give null", Refused(program, "Predict", row));
        Assert.Equal("the row has no column 'area', which the model learned from: it is empty; where a value is "
            + "missing, give null", Refused(program, "Predict", new Dictionary<string, string?>()));
    }

    [Fact]
    public void A_written_program_says_what_is_wrong_with_numbers_and_ids()
    {
        Train(RunConfig.For(TaskKind.Images, "mlp") with { Steps = 1, Options = new ImageOptions(PerClass: 8) });
        var images = Written();
        Assert.Equal("10 pixels were given, and the model takes 784: 1 x 28 x 28",
            Refused(images, "Probabilities", new double[10]));
        double[] pixels = new double[784];
        pixels[3] = 254.5;
        Assert.Equal("pixel 3 is 254.5, and pixels go from 0 to 1: divide bytes by 255",
            Refused(images, "Probabilities", pixels));
        pixels[3] = double.NaN;
        Assert.StartsWith("pixel 3 is NaN, and ", Refused(images, "Probabilities", pixels), StringComparison.Ordinal);

        Again(RunConfig.For(TaskKind.Sequences, "gru") with { Steps = 1 });
        var sequences = Written();
        foreach (int count in (int[])[0, 6])
            Assert.Equal($"{count} numbers were given, and each step takes 4: give 4, 8 or another multiple",
                Refused(sequences, "Outputs", new double[count]));

        Again(RunConfig.For(TaskKind.Patterns, "hopfield"));
        Assert.Equal("5 numbers were given, and the model takes 64", Refused(Written(), "Step", new double[5]));

        foreach (string name in (string[])["rnn", "mlp", "gpt"])
        {
            Again(RunConfig.For(TaskKind.Names, name) with { Data = _small.PathOf("few.txt"), Steps = 1 });
            var names = Written();
            int size = ((string[])names.GetField("Characters")!.GetValue(null)!).Length;
            foreach (string method in (string[])["Logits", "Probabilities"])
            {
                Assert.Equal("no ids were given: give one or more", Refused(names, method, Array.Empty<int>()));
                Assert.Equal($"id {size} is outside of the vocabulary, whose ids go from 0 to {size - 1}",
                    Refused(names, method, (int[])[1, size]));
                Assert.Equal($"id -1 is outside of the vocabulary, whose ids go from 0 to {size - 1}",
                    Refused(names, method, (int[])[-1]));
            }
            Assert.Equal($"'ß' is none of the {size} characters that the model knows, which Characters lists",
                Refused(names, "Encode", "aß"));
        }
    }

    void Again(RunConfig config)
    {
        Directory.Delete(_small.PathOf("run"), recursive: true);
        Train(config);
    }
}
