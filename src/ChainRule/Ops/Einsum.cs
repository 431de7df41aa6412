namespace ChainRule;

public readonly partial struct Tensor
{
    /// <summary>
    /// Einstein's summation: each input has a letter for each axis, axes of one letter run together, and what is not
    /// in the result is summed.
    /// <code>
    /// var product = Tensor.Einsum("ij,jk->ik", a, b);
    /// var attentionLogits = Tensor.Einsum("bhtd,bhsd->bhts", q, k);
    /// var trace = Tensor.Einsum("ii->", a);
    /// var transposed = Tensor.Einsum("...ij->...ji", a);
    /// </code>
    /// Without an arrow the result has the letters that stand once, in the order of the alphabet. Inputs are multiplied
    /// from left to right, each two of them by one matrix product.
    /// </summary>
    /// <exception cref="ArgumentException">The equation is not of this form, or sizes disagree.</exception>
    public static Tensor Einsum(string equation, params ReadOnlySpan<Tensor> inputs)
    {
        var plan = new EinsumPlan(equation, inputs);
        var x = inputs[0];
        string letters = plan.Inputs[0];
        plan.Simplify(ref x, ref letters, 1);
        for (int i = 1; i < inputs.Length; i++)
        {
            var y = inputs[i];
            string others = plan.Inputs[i];
            plan.Simplify(ref y, ref others, i + 1, letters);
            plan.Multiply(ref x, ref letters, y, others, i + 1);
        }
        Span<int> order = stackalloc int[plan.Result.Length];
        for (int i = 0; i < order.Length; i++) order[i] = letters.IndexOf(plan.Result[i]);
        return x.Permute(order);
    }
}
