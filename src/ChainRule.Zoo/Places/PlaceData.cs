using System.Globalization;
using System.Text.Json;
using ChainRule.Data;
using ChainRule.Diagnostics;
using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Training;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Places;

/// <summary>
/// Places and visits to train a recommender with. Each user's visits are split by time: the last for the test, those
/// before for validation. A visit is learned from with what was known before it: the user's earlier visits.
/// </summary>
sealed class PlaceData : TaskData
{
    const int MostWatched = 1000, BatchToMeasure = 200;

    readonly PlaceOptions _options;
    readonly PlaceEncoding _encoding;
    readonly List<Example> _train = [], _validation = [], _test = [];
    readonly List<List<int>> _trained = [];

    public PlaceData(ReadPlaces read, PlaceOptions options) : base(read.Source, read.Sha256)
    {
        _options = options;
        List<(int User, List<Visit> Visits)> byUser = [];
        List<string> users = [];
        foreach (var own in read.Visits.GroupBy(visit => visit.User))
        {
            byUser.Add((users.Count, [.. own.OrderBy(visit => visit.Time)]));
            users.Add(own.Key);
        }
        foreach (var (user, visits) in byUser) Split(user, visits);
        if (_test.Count == 0)
            throw new InvalidDataException($"places {read.Source}: no user has three visits, so that none can be held "
                + "out to validate and to test with: give more visits of the same users");
        double[] distances = [.. _train.Select(e => e.From.DistanceTo(Towards(read.Places[e.Place]))).Order()];
        var counts = _trained.Select(places => places.CountBy(place => place).ToDictionary());
        string[] tags = [.. read.Places.SelectMany(place => place.Tags)
            .Concat(read.Visits.SelectMany(visit => visit.Tags)).CountBy(tag => tag)
            .OrderByDescending(tag => tag.Value).ThenBy(tag => tag.Key, StringComparer.Ordinal)
            .Take(PlaceEncoding.MostTags).Select(tag => tag.Key)];
        _encoding = new(read.Places, tags, users, [.. counts], Math.Max(1, distances[distances.Length / 2]));
    }

    public override TaskKind Kind => TaskKind.Places;

    public override Preprocessing Preprocessing => _encoding;

    internal override int? Validated => _validation.Count;

    public override string Describe(Module model) => string.Create(CultureInfo.InvariantCulture,
        $"{_encoding.Places.Count:N0} places, {_encoding.Tags.Count:N0} tags, {_encoding.Users.Count:N0} users "
        + $"({Source}): {_train.Count:N0} visits to train, {_validation.Count:N0} to validate, {_test.Count:N0} to "
        + $"test");

    public override ITrainer CreateTrainer(TrainingSetup setup)
    {
        var model = (PlaceTowers)setup.Model;
        int step = Math.Max(1, (_validation.Count + MostWatched - 1) / MostWatched);
        Example[] watched = [.. _validation.Where((_, i) => i % step == 0)];
        // Rows are numbers of training visits, and after those of validation visits.
        Example Of(int row) => row < _train.Count ? _train[row] : watched[row - _train.Count];
        Dataset<Ids, Ids> Rows(int from, int count) => Dataset.From(
            Ids.From([.. Enumerable.Range(from, count)]),
            Ids.From([.. Enumerable.Range(from, count).Select(row => Of(row).Place)]));
        var penalty = setup.Training.CreatePenalty(model);
        Tensor Penalised(Tensor loss) => penalty is not null && model.Training ? loss + penalty() : loss;
        return new Trainer<Ids, Ids>(model, setup.Optimizer,
            Batches.Shuffled(Rows(0, _train.Count), setup.Training.BatchSize, setup.Seed),
            (rows, places) => Penalised(Loss(model, [.. rows.Span.ToArray().Select(Of)], places, setup.Seed)))
        {
            ClipNorm = setup.Training.ClipNorm,
            Shards = setup.Training.Shards ?? 0,
            Validation = Rows(_train.Count, watched.Length),
            BatchMetrics =
            {
                ["hitRate"] = (rows, places) => Measure(model, [.. rows.Span.ToArray().Select(Of)], "").Ranked.Score
                    .HitRate,
            },
            EvaluateEvery = setup.Training.EvalEvery!.Value,
            EarlyStopping = setup.Training.EarlyStopping,
            Checkpoint = setup.Checkpoint,
            Generators = setup.Generators,
        };
    }

    public override string? DescribeExample(BatchLoss batch, int row)
    {
        if (batch is not BatchLoss<Ids, Ids> { Inputs: var rows } || rows.Span[row] >= _train.Count) return null;
        var visit = _train[rows.Span[row]];
        string tags = visit.Tags.Count == 0 ? "" : $", looking for {Printable.List(visit.Tags, 20)}";
        return $"the visit of {Printable.Of(_encoding.Users[visit.User], 40)} to "
            + $"{Printable.Of(_encoding.Places[visit.Place].Name, 60)}{tags}";
    }

    public override Evaluation Evaluate(Module model, ulong seed)
    {
        var ranker = (PlaceTowers)model;
        int step = Math.Max(1, _train.Count / _validation.Count);
        var (validated, loss) = Measure(ranker, _validation, "");
        var (tested, testLoss) = Measure(ranker, _test, "this model");
        var unknown = Measure(ranker, [.. _test.Select(e => e with { User = -1, Tags = [], Before = 0 })],
            "this model, nothing known of the user").Ranked;
        var baselines = new PlaceBaselines(_encoding, [.. _train.Select(e => Query(e, true))],
            [.. _validation.Select(e => (Query(e, false), e.Place))]);
        var others = baselines.Scores([.. _test.Select(e => (Query(e, false), e.Place))]);
        int[] users = [.. _test.Select(e => e.User)];
        var report = new PlaceReport("test", _test.Count, _encoding.Places.Count, tested.Score, unknown.Score,
            [.. others.Select(other => other.Score)])
        {
            Differences = [.. others.Select(other => PlaceDifference.Of(tested, other, users, seed))],
        };
        return new(Measure(ranker, [.. _train.Where((_, i) => i % step == 0)], "").Loss, loss, testLoss,
            new Dictionary<string, double>
                { ["hitRate"] = validated.Score.HitRate, ["ndcg"] = validated.Score.Ndcg }, [])
        {
            Details = new Dictionary<string, JsonElement>
                { [PlaceReport.Name] = RunFile.Element(report) },
        };
    }

    public override string Describe(HistoryPoint point) => point.Metrics.TryGetValue("hitRate", out double rate)
        ? string.Create(CultureInfo.InvariantCulture, $"hit rate at 10 {rate:0.0000}") : "";

    public override IEnumerable<string> Report(RunSummary summary)
    {
        yield return string.Create(CultureInfo.InvariantCulture,
            $"hit rate at 10 {summary.Metrics["hitRate"]:0.0000}, NDCG at 10 {summary.Metrics["ndcg"]:0.0000} "
            + $"on validation visits");
    }

    public override IEnumerable<string> Show(RunSummary summary) => PlaceReport.Of(summary)?.Lines() ?? [];

    public override TrialSetup CreateTrial(Recipe recipe, ulong seed)
    {
        var plan = recipe.For(Kind);
        var model = (PlaceTowers)recipe.Build(plan.Sizes, _encoding.Shape, new TorchRandom(seed));
        Example[] few = [.. _train.DistinctBy(e => e.User).Take(8)];
        PlaceBatch batch = Encode([.. _train.Take(plan.Training.BatchSize)]), fewBatch = Encode(few);
        Ids places = Targets(_train.Take(plan.Training.BatchSize)), fewPlaces = Targets(few);
        // Every gradient is checked in a hamlet.
        var hamlet = new PlaceData(PlaceFiles.Read(new SyntheticCity(new(1, Places: 6, Users: 4, VisitsPerUser: 5))),
            _options);
        var tiny = (PlaceTowers)recipe.Build(recipe.Tiny, hamlet._encoding.Shape, new TorchRandom(seed));
        tiny.To(DType.Float64);
        Example[] all = [.. hamlet._train];
        var (tinyBatch, tinyPlaces) = (hamlet.Encode(all).To(DType.Float64), Targets(all));
        return new(model, () => model.Score(batch).CrossEntropy(places), _encoding.Places.Count,
            () => model.Score(fewBatch).CrossEntropy(fewPlaces), 0, tiny,
            () => tiny.Score(tinyBatch).CrossEntropy(tinyPlaces));
    }

    static Direction Towards(Place place) => Geo.Towards(place.Latitude, place.Longitude);

    static Ids Targets(IEnumerable<Example> examples) => Ids.From([.. examples.Select(e => e.Place)]);

    void Split(int user, List<Visit> visits)
    {
        int held = visits.Count < 3 ? 0
            : Math.Clamp((int)Math.Round(_options.HoldOut * visits.Count), 1, (visits.Count - 1) / 2);
        int trained = visits.Count - 2 * held;
        for (int i = 0; i < visits.Count; i++)
        {
            var (part, before) = i < trained ? (_train, i) : (i < trained + held ? _validation : _test, trained);
            part.Add(new(user, visits[i].Place, Geo.Towards(visits[i].Latitude, visits[i].Longitude), visits[i].Tags,
                before, i < trained));
        }
        _trained.Add([.. visits.Take(trained).Select(visit => visit.Place)]);
    }

    /// <summary>The softmax over all places; in training, over some that are drawn from seed and batch alone.</summary>
    Tensor Loss(PlaceTowers model, Example[] examples, Ids places, ulong seed)
    {
        if (!model.Training || _encoding.Places.Count <= _options.Candidates)
            return model.Score(Encode(examples)).CrossEntropy(places);
        var rng = new TorchRandom(examples.Aggregate(seed, static (mixed, e) =>
            (mixed ^ ((ulong)e.User << 32 | (uint)e.Before)) * 0x9e3779b97f4a7c15));
        int[] drawn = new int[_encoding.Places.Count];
        rng.Permutation(drawn);
        HashSet<int> sample = [.. drawn.Take(_options.Candidates)];
        int[] candidates = [.. sample.Concat(places.Span.ToArray()).Distinct().Order()];
        // A place of another visit is no candidate of this one, unless it was drawn: it would be so too often.
        float[] mask = new float[examples.Length * candidates.Length];
        for (int i = 0; i < mask.Length; i++)
        {
            int place = candidates[i % candidates.Length];
            mask[i] = sample.Contains(place) || place == places[i / candidates.Length] ? 0 : 1;
        }
        return model.Score(Encode(examples, candidates))
            .MaskedFill(Tensor.From(mask, [examples.Length, candidates.Length]), -1e9)
            .CrossEntropy(Ids.From([.. places.Span.ToArray().Select(place => Array.BinarySearch(candidates, place))]));
    }

    (RankedVisits Ranked, double Loss) Measure(PlaceTowers model, IReadOnlyList<Example> examples, string name)
    {
        using var mode = model.InEvaluation();
        using var quiet = NoGrad.Begin();
        List<int[]> lists = [];
        double loss = 0;
        foreach (var batch in examples.Chunk(BatchToMeasure))
        {
            using var scope = Scope.Begin("measure");
            var scores = model.Score(Encode(batch));
            loss += scores.CrossEntropy(Targets(batch)).Item() * batch.Length;
            double[] numbers = [.. scores.ToArray<float>().Select(x => (double)x)];
            int width = _encoding.Places.Count;
            for (int i = 0; i < batch.Length; i++)
                lists.Add(PlaceReport.First(numbers.AsSpan(i * width, width), PlaceReport.Depth));
        }
        return (RankedVisits.Of(name, lists, [.. examples.Select(e => e.Place)]), loss / examples.Count);
    }

    PlaceBatch Encode(Example[] examples, int[]? candidates = null) =>
        _encoding.Encode([.. examples.Select(e => Query(e, e.Trained))], candidates);

    EncodedQuery Query(Example e, bool learned)
    {
        var before = e.User < 0 ? [] : _trained[e.User].Take(e.Before).CountBy(place => place).ToDictionary();
        return new(e.User, e.From, _encoding.Known(e.Tags), before, learned ? e.Place : -1);
    }

    /// <summary>A visit.</summary>
    /// <param name="User">The number of the user; −1 for one of whom nothing is known.</param>
    /// <param name="Place">Where to.</param>
    /// <param name="From">Where from.</param>
    /// <param name="Tags">What was looked for.</param>
    /// <param name="Before">How many of the user's training visits were before.</param>
    /// <param name="Trained">Whether it is learned from, and must not count itself.</param>
    sealed record Example(int User, int Place, Direction From, IReadOnlyList<string> Tags, int Before, bool Trained);
}
