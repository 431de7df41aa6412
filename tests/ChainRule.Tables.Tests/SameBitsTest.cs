using Apache.Arrow;
using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Tests;
using ChainRule.Training;
using Microsoft.Data.Analysis;
using Parquet.Schema;
using Array = System.Array;
using Table = ChainRule.Data.Table;

namespace ChainRule.Tables.Tests;

/// <summary>The same rows give the same model, whichever format they come from.</summary>
public sealed class SameBitsTest
{
    const int Rows = 60;

    static readonly DateTime s_start = new(2023, 1, 1, 6, 0, 0, DateTimeKind.Utc);

    static readonly double?[] s_size =
        [.. Enumerable.Range(0, Rows).Select(i => i % 7 == 3 ? (double?)null : 40 + i * 1.7 % 31)];

    static readonly float[] s_age = [.. Enumerable.Range(0, Rows).Select(i => i * 0.1f)];
    static readonly string?[] s_city = [.. Enumerable.Range(0, Rows).Select(i =>
        i % 11 == 5 ? null : (string?)(i % 3 == 0 ? "Oslo" : i % 3 == 1 ? "Bergen" : "Tromsø"))];

    static readonly bool[] s_garden = [.. Enumerable.Range(0, Rows).Select(i => i % 2 == 0)];
    static readonly DateTime[] s_sold =
        [.. Enumerable.Range(0, Rows).Select(i => s_start.AddHours(31 * i))];

    static readonly decimal[] s_price = [.. Enumerable.Range(0, Rows).Select(i => 100 + i * 37 % 50 + 0.25m)];

    [Fact]
    public void A_model_trained_on_the_same_rows_has_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        float[] csv = Trained(Csv.Read(folder.Write("houses.csv", Text())));

        Assert.Equal(csv, Trained(ParquetTable.Read(folder.Write("houses.parquet", Parquet()))));
        Assert.Equal(csv, Trained(ArrowTable.Read(folder.Write("houses.feather", Arrow()))));
        Assert.Equal(csv, Trained(DataFrameTable.From(Frame())));
        ParquetTable.Write(folder.PathOf("again.parquet"), Csv.Read(folder.PathOf("houses.csv")));
        Assert.Equal(csv, Trained(ParquetTable.Read(folder.PathOf("again.parquet"))));
        Assert.DoesNotContain(csv, float.IsNaN);
    }

    static float[] Trained(Table table)
    {
        var encoder = TableEncoder.Fit(table, ["size", "age", "city", "garden", "sold"]);
        var x = encoder.Encode(table);
        var y = table.Tensor("price") / 100;
        var rng = new TorchRandom(1);
        var model = new Sequential(new Linear(x.Shape[1], 8, rng), new Tanh(), new Linear(8, 1, rng));
        var trainer = new Trainer<Tensor, Tensor>(model, new Adam(model.Parameters(), 1e-2),
            Batches.Shuffled(new Dataset<Tensor, Tensor>(x, y), 16, seed: 1), (inputs, targets) =>
                model.Forward(inputs).MseLoss(targets));
        trainer.Fit(20);
        return [.. model.Parameters().SelectMany(w => w.ToArray<float>())];
    }

    static string Text() => "size,age,city,garden,sold,price\n"
        + string.Join('\n', Enumerable.Range(0, Rows).Select(i => FormattableString.Invariant(
            $"{s_size[i]},{s_age[i]},{s_city[i]},{s_garden[i]},{s_sold[i]:yyyy-MM-dd HH:mm:ss},{s_price[i]}")));

    static byte[] Parquet() => Samples.Parquet(null, (new DataField("size", typeof(double), true), s_size),
        (new DataField("age", typeof(float), false), s_age), (new DataField("city", typeof(string), true), s_city),
        (new DataField("garden", typeof(bool), false), s_garden),
        (new DateTimeDataField("sold", DateTimeFormat.DateAndTime), s_sold),
        (new DecimalDataField("price", 9, 2), s_price));

    static byte[] Arrow()
    {
        var size = new DoubleArray.Builder();
        foreach (double? one in s_size) _ = one is { } number ? size.Append(number) : size.AppendNull();
        var garden = new BooleanArray.Builder();
        foreach (bool one in s_garden) garden.Append(one);
        var sold = new TimestampArray.Builder(Apache.Arrow.Types.TimeUnit.Nanosecond);
        foreach (var one in s_sold) sold.Append(one);
        var price = new Decimal128Array.Builder(new(12, 4));
        foreach (decimal one in s_price) price.Append(one);
        return Samples.Arrow(asFile: true, ("size", size.Build()),
            ("age", new FloatArray.Builder().AppendRange(s_age).Build()), ("city", Samples.Words(s_city)),
            ("garden", garden.Build()), ("sold", sold.Build()), ("price", price.Build()));
    }

    static DataFrame Frame() => new(new DoubleDataFrameColumn("size", s_size),
        new SingleDataFrameColumn("age", s_age), new StringDataFrameColumn("city", s_city),
        new BooleanDataFrameColumn("garden", s_garden), new DateTimeDataFrameColumn("sold", s_sold),
        new DecimalDataFrameColumn("price", s_price));
}
