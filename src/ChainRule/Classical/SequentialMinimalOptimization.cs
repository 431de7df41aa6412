using System.Numerics.Tensors;

namespace ChainRule.Classical;

/// <summary>
/// The minimum of ½ βᵀKβ − yᵀβ + ε Σ |β| with −C ≤ β ≤ C and Σ β = 0, two β at a time: one rises by as much as the
/// other falls. Each step lets that β rise whose gradient promises most, and with it that one fall which lowers the
/// value most. A β stops at 0, where the gradient jumps by 2 ε, and may go on from there in a later step.
/// </summary>
/// <remarks>Fan, Chen and Lin, "Working set selection using second order information for training support vector
/// machines", 2005. Their α and α* of a row, of which one is 0, are β where it is positive, and −β where it is
/// negative.</remarks>
sealed class SequentialMinimalOptimization
{
    const double LeastCurvature = 1e-12;

    readonly KernelRows _kernel;
    readonly double _c, _epsilon;
    readonly double[] _beta, _error, _riseOffset, _fallOffset, _own, _gain;

    public SequentialMinimalOptimization(KernelRows kernel, double[] targets, double c, double epsilon)
    {
        (_kernel, _c, _epsilon, _beta) = (kernel, c, epsilon, new double[targets.Length]);
        _error = [.. targets];
        (_riseOffset, _fallOffset) = (new double[targets.Length], new double[targets.Length]);
        (_own, _gain) = (new double[targets.Length], new double[targets.Length]);
        for (int t = 0; t < _beta.Length; t++) SetOffsets(t);
    }

    /// <summary>β of each row, the intercept, and whether the tolerance was reached.</summary>
    public (double[] Betas, double Intercept, bool Converged) Solve(double tolerance, int maxSteps)
    {
        for (int step = 0; step < maxSteps; step++)
        {
            if (Select(tolerance) is not var (i, j)) return (_beta, Intercept(), true);
            Move(i, j);
        }
        return (_beta, Intercept(), false);
    }

    // Minus the derivative by β in the direction in which it is asked: y − Kβ and −ε or ε; infinite at a limit.
    double Rising(int t) => _error[t] + _riseOffset[t];

    double Falling(int t) => _error[t] + _fallOffset[t];

    void SetOffsets(int t)
    {
        _riseOffset[t] = _beta[t] >= _c ? double.NegativeInfinity : _beta[t] < 0 ? _epsilon : -_epsilon;
        _fallOffset[t] = _beta[t] <= -_c ? double.PositiveInfinity : _beta[t] > 0 ? -_epsilon : _epsilon;
    }

    // Which β rises and which falls; null where no two promise more than the tolerance.
    (int Rises, int Falls)? Select(double tolerance)
    {
        TensorPrimitives.Add(_error, _riseOffset, _own);
        int i = TensorPrimitives.IndexOfMax<double>(_own);
        double most = _own[i];
        TensorPrimitives.Add(_error, _fallOffset, _own);
        if (!(most - TensorPrimitives.Min<double>(_own) >= tolerance)) return null;
        // What a step would gain: (gap)² / (Kᵢᵢ + Kⱼⱼ − 2 Kᵢⱼ), where there is a gap.
        TensorPrimitives.Subtract(most, _own, _own);
        TensorPrimitives.Max(_own, 0, _own);
        TensorPrimitives.Multiply(_own, _own, _own);
        TensorPrimitives.MultiplyAdd(_kernel.Row(i), -2, _kernel.Diagonal, _gain);
        TensorPrimitives.Add(_gain, _kernel.Diagonal[i], _gain);
        TensorPrimitives.Max(_gain, LeastCurvature, _gain);
        TensorPrimitives.Divide(_own, _gain, _gain);
        return (i, TensorPrimitives.IndexOfMax<double>(_gain));
    }

    void Move(int i, int j)
    {
        double[] rowI = _kernel.Row(i), rowJ = _kernel.Row(j);
        double curvature = Math.Max(LeastCurvature, _kernel.Diagonal[i] + _kernel.Diagonal[j] - 2 * rowI[j]);
        double step = (Rising(i) - Falling(j)) / curvature;
        // As far as 0 or the limit.
        step = Math.Min(step, _beta[i] < 0 ? -_beta[i] : _c - _beta[i]);
        step = Math.Min(step, _beta[j] > 0 ? _beta[j] : _c + _beta[j]);
        double oldI = _beta[i], oldJ = _beta[j];
        _beta[i] = Settled(oldI + step);
        _beta[j] = Settled(oldJ - step);
        SetOffsets(i);
        SetOffsets(j);
        TensorPrimitives.MultiplyAdd(rowI, oldI - _beta[i], _error, _error);
        TensorPrimitives.MultiplyAdd(rowJ, oldJ - _beta[j], _error, _error);
    }

    // Of free rows the mean error, less ε on its side; if none is free, halfway between those that the limits allow.
    double Intercept()
    {
        double sum = 0, lower = double.NegativeInfinity, upper = double.PositiveInfinity;
        int free = 0;
        for (int t = 0; t < _beta.Length; t++)
        {
            lower = Math.Max(lower, Rising(t));
            upper = Math.Min(upper, Falling(t));
            if (_beta[t] == 0 || Math.Abs(_beta[t]) == _c) continue;
            sum += _error[t] - Math.Sign(_beta[t]) * _epsilon;
            free++;
        }
        return free > 0 ? sum / free : (lower + upper) / 2;
    }

    // What rounding leaves beside 0 or a limit is put there.
    double Settled(double beta)
    {
        double rounding = 1e-14 * _c;
        return Math.Abs(beta) < rounding ? 0 : _c - Math.Abs(beta) < rounding ? Math.Sign(beta) * _c : beta;
    }
}
