using ChainRule.Optim;
using ChainRule.Zoo.Places;

namespace ChainRule.Zoo.Tests.Places;

public sealed class ConditionalLogitTest
{
    [Fact]
    public void Its_weights_are_those_that_gradient_descent_finds_too()
    {
        var read = PlaceFiles.Read(new SyntheticCity(new(4, Places: 12, Users: 20, VisitsPerUser: 10)));
        var data = new PlaceData(read, new());
        var encoding = (PlaceEncoding)data.Preprocessing;
        EncodedQuery[] visits = [.. read.Visits.Select(visit => new EncodedQuery(-1,
            Geo.Towards(visit.Latitude, visit.Longitude), encoding.Known(visit.Tags), new Dictionary<int, int>(),
            visit.Place))];
        double[] newton = ConditionalLogit.Fit(encoding, visits).Weights;

        var x = encoding.Encode(visits).Features.To(DType.Float64);
        var places = Ids.From([.. visits.Select(visit => visit.Target)]);
        var weight = Tensor.Zeros([PlaceFeatures.Count, 1], DType.Float64).RequireGrad();
        var adam = new Adam([weight], learningRate: 0.05);
        Tensor Loss() => x.MatMul(weight).Reshape([visits.Length, 12]).CrossEntropy(places);
        for (int i = 0; i < 4000; i++)
        {
            adam.ZeroGrad();
            Loss().Backward();
            adam.Step();
        }
        double found = Loss().Item();
        weight.CopyInPlace(Tensor.From(newton, [PlaceFeatures.Count, 1]));
        Assert.Equal(found, Loss().Item(), 1e-5);
        // Nobody was anywhere before: what is never seen has no weight.
        Assert.Equal(0, newton[PlaceFeatures.Visited], 1e-6);
    }
}
