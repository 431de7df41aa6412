using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;

namespace ChainRule;

/// <summary>
/// What other programs can listen to: the meter and the source of activities, both called <c>ChainRule</c>. Whoever
/// measures asks first whether somebody listens, so that without a listener a step costs a few comparisons.
/// </summary>
static class Instruments
{
    const string Name = "ChainRule", Switch = "ChainRule.Instruments";

    // 1, 2 and 5 of each power of ten, in seconds: without advice, OpenTelemetry's first bucket goes from 0 to 5.
    static readonly InstrumentAdvice<double> s_seconds = new() { HistogramBucketBoundaries =
    [
        1e-6, 2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2,
        5, 10, 20, 50, 100,
    ] };

    // None, and from 1 KiB to 4 GiB by fours.
    static readonly InstrumentAdvice<long> s_bytes = new() { HistogramBucketBoundaries =
        [0, .. Enumerable.Range(5, 12).Select(static power => 1L << 2 * power)] };

    static readonly string? s_version = typeof(Instruments).Assembly.GetName().Version?.ToString(3);
    static readonly Meter s_meter = new(Name, s_version);

    public static readonly ActivitySource Activities = new(Name, s_version);

    public static readonly Counter<long> Steps =
        s_meter.CreateCounter<long>("chainrule.training.steps", "{step}", "Steps made.");

    public static readonly Counter<long> Samples =
        s_meter.CreateCounter<long>("chainrule.training.samples", "{sample}", "Rows of the batches of steps.");

    public static readonly Histogram<double> StepDuration =
        s_meter.CreateHistogram("chainrule.training.step.duration", "s", "How long a step took.", advice: s_seconds);

    public static readonly Histogram<long> StepAllocated = s_meter.CreateHistogram(
        "chainrule.training.step.allocated", "By", "Bytes that a step's own thread allocated on the managed heap.",
        advice: s_bytes);

    public static readonly Gauge<double> Loss =
        s_meter.CreateGauge<double>("chainrule.training.loss", "1", "The loss of the last step's batch.");

    public static readonly Gauge<double> ValidationLoss =
        s_meter.CreateGauge<double>("chainrule.validation.loss", "1", "The last validation loss.");

    public static readonly Gauge<double> GradientNorm = s_meter.CreateGauge<double>("chainrule.training.gradient.norm",
        "1", "The norm of the last step's gradient, over all parameters, before it is clipped.");

    public static readonly Gauge<double> LearningRate =
        s_meter.CreateGauge<double>("chainrule.training.learning_rate", "1", "The learning rate of the last step.");

    public static readonly Counter<long> Predictions =
        s_meter.CreateCounter<long>("chainrule.predictions", "{prediction}", "Forward passes of predictors.");

    public static readonly Counter<long> PredictedSamples =
        s_meter.CreateCounter<long>("chainrule.prediction.samples", "{sample}", "Rows that predictors predicted.");

    public static readonly Histogram<double> PredictionDuration =
        s_meter.CreateHistogram("chainrule.prediction.duration", "s", "How long a prediction took.",
            advice: s_seconds);

    /// <summary>
    /// Whether anybody can listen. A program that is trimmed with the switch off carries nothing that measures.
    /// </summary>
    [FeatureSwitchDefinition(Switch)]
    static bool AreOn { get; } = !AppContext.TryGetSwitch(Switch, out bool isOn) || isOn;

    /// <summary>Whether somebody listens to steps.</summary>
    public static bool MeasuresSteps => AreOn && (Steps.Enabled || Samples.Enabled || StepDuration.Enabled
        || StepAllocated.Enabled || Loss.Enabled || GradientNorm.Enabled || LearningRate.Enabled);

    /// <summary>Whether somebody listens to the norm of gradients, which has to be computed for it.</summary>
    public static bool MeasuresGradientNorm => AreOn && GradientNorm.Enabled;

    /// <summary>Whether somebody listens to validation losses.</summary>
    public static bool MeasuresValidation => AreOn && ValidationLoss.Enabled;

    /// <summary>Whether somebody listens to activities.</summary>
    public static bool HasActivities => AreOn && Activities.HasListeners();

    /// <summary>Whether somebody listens to predictions.</summary>
    public static bool MeasuresPredictions => AreOn && (Predictions.Enabled || PredictedSamples.Enabled
        || PredictionDuration.Enabled || Activities.HasListeners());

    /// <summary>Which model: the name of its class.</summary>
    public static KeyValuePair<string, object?> Model(string name) => new("chainrule.model", name);

    /// <summary>Begins an activity about a model; null where nobody listens.</summary>
    public static Activity? Begin(string name, string model) =>
        AreOn ? Activities.StartActivity(name)?.SetTag("chainrule.model", model) : null;

    /// <summary>Says in an activity what it failed by.</summary>
    public static void Fail(this Activity? activity, Exception e)
    {
        activity?.SetStatus(ActivityStatusCode.Error, e.Message);
        activity?.AddException(e);
    }
}
