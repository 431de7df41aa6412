namespace ChainRule.Tests.Ops;

public sealed class EinsumTest
{
    public static TheoryData<string> Recorded => GoldenOps.Cases("ops", GoldenOps.Einsum);

    [Theory, MemberData(nameof(Recorded))]
    public void Values_and_gradients_equal_the_recording(string name) => GoldenOps.Check("ops", name);

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Tensor a = Tensor.Zeros([2, 3]), b = Tensor.Zeros([4, 5]);
        Wrong("\"ij,jk->ik\": 'j' is 3 before input 2, [4, 5], where it is 4", () => Tensor.Einsum("ij,jk->ik", a, b));
        Wrong("\"ij\": it names 1 input and 2 were given", () => Tensor.Einsum("ij", a, b));
        Wrong("\"ijk->i\": input 1 is [2, 3] and has 2 axes, not 3", () => Tensor.Einsum("ijk->i", a));
        Wrong("\"ij->ik\": the result has 'k', which no input has", () => Tensor.Einsum("ij->ik", a));
        Wrong("\"ij->ii\": the result has 'i' twice", () => Tensor.Einsum("ij->ii", a));
        Wrong("\"i2->i\": '2' is no letter: name axes by letters, such as in ij,jk->ik",
            () => Tensor.Einsum("i2->i", a));
        Wrong("\"i->j->k\": there is more than one arrow", () => Tensor.Einsum("i->j->k", a));
        Wrong("\"...ijk->i\": '...ijk' has more letters than axes", () => Tensor.Einsum("...ijk->i", a));
        Wrong("\"\": it names 1 input and 0 were given", () => Tensor.Einsum(""));

        static void Wrong(string sentence, Action asked) =>
            Refused.With<ArgumentException>($"einsum {sentence}", asked);
    }
}
