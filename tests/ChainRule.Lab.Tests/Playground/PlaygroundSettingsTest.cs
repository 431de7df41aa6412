using ChainRule.Lab.Playground;

namespace ChainRule.Lab.Tests.Playground;

public sealed class PlaygroundSettingsTest
{
    public static TheoryData<string, PlaygroundSettings> Odd => new()
    {
        { "playground: data 'cubes': choose one of circles, xor, blobs, spirals, moons, stripes, plane, gaussians, "
            + "own", new() { Data = "cubes" } },
        { "playground: classes 1: give a number from 2 to 10", new() { Classes = 1 } },
        { "playground: loss 'hinge': choose one of crossEntropy, mse", new() { Classes = 3, Loss = "hinge" } },
        { "playground: the data 'plane' have numbers as targets, and classes is 2: choose 0 classes, or others",
            new() { Data = "plane" } },
        { "playground: there are no features: choose one or more", new() { Features = [] } },
        { "playground: a layer of 0 neurons: give 1 or more", new() { Hidden = [8, 0] } },
        { "playground: noise NaN: give a number from 0 to 3", new() { Noise = double.NaN } },
        { "playground: own points 0: give a number from 4 to 10000", new() { Data = "own" } },
        { "playground: the point (1, 2) of 2: give finite numbers, and a class from 0 to 1",
            new() { Data = "own", Own = [new(1, 2, 2), new(1, 2, 0), new(1, 2, 0), new(1, 2, 0)] } },
    };

    [Theory]
    [MemberData(nameof(Odd))]
    public void What_makes_no_training_is_refused(string sentence, PlaygroundSettings settings) =>
        Assert.Equal(sentence, Assert.ThrowsAny<ArgumentException>(settings.Check).Message);

    public static TheoryData<PlaygroundSettings> Kinds =>
    [
        .. PointShapes.Names.Select(data => PointShapes.IsRegression(data)
            ? new PlaygroundSettings { Data = data, Classes = 0, Loss = "mse" } : new() { Data = data }),
        .. PointShapes.Names.Where(data => !PointShapes.IsRegression(data))
            .Select(data => new PlaygroundSettings { Data = data, Classes = 10, Noise = 0 }),
        .. Choices.Activations.Keys.Select(name => new PlaygroundSettings { Activation = name }),
        .. Choices.Initializations.Keys.Select(name => new PlaygroundSettings { Initialization = name }),
        .. Choices.Optimizers.Keys.Select(name => new PlaygroundSettings { Optimizer = name, L2 = 0.001 }),
        .. Choices.Schedules.Keys.Select(name => new PlaygroundSettings { Schedule = name, ScheduleSteps = 20 }),
        new() { Loss = "mse" },
        new() { Loss = "hinge" },
        new() { Data = "gaussians", Classes = 0, Loss = "mae" },
        new() { Data = "gaussians", Classes = 0, Loss = "huber" },
        new() { Classes = 3, Loss = "mse" },
        new() { Normalization = "batch", Dropout = 0.2, Skip = true, Hidden = [8, 8, 4] },
        new() { Normalization = "layer", L1 = 0.001 },
        new() { Features = PlaneFeatures.Names, Hidden = [] },
        new() { InitialScale = 3, Initialization = "heNormal" },
    ];

    /// <summary>The exported program trains the same to the bit, whatever is chosen.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_exported_program_prints_the_same_losses(PlaygroundSettings settings)
    {
        var line = new Timeline(new(settings));
        line.Advance(16, () => false);
        line.Change(line.Training.Parameters[0].Key, 1, 0.25f, true);
        line.Advance(40, () => false);
        Assert.Null(line.Broken);
        var expected = line.Curve.Where(point => point.Step % ProgramText.Every(40) == 0);
        var printed = ExportedProgram.Run(CSharpProgram.Of(line));
        Assert.Equal([.. expected.Select(p => (p.Step, p.Train, p.Test))], printed);
    }
}
