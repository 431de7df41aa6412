using System.Globalization;
using System.Text;
using ChainRule.Randomness;
using ChainRule.Tests;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tables;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Tables;

/// <summary>
/// Whatever happens to a file, a model is trained, reported, loaded and used, or one sentence says why not. The
/// environment variable CHAINRULE_FUZZ says how many files are tried, of which one in fifty comes here; 80 otherwise.
/// </summary>
public sealed class TableFitFuzzTest
{
    static readonly string[] s_pieces =
    [
        ",", "\n", "\"", ".", "-", "0", "9", "e9", "NaN", "inf", "1e30", "-1e300", "1e-320", "é", "yes", "NA", "?",
        "2024-02-30", "3/4/2024", "1,5", "1.000", "id", "\0", "oslo",
    ];

    [Fact]
    public void A_damaged_file_ends_in_a_model_or_in_a_sentence()
    {
        using var folder = new TemporaryFolder();
        int files = int.Parse(Environment.GetEnvironmentVariable("CHAINRULE_FUZZ") ?? "4000",
            CultureInfo.InvariantCulture) / 50;
        var rng = new TorchRandom(11);
        int Below(int n) => (int)(rng.NextUInt32() % (uint)n);
        int fitted = 0, refused = 0;
        for (int trial = 0; trial < files; trial++)
        {
            // A number or a class is predicted, of 20 to 60 rows.
            bool number = Below(2) == 0;
            string text = "id,size,city,new,day,price\n" + string.Concat(Enumerable.Range(0, 20 + Below(40)).Select(i =>
                $"{i + 3},{i * 7 % 11}.5,{(i % 3 == 0 ? "Oslo" : "Bergen")},{(i % 2 == 0 ? "yes" : "no")},"
                + $"2024-0{i % 9 + 1}-1{i % 8},{(number ? $"{i * i}.5" : i % 4 == 1 ? "high" : "low")}\n"));
            for (int changes = Below(3); changes > 0; changes--)
            {
                int at = Below(text.Length), length = Math.Min(Below(6) == 0 ? Below(200) : Below(3), text.Length - at);
                text = string.Concat(text.AsSpan(0, at), s_pieces[Below(s_pieces.Length)], text.AsSpan(at + length));
            }
            string path = folder.Write("f.csv", Encoding.UTF8.GetBytes(text)), run = folder.PathOf($"run-{trial}");
            try
            {
                var report = TableFit.Run(run, RunConfig.For(TaskKind.Table, "linear") with
                {
                    Data = path, Options = new TableOptions(Target: "price"),
                });
                Assert.Equal(report.Rows, TableReport.Read(run).Rows);
                var model = TableModel.Load(run);
                Assert.NotEmpty(model.Predict(model.Read(path)));
                fitted++;
            }
            catch (Exception e) when (e is InvalidDataException or ArgumentException)
            {
                Assert.InRange(e.Message.Length, 10, 599);
                Assert.Contains(": ", e.Message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', e.Message);
                Assert.DoesNotContain("System.", e.Message, StringComparison.Ordinal);
                refused++;
            }
        }
        Assert.True(fitted > files / 5 && refused > files / 10, $"{fitted} fitted, {refused} refused");
    }
}
