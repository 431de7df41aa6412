using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ChainRule.Tests.Training;

using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Training;

/// <summary>What a program can listen to: alone, since listeners hear every training of the process.</summary>
[Collection(Alone.Name)]
public sealed class InstrumentsTest
{
    const int Steps = 10;

    [Fact]
    public void A_training_and_a_prediction_are_counted_and_timed()
    {
        List<(string Name, string? Unit, double Value, object? Model)> heard = [];
        using var listener = Listener(heard);
        var trainer = NewTrainer(clip: null);

        trainer.Fit(Steps);
        trainer.Model.ToPredictor().Predict(Tensor.Ones([3, 4]));

        double[] Of(string name, string unit)
        {
            var all = heard.Where(one => one.Name == name).ToArray();
            Assert.All(all, one => Assert.Equal((unit, "Sequential"), (one.Unit, one.Model)));
            return [.. all.Select(one => one.Value)];
        }
        Assert.Equal(Steps, Of("chainrule.training.steps", "{step}").Sum());
        Assert.Equal(Steps * 8, Of("chainrule.training.samples", "{sample}").Sum());
        Assert.Equal(Steps, Of("chainrule.training.step.duration", "s").Count(time => time is > 0 and < 60));
        Assert.Equal(Steps, Of("chainrule.training.step.allocated", "By").Count(bytes => bytes >= 0));
        Assert.Equal(Steps, Of("chainrule.training.loss", "1").Count(double.IsFinite));
        Assert.Equal(Steps, Of("chainrule.training.gradient.norm", "1").Count(norm => norm > 0));
        Assert.Equal(Enumerable.Repeat(0.25, Steps), Of("chainrule.training.learning_rate", "1"));
        Assert.Equal(trainer.History.Points.Select(point => point.ValidationLoss),
            Of("chainrule.validation.loss", "1"));
        Assert.Equal(1, Of("chainrule.predictions", "{prediction}").Sum());
        Assert.Equal(3, Of("chainrule.prediction.samples", "{sample}").Sum());
        Assert.InRange(Assert.Single(Of("chainrule.prediction.duration", "s")), 1e-9, 60);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0.1)]
    public void The_norm_is_that_of_the_gradient_before_it_is_clipped(double? clip)
    {
        List<(string Name, string? Unit, double Value, object? Model)> heard = [];
        var (quiet, observed) = (NewTrainer(clip), NewTrainer(clip));
        quiet.Fit(Steps);
        double norm;
        using (Listener(heard))
        {
            observed.Fit(Steps - 1);
            var next = observed.NextLoss().Loss;
            observed.Optimizer.ZeroGrad();
            next.Backward();
            norm = Clip.Norm(observed.Optimizer.Parameters, double.PositiveInfinity);
            observed.Fit(Steps);
        }

        Assert.Equal(norm, heard.Last(one => one.Name == "chainrule.training.gradient.norm").Value);
        // Whoever listens changes no bit.
        foreach (var (a, b) in quiet.Model.Parameters().Zip(observed.Model.Parameters()))
            Assert.Equal(a.ToArray<float>(), b.ToArray<float>());
    }

    // Without advice, OpenTelemetry's first bucket goes from 0 to 5 s.
    [Fact]
    public void Histograms_advise_buckets_that_tell_their_values_apart()
    {
        foreach (var histogram in (Histogram<double>[])[Instruments.StepDuration, Instruments.PredictionDuration])
        {
            double[] bounds = [.. histogram.Advice!.HistogramBucketBoundaries!];
            Assert.Equal((1e-6, 100), (bounds[0], bounds[^1]));
            Assert.All(bounds.Zip(bounds.Skip(1)), pair => Assert.InRange(pair.Second / pair.First, 1.99, 2.51));
        }
        long[] bytes = [.. Instruments.StepAllocated.Advice!.HistogramBucketBoundaries!];
        Assert.Equal([0, 1024, 4096], bytes[..3]);
        Assert.Equal(1L << 32, bytes[^1]);
    }

    [Fact]
    public void Several_batches_of_a_step_are_all_counted()
    {
        List<(string Name, string? Unit, double Value, object? Model)> heard = [];
        using var listener = Listener(heard);

        NewTrainer(clip: null, accumulation: 4).Fit(2);

        Assert.Equal(2 * 4 * 8, heard.Where(one => one.Name == "chainrule.training.samples").Sum(one => one.Value));
    }

    [Fact]
    public void Activities_say_what_a_training_did()
    {
        using var folder = new TemporaryFolder();
        List<Activity> ended = [];
        using var listener = Activities(ended);

        // Two epochs and a half, of four batches each.
        NewTrainer(clip: null, folder: folder.Path).Fit(Steps);

        var fit = Assert.Single(ended, one => one.OperationName == "chainrule.fit");
        Assert.Equal(("Sequential", Steps, Steps, "Completed"), (fit.GetTagItem("chainrule.model"),
            fit.GetTagItem("chainrule.steps"), fit.GetTagItem("chainrule.step"), fit.GetTagItem("chainrule.end")));
        var epochs = ended.Where(one => one.OperationName == "chainrule.epoch").ToArray();
        Assert.Equal([1, 2, 3], epochs.Select(one => one.GetTagItem("chainrule.epoch")));
        Assert.All(epochs, one => Assert.Equal(fit.SpanId, one.ParentSpanId));
        var evaluations = ended.Where(one => one.OperationName == "chainrule.evaluation").ToArray();
        Assert.Equal([0, 5, 10], evaluations.Select(one => one.GetTagItem("chainrule.step")));
        Assert.Equal([fit.SpanId, epochs[1].SpanId, epochs[2].SpanId], evaluations.Select(one => one.ParentSpanId));
        var checkpoints = ended.Where(one => one.OperationName == "chainrule.checkpoint").ToArray();
        Assert.Equal(evaluations.Select(one => one.SpanId), checkpoints.Select(one => one.ParentSpanId));
        Assert.Null(Activity.Current);
    }

    [Fact]
    public void An_activity_that_failed_says_why()
    {
        List<Activity> ended = [];
        using var listener = Activities(ended);
        var trainer = NewTrainer(clip: null, learningRate: 1e30);

        string message = Assert.ThrowsAny<InvalidOperationException>(() => trainer.Fit(Steps)).Message;
        Assert.ThrowsAny<ArgumentException>(() => trainer.Model.ToPredictor().Predict(Tensor.Ones([3, 5])));

        var fit = ended.Single(one => one.OperationName == "chainrule.fit");
        Assert.Equal((ActivityStatusCode.Error, message), (fit.Status, fit.StatusDescription));
        Assert.Equal("exception", Assert.Single(fit.Events).Name);
        Assert.Equal(ActivityStatusCode.Error,
            ended.Single(one => one.OperationName == "chainrule.prediction").Status);
        Assert.Null(Activity.Current);
    }

    [Fact]
    public void Nothing_is_allocated_where_nobody_listens()
    {
        var trainer = NewTrainer(clip: null, evaluateEvery: int.MaxValue);
        trainer.Fit(Steps);
        long Taken(int to)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            trainer.Fit(to);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        // The pools fill up first.
        Taken(1010);
        long silent = Taken(2010);
        List<(string Name, string? Unit, double Value, object? Model)> heard = [];
        long heardBytes;
        using (Listener(heard, remembers: false)) heardBytes = Taken(3010);

        // Of a thousand steps and an evaluation: who measures allocates nothing either, but for the gradient's norm.
        Assert.InRange(heardBytes - silent, -1000, 1000);
        var predictor = trainer.Model.ToPredictor();
        var x = Tensor.Ones([1, 4]);
        for (int i = 0; i < 3; i++) predictor.Predict(x);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) predictor.Predict(x);
        long predicted = GC.GetAllocatedBytesForCurrentThread() - before;
        using var listening = Listener(heard, remembers: false);
        before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) predictor.Predict(x);
        long measured = GC.GetAllocatedBytesForCurrentThread() - before;
        // The two functions that a measured prediction captures.
        Assert.True(predicted <= measured - 100 * 64, $"{predicted} and {measured} bytes");
    }

    static MeterListener Listener(List<(string Name, string? Unit, double Value, object? Model)> heard,
        bool remembers = true)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name != "ChainRule") return;
                if (remembers || instrument.Name != "chainrule.training.gradient.norm")
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
        {
            if (remembers) heard.Add((instrument.Name, instrument.Unit, value, Model(tags)));
        });
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (remembers) heard.Add((instrument.Name, instrument.Unit, value, Model(tags)));
        });
        listener.Start();
        return listener;
    }

    static object? Model(ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        tags.Length == 1 && tags[0].Key == "chainrule.model" ? tags[0].Value : null;

    static ActivityListener Activities(List<Activity> ended)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "ChainRule",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = ended.Add,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    static Trainer<Tensor, Tensor> NewTrainer(double? clip, int accumulation = 1, string? folder = null,
        double learningRate = 0.25, int evaluateEvery = 5)
    {
        var rng = new TorchRandom(1);
        var data = Dataset.From(Tensor.Randn([32, 4], rng), Tensor.Randn([32, 1], rng));
        var model = new Sequential(new Linear(4, 8, rng), new Tanh(), new Linear(8, 1, rng));
        return new(model, new Sgd(model.Parameters(), learningRate), Batches.Shuffled(data, 8, seed: 1),
            (x, y) => model.Forward(x).MseLoss(y))
        {
            ClipNorm = clip, GradientAccumulation = accumulation, Validation = data, EvaluateEvery = evaluateEvery,
            Checkpoint = folder is null ? null : new(folder),
        };
    }
}
