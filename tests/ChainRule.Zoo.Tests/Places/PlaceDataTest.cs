using ChainRule.Diagnostics;
using ChainRule.Kernels;
using ChainRule.Tests;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Places;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;
using ChainRule.Zoo.Tests.Runs;

namespace ChainRule.Zoo.Tests.Places;

public sealed class PlaceDataTest
{
    [Fact]
    public void Every_gradient_is_right_and_the_first_loss_is_the_expected_one()
    {
        var trial = TrainingTask.Of(TaskKind.Places).Open(null)
            .CreateTrial(Recipe.Find(TaskKind.Places, "towers"), seed: 3);
        GradCheck.Require("towers", trial.TinyLoss, trial.Tiny.NamedParameters());
        Assert.Equal(Math.Log(400), trial.FirstLoss().Item(), 0.05);
    }

    [Fact]
    public void In_the_invented_city_it_is_far_above_simple_rankings_and_above_a_linear_model()
    {
        using var folder = new TemporaryFolder();
        var run = TrainingRun.Start(folder.PathOf("run"), RunConfig.For(TaskKind.Places, "towers"));
        run.Train();
        var summary = run.Finish();
        Assert.InRange(summary.ValLoss, 3, Recipe.Find(TaskKind.Places, "towers").For(TaskKind.Places).Goal);
        var report = PlaceReport.Of(summary)!;
        Assert.Equal(("test", 400), (report.Part, report.Places));
        var (nearest, popular, tags, linear) = (report.Baselines[0], report.Baselines[1], report.Baselines[2],
            report.Baselines[3]);
        Assert.Equal(("nearest first", "most visited first"), (nearest.Name, popular.Name));
        foreach (var simple in (PlaceScore[])[nearest, popular, tags])
        {
            Assert.InRange(report.Model.HitRate / simple.HitRate, 2, 10);
            Assert.InRange(report.Model.Ndcg / simple.Ndcg, 2, 10);
        }
        Assert.InRange(report.Model.Ndcg / linear.Ndcg, 1.02, 2);
        // Of somebody of whom nothing is known, location and popularity tell more together than each alone.
        Assert.InRange(report.UnknownUser.HitRate / Math.Max(nearest.HitRate, popular.HitRate), 1.3, 10);
        Assert.Contains("best of the others.", run.Data.Show(run.Folder.ReadSummary()!).Last(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(20)]
    public void A_run_that_was_stopped_ends_in_the_same_bits_on_any_number_of_threads(int candidates)
    {
        using var folder = new TemporaryFolder();
        var config = Small(folder) with { Options = new PlaceOptions(Candidates: candidates) };
        var whole = TrainingRun.Start(folder.PathOf("whole"), config);
        whole.Train();
        int threads = Compute.Threads;
        try
        {
            Compute.Threads = 1;
            SmallRun.Stop(TrainingRun.Start(folder.PathOf("cut"), config), 13);
            TrainingRun.Resume(folder.PathOf("cut")).Train();
        }
        finally
        {
            Compute.Threads = threads;
        }
        var (one, two) = (SmallRun.Bits(folder.PathOf("whole")), SmallRun.Bits(folder.PathOf("cut")));
        Assert.Equal(one.Keys, two.Keys);
        Assert.All(one, file => Assert.Equal(file.Value, two[file.Key]));
        Assert.Equal(config.Options, RunConfig.Of(whole.Folder).Options);
    }

    [Fact]
    public void A_visit_is_compared_with_drawn_places_alone_where_there_are_many()
    {
        using var folder = new TemporaryFolder();
        double First(int candidates)
        {
            var config = Small(folder) with { Options = new PlaceOptions(Candidates: candidates), Steps = 2 };
            var run = TrainingRun.Start(folder.PathOf($"run{candidates}"), config);
            double first = double.NaN;
            run.Trainer.Stepped += (step, loss) => first = step == 1 ? loss : first;
            run.Train();
            return first;
        }
        // Of equal scores the loss is ln of the places that were compared, the visited one among them or beside them.
        Assert.Equal(Math.Log(60), First(60), 0.05);
        Assert.InRange(First(10), Math.Log(10) - 0.05, Math.Log(11) + 0.05);
    }

    [Fact]
    public void The_last_visits_of_each_user_are_held_out_and_none_is_learned_from_with_later_ones()
    {
        using var folder = new TemporaryFolder();
        string places = folder.Write("places.csv", "id,lat,lon,tags\na,1,1,x\nb,1,1.01,\nc,1,1.02,y\n");
        string visits = folder.Write("visits.csv", "user,place,lat,lon,time\n"
            + "u,a,1,1,5\nu,b,1,1,1\nu,c,1,1,4\nu,b,1,1,2\nu,b,1,1,3\nv,a,1,1,9\nv,a,1,1,8\n");
        var data = TrainingTask.Of(TaskKind.Places).Open($"{places}{Path.PathSeparator}{visits}");
        var encoding = (PlaceEncoding)data.Preprocessing;
        Assert.EndsWith("5 visits to train, 1 to validate, 1 to test", data.Describe(null!), StringComparison.Ordinal);
        // The user's earliest three, and two visits of one who made too few to hold one out.
        Assert.Equal([2, 3, 0], encoding.Counts);
        Assert.Equal(3, encoding.VisitsOf(encoding.User("u"))[1]);
    }

    [Fact]
    public void What_is_saved_with_a_model_is_read_back_and_damage_is_refused()
    {
        var data = TrainingTask.Of(TaskKind.Places).Open(null);
        var saved = data.Preprocessing.Metadata;
        var read = TrainingTask.Of(TaskKind.Places).ReadPreprocessing(name => saved[name]);
        Assert.Equal(data.Preprocessing.Shape, read.Shape);
        Assert.Equal(saved, read.Metadata);
        foreach (string name in saved.Keys)
        {
            foreach (string damaged in (string[])["", "null", "[[1]]", "{}", "-1"])
                Assert.Throws<InvalidDataException>(() => TrainingTask.Of(TaskKind.Places).ReadPreprocessing(
                    other => other == name ? damaged : saved[other]));
        }
    }

    internal static RunConfig Small(TemporaryFolder folder)
    {
        var city = new SyntheticCity(new(3, Places: 60, Users: 30, VisitsPerUser: 15));
        string source = folder.Write("places.csv", city.PlacesCsv()) + Path.PathSeparator
            + folder.Write("visits.csv", city.VisitsCsv());
        var config = RunConfig.For(TaskKind.Places, "towers");
        return config with { Data = source, Steps = 30, Sizes = new PlaceTowersOptions(Hidden: 8, Factors: 4),
            Training = config.Training with { BatchSize = 32 } };
    }
}
