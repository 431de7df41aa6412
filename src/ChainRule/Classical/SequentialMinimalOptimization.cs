namespace ChainRule.Classical;

/// <summary>
/// The minimum of ½ αᵀQα + pᵀα with 0 ≤ α ≤ C and sᵀα = 0, two α at a time. Row i of n has two α, of sign s = 1 for
/// errors above ε and −1 for those below −ε, and β is their difference. Each step takes the α whose gradient promises
/// most, and with it the one that lowers the value most.
/// </summary>
/// <remarks>Fan, Chen and Lin, "Working set selection using second order information for training support vector
/// machines", 2005.</remarks>
sealed class SequentialMinimalOptimization
{
    const double LeastCurvature = 1e-12;

    readonly KernelRows _kernel;
    readonly double _c;
    readonly int _n;
    readonly double[] _alpha, _gradient;

    public SequentialMinimalOptimization(KernelRows kernel, double[] targets, double c, double epsilon)
    {
        (_kernel, _c, _n) = (kernel, c, targets.Length);
        (_alpha, _gradient) = (new double[2 * _n], new double[2 * _n]);
        for (int i = 0; i < _n; i++) (_gradient[i], _gradient[_n + i]) = (epsilon - targets[i], epsilon + targets[i]);
    }

    /// <summary>β of each row, the intercept, and whether the tolerance was reached.</summary>
    public (double[] Betas, double Intercept, bool Converged) Solve(double tolerance, int maxSteps)
    {
        bool converged = false;
        for (int step = 0; step < maxSteps; step++)
        {
            if (Select(tolerance) is not var (i, j))
            {
                converged = true;
                break;
            }
            Move(i, j);
        }
        var betas = new double[_n];
        for (int i = 0; i < _n; i++) betas[i] = _alpha[i] - _alpha[_n + i];
        return (betas, Intercept(), converged);
    }

    // The pair to move, null where no pair violates the conditions of the minimum by more than the tolerance.
    (int I, int J)? Select(double tolerance)
    {
        double most = double.NegativeInfinity, least = double.PositiveInfinity, best = double.PositiveInfinity;
        int i = -1, j = -1;
        for (int t = 0; t < _alpha.Length; t++)
        {
            if (MayRise(t) && -Sign(t) * _gradient[t] > most) (most, i) = (-Sign(t) * _gradient[t], t);
        }
        if (i < 0) return null;
        double[] row = _kernel.Row(i % _n);
        for (int t = 0; t < _alpha.Length; t++)
        {
            if (!MayFall(t)) continue;
            double own = -Sign(t) * _gradient[t], gap = most - own;
            least = Math.Min(least, own);
            if (gap <= 0) continue;
            double curvature = Math.Max(LeastCurvature, _kernel.Diagonal(i % _n) + _kernel.Diagonal(t % _n) - 2
                * row[t % _n]);
            if (-gap * gap / curvature < best) (best, j) = (-gap * gap / curvature, t);
        }
        return j < 0 || most - least < tolerance ? null : (i, j);
    }

    // Moves two α along sᵀα = 0 to the minimum between their limits.
    void Move(int i, int j)
    {
        double[] rowI = _kernel.Row(i % _n), rowJ = _kernel.Row(j % _n);
        double si = Sign(i), sj = Sign(j);
        double curvature = Math.Max(LeastCurvature, _kernel.Diagonal(i % _n) + _kernel.Diagonal(j % _n) - 2
            * rowI[j % _n]);
        double step = (-si * _gradient[i] + sj * _gradient[j]) / curvature;
        // α of i goes by s step, that of j by −s step.
        step = Math.Min(step, si > 0 ? _c - _alpha[i] : _alpha[i]);
        step = Math.Min(step, sj > 0 ? _alpha[j] : _c - _alpha[j]);
        (double oldI, double oldJ) = (_alpha[i], _alpha[j]);
        _alpha[i] = Limited(oldI + si * step);
        _alpha[j] = Limited(oldJ - sj * step);
        double di = si * (_alpha[i] - oldI), dj = sj * (_alpha[j] - oldJ);
        for (int t = 0; t < _n; t++)
        {
            double change = rowI[t] * di + rowJ[t] * dj;
            _gradient[t] += change;
            _gradient[_n + t] -= change;
        }
    }

    // Of free α the mean of s · gradient; between the limits of the others if none is free.
    double Intercept()
    {
        double sum = 0, upper = double.PositiveInfinity, lower = double.NegativeInfinity;
        int free = 0;
        for (int t = 0; t < _alpha.Length; t++)
        {
            double own = Sign(t) * _gradient[t];
            if (_alpha[t] > 0 && _alpha[t] < _c) (sum, free) = (sum + own, free + 1);
            else if (MayRise(t)) upper = Math.Min(upper, own);
            else lower = Math.Max(lower, own);
        }
        return -(free > 0 ? sum / free : (upper + lower) / 2);
    }

    double Limited(double alpha) => alpha < 1e-14 * _c ? 0 : alpha > (1 - 1e-14) * _c ? _c : alpha;

    double Sign(int t) => t < _n ? 1 : -1;

    bool MayRise(int t) => t < _n ? _alpha[t] < _c : _alpha[t] > 0;

    bool MayFall(int t) => t < _n ? _alpha[t] > 0 : _alpha[t] < _c;
}
