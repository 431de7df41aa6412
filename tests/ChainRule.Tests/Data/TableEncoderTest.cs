using ChainRule.Data;

namespace ChainRule.Tests.Data;

public sealed class TableEncoderTest
{
    static readonly string[] s_columns = ["size", "city", "new", "day", "same", "id"];

    static readonly string[][] s_rows =
    [
        ["2", "Oslo", "yes", "2024-01-01", "a", "7"], ["4", "Bergen", "no", "2024-01-03", "a", "9"],
        ["", "Oslo", "no", "2025-02-05", "a", "12"],
        ["6", "Bergen", "no", "2024-01-03", "a", "1"], ["8", "Voss", "", "2024-01-08", "a", "3"],
        ["4", "", "no", "", "a", "4"],
    ];

    [Fact]
    public void Each_kind_becomes_columns_with_names()
    {
        var encoder = TableEncoder.Fit(Table.From(s_columns, s_rows));
        Assert.Equal(["size", "size is missing", "city = Bergen", "city = Oslo", "city = other", "city is missing",
            "new", "new is missing", "day: year", "day: month",
            "day: day of week", "day: day number", "day is missing"], encoder.Columns.Select(column => column.Name));
        Assert.Equal(["size", "size", "city", "city", "city", "city"], encoder.Columns.Take(6)
            .Select(column => column.Source));
        Assert.Equal(["size", "city", "new", "day"], encoder.Inputs);
        Assert.Equal(["same: the same in every row", "id: a number of its own in each row, and its name"],
            encoder.LeftOut.Select(one => $"{one.Key}: {one.Value}"));

        var x = encoder.Encode(Table.From(s_columns, s_rows), DType.Float64);
        // The median of 2, 4, 4, 6, 8 stands for the missing one; mean 28/6 and standard deviation of 2, 4, 4, 6, 8, 4.
        double mean = 28.0 / 6, deviation = Math.Sqrt((4 + 16 + 16 + 36 + 64 + 16) / 6.0 - mean * mean);
        Close.Equal([(2 - mean) / deviation, 0, 0, 1, 0, 0, 1, 0], Row(x, 0).AsSpan(0, 8), 1e-12, "row 0");
        Close.Equal([(4 - mean) / deviation, 1, 0, 1, 0, 0, 0, 0], Row(x, 2).AsSpan(0, 8), 1e-12, "row 2");
        Assert.Equal([0, 0, 1, 0, 0, 1], Row(x, 4)[2..8]);
        Assert.Equal([0, 0, 0, 1], Row(x, 5)[2..6]);
        // 2024-01-01 was a Monday; of the days the third of five stands for the missing one, which is 2024-01-03.
        Assert.Equal(Row(x, 1)[8..12], Row(x, 5)[8..12]);
        Assert.Equal((0, 1), (Row(x, 1)[12], Row(x, 5)[12]));
        foreach (int c in new[] { 0, 8, 9, 10, 11 })
        {
            double[] column = [.. Enumerable.Range(0, 6).Select(i => x[i, c])];
            Assert.Equal(0, column.Average(), 1e-9);
            Assert.Equal(1, column.Average(one => one * one), 1e-9);
        }
    }

    [Fact]
    public void Columns_may_come_in_any_order_and_numbers_are_those_of_the_training_rows()
    {
        var encoder = TableEncoder.Fit(Table.From(s_columns, s_rows));
        var turned = Table.From(["extra", .. s_columns.Reverse()],
            [.. s_rows.Select(row => (string[])["1", .. row.Reverse()])]);
        Assert.Equal(encoder.Encode(Table.From(s_columns, s_rows)).ToArray<float>(),
            encoder.Encode(turned).ToArray<float>());
        Assert.Equal(encoder.Encode(turned).ToArray<float>()[..13], encoder.Encode(turned.Take([0])).ToArray<float>());
    }

    [Fact]
    public void What_was_never_seen_has_an_answer_that_is_said()
    {
        var encoder = TableEncoder.Fit(Table.From(s_columns, s_rows));
        var other = Table.From(s_columns,
            [["", "Tromsø", "maybe", "", "b", "5"], ["4", "Oslo", "Yes", "1.2.2024", "b", "5"]]);
        var x = encoder.Encode(other);
        Assert.Equal([1, 0, 0, 1, 0, 0, 1], Row(x, 0)[1..8]);
        Assert.Equal([0, 0, 1, 0, 0, 1, 0], Row(x, 1)[1..8]);
        Assert.Equal(
        [
            "column 'size': 1 of 2 rows lack a value: the training rows' median 4 is taken",
            "column 'city': Tromsø was rare in training or never seen: taken as other",
            "table 'rows': line 1, column 'new': 'maybe' is neither 'no' nor 'yes': 0, the more frequent in "
            + "training, is taken",
            "column 'day': 1 of 2 rows lack a value: the training rows' median 2024-01-03 is taken",
            "column 'same' was 'a' in every training row, and nothing was learned from it: here it differs in 2 of 2 "
            + "rows, such as 'b', which changes no prediction",
        ], encoder.Remarks(other));
        Assert.Empty(encoder.Remarks(Table.From(s_columns, s_rows.AsSpan(0, 2).ToArray())));
    }

    [Fact]
    public void Without_rare_categories_an_unknown_one_is_all_zeros()
    {
        var encoder = TableEncoder.Fit(Table.From(["c"], [["a"], ["a"], ["b"], ["b"]]));
        Assert.Equal(["c = a", "c = b"], encoder.Columns.Select(column => column.Name));
        Assert.Equal([0f, 0, 0, 0], encoder.Encode(Table.From(["c"], [["z"], [null]])).ToArray<float>());
        Assert.Equal(["column 'c': 1 of 2 rows lack a value: no row lacked one in training, and none of its columns "
            + "is 1",
            "column 'c': z was rare in training or never seen: none of its columns is 1"],
                encoder.Remarks(Table.From(["c"], [["z"], [null]])));
    }

    [Fact]
    public void The_other_word_is_known_where_training_rows_have_one_of_two_alone()
    {
        var encoder = TableEncoder.Fit(Table.From(["member"], [["yes"], [""], ["yes"]]));
        var table = Table.From(["member"], [["no"], ["YES"], [""], ["maybe"]]);
        Assert.Equal([0f, 0, 1, 0, 1, 1, 1, 1], encoder.Encode(table).ToArray<float>());
        Assert.Equal([1f, 0, 0, 0], TableEncoder.Fit(Table.From(["flag"], [["1"], ["0"]])).Encode(
            Table.From(["flag"], [["1.0"], ["0"], ["0.0"], ["7"]])).ToArray<float>());
    }

    [Fact]
    public void Many_threads_may_encode_at_once()
    {
        var (encoder, table) = (TableEncoder.Fit(Table.From(s_columns, s_rows)), Table.From(s_columns, s_rows));
        float[] expected = encoder.Encode(table).ToArray<float>();
        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 16 },
            _ => Assert.Equal(expected, encoder.Encode(table).ToArray<float>()));
    }

    [Fact]
    public void Of_ten_thousand_categories_the_frequent_ones_have_a_place()
    {
        string[][] rows = [.. Enumerable.Range(0, 25_000)
            .Select(i => new[] { i % 2 == 0 ? $"rare {i / 2 % 10_000}" : $"common {i % 3}" })];
        var encoder = TableEncoder.Fit(Table.From(["c"], rows));
        Assert.Equal(["c = common 0", "c = common 1", "c = common 2", "c = other"],
            encoder.Columns.Select(column => column.Name));
        Assert.Equal(50 + 1, TableEncoder.Fit(Table.From(["c"],
            [.. Enumerable.Range(0, 30_000).Select(i => new[] { $"{i % 1000}x" })])).Columns.Count);
        Assert.Equal(2 + 1, TableEncoder.Fit(Table.From(["c"], rows), maxCategories: 2).Columns.Count);
    }

    [Fact]
    public void It_is_the_same_after_saving()
    {
        using var folder = new TemporaryFolder();
        var (encoder, table) = (TableEncoder.Fit(Table.From(s_columns, s_rows)), Table.From(s_columns, s_rows));
        encoder.Save(folder.PathOf("encoder.json"));
        var loaded = TableEncoder.Load(folder.PathOf("encoder.json"));
        Assert.Equal(encoder.ToJson(), loaded.ToJson());
        Assert.Equal(encoder.Encode(table, DType.Float64).ToArray<double>(),
            loaded.Encode(table, DType.Float64).ToArray<double>());
        Assert.Equal(encoder.ToString(), loaded.ToString());
        string text = encoder.ToJson();
        // Whatever part of it is cut or changed, the answer is a sentence or an encoder.
        var random = new ChainRule.Randomness.TorchRandom(1);
        int refused = 0;
        for (int trial = 0; trial < 2000; trial++)
        {
            char[] damaged = text.ToCharArray();
            for (int k = 0; k < 3; k++)
                damaged[random.NextUInt32() % (uint)damaged.Length] = "0\"[]{},:-x9"[(int)(random.NextUInt32() % 11)];
            try
            {
                TableEncoder.FromJson(new string(damaged));
            }
            catch (InvalidDataException e)
            {
                Assert.StartsWith("table encoder: this text is no saved encoder: ", e.Message,
                    StringComparison.Ordinal);
                refused++;
            }
        }
        Assert.InRange(refused, 1000, 2000);
    }

    [Fact]
    public void What_is_no_saved_encoder_is_said()
    {
        void Refuse(string why, string json) => Refused.With<InvalidDataException>(
            $"table encoder: this text is no saved encoder: {why}: save it again with ToJson",
            () => TableEncoder.FromJson(json));
        Refuse("it is no sound JSON", "{");
        Refuse("a part of it is missing or of another type", "[]");
        Refuse("its version is 2, and this program reads version 1", """{"version":2}""");
        Refuse("it has no columns", """{"version":1,"columns":[],"leftOut":{}}""");
        Refuse("column 'a' is of kind 'colour'",
            """{"version":1,"columns":[{"column":"a","kind":"colour"}],"leftOut":{}}""");
        Refuse("'deviation' is 0",
            """{"version":1,"columns":[{"column":"a","kind":"number","deviation":0}],"leftOut":{}}""");
    }

    [Fact]
    public void A_table_that_does_not_fit_is_said()
    {
        void Refuse(string sentence, Action asked) => Refused.With<InvalidDataException>(sentence, asked);
        var encoder = TableEncoder.Fit(Table.From(s_columns, s_rows), ["size", "city", "day"]);
        Refuse("csv 't.csv': the model learned from columns 'city', 'day', which the table does not have: it has "
            + "size, town", () => encoder.Encode(Read("size,town\n1,Oslo\n")));
        Refuse("csv 't.csv': line 3, column 'day': '31/12/2024' is no date, such as 2024-03-31: correct it, or name "
            + "it among MissingValues",
            () => encoder.Encode(Read("size,city,day\n1,Oslo,2024-01-01\n2,Oslo,31/12/2024\n")));
        Assert.StartsWith("csv 't.csv': line 2, column 'size': 'large' is no number: ",
            Assert.Throws<InvalidDataException>(() =>
                encoder.Encode(Read("size,city,day\nlarge,Oslo,2024-01-01\n"))).Message, StringComparison.Ordinal);
        Refuse("csv 't.csv': line 2, column 'size': the number lies too far from those of training to be scaled: "
            + "correct it, or name it among MissingValues",
            () => encoder.Encode(Read("size,city,day\n1e300,Oslo,2024-01-01\n")));
    }

    [Fact]
    public void Rows_far_outside_of_the_training_range_are_one_sentence()
    {
        var train = Read("size,rooms,day\n" + string.Concat(Enumerable.Range(0, 21).Select(i =>
            $"{40 + 5 * i},{1 + i % 4},2024-01-{i + 1:00}\n")));
        var encoder = TableEncoder.FromJson(TableEncoder.Fit(train).ToJson());
        Assert.Empty(encoder.Remarks(train));
        // The range of 40 to 140 reaches half of its width further, to 190.
        Assert.Empty(encoder.Remarks(Read("size,rooms,day\n190,2,2024-01-30\n")));
        Assert.Equal(["3 of 4 rows lie far outside of the range of the training rows, in 'size', 'rooms', 'day': what "
            + "is predicted for them is a guess"],
            encoder.Remarks(Read("size,rooms,day\n191,2,2024-01-03\n9000,40,2024-01-03\n50,3,2024-01-04\n"
                + "60,2,2034-01-04\n")));
    }

    [Fact]
    public void A_constant_column_that_changes_is_said()
    {
        var train = Read("a,year,b\n1,2023,x\n2,2023,x\n5,2023,x\n");
        var encoder = TableEncoder.FromJson(TableEncoder.Fit(train).ToJson());
        Assert.Equal(["year", "b"], encoder.LeftOut.Keys);
        Assert.Empty(encoder.Remarks(Read("a,year\n1,2023.0\n2,\n")));
        Assert.Equal(["column 'year' was '2023' in every training row, and nothing was learned from it: here it "
            + "differs in 2 of 3 rows, such as '2024', which changes no prediction"],
            encoder.Remarks(Read("a,year,b\n1,2024,x\n2,2025,x\n3,2023,x\n")));
        // One that was saved before has neither ranges nor constants.
        string before = """{"version":1,"columns":[{"column":"a","kind":"number","median":1,"mean":1,"deviation":1,"""
            + "\"indicator\":false}],\"leftOut\":{\"b\":\"the same in every row\"}}";
        Assert.Empty(TableEncoder.FromJson(before).Remarks(Read("a,b\n999,y\n")));
    }

    [Fact]
    public void Nothing_to_learn_from_is_said()
    {
        Refused.With<InvalidDataException>("table 'rows': no column is left to learn from: 'a' is the same in every "
            + "row; 'b' is missing in every row: give other columns, or more rows",
            () => TableEncoder.Fit(Table.From(["a", "b"], [["1", ""], ["1", ""]])));
        Assert.StartsWith("table 'rows': line 1, column 'a': -1E+300 passes what float32 holds: correct it",
            Assert.Throws<InvalidDataException>(() =>
                TableEncoder.Fit(Table.From(["a"], [["-1e300"], ["1e300"]]))).Message, StringComparison.Ordinal);
        Assert.Equal("table encoder: 0 categories: give 1 or more",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => TableEncoder.Fit(Table.From(["a"], [["x"], ["y"]]),
                maxCategories: 0)).Message);
        Assert.Equal("select: 'rows' has no column 'b': it has a",
            Assert.ThrowsAny<ArgumentException>(() => TableEncoder.Fit(Table.From(["a"], [["x"], ["y"]]),
                ["b"])).Message);
    }

    [Fact]
    public void A_file_of_a_spreadsheet_with_everything_odd_is_encoded()
    {
        string text = "\uFEFFGröße;Ort;Datum;Notiz\r\n"
            + string.Concat(Enumerable.Range(0, 12)
                .Select(i => $"{i},5;\"{(i % 2 == 0 ? "Oslo;\r\nNord" : "Voss")}\";{i + 1}.3.2024;"
                    + (i % 2 == 0 ? "ja\r\n" : "nein\r\n")));
        var encoder = TableEncoder.Fit(Read(text));
        Assert.Equal(["Größe", "Ort = Oslo;\nNord", "Ort = Voss", "Datum: year", "Datum: month", "Datum: day of week",
            "Datum: day number", "Notiz = ja", "Notiz = nein"],
            encoder.Columns.Select(column => column.Name));
        Assert.Equal(encoder.Encode(Read(text)).ToArray<float>(), TableEncoder.FromJson(encoder.ToJson())
            .Encode(Read(text)).ToArray<float>());
    }

    [Fact]
    public void It_prints_a_line_for_each_column()
    {
        string[] lines = TableEncoder.Fit(Table.From(s_columns, s_rows)).ToString().Split('\n');
        Assert.Equal(7, lines.Length);
        Assert.Contains("standardised by mean 4.667 and standard deviation 1.886; missing ones become the median 4, "
            + "with an indicator", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("left out: the same in every row", lines[5], StringComparison.Ordinal);
    }

    [RealDataFact("housing.csv")]
    public void Housing_is_encoded_by_its_training_rows()
    {
        var table = Csv.Read(RealData.PathOf("housing.csv"));
        var profile = TableProfile.Of(table,
            table.Columns.First(name => name.Contains("value", StringComparison.OrdinalIgnoreCase)));
        Assert.Equal(TableTask.Regression, profile.TargetTask);
        Assert.Empty(profile.Leaks);
        var (train, _, test) = Split.Rows(table.Rows, 0.8, 0, seed: 42);
        var encoder = TableEncoder.Fit(table.Take(train), profile.Inputs, profile.Kinds);
        var x = encoder.Encode(table.Take(test));
        Assert.Equal([test.Length, encoder.Columns.Count], x.Shape.Span.ToArray());
        Assert.DoesNotContain(x.ToArray<float>(), one => !float.IsFinite(one));
    }

    static double[] Row(Tensor x, int row) => [.. Enumerable.Range(0, x.Shape[1]).Select(c => x[row, c])];

    static Table Read(string text)
    {
        using var folder = new TemporaryFolder();
        return Csv.Read(folder.Write("t.csv", text));
    }
}
