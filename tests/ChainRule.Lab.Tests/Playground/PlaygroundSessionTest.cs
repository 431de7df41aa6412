using ChainRule.Lab.Playground;

namespace ChainRule.Lab.Tests.Playground;

public sealed class PlaygroundSessionTest
{
    [Fact]
    public void A_step_rewound_and_made_again_is_the_same_to_the_bit()
    {
        using var session = new PlaygroundSession();
        Asked.Frame(session, new StepRequest(137));
        float[] at137 = Asked.Weights(session);
        Asked.Frame(session, new StepRequest(900));
        float[] at1037 = Asked.Weights(session);
        var back = Asked.Frame(session, new RewindRequest(137));
        Assert.Equal((137, 1037), (back.Step, back.Furthest));
        Assert.Equal(at137, Asked.Weights(session));
        Asked.Frame(session, new RewindRequest(1037));
        Assert.Equal(at1037, Asked.Weights(session));
        Assert.NotEqual(at137, at1037);
    }

    [Fact]
    public void Played_steps_are_those_that_are_made_one_by_one()
    {
        using PlaygroundSession played = new(), stepped = new();
        Asked.Frame(played, new PlayRequest(0));
        while (Asked.Frame(played, new FrameRequest(0)).Step < 500) Thread.Sleep(1);
        int step = Asked.Frame(played, new PauseRequest()).Step;
        Asked.Frame(stepped, new StepRequest(step));
        Assert.Equal(Asked.Weights(stepped), Asked.Weights(played));
    }

    [Fact]
    public void An_epoch_ends_where_the_next_begins()
    {
        using var session = new PlaygroundSession();
        Asked.Frame(session, new StepRequest(3));
        Assert.Equal(25, Asked.Frame(session, new StepRequest(0)).Step);
        Assert.Equal(50, Asked.Frame(session, new StepRequest(0)).Step);
    }

    [Fact]
    public void A_weight_that_is_set_and_frozen_stays_and_is_set_again_in_a_replay()
    {
        using var session = new PlaygroundSession();
        Asked.Frame(session, new StepRequest(10));
        Asked.Frame(session, new ChangeRequest("0.weight", 3, 0.5f, true));
        Asked.Frame(session, new StepRequest(50));
        float[] at60 = Asked.Weights(session);
        Assert.Equal(0.5f, at60[3]);
        Asked.Frame(session, new RewindRequest(4));
        Assert.NotEqual(0.5f, Asked.Weights(session)[3]);
        Asked.Frame(session, new RewindRequest(60));
        Assert.Equal(at60, Asked.Weights(session));
        Asked.Frame(session, new ChangeRequest("0.weight", 3, null, false));
        Asked.Frame(session, new StepRequest(5));
        Assert.NotEqual(0.5f, Asked.Weights(session)[3]);
    }

    [Fact]
    public void A_change_after_a_rewind_forgets_what_came_after()
    {
        using var session = new PlaygroundSession();
        Asked.Frame(session, new StepRequest(100));
        Asked.Frame(session, new RewindRequest(40));
        var changed = Asked.Frame(session, new ChangeRequest("2.bias", 0, 1, null));
        Assert.Equal((40, 40), (changed.Step, changed.Furthest));
        Assert.Equal("playground: step 41: give one from 0 to 40, which were made",
            Assert.Throws<ArgumentException>(() => Asked.Frame(session, new RewindRequest(41))).Message);
    }

    [Fact]
    public void A_frame_has_a_map_of_each_neuron()
    {
        using var session = new PlaygroundSession();
        var (frame, bytes, start) = Asked.Of<FrameAnswer>(session, new FrameRequest(20));
        Assert.Equal([8, 8, 1], frame.Widths);
        Assert.Equal(17 * 400, frame.Maps!.Count);
        var training = new PlaygroundTraining(new());
        float corner = PlaneFeatures.Of("x1", -6, 6);
        var output = training.Network.Outputs(Tensor.From<float>([corner, 6], [1, 2]));
        for (int n = 0; n < 8; n++)
            Assert.Equal((float)output[0][0, n], BitConverter.ToSingle(bytes, start + frame.Maps.At + 4 * 400 * n));
        Assert.Equal((float)output[2][0, 0], BitConverter.ToSingle(bytes, start + frame.Maps.At + 4 * 400 * 16));
    }

    [Theory]
    [InlineData("a,b,k\n1,2,0\n3,4\n5,6,1\n7,8,0\n", "csv: line 3")]
    [InlineData("1,2,0\n3,4,1\n5,6,1\n7,8,0\n", "a line of names above it")]
    [InlineData("a,b,k\n1,2,x\n3,4,x\n5,6,x\n7,8,x\n", "csv: the target 'k' has one class: give 2 to 10")]
    [InlineData("a,b,k\n1,,0\n3,,1\n5,,1\n7,,0\n", "csv: each row has an empty field, and rows with one are left out")]
    public void A_table_that_cannot_be_read_is_refused_in_the_words_of_a_page(string text, string sentence)
    {
        using var session = new PlaygroundSession();
        string said = Assert.Throws<ArgumentException>(() => Asked.Of<CsvAnswer>(session,
            new CsvRequest(text, null, null, null, false))).Message;
        Assert.Contains(sentence, said, StringComparison.Ordinal);
        Assert.DoesNotContain("stream", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Header", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_with_an_empty_field_are_left_out_and_counted()
    {
        using var session = new PlaygroundSession();
        var csv = Asked.Of<CsvAnswer>(session, new CsvRequest("a,b,c\n1,2,x\n3,,y\n5,6,y\n7,8,x\n9,1,\n1,1,y\n", null,
            null, null, false)).Answer;
        Assert.Equal((4, 2), (csv.Points.Count, csv.LeftOut));
        Assert.Equal(["x", "y"], csv.Labels);
    }

    [Fact]
    public void Where_losses_are_going_is_not_judged_after_an_epoch()
    {
        using var session = new PlaygroundSession();
        Asked.Frame(session, new StepRequest(0));
        Assert.Empty(Asked.Of<DiagnosisAnswer>(session, new DiagnoseRequest()).Answer.Findings);
    }

    [Fact]
    public void What_was_wrong_with_the_first_weights_is_said_first_with_a_cure_that_helped()
    {
        var preset = Preset.All.Single(p => p.Name == "symmetric-zeros");
        using var session = new PlaygroundSession();
        Asked.Of<ConfiguredAnswer>(session, new ConfigureRequest(preset.Settings));
        Asked.Frame(session, new StepRequest(preset.Steps));
        var first = Asked.Of<DiagnosisAnswer>(session, new DiagnoseRequest()).Answer.Findings[0];
        Assert.Equal("weights all zero", first.Rule);
        Assert.EndsWith("it helped", first.Tried, StringComparison.Ordinal);
    }

    [Fact]
    public void What_diverged_has_one_finding()
    {
        using var session = new PlaygroundSession();
        Asked.Of<ConfiguredAnswer>(session, new ConfigureRequest(Preset.All.Single(p => p.Name == "exploding-rate")
            .Settings));
        Asked.Frame(session, new StepRequest(2000));
        var finding = Assert.Single(Asked.Of<DiagnosisAnswer>(session, new DiagnoseRequest()).Answer.Findings);
        Assert.Equal("training diverged", finding.Rule);
    }

    [Fact]
    public void A_diverged_training_says_so_and_can_be_rewound()
    {
        using var session = new PlaygroundSession();
        Asked.Of<ConfiguredAnswer>(session, new ConfigureRequest(Preset.All.Single(p => p.Name == "exploding-rate")
            .Settings));
        var broken = Asked.Frame(session, new StepRequest(2000));
        Assert.Contains("lower the learning rate", broken.Broken, StringComparison.Ordinal);
        Assert.Null(Asked.Frame(session, new RewindRequest(0)).Broken);
    }

    [Theory]
    [InlineData(1_000_000_000)]
    [InlineData(100_000)]
    public void A_network_too_large_is_refused_and_the_old_one_stays(int width)
    {
        using var session = new PlaygroundSession();
        Asked.Frame(session, new StepRequest(5));
        var refused = Assert.Throws<ArgumentException>(() => Asked.Of<ConfiguredAnswer>(session,
            new ConfigureRequest(new() { Hidden = [width, width] })));
        Assert.Equal("playground: the network has more than 4,000,000 parameters: give fewer or smaller layers",
            refused.Message);
        Assert.Equal(5, Asked.Frame(session, new FrameRequest(0)).Step);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[1")]
    [InlineData("""{"type":"nothing"}""")]
    [InlineData("""{"type":"frame","grid":"x"}""")]
    public void What_is_no_request_is_refused(string text)
    {
        using var session = new PlaygroundSession();
        Assert.StartsWith("request: it is ", Assert.Throws<ArgumentException>(
            () => session.Answer(System.Text.Encoding.UTF8.GetBytes(text))).Message, StringComparison.Ordinal);
    }
}
