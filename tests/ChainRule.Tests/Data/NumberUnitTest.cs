using ChainRule.Data;

namespace ChainRule.Tests.Data;

public sealed class NumberUnitTest
{
    [Theory]
    [InlineData("$1,200", "$", "1,200")]
    [InlineData("-$5", "$", "-5")]
    [InlineData("$-5", "$", "-5")]
    [InlineData("€ 3.50", "€", "3.50")]
    [InlineData("3,50 €", "€", "3,50")]
    [InlineData("12 %", "%", "12")]
    [InlineData("12%", "%", "12")]
    [InlineData("USD 40", "USD", "40")]
    [InlineData("40 EUR", "EUR", "40")]
    [InlineData("80 m²", "m²", "80")]
    [InlineData("80 m2", "m2", "80")]
    [InlineData("5kg", "kg", "5")]
    [InlineData("90 km/h", "km/h", "90")]
    [InlineData("R$ 7", "R$", "7")]
    [InlineData("21 °C", "°C", "21")]
    public void A_number_is_split_from_what_stands_beside_it(string text, string unit, string number)
    {
        Assert.True(NumberUnit.TrySplit(text, out string found, out string bare), text);
        Assert.Equal((unit, number), (found, bare));
    }

    [Theory]
    [InlineData("5")]
    [InlineData("1e5")]
    [InlineData("2024-01-31")]
    [InlineData("A12")]
    [InlineData("12A")]
    [InlineData("12x")]
    [InlineData("5e")]
    [InlineData("Q1")]
    [InlineData("555-1234")]
    [InlineData("10:30")]
    [InlineData("%")]
    [InlineData("kg")]
    [InlineData("5 of 7 days")]
    [InlineData("+49 170 1234567")]
    public void Other_texts_have_no_unit(string text) => Assert.False(NumberUnit.TrySplit(text, out _, out _), text);

    static Table Column(params string[] fields) => Table.From(["a"], [.. fields.Select(field => new[] { field })]);

    static ColumnProfile Profile(params string[] fields) => ColumnProfile.Of(Column(fields), "a");

    [Fact]
    public void A_column_of_one_unit_is_of_numbers()
    {
        var price = Profile("$5", "$7.50", "", "$ 12");
        Assert.Equal((ColumnKind.Number, "$", 1, 5, 12), (price.Kind, price.Unit, price.Missing, price.Min, price.Max));
        Assert.Equal("every value is a number, with '$'", price.Reason);
        Assert.Equal([5, 7.5, null, 12], Column("$5", "7.5", "", "$ 12").Numbers("a", "$"));
        // Not of one unit, and no number by its sign alone.
        Assert.Equal(ColumnKind.Category, Profile("5 kg", "7 lb", "12 kg", "3 st").Kind);
        Assert.Equal(ColumnKind.Category, Profile("A12", "A17", "A33", "A40").Kind);
    }

    [Theory]
    [InlineData("table 'rows': line 2, column 'a': '€7' stands among numbers with '$', such as '$5': write all in one "
        + "unit, or say that the column is a category", "$5", "€7", "$9", "$8")]
    [InlineData("table 'rows': line 3, column 'a': '0.07' stands among numbers with '%', such as '5%': write all in "
        + "one unit, or say that the column is a category", "5%", "6 %", "0.07", "8%")]
    [InlineData("table 'rows': line 2, column 'a': '20 EUR' stands among numbers with '$', such as '$10': write all in "
        + "one unit, or say that the column is a category", "$10", "20 EUR", "$30")]
    [InlineData("table 'rows': line 7, column 'a': '7 lb' stands among numbers with 'kg', such as '1 kg': write all in "
        + "one unit, or say that the column is a category", "1 kg", "2 kg", "3 kg", "4 kg", "5 kg", "6 kg", "7 lb",
        "8 lb", "9 lb", "10 lb", "11 lb", "12 lb")]
    public void Numbers_of_several_units_are_no_categories(string sentence, params string[] fields) =>
        Refused.With<InvalidDataException>(sentence, () => Profile(fields));

    [Fact]
    public void Marks_of_thousands_and_strays_are_said()
    {
        Assert.StartsWith("table 'rows': line 1, column 'a': '$1,200' seems to be a number with a mark of thousands",
            Assert.ThrowsAny<InvalidDataException>(() => Profile("$1,200", "$980", "$2,400.50")).Message,
            StringComparison.Ordinal);
        Assert.StartsWith("table 'rows': line 5, column 'a': 'free' is no number, and 19 of 20 rows hold numbers",
            Assert.ThrowsAny<InvalidDataException>(() => Profile([.. Enumerable.Range(0, 20).Select(i =>
                i == 4 ? "free" : $"${i * 3}.5")])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_encoder_reads_the_unit_that_it_was_fitted_to_and_plain_numbers_and_keeps_it()
    {
        var encoder = TableEncoder.Fit(Column("12 %", "14 %", "19 %"));
        var again = TableEncoder.FromJson(encoder.ToJson());
        float[] expected = encoder.Encode(Column("13 %")).ToArray<float>();
        Assert.Equal(expected, encoder.Encode(Column("13")).ToArray<float>());
        Assert.Equal(expected, again.Encode(Column("13%")).ToArray<float>());
        Assert.StartsWith("table 'rows': line 1, column 'a': '$13' is no number",
            Assert.ThrowsAny<InvalidDataException>(() => again.Encode(Column("$13"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Decimal_commas_are_found_beside_signs()
    {
        using var folder = new TemporaryFolder();
        var table = Csv.Read(folder.Write("t.csv", "a;b\n3,50 €;x\n12,25 €;y\n"));
        Assert.Equal([3.5, 12.25], table.Numbers("a", "€"));
    }
}
