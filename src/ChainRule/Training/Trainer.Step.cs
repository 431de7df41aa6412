using ChainRule.Optim;

namespace ChainRule.Training;

public sealed partial class Trainer<TX, TY>
{
    double StepOnce()
    {
        using var scope = Scope.Begin();
        double value = Shards > 0 ? BackwardOfShards() : GradientAccumulation == 1 ? BackwardOnce() : BackwardOfMany();
        if (ClipNorm is { } most)
        {
            double norm = Clip.Norm(Optimizer.Parameters, most);
            (_gradientNorm, ClipFactor) = (norm, Clip.Factor(norm, most));
        }
        else if (Instruments.MeasuresGradientNorm)
        {
            _gradientNorm = Clip.Norm(Optimizer.Parameters, double.PositiveInfinity);
        }
        Optimizer.StepNamed(_nameOf);
        Step++;
        return value;
    }

    double BackwardOnce()
    {
        var (x, y) = Batches.Next();
        _samples += x.Shape[0];
        var l = _loss(x, y);
        double value = CheckValue(l);
        Optimizer.ZeroGrad();
        l.Backward();
        return value;
    }

    // Σ nᵢ ∇lᵢ / Σ nᵢ, where lᵢ is a mean over nᵢ terms; in units of the first n, so that batches of one size lose
    // nothing. A sum counts as it is.
    double BackwardOfMany()
    {
        Optimizer.ZeroGrad();
        double sum = 0, terms = 0, unit = 0;
        for (int i = 0; i < GradientAccumulation; i++)
        {
            using var part = Scope.Begin();
            using var tally = LossTally.Begin();
            var (x, y) = Batches.Next();
            _samples += x.Shape[0];
            var l = _loss(x, y);
            bool isSum = LossTerms is null && tally.IsSum;
            double weight = isSum ? 1 : Terms(tally, x, y);
            if (weight == 0) continue;
            double value = CheckValue(l);
            if (unit == 0) unit = weight;
            l.Backward(Tensor.Full(l.Shape, weight / unit, l.DType));
            (sum, terms) = isSum ? (sum + value, 1) : (sum + value * weight, terms + weight);
        }
        if (terms == 0)
            Throw.Invalid($"train: no target of the {GradientAccumulation} batches of step {Step} counts, all being "
                + "ignored: there is no gradient to follow");
        Clip.Scale(Optimizer.Parameters, unit / terms);
        return sum / terms;
    }

    double CheckValue(Tensor loss)
    {
        if (loss.Count != 1)
            Throw.Invalid($"train: the loss of step {Step} is {loss.Shape}: give a single number, such as its Mean()");
        double value = loss.Item();
        if (!double.IsFinite(value))
            Throw.Diverged($"train: the loss of step {Step} is {value}: lower the learning rate "
                + $"({Optimizer.LearningRate}), clip the gradients, or find the op with NanWatch; what was saved "
                + "before stays as it is");
        if (_checkedAt != Layers.Module.Made) CheckLoss(loss);
        return value;
    }
}
