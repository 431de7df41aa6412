using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;

namespace ChainRule.Tests.Errors;

public sealed class RefusedTest
{
    public static TheoryData<Type, string, string, Action> Calls => new()
    {
        { typeof(ArgumentException), "inputs", "Linear(0, 2): sizes must be 1 or more",
            () => _ = new Linear(0, 2, new TorchRandom(1)) },
        { typeof(ArgumentNullException), "rng", "Linear(1, 2): rng is null: give one",
            () => _ = new Linear(1, 2, null!) },
        { typeof(ArgumentOutOfRangeException), "options", "Sgd: momentum 9: give a number in [0, 1)",
            () => _ = new Sgd([Tensor.Ones([1]).RequireGrad()], 0.1, new() { Momentum = 9 }) },
        { typeof(ArgumentException), "b",
            "add: [2] and [3] do not broadcast: axis 0 is 2 in the one and 3 in the other",
            () => _ = Tensor.Ones([2]) + Tensor.Ones([3]) },
        { typeof(ArgumentException), "exponent",
            "power: Float32 and Float64 do not mix: convert one with To(DType.Float32)",
            () => Tensor.Ones([2]).Pow(Tensor.Ones([2], DType.Float64)) },
        { typeof(ArgumentException), "target",
            "mse: the prediction is [2] and the target [3]: both must have the same shape",
            () => Tensor.Ones([2]).MseLoss(Tensor.Ones([3])) },
        { typeof(ArgumentException), "other",
            "greater: [2] and [3] do not broadcast: axis 0 is 2 in the one and 3 in the other",
            () => Tensor.Ones([2]).Greater(Tensor.Ones([3])) },
    };

    [Theory, MemberData(nameof(Calls))]
    public void An_exception_is_one_of_dotnet_with_the_name_of_the_parameter_and_a_message_without(Type type,
        string parameter, string sentence, Action call)
    {
        var refused = Assert.ThrowsAny<ArgumentException>(call);
        Assert.IsAssignableFrom(type, refused);
        Assert.Equal((parameter, sentence), (refused.ParamName, refused.Message));
    }
}
