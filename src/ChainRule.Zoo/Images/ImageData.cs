using System.Globalization;
using System.Text.Json;
using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Training;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Settings;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Images;

/// <summary>Labelled images to train a classifier with.</summary>
public sealed class ImageData : TaskData
{
    /// <summary>The largest side that images keep, and the side of those that are larger or differ.</summary>
    internal const int LargestOwn = 64, UsualSize = 32;

    // Of tiny images every gradient is checked.
    const int MostSampled = 1000;

    const int TinySize = 12, BatchToMeasure = 500;

    readonly ImageOptions _options;
    readonly ReadImages _read;
    readonly ulong _seed;
    readonly ImageSet _train, _validation;
    readonly ImageSet? _test;
    readonly ImageEncoding _encoding;
    readonly DrawnDefects? _defects;
    readonly string _passedOver;

    // What the loss of each class is multiplied by, so that all count alike; null where they count as they occur.
    readonly double[]? _weights;

    internal ImageData(ReadImages given, ImageOptions options, ulong seed = RunConfig.UsualSeed)
        : base(given.Source, given.Sha256)
    {
        (_read, _seed) = (given, seed);
        string? positive = options.Positive ?? (given.Defects is null ? null : "defect");
        var chosen = options.Classes is null ? given : given.Only(options.Classes);
        var read = positive is null ? chosen : chosen.OneAgainstRest(positive);
        (_defects, _passedOver) = (read.Defects, given.PassedOver);
        (_options, _test) = (options, read.Test is { Count: > 0 } test ? test : null);
        (_train, _validation) = read.Validation is { Count: > 0 } kept ? (read.Train, kept)
            : ImageSplit.Of(read.Train, options);
        if (read.Classes.Count < options.FewestClasses || _validation.Count == 0)
            throw new InvalidDataException(
                $"images {read.Source}: {(read.Classes.Count < options.FewestClasses ? "they are of one class"
                    : "none is left to validate with")}: give two classes or more, with two images or more of each");
        if (options.PerClass is { } few)
        {
            int most = _train.Labels.CountBy(label => label).Max(one => one.Value);
            if (few > most)
                _passedOver += $"{(_passedOver.Length == 0 ? "" : "; ")}per class {few:N0} leaves none out: no class "
                    + $"has more than {most:N0} to train with";
            _train = ImageSplit.Few(_train, few, seed);
        }
        _validation = _validation.Held(options.MostHeld);
        _encoding = ImageEncoding.Of(read.Classes, _train, positive is not null);
        if (options.ClassWeights ?? _encoding.HasOneOutput)
            _weights = ClassWeights.Balanced([.. _train.Labels], read.Classes.Count);
    }

    public override TaskKind Kind => TaskKind.Images;

    public override Preprocessing Preprocessing => _encoding;

    /// <summary>What turns images into numbers for a model, and its answers into classes.</summary>
    public ImageEncoding Encoding => _encoding;

    /// <summary>An image of the part that a report is on: the test part, or the validation part where there is
    /// none.</summary>
    /// <param name="index">Its number, as <see cref="ImageError.Index"/> has it.</param>
    public Pixels Measured(int index) => (_test ?? _validation).Picture(index);

    /// <summary>The first images of each class of that part.</summary>
    /// <param name="perClass">How many of each class, at most.</param>
    public IReadOnlyList<ImageExample> Examples(int perClass)
    {
        var part = _test ?? _validation;
        return [.. part.Labels.Index().GroupBy(one => one.Item).OrderBy(own => own.Key).SelectMany(own => own
            .Take(perClass).Select(one => new ImageExample(part.Picture(one.Index), _encoding.Classes[own.Key])))];
    }

    /// <summary>The images that a run was started with.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <exception cref="ArgumentException">It is a run on no images.</exception>
    /// <exception cref="IOException">They are no longer there, or cannot be read.</exception>
    /// <exception cref="InvalidDataException">They are not those that the run was started with.</exception>
    public static ImageData OfRun(string folder)
    {
        var run = RunFolder.Open(folder);
        return run.Settings.Kind == TaskKind.Images ? (ImageData)RunData.Open(run, folder, null, "images")
            : throw new ArgumentException($"images: {Printable.Path(folder)} is a run on "
                + $"{TrainingTask.Of(run.Settings.Kind).Name}: give a run on images");
    }

    /// <summary>The training part as numbers for a model, and its classes, all in memory.</summary>
    public Dataset<Tensor, Ids> Training() => All(_train);

    /// <summary>The validation part.</summary>
    internal Dataset<Tensor, Ids> Validating() => All(_validation);

    /// <summary>The part that a report is on: the test part, or the validation part where there is none;
    /// all in memory.</summary>
    public Dataset<Tensor, Ids> Measured() => All(_test ?? _validation);

    /// <summary>What is wrong with an image of the test part of drawn surfaces; null where nothing is.</summary>
    /// <param name="index">Its number in the part.</param>
    public DrawnDefect? DefectOf(int index) => _defects?.Tested[index];

    /// <summary>Drawn surfaces with the kind of defect that was held out.</summary>
    /// <exception cref="InvalidOperationException">The images are others.</exception>
    public Dataset<Tensor, Ids> HeldOut() => _defects is { } defects ? All(defects.Held)
        : throw new InvalidOperationException($"images {Source}: no defects are held out: open drawn surfaces");

    /// <summary>Opens images.</summary>
    /// <param name="source">A folder with a subfolder for each class; a folder of IDX files, or a pair of them named by
    /// its images; a CSV file of pixels; null for drawn digits or surfaces.</param>
    /// <param name="options">How they are read.</param>
    /// <exception cref="IOException">There is no such file or folder, or it cannot be read.</exception>
    /// <exception cref="InvalidDataException">It holds no such images.</exception>
    /// <exception cref="ArgumentException">The options do not go with it.</exception>
    public static ImageData Open(string? source, ImageOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (source is not null && options.Drawn != ImageDrawing.Digits)
            throw new ArgumentException($"images: --drawn {Setting.Text(options.Drawn)} does not go with "
                + $"{Printable.Path(source)}: give one of them");
        if (source is null && options.Drawn == ImageDrawing.Surfaces)
        {
            if (options.Channels == 3)
                throw new ArgumentException("images: channels 3: drawn surfaces are grey: leave it out");
            return new(DrawnTextures.Draw(options.Size ?? DrawnTextures.UsualSize, options.HeldOut), options);
        }
        if (source is null)
        {
            var drawn = DrawnDigits.Drawn;
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
        return new(CsvImages.Is(source) ? CsvImages.Read(source, options)
            : IdxImages.FromPair(source, options), options);
    }

    internal override TaskData DrawnBy(ulong seed) =>
        _options.PerClass is null || seed == _seed ? this : new ImageData(_read, _options, seed);

    internal override int? Validated => _validation.Count;

    public override string Describe(Module model)
    {
        string disk = _train.IsOnDisk ? ", decoded as they are read" : "";
        int all = _train.Count + _validation.Count + (_test?.Count ?? 0), size = _encoding.Size;
        string colour = _encoding.Channels == 1 ? "grey" : "colour";
        string test = _test is null ? "" : string.Create(CultureInfo.InvariantCulture, $", {_test.Count:N0} to test");
        return string.Create(CultureInfo.InvariantCulture, $"{all:N0} images ({Source}) of {_encoding.Classes.Count} "
            + $"classes, {colour}, {size} × {size}: {_train.Count:N0} to train, {_validation.Count:N0} to "
            + $"validate{test}{disk}{(_passedOver.Length == 0 ? "" : "; ")}{_passedOver}");
    }

    public override ITrainer CreateTrainer(TrainingSetup setup) => CreateTrainer(setup,
        Batches(setup.Training.BatchSize, setup.Seed), setup.Model.Forward, Loss, Rows(_validation),
        ("accuracy", (logits, y) => _encoding.Probabilities(logits).Accuracy(y)), train: Sample());

    public override string? DescribeExample(BatchLoss batch, int row)
    {
        if (batch is not BatchLoss<Tensor, Ids>(var x, var y, _, _)) return null;
        string name = Printable.Of(_encoding.Classes[y.Span[row]], 40);
        for (int from = 0; from < _train.Count; from += BatchToMeasure)
            if (RowOf(_encoding.Encode(_train, Piece(_train, from)), x, row) is { } found)
                return $"training image {from + found}, of class {name}";
        return $"a varied image of class {name}";
    }

    public override Evaluation Evaluate(Module model, ulong seed)
    {
        // Of what was trained on, as many as are validated with: they lie evenly over the whole.
        int step = Math.Max(1, _train.Count / Math.Max(1, _validation.Count));
        var sample = _train.Take([.. Enumerable.Range(0, _train.Count).Where(i => i % step == 0)]);
        var validated = Measure(model, _validation, "validation");
        var tested = _test is null ? validated : Measure(model, _test, "test");
        var metrics = new Dictionary<string, double> { ["accuracy"] = validated.Report.Accuracy };
        if (_test is not null) metrics["testAccuracy"] = tested.Report.Accuracy;
        if (_encoding.HasOneOutput) metrics["balancedAccuracy"] = validated.Report.BalancedAccuracy;
        if (validated.Report.RocAuc is { } area) metrics["rocAuc"] = area;
        var details = new Dictionary<string, JsonElement>
            { [ImageReport.Name] = RunFile.Element(tested.Report) };
        if (_defects is not null)
            details[DefectReport.Name] = RunFile.Element(DefectReport.Of(model, _encoding, _defects,
                OfDefect(tested.Probabilities), OfDefect(Measure(model, _defects.Held, "held out").Probabilities)));
        return new(Measure(model, sample, "training").Loss, validated.Loss,
            _test is null ? null : tested.Loss, metrics, []) { Details = details };
    }

    public override string Describe(HistoryPoint point) =>
        point.Metrics.TryGetValue("accuracy", out double accuracy)
            ? string.Create(CultureInfo.InvariantCulture, $"accuracy {accuracy:0.0000}") : "";

    public override IEnumerable<string> Report(RunSummary summary)
    {
        string test = _test is not null && ImageReport.Of(summary) is { } report
            ? string.Create(CultureInfo.InvariantCulture, $", {report.Accuracy:0.0000} on test data") : "";
        yield return string.Create(CultureInfo.InvariantCulture,
            $"accuracy {summary.Metrics["accuracy"]:0.0000} on validation data{test}");
    }

    public override IEnumerable<string> Show(RunSummary summary)
    {
        foreach (string line in ImageReport.Of(summary)?.Lines() ?? []) yield return line;
        if (DefectReport.Of(summary) is not { } defects) yield break;
        yield return "";
        foreach (string line in defects.Lines()) yield return line;
    }

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
        var encoding = ImageEncoding.Of(_encoding.Classes, small, _encoding.HasOneOutput);
        var tiny = recipe.Build(recipe.Tiny, encoding.Shape, new TorchRandom(seed));
        tiny.To(DType.Float64);
        var (tinyX, tinyY) = (encoding.Encode(small, rows).To(DType.Float64), Ids.From([.. small.Labels]));
        return new(model, () => Loss(model.Forward(x), y), _encoding.Classes.Count,
            () => Loss(model.Forward(fewX), fewY), 0, tiny, () => Loss(tiny.Forward(tinyX), tinyY));
    }

    /// <summary>Cross-entropy of a logit for each class; or binary cross-entropy of one logit.</summary>
    Tensor Loss(Tensor logits, Ids y)
    {
        if (!_encoding.HasOneOutput)
            return logits.CrossEntropy(y, weights: _weights is null ? null : Tensor.From(_weights).To(logits.DType));
        double[] targets = [.. y.Span.ToArray().Select(label => (double)label)];
        var target = Tensor.From(targets, logits.Shape).To(logits.DType);
        return logits.BinaryCrossEntropy(target, weight: _weights is null ? null : Tensor.From(
            [.. y.Span.ToArray().Select(label => _weights[label])], logits.Shape).To(logits.DType));
    }

    static double[] OfDefect(float[] probabilities) =>
        [.. probabilities.Where((_, i) => i % 2 == 1).Select(p => (double)p)];

    /// <summary>Some images that are trained on, without augmentation.</summary>
    IRowSource<Tensor, Ids> Sample()
    {
        int step = Math.Max(1, _train.Count / MostSampled);
        return Rows(_train.Take([.. Enumerable.Range(0, _train.Count).Where(i => i % step == 0).Take(MostSampled)]));
    }

    ImageBatches Batches(int batchSize, ulong seed) =>
        new(_train, _encoding, _options.Augmentation, batchSize, seed);

    static int[] Piece(ImageSet images, int from) =>
        [.. Enumerable.Range(from, Math.Min(BatchToMeasure, images.Count - from))];

    /// <summary>As numbers; where the images to train with stay on the disk, whenever they are asked for.</summary>
    IRowSource<Tensor, Ids> Rows(ImageSet images) =>
        _train.IsOnDisk ? new ImageRows(images, _encoding) : All(images);

    Dataset<Tensor, Ids> All(ImageSet images) => new(
        _encoding.Encode(images, [.. Enumerable.Range(0, images.Count)]), Ids.From([.. images.Labels]));

    (ImageReport Report, double Loss, float[] Probabilities) Measure(Module model, ImageSet images, string part)
    {
        using var mode = model.InEvaluation();
        using var quiet = NoGrad.Begin();
        float[] probabilities = new float[images.Count * _encoding.Classes.Count];
        double loss = 0;
        for (int from = 0; from < images.Count; from += BatchToMeasure)
        {
            using var scope = Scope.Begin("measure");
            int[] rows = Piece(images, from);
            var logits = model.Forward(_encoding.Encode(images, rows));
            loss += Loss(logits, Ids.From([.. rows.Select(row => images.Labels[row])])).Item() * rows.Length;
            _encoding.Probabilities(logits).ToArray<float>().CopyTo(probabilities, from * _encoding.Classes.Count);
        }
        return (ImageReport.Of(part, _encoding.Classes, images,
            Tensor.From(probabilities, [images.Count, _encoding.Classes.Count])), loss / images.Count, probabilities);
    }
}
