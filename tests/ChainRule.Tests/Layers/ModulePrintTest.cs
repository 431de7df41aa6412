namespace ChainRule.Tests.Layers;

using ChainRule.Layers;
using ChainRule.Randomness;

public sealed class ModulePrintTest
{
    readonly TorchRandom _rng = new(1);

    Sequential Model() => new(
        new Embedding(27, 10, _rng), new Flatten(), new Linear(30, 200, _rng, bias: false),
        new BatchNorm(200), new Tanh(),
        new Residual(new Sequential(new LayerNorm(200, affine: false), new Dropout(0.25, _rng))),
        new Linear(200, 27, _rng));

    [Fact]
    public void A_module_prints_as_a_table_without_output_shapes_until_it_has_computed() => Assert.Equal(
        """
        layer            output  parameters
        Linear(30, 200)  –            6,200
        total                         6,200
        """, new Linear(30, 200, _rng).ToString());

    [Fact]
    public void The_summary_has_the_output_shapes_of_an_input_and_changes_nothing_else()
    {
        var model = Model();
        model[4].Eval();
        uint next = Next(_rng);
        string summary = model.Summary(Ids.From([1, 2, 0, 4, 5, 6], [2, 3]));
        Assert.Equal(
            """
            layer                                  output      parameters
            Sequential                             [2, 27]              –
              0 Embedding(27, 10)                  [2, 3, 10]         270
              1 Flatten                            [2, 30]              –
              2 Linear(30, 200, bias: false)       [2, 200]         6,000
              3 BatchNorm(200)                     [2, 200]           400
              4 Tanh                               [2, 200]             –
              5 Residual                           [2, 200]             –
                inner Sequential                   [2, 200]             –
                  0 LayerNorm(200, affine: false)  [2, 200]             –
                  1 Dropout(0.25)                  [2, 200]             –
              6 Linear(200, 27)                    [2, 27]          5,427
            total                                                  12,097
            """, summary);
        Assert.Equal(summary, model.ToString());

        Assert.True(model.Training && model[3].Training && !model[4].Training);
        Assert.Equal(new float[200], ((BatchNorm)model[3]).RunningMean!.Value.ToArray<float>());
        Assert.Equal(next, Next(_rng));
    }

    [Fact]
    public void A_summary_that_fails_leaves_the_modes_as_they_were()
    {
        var model = Model();
        Assert.ThrowsAny<ArgumentException>(() => model.Summary(Tensor.Ones([2, 3])));
        Assert.True(model[3].Training);
    }

    [Fact]
    public void What_is_shared_counts_where_it_comes_first()
    {
        var layer = new Linear(2, 2, _rng);
        Assert.Equal(
            """
            layer             output  parameters
            Sequential        –                –
              0 Linear(2, 2)  –                6
              1 Linear(2, 2)  –                –
            total                              6
            """, new Sequential(layer, layer).ToString());
    }

    // The generator's next word, by a copy of its state.
    static uint Next(TorchRandom rng)
    {
        var copy = new TorchRandom(0);
        copy.SetState(rng.GetState());
        return copy.NextUInt32();
    }
}
