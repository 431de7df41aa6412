using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ChainRule.Serving;

/// <summary>
/// Predicts an example: unhealthy where that fails or gives NaN or infinity, degraded where half of the rows that may
/// wait do, or more.
/// </summary>
sealed class PredictorHealthCheck(BatchingPredictor predictor, Tensor example) : IHealthCheck
{
    [SuppressMessage("Design", "CA1031", Justification = "Whatever is wrong is the answer.")]
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context,
        CancellationToken cancellationToken = default)
    {
        int waiting = predictor.Waiting;
        try
        {
            var y = await predictor.PredictAsync(example, cancellationToken).ConfigureAwait(false);
            if (!double.IsFinite((y * 0).Sum().Item()))
                return new(context.Registration.FailureStatus, "the prediction of the example is not finite");
        }
        catch (TooManyRequestsException why)
        {
            return HealthCheckResult.Degraded(why.Message);
        }
        catch (Exception why) when (why is not OperationCanceledException)
        {
            return new(context.Registration.FailureStatus, why.Message, why);
        }
        return waiting * 2 > predictor.MaxWaiting
            ? HealthCheckResult.Degraded(FormattableString.Invariant(
                $"{waiting:N0} rows wait of {predictor.MaxWaiting:N0} that may"))
            : HealthCheckResult.Healthy();
    }
}
