using System.Globalization;
using System.Text;
using ChainRule.Data;
using ChainRule.Randomness;

namespace ChainRule.Tests.Data;

/// <summary>
/// Whatever happens to a file, the way from it to a model's inputs ends in inputs or in one sentence. The environment
/// variable CHAINRULE_FUZZ says how many files are tried, which is 4,000 otherwise.
/// </summary>
public sealed class TableFuzzTest
{
    static readonly string[] s_pieces =
    [
        ",", ";", "\n", "\r\n", "\"", "\t", " ", ".", "-", "0", "9", "e", "NaN", "inf", "-inf", "1e308", "1e-320",
        "2024-02-30", "3/4/2024",
        "\uFEFF", "\0", "é", "😀", "true", "yes", "NA", "?", "id", "size", "\u2212", "1.000", "1,5", "x\ny", "''",
        "9999-12-31", "0001-01-01",
    ];

    [Fact]
    public void A_damaged_file_ends_in_inputs_or_in_a_sentence()
    {
        using var folder = new TemporaryFolder();
        string sound = "id,size,city,new,day,price\n" + string.Concat(Enumerable.Range(0, 25).Select(i =>
            $"{i + 3},{i * 7 % 11}.5,{(i % 3 == 0 ? "Oslo" : "\"Ber,gen\"")},{(i % 2 == 0 ? "yes" : "no")},"
            + $"2024-0{i % 9 + 1}-1{i % 8},{i * i}\n"));
        var rng = new TorchRandom(7);
        int Below(int n) => (int)(rng.NextUInt32() % (uint)n);
        int inputs = 0, refused = 0;
        int trials = int.Parse(Environment.GetEnvironmentVariable("CHAINRULE_FUZZ") ?? "4000",
            CultureInfo.InvariantCulture);
        for (int trial = 0; trial < trials; trial++)
        {
            string text = sound;
            for (int changes = 1 + Below(4); changes > 0; changes--)
            {
                int at = Below(text.Length), length = Math.Min(Below(4) == 0 ? Below(200) : Below(3), text.Length - at);
                text = string.Concat(text.AsSpan(0, at), s_pieces[Below(s_pieces.Length)], text.AsSpan(at + length));
            }
            try
            {
                var table = Csv.Read(folder.Write("f.csv", Encoding.UTF8.GetBytes(text)));
                var profile = TableProfile.Of(table, table.Columns[^1]);
                Assert.NotEmpty(profile.ToString());
                var (train, _, test) = profile.TargetTask == TableTask.Classification
                    ? Split.Stratified(table.Labels(profile.Target!.Name, missing: "none").Ids.Span, 0.7, 0.1, seed: 1)
                    : Split.Rows(table.Rows, 0.7, 0.1, seed: 1);
                var learned = TableEncoder.Fit(table.Take(train), profile.Inputs, profile.Kinds);
                var encoder = TableEncoder.FromJson(learned.ToJson());
                foreach (int[] rows in (int[][])[train, test])
                {
                    float[] numbers = encoder.Encode(table.Take(rows)).ToArray<float>();
                    Assert.DoesNotContain(numbers, number => !float.IsFinite(number));
                    Assert.NotNull(encoder.Remarks(table.Take(rows)));
                }
                inputs++;
            }
            catch (Exception e) when (e is InvalidDataException or ArgumentException)
            {
                Assert.InRange(e.Message.Length, 10, 599);
                Assert.Contains(": ", e.Message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', e.Message);
                refused++;
            }
        }
        Assert.True(inputs > trials / 20 && refused > trials / 8, $"{inputs} inputs, {refused} refused");
    }
}
