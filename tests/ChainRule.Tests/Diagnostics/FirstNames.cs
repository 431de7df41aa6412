using ChainRule.Randomness;

namespace ChainRule.Tests.Diagnostics;

/// <summary>
/// makemore part 2's first network and its batch: the five names the file begins with, 32 examples, 3,481 parameters.
/// </summary>
sealed class FirstNames
{
    const int Context = 3, Vocabulary = 27;

    /// <param name="dtype">The type to compute in; the numbers are drawn in float32, as the lecture's are.</param>
    public FirstNames(DType dtype = DType.Float32)
    {
        List<int> x = [], y = [];
        foreach (string name in (string[])["emma", "olivia", "ava", "isabella", "sophia"])
        {
            int[] window = [0, 0, 0];
            foreach (char c in name + ".")
            {
                int id = c == '.' ? 0 : c - 'a' + 1;
                x.AddRange(window);
                y.Add(id);
                window = [.. window[1..], id];
            }
        }
        X = Ids.From([.. x], [y.Count, Context]);
        Y = Ids.From([.. y]);

        var g = new TorchRandom(2147483647);
        Tensor Draw(params int[] shape) => Tensor.Randn(shape, g).To(dtype).RequireGrad();
        Parameters = new Dictionary<string, Tensor>
        {
            ["C"] = Draw(Vocabulary, 2), ["W1"] = Draw(6, 100), ["b1"] = Draw(100), ["W2"] = Draw(100, Vocabulary),
            ["b2"] = Draw(Vocabulary),
        };
    }

    public Ids X { get; }

    public Ids Y { get; }

    public IReadOnlyDictionary<string, Tensor> Parameters { get; }

    public Tensor Hidden() =>
        (Parameters["C"].Rows(X).Reshape(-1, 2 * Context).MatMul(Parameters["W1"]) + Parameters["b1"]).Tanh();

    public Tensor Loss() => Loss(Hidden());

    public Tensor Loss(Tensor h) => (h.MatMul(Parameters["W2"]) + Parameters["b2"]).CrossEntropy(Y);
}
