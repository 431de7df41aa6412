using ChainRule.Layers;
using ChainRule.Randomness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ChainRule.Serving.Tests;

public sealed class PredictorServicesTest
{
    static readonly TorchRandom s_rng = new(1);

    [Fact]
    public async Task Predictors_are_services_with_a_name_or_without()
    {
        Predictor one = new Linear(2, 1, s_rng).ToPredictor(), named = new Linear(3, 1, s_rng).ToPredictor();
        var services = new ServiceCollection().AddPredictor(one).AddPredictor("three", named);
        await using var provider = services.BuildServiceProvider();
        Assert.Same(one, provider.GetRequiredService<Predictor>());
        Assert.Same(named, provider.GetRequiredKeyedService<Predictor>("three"));
        Assert.Same(provider.GetRequiredService<BatchingPredictor>(), provider.GetRequiredService<BatchingPredictor>());
        var y = await provider.GetRequiredKeyedService<BatchingPredictor>("three").PredictAsync(Tensor.Ones([3]));
        Assert.Equal<Shape>([1], y.Shape);
    }

    [Fact]
    public async Task A_health_check_predicts_an_example()
    {
        var broken = new Linear(2, 1, s_rng);
        broken.Weight.FillInPlace(double.NaN);
        var healthy = new Linear(2, 1, s_rng).ToPredictor();
        var services = new ServiceCollection().AddLogging().AddPredictor(healthy)
            .AddPredictor("broken", broken.ToPredictor()).AddPredictor("other", healthy);
        services.AddHealthChecks().AddPredictor(Tensor.Ones([2])).AddPredictor(Tensor.Ones([2]), "broken")
            .AddPredictor(Tensor.Ones([7]), "other");
        await using var provider = services.BuildServiceProvider();
        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Healthy, report.Entries["predictor"].Status);
        Assert.Equal((HealthStatus.Unhealthy, "the prediction of the example is not finite"),
            (report.Entries["broken"].Status, report.Entries["broken"].Description));
        Assert.Equal(HealthStatus.Unhealthy, report.Entries["other"].Status);
        Assert.Contains("[1, 7]", report.Entries["other"].Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_queue_that_is_half_full_is_degraded()
    {
        var gate = new Gate();
        var services = new ServiceCollection().AddLogging()
            .AddPredictor(gate.ToPredictor(), new() { Workers = 1, MaxWaiting = 3 });
        services.AddHealthChecks().AddPredictor(Tensor.Ones([1]));
        await using var provider = services.BuildServiceProvider();
        var batching = provider.GetRequiredService<BatchingPredictor>();
        var health = provider.GetRequiredService<HealthCheckService>();
        var first = Task.Run(() => batching.PredictAsync(Tensor.From(1f)));
        gate.Await();
        Task<Tensor>[] next = [batching.PredictAsync(Tensor.From(2f)), batching.PredictAsync(Tensor.From(3f))];
        var asked = health.CheckHealthAsync();
        SpinWait.SpinUntil(() => batching.Waiting == 3);
        gate.Open(2);
        await Task.WhenAll([first, .. next]);
        var report = await asked;
        Assert.Equal((HealthStatus.Degraded, "2 rows wait of 3 that may"), (report.Status,
            report.Entries["predictor"].Description));
    }
}
