using ChainRule.Layers;
using ChainRule.Randomness;

namespace ChainRule.Lab.Playground;

/// <summary>The network that settings describe, and where in it the hidden layers end.</summary>
sealed class PlaygroundNetwork
{
    PlaygroundNetwork(Sequential model, IReadOnlyList<int> ends) => (Model, Ends) = (model, ends);

    public Sequential Model { get; }

    /// <summary>The places in <see cref="Model"/> whose outputs are hidden layers' neurons, and last the output.
    /// </summary>
    public IReadOnlyList<int> Ends { get; }

    /// <summary>Makes it; all numbers come from one generator, layer by layer.</summary>
    public static PlaygroundNetwork Make(PlaygroundSettings s)
    {
        var rng = new TorchRandom((ulong)(uint)s.Seed);
        List<Module> layers = [];
        List<int> ends = [];
        int inputs = s.Features.Count;
        foreach (int outputs in s.Hidden)
        {
            Module[] block = [.. Block(s, inputs, outputs, rng)];
            if (s.Skip)
                layers.Add(new Residual(new Sequential(block),
                    inputs == outputs ? null : new Linear(inputs, outputs, rng, bias: false)));
            else layers.AddRange(block);
            ends.Add(layers.Count - 1);
            inputs = outputs;
        }
        layers.Add(new Linear(inputs, Choices.Outputs(s), rng));
        ends.Add(layers.Count - 1);
        var model = new Sequential([.. layers]);
        var initialize = Choices.Initializations[s.Initialization].Make;
        foreach (var w in model.Parameters().Where(w => w.Rank > 1))
        {
            initialize(w, rng);
            if (s.InitialScale != 1) Scale(w, s.InitialScale);
        }
        return new(model, ends);
    }

    /// <summary>What each hidden layer's neurons and the output give, in evaluation mode: [points, neurons] each.
    /// </summary>
    public Tensor[] Outputs(Tensor x)
    {
        using var mode = Model.InEvaluation();
        using var quiet = NoGrad.Begin();
        var outputs = new Tensor[Ends.Count];
        for (int i = 0, next = 0; i < Model.Count; i++)
        {
            x = Model[i].Forward(x);
            if (i == Ends[next]) outputs[next++] = x;
        }
        return outputs;
    }

    /// <summary>What one of them gives, with its graph.</summary>
    public Tensor Output(Tensor x, int layer)
    {
        using var mode = Model.InEvaluation();
        for (int i = 0; i <= Ends[layer]; i++) x = Model[i].Forward(x);
        return x;
    }

    static IEnumerable<Module> Block(PlaygroundSettings s, int inputs, int outputs, TorchRandom rng)
    {
        yield return new Linear(inputs, outputs, rng);
        if (s.Normalization == "batch") yield return new BatchNorm(outputs);
        if (s.Normalization == "layer") yield return new LayerNorm(outputs);
        yield return Choices.Activations[s.Activation].Make();
        if (s.Dropout > 0) yield return new Dropout(s.Dropout, rng);
    }

    static void Scale(Tensor w, double by)
    {
        foreach (ref float number in w.Write<float>()) number *= (float)by;
    }
}
