using System.Globalization;
using System.Text.Json;
using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Training;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Images;

/// <summary>Labelled images to train a classifier with.</summary>
sealed class ImageData : TaskData
{
    /// <summary>The largest side that images keep, and the side of those that are larger or differ.</summary>
    public const int LargestOwn = 64, UsualSize = 32;

    // Of tiny images every gradient is checked.
    const int TinySize = 12, BatchToMeasure = 500;

    readonly ImageOptions _options;
    readonly ImageSet _train, _validation;
    readonly ImageSet? _test;
    readonly ImageEncoding _encoding;

    public ImageData(ReadImages read, ImageOptions options) : base(read.Source, read.Sha256)
    {
        (_options, _test) = (options, read.Test is { Count: > 0 } test ? test : null);
        (_train, _validation) = read.Validation is { Count: > 0 } given ? (read.Train, given)
            : Split(read.Train, options);
        if (read.Classes.Count < 2 || _validation.Count == 0)
            throw new InvalidDataException(
                $"images {read.Source}: {(read.Classes.Count < 2 ? "they are of one class" : "none is left to validate "
                    + "with")}: give two classes or more, with two images or more of each");
        _encoding = ImageEncoding.Of(read.Classes, _train);
    }

    public override TaskKind Kind => TaskKind.Images;

    public override Preprocessing Preprocessing => _encoding;

    /// <summary>Opens a folder, a pair of IDX files named by its images, or the drawn digits.</summary>
    public static ImageData Open(string? source, ImageOptions options)
    {
        if (source is null)
        {
            var drawn = DrawnDigits.Draw();
            int size = options.Size ?? drawn.Train.Size;
            return new(drawn with { Train = drawn.Train.With(options.Channels ?? 1, size),
                Test = drawn.Test!.With(options.Channels ?? 1, size) }, options);
        }
        if (string.IsNullOrWhiteSpace(source) || source.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException($"images: '{Printable.Path(source)}' is no path: {ImagesTask.Wanted}");
        if (Directory.Exists(source))
            return new(IdxImages.IsIn(source) ? IdxImages.FromFolder(source, options)
                : ImageFolder.Read(source, options), options);
        if (!File.Exists(source))
            throw new FileNotFoundException(
                $"images: there is no folder or file {Printable.Path(source)}: {ImagesTask.Wanted}", source);
        return new(IdxImages.FromPair(source, options), options);
    }

    public override string Describe(Module model)
    {
        int all = _train.Count + _validation.Count + (_test?.Count ?? 0), size = _encoding.Size;
        string colour = _encoding.Channels == 1 ? "grey" : "colour";
        string test = _test is null ? "" : string.Create(CultureInfo.InvariantCulture, $", {_test.Count:N0} to test");
        return string.Create(CultureInfo.InvariantCulture, $"{all:N0} images ({Source}) of {_encoding.Classes.Count} "
            + $"classes, {colour}, {size} × {size}: {_train.Count:N0} to train, {_validation.Count:N0} to "
            + $"validate{test}");
    }

    public override ITrainer CreateTrainer(TrainingSetup setup) => new Trainer<Tensor, Ids>(setup.Model,
        setup.Optimizer, Batches(setup.Training.BatchSize, setup.Seed), setup.Model.Forward,
        (logits, y) => logits.CrossEntropy(y))
    {
        ClipNorm = setup.Training.ClipNorm,
        Validation = All(_validation),
        Metrics = { ["accuracy"] = (logits, y) => logits.Accuracy(y) },
        EvaluateEvery = setup.Training.EvalEvery!.Value,
        EarlyStopping = setup.Training.EarlyStopping,
        Checkpoint = setup.Checkpoint,
        Generators = setup.Generators,
    };

    public override Evaluation Evaluate(Module model, ulong seed)
    {
        // Of what was trained on, as many as are validated with: they lie evenly over the whole.
        int step = Math.Max(1, _train.Count / Math.Max(1, _validation.Count));
        var sample = _train.Take([.. Enumerable.Range(0, _train.Count).Where(i => i % step == 0)]);
        var (validated, loss) = Measure(model, _validation, "validation");
        var (tested, testLoss) = _test is null ? (validated, (double?)null) : Measure(model, _test, "test");
        return new(Measure(model, sample, "training").Loss, loss, testLoss,
            new Dictionary<string, double> { ["accuracy"] = validated.Accuracy }, [])
        {
            Details = new Dictionary<string, JsonElement>
                { [ImageReport.Name] = JsonSerializer.SerializeToElement(tested, RunFile.Json) },
        };
    }

    public override string Describe(HistoryPoint point) =>
        point.Metrics.TryGetValue("accuracy", out double accuracy)
            ? string.Create(CultureInfo.InvariantCulture, $"accuracy {accuracy:0.0000}") : "";

    public override IEnumerable<string> Report(RunSummary summary)
    {
        string test = _test is not null && ReportOf(summary) is { } report
            ? string.Create(CultureInfo.InvariantCulture, $", {report.Accuracy:0.0000} on test data") : "";
        yield return string.Create(CultureInfo.InvariantCulture,
            $"accuracy {summary.Metrics["accuracy"]:0.0000} on validation data{test}");
    }

    public override IEnumerable<string> Show(RunSummary summary) => ReportOf(summary)?.Lines() ?? [];

    public override TrialSetup CreateTrial(Recipe recipe, ulong seed)
    {
        const int Few = 8;
        var plan = recipe.For(Kind);
        var model = recipe.Build(plan.Sizes, Preprocessing.Shape, new TorchRandom(seed));
        var (x, y) = Batches(plan.Training.BatchSize, seed).Next();
        int[] rows = [.. Enumerable.Range(0, Few)];
        var (fewX, fewY) = (x.Rows(rows), y.Rows(rows));
        // As small as the models take them: a gradient for every weight is computed twice from each.
        var small = _train.Take(rows).With(_train.Channels, TinySize);
        var encoding = ImageEncoding.Of(_encoding.Classes, small);
        var tiny = recipe.Build(recipe.Tiny, encoding.Shape, new TorchRandom(seed));
        tiny.To(DType.Float64);
        var (tinyX, tinyY) = (encoding.Encode(small, rows).To(DType.Float64), Ids.From([.. small.Labels]));
        return new(model, () => model.Forward(x).CrossEntropy(y), _encoding.Classes.Count,
            () => model.Forward(fewX).CrossEntropy(fewY), 0, tiny, () => tiny.Forward(tinyX).CrossEntropy(tinyY));
    }

    static ImageReport? ReportOf(RunSummary summary) => summary.Details.TryGetValue(ImageReport.Name, out var report)
        ? report.Deserialize<ImageReport>(RunFile.Json) : null;

    /// <summary>Of each class a fraction to validate with, at least one image, and one or more left to train.</summary>
    static (ImageSet Train, ImageSet Validation) Split(ImageSet images, ImageOptions options)
    {
        var rng = new TorchRandom(options.SplitSeed);
        List<int> train = [], validation = [];
        foreach (var rows in images.Labels.Index().GroupBy(one => one.Item, one => one.Index).OrderBy(g => g.Key))
        {
            int[] own = [.. rows], order = new int[own.Length];
            rng.Permutation(order);
            int kept = own.Length < 2 ? 0
                : Math.Clamp((int)Math.Round(options.Validation * own.Length), 1, own.Length - 1);
            validation.AddRange(order.Take(kept).Select(i => own[i]));
            train.AddRange(order.Skip(kept).Select(i => own[i]));
        }
        train.Sort();
        validation.Sort();
        return (images.Take(train), images.Take(validation));
    }

    ImageBatches Batches(int batchSize, ulong seed) =>
        new(_train, _encoding, _options.Augmentation, batchSize, seed);

    Dataset<Tensor, Ids> All(ImageSet images) => new(
        _encoding.Encode(images, [.. Enumerable.Range(0, images.Count)]), Ids.From([.. images.Labels]));

    (ImageReport Report, double Loss) Measure(Module model, ImageSet images, string part)
    {
        using var mode = model.InEvaluation();
        using var quiet = NoGrad.Begin();
        float[] probabilities = new float[images.Count * _encoding.Classes.Count];
        double loss = 0;
        for (int from = 0; from < images.Count; from += BatchToMeasure)
        {
            using var scope = Scope.Begin("measure");
            int[] rows = [.. Enumerable.Range(from, Math.Min(BatchToMeasure, images.Count - from))];
            var logits = model.Forward(_encoding.Encode(images, rows));
            loss += logits.CrossEntropy(Ids.From([.. rows.Select(row => images.Labels[row])])).Item() * rows.Length;
            logits.Softmax().ToArray<float>().CopyTo(probabilities, from * _encoding.Classes.Count);
        }
        return (ImageReport.Of(part, _encoding.Classes, images,
            Tensor.From(probabilities, [images.Count, _encoding.Classes.Count])), loss / images.Count);
    }
}
