using ChainRule.Layers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ChainRule.Serving;

/// <summary>Predictors among a program's services.</summary>
public static class PredictorServices
{
    /// <summary>
    /// Adds a predictor, as <see cref="Predictor"/> and as <see cref="BatchingPredictor"/>, one for all requests.
    /// <code>
    /// builder.Services.AddPredictor(model.ToPredictor());
    /// app.MapPost("/predict", async (float[] x, BatchingPredictor predictor) =>
    ///     (await predictor.PredictAsync(Tensor.From(x))).ToArray&lt;float&gt;());
    /// </code>
    /// </summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static IServiceCollection AddPredictor(this IServiceCollection services, Predictor predictor,
        BatchingOptions? options = null)
    {
        Throw.IfNull(services, "add a predictor");
        var batching = new BatchingPredictor(predictor, options);
        return services.AddSingleton(predictor).AddSingleton(batching);
    }

    /// <summary>
    /// Adds one of several predictors, by a name: a handler asks for it by
    /// <c>[FromKeyedServices("digits")] BatchingPredictor predictor</c>.
    /// </summary>
    /// <inheritdoc cref="AddPredictor(IServiceCollection, Predictor, BatchingOptions?)" path="/exception"/>
    public static IServiceCollection AddPredictor(this IServiceCollection services, string name, Predictor predictor,
        BatchingOptions? options = null)
    {
        Throw.IfNull(services, "add a predictor");
        Throw.IfNull(name, "add a predictor");
        var batching = new BatchingPredictor(predictor, options);
        return services.AddKeyedSingleton(name, predictor).AddKeyedSingleton(name, batching);
    }

    /// <summary>
    /// Adds a check that predicts an example: unhealthy where that fails or is not finite, degraded where half of the
    /// rows that may wait do, or more.
    /// </summary>
    /// <param name="checks">What <c>AddHealthChecks()</c> gives.</param>
    /// <param name="example">A row that the network takes, without the batch's axis.</param>
    /// <param name="name">The name of the predictor; null for the one that was added without.</param>
    public static IHealthChecksBuilder AddPredictor(this IHealthChecksBuilder checks, Tensor example,
        string? name = null)
    {
        Throw.IfNull(checks, "add a health check");
        return checks.Add(new HealthCheckRegistration(name ?? "predictor", services => new PredictorHealthCheck(
            name is null ? services.GetRequiredService<BatchingPredictor>()
                : services.GetRequiredKeyedService<BatchingPredictor>(name), example), null, ["predictor"]));
    }
}
