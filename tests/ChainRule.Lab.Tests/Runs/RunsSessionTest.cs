using System.Text.Json;
using ChainRule.Lab.Runs;
using ChainRule.Lab.Sessions;

namespace ChainRule.Lab.Tests.Runs;

public sealed class RunsSessionTest : IDisposable
{
    readonly RunFixture _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void The_time_of_workers_is_told_and_who_is_gone_or_slow()
    {
        _runs.Run("a", losses: [3, 2]);
        WorkersAnswer Ask(out Func<NumberBlock, double[]> numbers) =>
            _runs.Ask(new WorkersRequest("a"), RunsJson.Default.WorkersAnswer, out numbers);
        Assert.Equal(0, Ask(out _).Workers);

        _runs.Write("a", "workers.jsonl", RunFixture.Workers);
        var workers = Ask(out var numbers);
        Assert.Equal((3, 1), (workers.Workers, workers.Straggler));
        Assert.Equal([10, 20], numbers(workers.Steps));
        Assert.Equal([0.01, 0.02, 0.01, 0.05, 0.01, double.NaN], numbers(workers.Computing));
        Assert.Equal([0.004, 0.03, 0.004, 0, 0.004, double.NaN], numbers(workers.Waiting));
        Assert.Equal([1e6, 2e6, 1e6, 2e6, 1e6, double.NaN], numbers(workers.Sent));
        Assert.Equal("2 workers: a step computes 20.0 to 50.0 ms, waits 0.0 to 30.0 ms, sends 2.00 MB each; the others "
            + "wait for worker 1, which takes 2.5 times as long", workers.Sentence);

        // A line that a killed process cut off, or that says nothing of workers, is passed over.
        _runs.Write("a", "workers.jsonl", RunFixture.Workers + """
            {"step":30}
            {"step":40,"wor
            """);
        Assert.Equal([10, 20], numbers(Ask(out numbers).Steps));
    }

    [Fact]
    public void The_table_is_sorted_and_what_has_no_number_comes_last()
    {
        _runs.Run("a", losses: [3, 2]);
        _runs.Run("b", losses: [1]);
        _runs.Run("c", losses: [double.NaN]);
        _runs.Run("d");
        Assert.Equal("b,a,c,d", Order("valLoss", false));
        Assert.Equal("a,b,c,d", Order("valLoss", true));
        var table = _runs.Ask(new ListRequest(Sort: "name", Columns: ["name", "valLoss", "width"], From: 1, Count: 2),
            RunsJson.Default.TableAnswer);
        Assert.Equal((4, 4, true), (table.Total, table.Matching, table.IsComplete));
        Assert.Equal(["b", "c"], table.Rows.Select(row => row.Id));
        Assert.Equal([Cell.Of("b"), Cell.Of(1), Cell.Of(8)], table.Rows[0].Values);
        Assert.Equal("NaN", table.Rows[1].Values[1].ToString());
        Assert.Contains("balanced accuracy", table.Metrics);
        Assert.Contains("valLoss.min", table.AllColumns);

        string Order(string sort, bool descending) => string.Join(',', _runs.Ask(new ListRequest(Sort: sort,
            Descending: descending), RunsJson.Default.TableAnswer).Rows.Select(row => row.Id));
    }

    [Fact]
    public void The_learning_rate_of_the_table_is_the_one_that_was_asked_for()
    {
        _runs.Run("a", losses: [3]);
        File.AppendAllText(Path.Combine(_runs.PathOf("a"), "metrics.jsonl"),
            "{\"step\":10,\"valLoss\":2,\"learningRate\":0.0001}\n");
        var table = _runs.Ask(new ListRequest(Columns: ["learningRate"]), RunsJson.Default.TableAnswer);
        Assert.Equal([Cell.Of(0.1)], table.Rows[0].Values);
    }

    [Fact]
    public void Of_a_run_that_is_gone_the_others_are_still_drawn()
    {
        _runs.Run("a", losses: [3, 2]);
        var answer = _runs.Ask(new CurvesRequest(["gone", "a"], "valLoss"), RunsJson.Default.CurvesAnswer);
        Assert.Equal(["a"], answer.Curves.Select(curve => curve.Run));
        Assert.Throws<ArgumentException>(() => _runs.Ask(new CurvesRequest(["gone"], "valLoss"),
            RunsJson.Default.CurvesAnswer));
    }

    [Fact]
    public void Curves_go_by_steps_or_by_time()
    {
        _runs.Run("a", losses: [3, 2, 1]);
        _runs.Run("empty");
        var answer = _runs.Ask(new CurvesRequest(["a", "empty"], "valLoss", Smoothing: 0.5),
            RunsJson.Default.CurvesAnswer, out var numbers);
        var curve = answer.Curves[0];
        Assert.Equal([0, 10, 20], numbers(curve.X));
        Assert.Equal([3, 2, 1], numbers(curve.Y));
        Assert.Equal(3, numbers(curve.Smooth)[0], 12);
        Assert.Equal((3, 20d), (curve.Points, curve.LastStep!.Value));
        Assert.Equal((0, 0, null), (answer.Curves[1].X.Count, answer.Curves[1].Points, answer.Curves[1].LastStep));
        curve = _runs.Ask(new CurvesRequest(["a"], "valLoss", "seconds"), RunsJson.Default.CurvesAnswer, out numbers)
            .Curves[0];
        Assert.Equal([0, 5, 10], numbers(curve.X));
    }

    [Fact]
    public void Whoever_has_some_points_gets_the_others_and_all_where_his_are_no_longer_true()
    {
        _runs.Run("a", losses: [3, 2, 1]);
        Assert.Equal((1, "2,1"), Tail(1, 0));
        Assert.Equal((3, ""), Tail(3, 20));
        Assert.Equal((0, "3,2,1"), Tail(1, 5));
        Assert.Equal((0, "3,2,1"), Tail(7, 60));
        File.AppendAllText(Path.Combine(_runs.PathOf("a"), "metrics.jsonl"), RunFixture.Line(30, 0.5));
        Assert.Equal((3, "0.5"), Tail(3, 20));

        (int, string) Tail(int from, double last)
        {
            var tail = _runs.Ask(new TailRequest("a", "valLoss", From: from, LastStep: last),
                RunsJson.Default.TailAnswer, out var numbers);
            return (tail.From, string.Join(',', numbers(tail.Y)));
        }
    }

    [Fact]
    public async Task An_event_says_what_changed_and_the_first_how_things_stand()
    {
        _runs.Run("a", losses: [3]);
        _ = _runs.Session;
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var events = _runs.Session.Events(stop.Token).GetAsyncEnumerator(stop.Token);
        var first = await Next();
        Assert.True(first.IsWhole && first.IsComplete);
        Assert.Equal(1, first.Total);
        _runs.Run("a", losses: [3, 2]);
        RunChange change;
        do change = Assert.Single((await Next()).Changed);
        while (change.Points < 2);
        Assert.Equal(("a", 2, 10d), (change.Id, change.Points, change.LastStep!.Value));
        Directory.Delete(_runs.PathOf("a"), recursive: true);
        RunsEvent last;
        do last = await Next();
        while (last.Removed.Count == 0);
        Assert.Equal(["a"], last.Removed);

        async Task<RunsEvent> Next()
        {
            Assert.True(await events.MoveNextAsync());
            return JsonSerializer.Deserialize(events.Current, RunsJson.Default.RunsEvent)!;
        }
    }

    [Fact]
    public void Bands_are_of_runs_that_differ_in_the_seed_alone()
    {
        _runs.Run("a1", "mlp", 1, 8, 3, 1);
        _runs.Run("a2", "mlp", 2, 8, 5, 3);
        _runs.Run("b1", "mlp", 1, 16, 9);
        var answer = _runs.Ask(new BandsRequest(["a1", "a2", "b1"], "valLoss"), RunsJson.Default.BandsAnswer,
            out var numbers);
        Assert.Equal(["width 8", "width 16"], answer.Bands.Select(band => band.Title));
        Assert.Equal([4, 2], numbers(answer.Bands[0].Mean));
        Assert.Equal([3, 1], numbers(answer.Bands[0].Min));
        Assert.Equal([5, 3], numbers(answer.Bands[0].Max));
    }

    [Fact]
    public void Settings_that_differ_are_shown_and_the_others_counted()
    {
        _runs.Run("a", "mlp", 1, 8);
        _runs.Run("b", "gpt", 1, 16);
        var answer = _runs.Ask(new DifferencesRequest(["a", "b"]), RunsJson.Default.DifferencesAnswer);
        Assert.Equal(["model", "width"], answer.Settings.Select(row => row.Name));
        Assert.Equal([Cell.Of(8), Cell.Of(16)], answer.Settings[1].Values);
        Assert.Equal(8, answer.Same);
    }

    [Theory]
    [InlineData("""{"type":"tail","run":"../../etc","metric":"valLoss"}""",
        "runs: there is no run '../../etc' (any more): look at the list")]
    [InlineData("""{"type":"curves","runs":[],"metric":"valLoss"}""", "curves: 0 runs: give 1 to 200")]
    [InlineData("""{"type":"curves","runs":["a"],"metric":"x","columns":1000000000}""",
        "curves: 1000000000 columns: give 1 to 10,000")]
    [InlineData("""{"type":"curves","runs":["a"],"metric":"x","smoothing":1}""",
        "curves: smoothing 1: give a number from 0 to 0.999")]
    [InlineData("""{"type":"curves","runs":["a"],"metric":"x","axis":"time"}""",
        "curves: axis 'time': choose step or seconds")]
    [InlineData("""{"type":"list","count":1000000000}""",
        "list: rows 0 and 1000000000 more: give a first row of 0 or more, and at most 1,000 rows")]
    [InlineData("""{"type":"weights","run":"a","bins":1}""", "weights: 1 bins: give 2 to 500")]
    [InlineData("""{"type":"export","format":"exe"}""", "export: format 'exe': choose one of csv, json, parquet")]
    [InlineData("""{"type":"stop","run":"a"}""", "no process trains in this folder now: there is nothing to stop")]
    public void What_cannot_be_answered_is_refused_by_a_sentence(string request, string message)
    {
        _runs.Run("a", losses: [1]);
        var e = Assert.ThrowsAny<Exception>(() => _runs.Session.Answer(System.Text.Encoding.UTF8.GetBytes(request)));
        Assert.EndsWith(message, e.Message, StringComparison.Ordinal);
        Assert.True(e is ArgumentException or InvalidOperationException);
    }

    [Fact]
    public void A_run_is_resumed_by_the_command_of_its_task_unless_it_is_finished()
    {
        _runs.Run("a", losses: [1]);
        Assert.Equal("started a", _runs.Ask(new ResumeRunRequest("a"), RunsJson.Default.DoneAnswer).Done);
        _runs.Write("a", "summary.json", "{}");
        RunFixture.Until(() => _runs.Session.Index["a"].Status == RunStatus.Finished);
        Assert.StartsWith("resume a: all of its steps are made", Assert.Throws<InvalidOperationException>(
            () => _runs.Ask(new ResumeRunRequest("a"), RunsJson.Default.DoneAnswer)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_in_a_folder_is_not_followed_by_what_looks_closer()
    {
        _runs.Run("a", losses: [1]);
        Directory.CreateDirectory(_runs.Cache);
        File.WriteAllText(Path.Combine(_runs.Cache, "secret"), "{}\n");
        File.CreateSymbolicLink(Path.Combine(_runs.PathOf("a"), "layers.jsonl"), Path.Combine(_runs.Cache, "secret"));
        Assert.EndsWith("this is a link, and links are not followed: put the file itself there",
            Assert.Throws<InvalidDataException>(() => _runs.Ask(new LayersRequest("a"),
                RunsJson.Default.LayersAnswer)).Message, StringComparison.Ordinal);
    }
}
